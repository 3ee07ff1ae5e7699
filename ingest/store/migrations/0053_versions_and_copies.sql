-- What was altered after publication; which reports are copies of one work; which paragraphs were copied.
-- All three are worked out by the program (ingest/comparing.py) soon after a report's current version
-- has changed: a trigger notes which reports wait for it, so that no way of storing can forget one.

create table comparisons_due (
    report_id bigint primary key references reports on delete cascade,
    since timestamptz not null default now()
);
comment on table comparisons_due is 'Reports that were stored and not yet compared with their earlier versions and with other reports.';
comment on column comparisons_due.report_id is 'Report.';
comment on column comparisons_due.since is 'Since when it waits.';

create function note_comparison_due() returns trigger language plpgsql as $$
begin
    insert into comparisons_due (report_id) values (new.id) on conflict do nothing;
    return null;
end
$$;
comment on function note_comparison_due is 'Notes that a report has to be compared anew.';
create trigger comparison_due after update of current_version_id on reports
    for each row execute function note_comparison_due();
insert into comparisons_due (report_id) select id from reports where current_version_id is not null;

create table version_changes (
    version_id bigint primary key references report_versions on delete cascade,
    previous_id bigint not null references report_versions on delete cascade,
    verdict text not null check (verdict in ('cosmetic', 'substantive')),
    same_rules boolean not null,
    fields_changed text[] not null,
    sections_changed text[] not null,
    paragraphs_changed integer not null,
    characters_added integer not null,
    characters_removed integer not null
);
create index version_changes_previous on version_changes (previous_id);
comment on table version_changes is 'What the publisher changed from one version of a report to the next in time.';
comment on column version_changes.version_id is 'The newer version.';
comment on column version_changes.previous_id is 'The version before it in time.';
comment on column version_changes.verdict is 'cosmetic (width, punctuation width, spaces, quotes, furniture) or substantive.';
comment on column version_changes.same_rules is 'False where other rules read the two, so that a difference may be ours; fazhi reingest settles it.';
comment on column version_changes.fields_changed is 'Fields with another value that matters.';
comment on column version_changes.sections_changed is 'Sections of the highest rank whose text was altered.';
comment on column version_changes.paragraphs_changed is 'Paragraphs that were added, removed or altered.';
comment on column version_changes.characters_added is 'Characters added, spaces not counted.';
comment on column version_changes.characters_removed is 'Characters removed, spaces not counted.';

create table report_bands (
    band integer not null,
    digest bigint not null,
    report_id bigint not null references reports on delete cascade,
    primary key (band, digest, report_id)
);
create index report_bands_report on report_bands (report_id);
comment on table report_bands is 'Bands of the MinHash signature of each report''s current version; reports that share one may be copies.';
comment on column report_bands.band is 'Number of the band, from 0.';
comment on column report_bands.digest is 'Digest of its numbers.';
comment on column report_bands.report_id is 'Report.';

create table report_likenesses (
    report_id bigint not null references reports on delete cascade,
    other_id bigint not null references reports on delete cascade,
    similarity double precision not null,
    containment double precision not null,
    primary key (report_id, other_id),
    check (report_id < other_id)
);
create index report_likenesses_other on report_likenesses (other_id);
comment on table report_likenesses is 'Pairs of reports whose current versions are one work, compared exactly.';
comment on column report_likenesses.report_id is 'Report with the smaller number.';
comment on column report_likenesses.other_id is 'The other report.';
comment on column report_likenesses.similarity is 'Runs of five characters in common, by all of both (Jaccard index).';
comment on column report_likenesses.containment is 'Runs of five characters in common, by those of the shorter one.';

create table paragraph_digests (
    report_id bigint not null references reports on delete cascade,
    digest bigint not null,
    version_id bigint not null references report_versions on delete cascade,
    start_offset integer not null,
    end_offset integer not null,
    primary key (report_id, digest)
);
create index paragraph_digests_digest on paragraph_digests (digest);
create index paragraph_digests_version on paragraph_digests (version_id);
comment on table paragraph_digests is 'Paragraphs of at least 40 characters of each report''s current version, as digests.';
comment on column paragraph_digests.report_id is 'Report.';
comment on column paragraph_digests.digest is 'Digest of the paragraph, width, spaces and kinds of quotes not counted.';
comment on column paragraph_digests.version_id is 'Its current version, whose body has the paragraph.';
comment on column paragraph_digests.start_offset is 'First character; in SQL: substr(body, start_offset + 1, end_offset - start_offset).';
comment on column paragraph_digests.end_offset is 'Character after the last one.';

create view report_copies as
with recursive alike as (
    select report_id as one, other_id as other, similarity, containment from report_likenesses
    union all
    select other_id, report_id, similarity, containment from report_likenesses
), reached (report_id, work_id) as (
    select one, one from alike
    union
    select alike.other, reached.work_id
    from reached join alike on alike.one = reached.report_id
    where alike.other > reached.work_id
), works as (
    select report_id, min(work_id) as work_id from reached group by report_id
), closest as (
    select one as report_id, max(similarity) as similarity, max(containment) as containment
    from alike group by one
)
select
    works.report_id, work_id, count(*) over (partition by work_id) as copies,
    similarity, containment, reports.kind, title, report_year, issuer, adcode, reports.portal_id,
    url, published_at
from works
join closest using (report_id)
join reports on reports.id = works.report_id;

