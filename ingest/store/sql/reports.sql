-- claim_identities --
-- Wait for other workers at the same reports, in the order of the keys.
select pg_advisory_xact_lock(key) from unnest(%(keys)s::bigint[]) as key;

-- claim_report --
-- The report of this identity, made when missing and locked until the transaction ends; its id,
-- and whether it is new.
insert into reports (kind, identity, first_seen_at)
values (%(kind)s, %(identity)s, %(seen_at)s)
on conflict (kind, identity) do update set
    first_seen_at = least(reports.first_seen_at, excluded.first_seen_at)
returning id, xmax = 0;

-- versions_at_stake --
-- Of a report: its current version and those made of one capture, in the order they were stored.
select
    version.id, version.capture_id = %(capture_id)s, version.id = reports.current_version_id,
    version.captured_at, version.content_sha256, version.extraction_sha256
from reports
join report_versions as version on version.report_id = reports.id
where reports.id = %(report_id)s
and (version.capture_id = %(capture_id)s or version.id = reports.current_version_id)
order by version.version_number;

-- capture_last_seen --
-- When the bytes of a capture were last met.
select last_seen_at from captures where id = %(capture_id)s;

-- insert_version --
-- The next version of a report.
insert into report_versions (
    report_id, version_number, capture_id, captured_at, extracted_at, ruleset, verdict_reason,
    fields, body, body_sha256, why, content_sha256, extraction_sha256
)
select
    %(report_id)s, coalesce(max(version_number), 0) + 1, %(capture_id)s, %(captured_at)s, now(),
    %(ruleset)s, %(verdict_reason)s, %(fields)s, %(body)s, %(body_sha256)s, %(why)s,
    %(content_sha256)s, %(extraction_sha256)s
from report_versions where report_id = %(report_id)s
returning id;

-- replace_version --
-- What better rules made of the same capture.
update report_versions set
    extracted_at = now(),
    ruleset = %(ruleset)s,
    verdict_reason = %(verdict_reason)s,
    fields = %(fields)s,
    body = %(body)s,
    body_sha256 = %(body_sha256)s,
    why = %(why)s,
    content_sha256 = %(content_sha256)s,
    extraction_sha256 = %(extraction_sha256)s
where id = %(version_id)s;

-- drop_parts --
-- Before the parts of a version are written anew.
with
gone_sections as (delete from sections where version_id = %(version_id)s),
gone_removals as (delete from removals where version_id = %(version_id)s),
gone_attachments as (delete from attachments where version_id = %(version_id)s),
gone_figures as (delete from figures where version_id = %(version_id)s),
gone_values as (delete from indicator_values where version_id = %(version_id)s)
delete from contacts where version_id = %(version_id)s;

-- insert_sections --
-- Numbered parts of the body, in order.
insert into sections (
    version_id, position, level, number, heading, role, start_offset, end_offset
)
select %(version_id)s, position, level, number, heading, role, "start", "end"
from rows from (
    jsonb_to_recordset(%(parts)s)
    as (level integer, number text, heading text, role text, "start" integer, "end" integer)
) with ordinality as part (level, number, heading, role, "start", "end", position);

-- insert_removals --
-- What was taken out, in page order.
insert into removals (version_id, position, rule, text)
select %(version_id)s, position, rule, text
from rows from (jsonb_to_recordset(%(parts)s) as (rule text, text text))
    with ordinality as part (rule, text, position);

-- insert_attachments --
-- Linked files, in page order.
insert into attachments (version_id, position, text, href)
select %(version_id)s, position, text, href
from rows from (jsonb_to_recordset(%(parts)s) as (text text, href text))
    with ordinality as part (text, href, position);

-- insert_contacts --
-- Contacts, in page order.
insert into contacts (version_id, position, name, phone)
select %(version_id)s, position, name, phone
from rows from (jsonb_to_recordset(%(parts)s) as (name text, phone text))
    with ordinality as part (name, phone, position);

