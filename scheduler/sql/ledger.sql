-- close_broken_runs --
-- End the runs of a portal that are still noted as running; their worker was killed.
update crawl_runs
   set state = 'failed',
       reason = 'interrupted',
       detail = 'the worker was killed',
       finished_at = %(now)s
 where portal_id = %(portal)s
   and state = 'running';

-- look_at_jobs --
-- Where crawl jobs stand, each with its latest run and what that run has captured so far.
select job.id,
       job.args ->> 'portal' as portal,
       job.status::text,
       run.id,
       run.state,
       run.reason,
       run.detail,
       coalesce(run.requests, 0),
       coalesce(run.entries, 0),
       coalesce(run.articles, 0),
       (select count(*) from captures where captures.run_id = run.id)
  from jobs.procrastinate_jobs as job
  left join lateral (
       select *
         from crawl_runs
        where crawl_runs.portal_id = job.args ->> 'portal'
          and crawl_runs.job_id = job.id
        order by crawl_runs.id desc
        limit 1
  ) as run on true
 where job.id = any(%(ids)s)
 order by job.id;

-- jobs_left --
-- Whether jobs of a task wait or are under way.
select exists (
       select
         from jobs.procrastinate_jobs
        where task_name = %(task)s
          and status in ('todo', 'doing')
);

-- job_events --
-- What happened to a job, in order.
select type::text, at
  from jobs.procrastinate_events
 where job_id = %(job)s
 order by id;

-- slots_served --
-- Due visits that a job served.
select slot, fired_at, fired_by, found, coalesced
  from slots
 where job_id = %(job)s
 order by slot;

-- captures_of --
-- What a run fetched first, and what became of it.
select captures.id, coalesce(captures.url, captures.file_name), captures.status,
       captures.verdict, rejects.reason, captures.report_id,
       coalesce(reports.title, rejects.title, captures.entry_title), captures.ingested_at
  from captures
  left join rejects on rejects.capture_id = captures.id
  left join reports on reports.id = captures.report_id
 where captures.run_id = %(run)s
 order by captures.id;
