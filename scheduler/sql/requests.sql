-- use_jobs --
-- Let the job engine's own functions find their tables, until the transaction ends.
set local search_path to jobs, public;

-- queue_visit --
-- Queue a visit, unless one of the portal waits already; its job.
insert into procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args)
values (
    %(queue)s, %(task)s, %(priority)s, %(portal)s, 'crawl ' || %(portal)s,
    jsonb_build_object(
        'portal', %(portal)s::text, 'cause', %(cause)s::text, 'asked_by', %(asked_by)s::text,
        'slot', %(slot)s::text, 'sweep', %(sweep)s::boolean
    )
)
on conflict (queueing_lock) where status = 'todo' do nothing
returning id;

-- find_visit --
-- The visit of a portal that is under way, else the one that waits: its job, who asked for it, and
-- the run it has begun.
select job.id, job.status::text, job.args ->> 'cause', job.args ->> 'asked_by', run.id, run.started_at
from procrastinate_jobs as job
left join crawl_runs as run
    on run.job_id = job.id and run.portal_id = job.lock and run.state = 'running'
where job.lock = %(portal)s
and job.task_name = %(task)s
and job.status in ('todo', 'doing')
order by job.status = 'doing' desc, job.id
limit 1;

-- hurry_visit --
-- A visit that waits is wanted sooner: before others, and not only after a pause.
update procrastinate_jobs
set priority = greatest(priority, %(priority)s), scheduled_at = null
where id = %(job)s and status = 'todo';

-- note_slot --
-- A slot is fired, once, and never after a later one; nothing comes back where it was fired before.
insert into slots (portal_id, slot, fired_at, fired_by, job_id, found, coalesced, sweep)
select
    %(portal)s, %(slot)s, %(now)s, %(fired_by)s, %(job)s, %(found)s, %(coalesced)s, %(sweep)s
where not exists (select from slots where portal_id = %(portal)s and slot >= %(slot)s)
on conflict (portal_id, slot) do nothing
returning job_id;

-- latest_slots --
-- The latest slot of each portal that was fired.
select portal_id, max(slot) from slots group by portal_id;

-- enter_portals --
-- Note since when portals are in the calendar; those that were in it before keep their day.
insert into calendar_portals (portal_id, since)
select id, %(now)s from unnest(%(ids)s::text[]) as id
on conflict (portal_id) do nothing;

-- calendar_portals --
-- Since when each portal is in the calendar.
select portal_id, since from calendar_portals;

-- queue_once --
-- Queue a job without arguments, unless its like waits already.
insert into procrastinate_jobs (queue_name, task_name, priority, queueing_lock)
values (%(queue)s, %(task)s::text, %(priority)s, %(task)s::text)
on conflict (queueing_lock) where status = 'todo' do nothing;
