-- Who owed a report for which year, and what became of it.

create table duties (
    kind text primary key,
    law text not null,
    why text not null,
    due_month integer not null check (due_month between 1 and 12),
    due_day integer not null check (due_day between 1 and 31),
    first_year integer not null,
    levels text[] not null
);

comment on table duties is 'Who owes a yearly report, by when, by which law; a copy of seeds/kinds/*/duty.toml.';
comment on column duties.kind is 'Kind of yearly report.';
comment on column duties.law is 'The rule, as it is cited.';
comment on column duties.why is 'What the rule says.';
comment on column duties.due_month is 'Month of the year after the one reported on.';
comment on column duties.due_day is 'Day of that month; a report of that day is in time.';
comment on column duties.first_year is 'First year that had to be reported on.';
comment on column duties.levels is 'Levels of the bodies that owe it.';

create function blame(reason text) returns text language sql immutable parallel safe as $$
    select case
        when reason in (
            'completed', 'partial', 'no_entries', 'nothing_new', 'no_column', 'not_found', 'soft_404'
        ) then 'not_found'
        when reason in (
            'challenge', 'backing_off', 'rate_limited', 'robots_forbidden', 'robots_unavailable',
            'login_wall'
        ) then 'blocked'
        when reason in (
            'unreachable', 'dns', 'connection_refused', 'reset', 'timeout', 'tls', 'http_error'
        ) then 'unreachable'
        else 'our_fault'
    end
$$;
comment on function blame is 'Whose doing it is that a visit which ended so brought no report: it was not_found, we were blocked, the site was unreachable, or it is our_fault (our reader, our limits, our storage).';

-- Which reports are whose: a government's by its division (a township's and a zone's, which have none of
-- their own, by name as well), wherever it stands; any other body's by its name, or by standing on its
-- own portal.
create view reports_of_portals as
select 'portal ' || portals.id as body_key, reports.id as report_id
from portals
join reports on reports.adcode = portals.adcode and by_government
    and region_level = portals.level and not coalesce(region_zone, false)
where in_registry and portals.level in ('province', 'prefecture', 'county')
union
select 'portal ' || portals.id, reports.id
from portals
join reports on reports.adcode = portals.adcode and by_government
    and region_level = portals.level and starts_with(portals.name, region_name)
where in_registry and portals.level in ('township', 'functional_zone')
union
select 'portal ' || portals.id, reports.id
from portals
join reports on reports.portal_id = portals.id and region_level is distinct from 'township'
where in_registry and portals.level in ('national', 'department', 'functional_zone')
union
select 'portal ' || portals.id, reports.id
from portals
join reports on reports.issuer = portals.name
where in_registry;

comment on view reports_of_portals is 'Which reports count as those of the bodies behind the registry''s portals.';
comment on column reports_of_portals.body_key is 'The body, as in owing_bodies.';
comment on column reports_of_portals.report_id is 'Report.';

-- A body that no portal of the registry stands for is known by its name and place.
create function body_key(issuer text, adcode text, region_name text) returns text
language sql immutable parallel safe as $$
    select 'issuer ' || concat_ws(' ', coalesce(adcode, '-'), region_name, issuer)
$$;
comment on function body_key is 'What tells a body apart that no portal of the registry stands for.';

create view owing_bodies as
select
    'portal ' || portals.id as body_key, duties.kind, portals.name as body, portals.level,
    portals.adcode, portals.id as portal_id, 'registry' as known_from, duties.first_year,
    duties.due_month, duties.due_day, duties.law
from portals
join duties on portals.level = any(duties.levels)
-- The registry lists a few sites of the Party's and others: they owe nothing, and say so.
where in_registry and coalesce(disabled, '') not like '%owes no yearly report%'
union all
select
    body_key, known.kind, body, level, adcode, portal_id, 'reports',
    greatest(known.first_year, duties.first_year), due_month, due_day, law
from (
    select distinct on (reports.kind, body_key(issuer, adcode, region_name))
        body_key(issuer, adcode, region_name) as body_key, reports.kind,
        coalesce(issuer, region_name) as body, region_level as level, adcode,
        reports.portal_id,
        min(report_year) over (
            partition by reports.kind, body_key(issuer, adcode, region_name)
        ) as first_year
    from reports
    where report_year is not null and (issuer is not null or by_government)
    and not exists (select from reports_of_portals where report_id = reports.id)
    order by reports.kind, body_key(issuer, adcode, region_name), report_year desc
) as known
join duties on duties.kind = known.kind;

comment on view owing_bodies is 'Bodies that owe a yearly report: those of the registry''s portals, and others that have published one and so owe the next.';
comment on column owing_bodies.body_key is 'What tells the body apart.';
comment on column owing_bodies.kind is 'Kind of yearly report.';
comment on column owing_bodies.body is 'The body.';
comment on column owing_bodies.level is 'national, province, prefecture, county, township, department or functional_zone.';
comment on column owing_bodies.adcode is 'Code of its division.';
comment on column owing_bodies.portal_id is 'Its portal, or the one that it last published on.';
comment on column owing_bodies.known_from is 'registry, or reports for one known by what it published.';
comment on column owing_bodies.first_year is 'First year that it is asked about.';
comment on column owing_bodies.due_month is 'Month of the deadline.';
comment on column owing_bodies.due_day is 'Day of the deadline.';
comment on column owing_bodies.law is 'The rule, as it is cited.';

