-- begin_run --
-- A new row of the ledger; the run of a slot that failed or was killed is begun again. No row
-- comes back when the slot has been served.
insert into crawl_runs (
    portal_id, cause, asked_by, slot, sweep, job_id, worker, code_version, ruleset, dictionary,
    started_at, alive_at
)
values (
    %(portal_id)s, %(cause)s, %(asked_by)s, %(slot)s, %(sweep)s, %(job_id)s, %(worker)s,
    %(code_version)s, %(ruleset)s, %(dictionary)s, %(now)s, %(now)s
)
on conflict (portal_id, slot) where slot is not null do update set
    cause = excluded.cause,
    asked_by = excluded.asked_by,
    sweep = excluded.sweep,
    job_id = excluded.job_id,
    worker = excluded.worker,
    code_version = excluded.code_version,
    ruleset = excluded.ruleset,
    dictionary = excluded.dictionary,
    alive_at = excluded.alive_at,
    attempt = crawl_runs.attempt + 1,
    state = 'running',
    reason = null,
    detail = null,
    requests = 0,
    listings = 0,
    entries = 0,
    articles = 0,
    new_captures = 0,
    started_at = excluded.started_at,
    finished_at = null
where crawl_runs.state <> 'succeeded'
returning id;

-- tell_run --
-- A sign of life of a run, with what it has counted so far; nothing comes back where the run is not
-- this worker's any more.
update crawl_runs set
    requests = %(requests)s,
    listings = %(listings)s,
    entries = %(entries)s,
    articles = %(articles)s,
    new_captures = %(new_captures)s,
    alive_at = %(now)s
where id = %(run_id)s and state = 'running' and worker is not distinct from %(worker)s
returning id;

-- finish_run --
-- How a run ended, with what it counted; unless another worker has taken it over.
update crawl_runs set
    state = %(state)s,
    reason = %(reason)s,
    detail = %(detail)s,
    requests = %(requests)s,
    listings = %(listings)s,
    entries = %(entries)s,
    articles = %(articles)s,
    new_captures = %(new_captures)s,
    families = %(families)s,
    sweep = sweep or %(sweep)s,
    finished_at = %(now)s
where id = %(run_id)s and (worker is null or worker is not distinct from coalesce(%(worker)s, worker));

-- fail_run --
-- A run broke off; unless another worker has taken it over.
update crawl_runs set
    state = 'failed',
    reason = %(reason)s,
    detail = %(detail)s,
    finished_at = %(now)s
where id = %(run_id)s and (worker is null or worker is not distinct from coalesce(%(worker)s, worker));

-- drop_failures --
-- Failures of an earlier attempt at the same run.
delete from fetch_failures where run_id = %(run_id)s;

-- drop_counts --
-- Counts of an earlier attempt at the same run.
delete from failure_counts where run_id = %(run_id)s;

-- insert_counts --
-- How often each kind of failure was met, for good (failures) or for a try (retries).
insert into failure_counts (run_id, portal_id, reason, failures, retries)
select crawl_runs.id, portal_id, count.reason, count.failures, count.retries
from crawl_runs, jsonb_to_recordset(%(counts)s)
    as count (reason text, failures integer, retries integer)
where crawl_runs.id = %(run_id)s;

-- insert_failures --
-- What the run could not fetch.
insert into fetch_failures (run_id, url, reason, detail)
select %(run_id)s, url, reason, detail
from jsonb_to_recordset(%(failures)s) as failure (url text, reason text, detail text);