-- insert_figures --
-- Every number with a unit, in the order of the body; sections count from 1 here.
insert into figures (
    version_id, position, kind, value, value_to, unit, qualifier, subject, evidence,
    start_offset, end_offset, section, rule, ruleset
)
select
    %(version_id)s, position, %(kind)s, value, value_to, unit, qualifier, subject, evidence,
    "start", "end", section + 1, coalesce(rule, 'number-with-unit'), %(ruleset)s
from rows from (
    jsonb_to_recordset(%(parts)s) as (
        value numeric, value_to numeric, unit text, qualifier text, subject text, evidence text,
        "start" integer, "end" integer, section integer, rule text
    )
) with ordinality as part (
    value, value_to, unit, qualifier, subject, evidence, "start", "end", section, rule, position
);

-- insert_indicator_values --
-- Values of the canonical indicators, in the order of the record; sections count from 1 here.
insert into indicator_values (
    version_id, position, kind, code, value, unit, qualifier, period, subtype, evidence,
    start_offset, end_offset, section, rule, ruleset, implausible
)
select
    %(version_id)s, position, %(kind)s, code, value, unit, qualifier, period, subtype, evidence,
    "start", "end", section + 1, rule, %(ruleset)s, doubtful
from rows from (
    jsonb_to_recordset(%(parts)s) as (
        code text, value numeric, unit text, qualifier text, period text, subtype text,
        evidence text, "start" integer, "end" integer, section integer, rule text, doubtful text
    )
) with ordinality as part (
    code, value, unit, qualifier, period, subtype, evidence, "start", "end", section, rule,
    doubtful, position
);

-- publish_newest --
-- Make the version that is newest in time the current one, and show its fields.
update reports set
    current_version_id = newest.id,
    portal_id = newest.portal_id,
    url = newest.url,
    title = fields ->> 'title',
    report_year = (fields ->> 'report_year')::integer,
    issuer = fields ->> 'issuer',
    adcode = fields -> 'region' ->> 'adcode',
    region_name = fields -> 'region' ->> 'name',
    region_path = case when fields -> 'region' ->> 'path' is not null then array(
        select jsonb_array_elements_text(fields -> 'region' -> 'path')
    ) end,
    region_level = fields -> 'region' ->> 'level',
    region_zone = (fields -> 'region' ->> 'zone')::boolean,
    published_at = coalesce(shown_at::date, (fields ->> 'published_at')::date),
    published_time = shown_at::time,
    signed_on = (fields ->> 'signed_on')::date,
    document_number = fields ->> 'document_number',
    index_number = fields ->> 'index_number',
    subject = fields ->> 'subject',
    addressee = fields ->> 'addressee',
    source = fields ->> 'source',
    disclosure = fields ->> 'disclosure',
    site_code = fields ->> 'site_code',
    icp = fields ->> 'icp'
from (
    select
        version.id, version.report_id, version.fields, captures.portal_id, captures.url,
        -- Null for a date without a time of day, which no time zone may move.
        case when length(version.fields ->> 'published_at') > 10
            then (version.fields ->> 'published_at')::timestamptz at time zone interval '08:00'
        end as shown_at
    from report_versions as version
    join captures on captures.id = version.capture_id
    where version.report_id = %(report_id)s
    order by version.captured_at desc, version.version_number desc
    limit 1
) as newest
where reports.id = newest.report_id;

-- withdraw_versions --
-- Versions made of a capture that is no report after all; the reports they belonged to.
delete from report_versions where capture_id = %(capture_id)s returning report_id;

-- drop_empty_report --
-- A report none of whose captures is a report.
delete from reports
where id = %(report_id)s
and not exists (select from report_versions where report_id = %(report_id)s);

-- upsert_reject --
-- Why a capture is no report.
insert into rejects (capture_id, kind, verdict, reason, title, ruleset, rejected_at)
values (%(capture_id)s, %(kind)s, %(verdict)s, %(reason)s, %(title)s, %(ruleset)s, now())
on conflict (capture_id) do update set
    kind = excluded.kind,
    verdict = excluded.verdict,
    reason = excluded.reason,
    title = excluded.title,
    ruleset = excluded.ruleset,
    rejected_at = excluded.rejected_at;

-- drop_reject --
-- A capture that is a report after all.
delete from rejects where capture_id = %(capture_id)s;