create view reports_of_bodies as
select body_key, report_id from reports_of_portals
union all
select body_key(issuer, adcode, region_name), id
from reports
where not exists (select from reports_of_portals where report_id = reports.id);

comment on view reports_of_bodies is 'Which reports count as whose.';
comment on column reports_of_bodies.body_key is 'The body, as in owing_bodies.';
comment on column reports_of_bodies.report_id is 'Report.';

create view coverage as
with found as (
    select distinct on (body_key, report.kind, report_year)
        body_key, report.kind, report_year, report.id as report_id, published_at,
        first_seen_at, url, removed, missed_last_at, version.capture_id
    from reports_of_bodies as owner
    join reports as report on report.id = owner.report_id
    join report_presence as presence on presence.report_id = report.id
    left join report_versions as version on version.id = report.current_version_id
    order by body_key, report.kind, report_year, removed,
        by_government desc, published_at nulls last, first_seen_at
), asked as (
    select
        owing.*, year, make_date(year + 1, due_month, due_day) as due_on,
        (now() at time zone 'UTC' + interval '8 hours')::date as today
    from owing_bodies as owing
    cross join lateral generate_series(
        first_year,
        extract(year from now() at time zone 'UTC' + interval '8 hours')::integer - 1
    ) as year
), judged as (
    select
        asked.kind, asked.body, asked.level, asked.adcode, asked.portal_id, known_from, year, due_on, law,
        report_id, capture_id, url, published_at,
        (first_seen_at at time zone 'UTC' + interval '8 hours')::date as first_seen_on,
        run.id as run_id, run.reason as run_reason, run.started_at as run_at,
        case
            when removed then 'removed'
            when report_id is not null and coalesce(
                published_at, (first_seen_at at time zone 'UTC' + interval '8 hours')::date
            ) <= due_on then 'on_time'
            when published_at > due_on then 'late'
            when report_id is not null then 'undated'
            when not_crawled is not null then 'our_fault'
            when run.id is null then case when today <= due_on then 'not_yet_due' else 'our_fault' end
            when today <= due_on then 'not_yet_due'
            else blame(run.reason)
        end as status,
        missed_last_at, not_crawled
    from asked
    left join found on found.kind = asked.kind and found.report_year = year
        and found.body_key = asked.body_key
    left join portals on portals.id = asked.portal_id
    left join lateral (
        select id, reason, started_at from crawl_runs
        where crawl_runs.portal_id = asked.portal_id and finished_at is not null
        order by started_at desc, id desc limit 1
    ) as run on true
)
select
    kind, body, level, adcode, path, portal_id, year, status,
    case when status = 'late' then published_at - due_on end as days_late,
    due_on, published_at, first_seen_on, report_id, url, capture_id,
    run_id, run_reason, run_at,
    (
        select max(id) from captures
        where captures.run_id = judged.run_id and verdict = 'challenge' and judged.status = 'blocked'
    ) as challenge_capture_id,
    case
        when status = 'removed' then 'last missed ' || (missed_last_at at time zone 'UTC')::date
        when status = 'undated' then 'the page shows no date, and it was first seen after the deadline'
        when status = 'our_fault' and not_crawled is not null then 'not crawled: ' || not_crawled
        when status = 'our_fault' and run_id is null then 'never visited'
        when report_id is null then run_reason
    end as detail,
    known_from, law
from judged
left join lateral (
    select path from regions
    where regions.adcode = judged.adcode and not zone order by valid_to desc nulls first limit 1
) as place on true;

comment on view coverage is 'Who owed a report for which year, and what became of it: one row for each body and year.';
comment on column coverage.kind is 'Kind of yearly report.';
comment on column coverage.body is 'Body that owed it.';
comment on column coverage.level is 'national, province, prefecture, county, township, department or functional_zone.';
comment on column coverage.adcode is 'Code of its division.';
comment on column coverage.path is 'Names from the province down to the division.';
comment on column coverage.portal_id is 'Its portal.';
comment on column coverage.year is 'Year to be reported on.';
comment on column coverage.status is 'on_time; late; undated (there, but first seen after the deadline on a page without a date); removed; not_found; blocked; unreachable; our_fault; not_yet_due.';
comment on column coverage.days_late is 'Days between the deadline and the date on the page, for one that is late.';
comment on column coverage.due_on is 'The deadline; a report of that day is in time.';
comment on column coverage.published_at is 'Date of publication as the page shows it.';
comment on column coverage.first_seen_on is 'Day (in China) on which we first saw it; publication is never dated by it.';
comment on column coverage.report_id is 'The report.';
comment on column coverage.url is 'Its address.';
comment on column coverage.capture_id is 'Capture that proves it.';
comment on column coverage.run_id is 'Last visit of the portal.';
comment on column coverage.run_reason is 'How that visit ended.';
comment on column coverage.run_at is 'When it began.';
comment on column coverage.challenge_capture_id is 'Capture of the challenge that blocked it.';
comment on column coverage.detail is 'What else explains the status.';
comment on column coverage.known_from is 'registry, or reports for a body known by what it published.';
comment on column coverage.law is 'The rule that sets the deadline.';

grant select on duties, owing_bodies, reports_of_portals, reports_of_bodies, coverage to fazhi_reader, fazhi_service;
