-- What was understood: reports, their versions and parts, and what was rejected with its reason.

create table reports (
    id bigint generated always as identity primary key,
    kind text not null,
    identity text not null,
    portal_id text references portals,
    url text,
    title text,
    report_year integer,
    issuer text,
    adcode text,
    region_name text,
    region_path text[],
    region_level text,
    region_zone boolean,
    published_at date,
    published_time time,
    signed_on date,
    document_number text,
    index_number text,
    subject text,
    addressee text,
    source text,
    disclosure text,
    site_code text,
    icp text,
    first_seen_at timestamptz not null,
    current_version_id bigint,
    unique (kind, identity)
);
create index reports_adcode on reports (adcode text_pattern_ops, report_year);
create index reports_year on reports (report_year);
create index reports_portal on reports (portal_id);

comment on table reports is 'Yearly reports, one row each, with the fields of their current version.';
comment on column reports.id is 'Number of the report.';
comment on column reports.kind is 'Kind of yearly report, the name of a folder in seeds/kinds.';
comment on column reports.identity is 'What makes it the same report again: its address without scheme and fragment, or the digest of a file.';
comment on column reports.portal_id is 'Portal it was found on; null for a file.';
comment on column reports.url is 'Its address; null for a file.';
comment on column reports.title is 'The document''s own title, as printed.';
comment on column reports.report_year is 'Year reported on.';
comment on column reports.issuer is 'Body in whose name it reports.';
comment on column reports.adcode is 'Code of the division; for a functional zone its parent''s.';
comment on column reports.region_name is 'Name of the division or zone.';
comment on column reports.region_path is 'Names from the province down to the division or zone itself.';
comment on column reports.region_level is 'national, province, prefecture, county, township or functional_zone.';
comment on column reports.region_zone is 'True for a functional zone.';
comment on column reports.published_at is 'Date of publication as shown on the page, in China; no time zone can shift it.';
comment on column reports.published_time is 'Time of day shown beside that date, China time (+08:00); null where none is shown.';
comment on column reports.signed_on is 'Date of the signature at the end.';
comment on column reports.document_number is 'Document number as printed.';
comment on column reports.index_number is 'Index number as printed.';
comment on column reports.subject is 'Subject class as printed.';
comment on column reports.addressee is 'Body it is addressed to.';
comment on column reports.source is 'Source as printed.';
comment on column reports.disclosure is 'Note on disclosure as printed.';
comment on column reports.site_code is 'Site identification code from the footer.';
comment on column reports.icp is 'ICP number from the footer.';
comment on column reports.first_seen_at is 'When it was first fetched.';
comment on column reports.current_version_id is 'Newest version (report_versions), which the other columns show.';

create table report_versions (
    id bigint generated always as identity primary key,
    report_id bigint not null references reports on delete cascade,
    version_number integer not null,
    capture_id bigint not null references captures,
    captured_at timestamptz not null,
    extracted_at timestamptz not null,
    ruleset text not null,
    verdict_reason text not null,
    fields jsonb not null,
    body text,
    body_sha256 text,
    why jsonb not null,
    content_sha256 text not null,
    extraction_sha256 text not null,
    unique (report_id, version_number)
);
create index report_versions_capture on report_versions (capture_id);

alter table reports add foreign key (current_version_id) references report_versions on delete set null;
alter table captures add column report_id bigint references reports on delete set null;
create index captures_report on captures (report_id);
comment on column captures.report_id is 'Report it was understood as, whether or not it made a version.';

comment on table report_versions is 'What a report said at one time; a new version only when the document itself changed.';
comment on column report_versions.id is 'Number of the version.';
comment on column report_versions.report_id is 'Report it is a version of.';
comment on column report_versions.version_number is '1, 2, 3 in the order they were stored; captured_at is their order in time.';
comment on column report_versions.capture_id is 'Capture it was extracted from.';
comment on column report_versions.captured_at is 'When that capture was last seen before the version was stored.';
comment on column report_versions.extracted_at is 'When it was extracted, by the rules named in ruleset.';
comment on column report_versions.ruleset is 'Version of the rules that extracted it.';
comment on column report_versions.verdict_reason is 'Rule that took it for a report.';
comment on column report_versions.fields is 'Single-valued fields of the record, under the names of fazhi extract.';
comment on column report_versions.body is 'Paragraphs joined by newlines, from the first body paragraph to the signature, characters as printed.';
comment on column report_versions.body_sha256 is 'Digest of the body in UTF-8.';
comment on column report_versions.why is 'For each field, the evidence that decided.';
comment on column report_versions.content_sha256 is 'Digest of all that the document says; another digest makes a new version.';
comment on column report_versions.extraction_sha256 is 'Digest of all that was extracted, removals and evidence included.';

