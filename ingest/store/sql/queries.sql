-- list_reports --
-- Reports of a region and year, by division, then newest year first. A region is an adcode, which
-- takes in the divisions below it, or the beginning of a name on the path.
select
    reports.id, kind, title, report_year, issuer, adcode, region_name, region_path, region_level,
    region_zone, published_at, published_time, signed_on, document_number, index_number, subject,
    addressee, source, disclosure, site_code, icp, url, portal_id, first_seen_at,
    coalesce(version_number, 0) as version
from reports
left join report_versions as version on version.id = reports.current_version_id
where (%(year)s::integer is null or report_year = %(year)s)
and (%(adcode)s::text is null or adcode like %(adcode)s || '%%')
and (%(name)s::text is null or exists (
    select from unnest(region_path) as place where starts_with(place, %(name)s)
))
order by adcode nulls last, region_path, report_year desc nulls last, reports.id
limit %(limit)s;

-- get_report --
-- One report, with the fields of its current version.
select
    reports.id, kind, title, report_year, issuer, adcode, region_name, region_path, region_level,
    region_zone, published_at, published_time, signed_on, document_number, index_number, subject,
    addressee, source, disclosure, site_code, icp, url, portal_id, first_seen_at,
    coalesce(version_number, 0) as version
from reports
left join report_versions as version on version.id = reports.current_version_id
where reports.id = %(report_id)s;

-- list_versions --
-- The versions of a report in time, newest first.
select
    id, version_number, capture_id, captured_at, extracted_at, ruleset, verdict_reason, body, why
from report_versions
where report_id = %(report_id)s
order by captured_at desc, version_number desc;

-- report_sections --
-- Numbered parts of a version, in order, with their text.
select level, number, heading, role, start_offset as start, end_offset as "end"
from sections where version_id = %(version_id)s order by position;

-- report_removals --
-- What was taken out, in page order.
select rule, text from removals where version_id = %(version_id)s order by position;

-- report_attachments --
-- Linked files, in page order.
select text, href from attachments where version_id = %(version_id)s order by position;

-- report_contacts --
-- Contacts, masked.
select name, phone from contacts_masked where version_id = %(version_id)s order by position;

-- list_runs --
-- Runs, newest first.
select
    id, portal_id, cause, asked_by, slot, sweep, job_id, attempt, worker, code_version, ruleset,
    dictionary, state, reason, detail, families, requests, listings, entries, articles,
    new_captures, (select count(*) from fetch_failures where run_id = crawl_runs.id) as failures,
    coalesce(by_name.failures, '{}') as failures_by_name,
    coalesce(by_name.retries, '{}') as retries_by_name,
    started_at, alive_at, finished_at
from crawl_runs
left join lateral (
    select
        jsonb_object_agg(failure_counts.reason, failures) filter (where failures > 0) as failures,
        jsonb_object_agg(failure_counts.reason, retries) filter (where retries > 0) as retries
    from failure_counts where run_id = crawl_runs.id
) as by_name on true
where (%(portal_id)s::text is null or portal_id = %(portal_id)s)
and (%(run_id)s::bigint is null or id = %(run_id)s)
order by started_at desc, id desc
limit %(limit)s;

-- list_failures --
-- What a run could not fetch.
select url, reason, detail from fetch_failures where run_id = %(run_id)s order by id;

-- list_portals --
-- Portals with what they gave, how their last run ended, and how they fare: the last success, and
-- why each run after it failed, the latest first. A region is an adcode, which takes in the
-- divisions below it, or the beginning of a name on the path.
select
    portals.id, name, level, adcode, base_url, family_hint,
    array(select url from columns where portal_id = portals.id order by url) as columns,
    quirks, not_crawled as disabled, decision, decided_on, origin, in_registry,
    (select count(*) from reports where portal_id = portals.id) as reports,
    (select count(*) from captures where portal_id = portals.id) as captures,
    last.id as last_run_id, last.state as last_run_state, last.reason as last_run_reason,
    last.started_at as last_run_at, success.at as last_success_at,
    array(
        select coalesce(reason, 'unknown') from crawl_runs
        where portal_id = portals.id and state = 'failed'
        and (success.at is null or started_at > success.at)
        order by started_at desc, id desc
    ) as failures_in_a_row,
    coalesce((
        select jsonb_object_agg(reason, failures) from failure_counts
        where run_id = last.id and failures > 0
    ), '{}') as last_failures_by_name
from portals
left join lateral (
    select id, state, reason, started_at from crawl_runs
    where portal_id = portals.id order by started_at desc, id desc limit 1
) as last on true
left join lateral (
    select started_at as at from crawl_runs
    where portal_id = portals.id and state = 'succeeded' order by started_at desc limit 1
) as success on true
where (in_registry or %(all)s)
and (%(level)s::text is null or level = %(level)s)
and (%(family)s::text is null or family_hint = %(family)s)
and (%(disabled)s::boolean is null or (not_crawled is not null) = %(disabled)s)
and (%(adcode)s::text is null or adcode like %(adcode)s || '%%')
and (%(name)s::text is null or starts_with(name, %(name)s) or exists (
    select from regions, unnest(path) as place
    where regions.adcode = portals.adcode and starts_with(place, %(name)s)
))
order by portals.id;

-- list_rejects --
-- Rejects, newest first.
select
    capture_id, kind, rejects.verdict, reason, title, rejects.ruleset, rejected_at,
    coalesce(url, file_name) as origin, portal_id, fetched_at
from rejects
join captures on captures.id = capture_id
where (%(verdict)s::text is null or rejects.verdict = %(verdict)s)
order by rejected_at desc, capture_id desc
limit %(limit)s;

-- count_all --
-- How much there is of everything, for a summary.
select
    (select count(*) from portals where in_registry) as portals,
    (select count(*) from crawl_runs) as runs,
    (select count(*) from captures) as captures,
    (select count(*) from captures where ingested_at is null) as pending,
    (select count(*) from reports) as reports,
    (select count(*) from report_versions) as versions,
    (select count(distinct adcode) from reports) as divisions,
    (select count(*) from rejects) as rejects;

-- count_rejects --
-- Rejects by verdict, most first.
select verdict, count(*) from rejects group by verdict order by count(*) desc, verdict;