comment on view report_copies is 'Reports that are the same work on several sites or under several years; one that stands alone is not listed.';
comment on column report_copies.report_id is 'Report.';
comment on column report_copies.work_id is 'The work: the smallest number of a report that is a copy of it.';
comment on column report_copies.copies is 'Copies of the work.';
comment on column report_copies.similarity is 'Of this report to the copy it is most like: 0.8 to 1, less where one holds the other.';
comment on column report_copies.containment is 'The largest share of the shorter one that is in the other.';
comment on column report_copies.kind is 'Kind of yearly report.';
comment on column report_copies.title is 'Its title.';
comment on column report_copies.report_year is 'Year reported on.';
comment on column report_copies.issuer is 'Body in whose name it reports.';
comment on column report_copies.adcode is 'Code of its division.';
comment on column report_copies.portal_id is 'Portal that it stands on.';
comment on column report_copies.url is 'Its address.';
comment on column report_copies.published_at is 'Date of publication as the page shows it.';

create view copied_paragraphs as
select
    report.id as report_id, report.report_year, report.issuer, report.adcode,
    source.id as source_report_id, source.report_year as source_year, source.issuer as source_issuer,
    source.adcode as source_adcode,
    case
        when report.issuer = source.issuer and report.adcode is not distinct from source.adcode then
            case when report.report_year = source.report_year + 1 then 'own last year' else 'own earlier' end
        else 'another body'
    end as copied_from,
    left(report.adcode, 4) = left(source.adcode, 4) as same_prefecture,
    (select count(*) from paragraph_digests as any_of where any_of.digest = here.digest) as reports_with_it,
    report.kind, here.version_id, here.start_offset, here.end_offset,
    substr(version.body, here.start_offset + 1, here.end_offset - here.start_offset) as paragraph
from paragraph_digests as here
join paragraph_digests as there on there.digest = here.digest and there.report_id <> here.report_id
join reports as report on report.id = here.report_id
join reports as source on source.id = there.report_id and source.kind = report.kind
join report_versions as version on version.id = here.version_id
where (
    source.report_year, coalesce(source.published_at, source.signed_on, 'infinity'), source.id
) < (
    report.report_year, coalesce(report.published_at, report.signed_on, 'infinity'), report.id
)
and not exists (
    select from report_likenesses as alike
    where alike.report_id = least(report.id, source.id) and alike.other_id = greatest(report.id, source.id)
);

comment on view copied_paragraphs is 'Paragraphs of a report that stand word for word in an earlier one: the same body''s last year, or another body''s. Copies of the whole report (report_copies) are left out. Ask with a report_id or a year: a paragraph of a national template is in thousands.';
comment on column copied_paragraphs.report_id is 'Report that has the paragraph later.';
comment on column copied_paragraphs.report_year is 'Year that it reports on.';
comment on column copied_paragraphs.issuer is 'Body in whose name it reports.';
comment on column copied_paragraphs.adcode is 'Code of its division.';
comment on column copied_paragraphs.source_report_id is 'Report that had it earlier: by year reported on, then by date of publication.';
comment on column copied_paragraphs.source_year is 'Year that that one reports on.';
comment on column copied_paragraphs.source_issuer is 'Body in whose name that one reports.';
comment on column copied_paragraphs.source_adcode is 'Code of that one''s division.';
comment on column copied_paragraphs.copied_from is 'own last year, own earlier or another body.';
comment on column copied_paragraphs.same_prefecture is 'True for a neighbour: both divisions lie in one prefecture.';
comment on column copied_paragraphs.reports_with_it is 'In how many reports the paragraph stands; many for a template''s.';
comment on column copied_paragraphs.kind is 'Kind of yearly report.';
comment on column copied_paragraphs.version_id is 'Version whose body has it.';
comment on column copied_paragraphs.start_offset is 'First character in that body.';
comment on column copied_paragraphs.end_offset is 'Character after the last one.';
comment on column copied_paragraphs.paragraph is 'The paragraph as printed.';

create or replace view report_timeline as
select report_id, kind, at, event, detail, capture_id, run_id
from (
    select
        reports.id as report_id, kind, published_at::timestamp at time zone 'UTC' - interval '8 hours' as at,
        'published' as event, 'date shown on the page' as detail,
        null::bigint as capture_id, null::bigint as run_id
    from reports where published_at is not null
    union all
    select
        report_versions.report_id, reports.kind, report_versions.captured_at,
        case when version_number = 1 then 'first version' else 'changed' end,
        concat_ws(', ', format('version %s', version_number), version_changes.verdict,
            nullif(array_to_string(fields_changed || sections_changed, ', '), '')),
        capture_id, captures.run_id
    from report_versions
    join reports on reports.id = report_versions.report_id
    join captures on captures.id = capture_id
    left join version_changes on version_changes.version_id = report_versions.id
    union all
    select
        report_id, kind, missed_first_at, 'missed',
        'a visit was told that the page does not exist', null, missed_by_runs[1]
    from report_presence where missed_days > 0
    union all
    select
        report_id, kind, missed_last_at, 'removed',
        format('missed on %s days', missed_days), null, missed_by_runs[array_length(missed_by_runs, 1)]
    from report_presence where removed
) as events;
comment on column report_timeline.detail is 'In words; of a change whether it is cosmetic or substantive, and in which fields and sections.';

grant select on
    comparisons_due, version_changes, report_bands, report_likenesses, paragraph_digests, report_copies,
    copied_paragraphs
to fazhi_reader;
grant select, insert, update, delete on
    comparisons_due, version_changes, report_bands, report_likenesses, paragraph_digests
to fazhi_service;
grant select on report_copies, copied_paragraphs to fazhi_service;
