-- begin_run --
-- A new row of the ledger; the run of a slot that failed or was killed is begun again. No row
-- comes back when the slot has been served.
insert into crawl_runs (portal_id, cause, slot, job_id, started_at)
values (%(portal_id)s, %(cause)s, %(slot)s, %(job_id)s, %(now)s)
on conflict (portal_id, slot) where slot is not null do update set
    cause = excluded.cause,
    job_id = excluded.job_id,
    attempt = crawl_runs.attempt + 1,
    state = 'running',
    reason = null,
    detail = null,
    started_at = excluded.started_at,
    finished_at = null
where crawl_runs.state <> 'succeeded'
returning id;

-- finish_run --
-- How a run ended, with what it counted.
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
    finished_at = %(now)s
where id = %(run_id)s;

-- drop_failures --
-- Failures of an earlier attempt at the same run.
delete from fetch_failures where run_id = %(run_id)s;

-- insert_failures --
-- What the run could not fetch.
insert into fetch_failures (run_id, url, reason, detail)
select %(run_id)s, url, reason, detail
from jsonb_to_recordset(%(failures)s) as failure (url text, reason text, detail text);
