-- runs_of_late --
-- Runs begun in the last day, by cause, state and reason.
select cause, state, coalesce(reason, 'running'), count(*)
  from crawl_runs
 where started_at > %(now)s - interval '1 day'
 group by 1, 2, 3;

-- run_durations --
-- Seconds that the runs of the last day took: median, and what 19 of 20 stayed below.
select percentile_cont(0.5) within group (order by extract(epoch from finished_at - started_at)),
       percentile_cont(0.95) within group (order by extract(epoch from finished_at - started_at))
  from crawl_runs
 where started_at > %(now)s - interval '1 day'
   and finished_at is not null;

-- failures_of_late --
-- What runs of the last day could not fetch, by reason.
select fetch_failures.reason, count(*)
  from crawl_runs
  join fetch_failures on fetch_failures.run_id = crawl_runs.id
 where crawl_runs.started_at > %(now)s - interval '1 day'
 group by 1;

-- pages_of_late --
-- Pages first fetched in the last day, by verdict.
select coalesce(verdict, 'pending'), count(*)
  from captures
 where fetched_at > %(now)s - interval '1 day'
 group by 1;

-- ingest_latencies --
-- Seconds from fetched to understood, for the pages of the last day: median, and 19 of 20.
select percentile_cont(0.5) within group (order by extract(epoch from ingested_at - fetched_at)),
       percentile_cont(0.95) within group (order by extract(epoch from ingested_at - fetched_at))
  from captures
 where fetched_at > %(now)s - interval '1 day'
   and ingested_at is not null;

-- open_jobs --
-- Jobs that wait or are being done, by queue, with the age in seconds of the oldest.
select job.queue_name,
       job.status::text,
       count(*),
       extract(epoch from %(now)s - min(event.at))
  from jobs.procrastinate_jobs as job
  left join lateral (
       select min(at) as at from jobs.procrastinate_events where job_id = job.id
  ) as event on true
 where job.status in ('todo', 'doing')
 group by 1, 2;

-- waiting_captures --
-- Captures that wait to be understood, and the age in seconds of the one fetched first.
select count(*), extract(epoch from %(now)s - min(fetched_at))
  from captures
 where ingested_at is null;

-- portals_by_age --
-- Crawled portals by the days since the last visit that succeeded; null for those never visited.
select (extract(epoch from %(now)s - success.at) / 86400)::integer, count(*)
  from portals
  left join lateral (
       select started_at as at
         from crawl_runs
        where portal_id = portals.id and state = 'succeeded'
        order by started_at desc
        limit 1
  ) as success on true
 where in_registry and not_crawled is null
   and not starts_with(portals.id, 'demo-')
 group by 1;

-- season --
-- Crawled portals by level, and how many of them have published the report on a year.
select level,
       count(*),
       count(*) filter (where exists (
           select from reports where portal_id = portals.id and report_year = %(year)s))
  from portals
 where in_registry and not_crawled is null
   and not starts_with(portals.id, 'demo-')
 group by 1;

-- open_alerts --
-- Alerts that last, by rule and severity.
select rule, severity, count(*) from alerts where resolved_at is null group by 1, 2;

-- waiting_messages --
-- Messages about alerts that were not delivered, by channel, with the age in seconds of the oldest.
select channel, count(*), extract(epoch from %(now)s - min(created_at))
  from alert_messages
 where delivered_at is null
 group by 1;

-- totals --
-- Reports in all, and the size of the database in bytes.
select (select count(*) from reports), pg_database_size(current_database());

-- leader --
-- Whether a scheduler leads: it holds the session advisory lock.
select exists (
    select from pg_locks
     where locktype = 'advisory' and granted and classid = 0 and objid = %(key)s and objsubid = 1
       and database = (select oid from pg_database where datname = current_database())
);
