-- Whether a report is still there. A page that is gone counts as removed only after it was missed on
-- two days or more, each time by a visit that found the portal alive.

create index fetch_failures_gone on fetch_failures ((regexp_replace(url, '^https?://', '')))
    where reason in ('not_found', 'soft_404');

create view report_presence as
select
    reports.id as report_id, reports.kind, last_seen_at,
    coalesce(missed.days, 0) as missed_days, missed.first_at as missed_first_at,
    missed.last_at as missed_last_at, missed.run_ids as missed_by_runs,
    coalesce(missed.days, 0) >= 2 as removed
from reports
left join lateral (
    select greatest(
        max(captures.last_seen_at),
        (select seen_at from remembered_pages
         where remembered_pages.portal_id = reports.portal_id
         and key = '//' || reports.identity)
    ) as last_seen_at
    from captures
    where captures.report_id = reports.id
) as seen on true
left join lateral (
    select
        count(distinct (started_at at time zone 'UTC' + interval '8 hours')::date) as days,
        min(started_at) as first_at, max(started_at) as last_at,
        array_agg(distinct crawl_runs.id order by crawl_runs.id) as run_ids
    from fetch_failures as failure
    join crawl_runs on crawl_runs.id = failure.run_id
    where regexp_replace(failure.url, '^https?://', '') = reports.identity
    and failure.reason in ('not_found', 'soft_404')
    and crawl_runs.listings + crawl_runs.articles > 0
    and (last_seen_at is null or started_at > last_seen_at)
) as missed on true;

comment on view report_presence is 'When each report was last seen, and whether it is gone: missed on two days or more since, by visits that found the portal alive. It is back as soon as it is seen again.';
comment on column report_presence.report_id is 'Report.';
comment on column report_presence.kind is 'Kind of yearly report.';
comment on column report_presence.last_seen_at is 'When its page was last met, changed or not.';
comment on column report_presence.missed_days is 'Days (in China) since then on which a visit was told that the page does not exist.';
comment on column report_presence.missed_first_at is 'First of those visits.';
comment on column report_presence.missed_last_at is 'Last of those visits.';
comment on column report_presence.missed_by_runs is 'Those visits (crawl_runs.id), the evidence.';
comment on column report_presence.removed is 'True when it was missed on two days or more.';

create view report_timeline as
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
        format('version %s', version_number), capture_id, captures.run_id
    from report_versions
    join reports on reports.id = report_versions.report_id
    join captures on captures.id = capture_id
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

comment on view report_timeline is 'What happened to each report: published, captured, changed, missed, removed.';
comment on column report_timeline.report_id is 'Report.';
comment on column report_timeline.kind is 'Kind of yearly report.';
comment on column report_timeline.at is 'When; a date without a time is midnight in China.';
comment on column report_timeline.event is 'published, first version, changed, missed or removed.';
comment on column report_timeline.detail is 'In words.';
comment on column report_timeline.capture_id is 'Capture that shows it, if any.';
comment on column report_timeline.run_id is 'Visit that saw it, if any.';

grant select on report_presence, report_timeline to fazhi_reader, fazhi_service;