create table sections (
    version_id bigint not null references report_versions on delete cascade,
    position integer not null,
    level integer not null,
    number text,
    heading text,
    role text,
    start_offset integer not null,
    end_offset integer not null,
    primary key (version_id, position)
);

comment on table sections is 'Numbered parts of a body, in order; offsets count characters (code points) from 0.';
comment on column sections.version_id is 'Version whose body it is a part of.';
comment on column sections.position is '1, 2, 3 in the order of the body.';
comment on column sections.level is '1 for the highest rank of numbering.';
comment on column sections.number is 'Number as printed.';
comment on column sections.heading is 'Heading as printed, without the number.';
comment on column sections.role is 'achievements, problems, plan or null.';
comment on column sections.start_offset is 'First character; in SQL: substr(body, start_offset + 1, end_offset - start_offset).';
comment on column sections.end_offset is 'Character after the last one.';

create table removals (
    version_id bigint not null references report_versions on delete cascade,
    position integer not null,
    rule text not null,
    text text not null,
    primary key (version_id, position)
);

comment on table removals is 'What was taken out of an article, each piece with the rule that took it.';
comment on column removals.version_id is 'Version it was taken out of.';
comment on column removals.position is '1, 2, 3 in page order.';
comment on column removals.rule is 'Name of the rule.';
comment on column removals.text is 'The text that was taken out.';

create table attachments (
    version_id bigint not null references report_versions on delete cascade,
    position integer not null,
    text text not null,
    href text not null,
    primary key (version_id, position)
);

comment on table attachments is 'Files linked from an article.';
comment on column attachments.version_id is 'Version that links to it.';
comment on column attachments.position is '1, 2, 3 in page order.';
comment on column attachments.text is 'Text of the link.';
comment on column attachments.href is 'Address of the file.';

create table contacts (
    version_id bigint not null references report_versions on delete cascade,
    position integer not null,
    name text,
    phone text,
    primary key (version_id, position)
);

comment on table contacts is 'Contacts printed in an article. Personal data: not for fazhi_reader, see contacts_masked.';
comment on column contacts.version_id is 'Version that names the contact.';
comment on column contacts.position is '1, 2, 3 in page order.';
comment on column contacts.name is 'Name as printed.';
comment on column contacts.phone is 'Telephone number as printed.';

create view contacts_masked as
select
    version_id,
    position,
    left(name, 1) || '**' as name,
    case
        when length(phone) >= 7 then left(phone, 3) || '****' || right(phone, 1)
        when phone is not null then '****'
    end as phone
from contacts;

comment on view contacts_masked is 'Contacts with names and telephone numbers masked.';
comment on column contacts_masked.version_id is 'Version that names the contact.';
comment on column contacts_masked.position is '1, 2, 3 in page order.';
comment on column contacts_masked.name is 'First character of the name.';
comment on column contacts_masked.phone is 'First three digits and the last one.';

create table rejects (
    capture_id bigint primary key references captures on delete cascade,
    kind text not null,
    verdict text not null,
    reason text not null,
    title text,
    ruleset text not null,
    rejected_at timestamptz not null
);
create index rejects_verdict on rejects (verdict, rejected_at desc);

comment on table rejects is 'Captures that are no report or cannot be understood, each with the reason.';
comment on column rejects.capture_id is 'Capture that was rejected.';
comment on column rejects.kind is 'Kind of yearly report it was taken to be meant as.';
comment on column rejects.verdict is 'not_report, challenge or unreadable.';
comment on column rejects.reason is 'Rule that said so; internal_error and the type for a fault of the program.';
comment on column rejects.title is 'Its title, where one was found.';
comment on column rejects.ruleset is 'Version of the rules that judged it.';
comment on column rejects.rejected_at is 'When it was judged.';
