-- use_jobs --
-- Let the job engine's own functions find their tables, until the transaction ends.
set local search_path to jobs, public;

-- take_turn --
-- Whether nobody else sweeps now; until the transaction ends.
select pg_try_advisory_xact_lock(%(key)s);

-- stalled_jobs --
-- Jobs whose worker has given no sign of life for so many seconds, or is gone: job, task, portal,
-- worker, and how many workers have ended over it before.
select
    job.id, job.task_name, job.lock, job.worker_id, coalesce((job.args ->> 'deaths')::integer, 0)
from procrastinate_jobs as job
left join procrastinate_workers as worker on worker.id = job.worker_id
where job.status = 'doing'
and (worker.id is null or worker.last_heartbeat < now() - make_interval(secs => %(seconds)s))
for update of job skip locked;

-- put_back --
-- A job of one worker goes back to the queue, or ends where it is given up or its like waits
-- already; nothing comes back where it is that worker's no more.
update procrastinate_jobs as job set
    status = case
        when %(give_up)s or exists (
            select from procrastinate_jobs as other
            where other.queueing_lock = job.queueing_lock and other.status = 'todo'
        ) then 'failed'::procrastinate_job_status
        else 'todo'
    end,
    attempts = attempts + 1,
    abort_requested = false,
    scheduled_at = case
        when %(wait)s::float > 0 then now() + make_interval(secs => %(wait)s::float)
    end,
    args = case
        when %(deaths)s::integer = 0 then args
        else args || jsonb_build_object('deaths', %(deaths)s::integer)
    end
where id = %(job)s and status = 'doing' and worker_id is not distinct from %(worker)s
returning status::text;

-- close_broken_run --
-- End the run of a job that is still noted as running; its worker is gone.
update public.crawl_runs
set state = 'failed', reason = 'interrupted', detail = %(detail)s, finished_at = %(now)s
where job_id = %(job)s and portal_id = %(portal)s and state = 'running';
