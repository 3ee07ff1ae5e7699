-- begin_attempts --
-- Captures are taken up; each with how many workers took it up so far.
insert into ingest_attempts (capture_id, worker, last_at)
select id, %(worker)s, %(now)s from unnest(%(ids)s::bigint[]) as id order by id
on conflict (capture_id) do update set
    attempts = ingest_attempts.attempts + 1, worker = excluded.worker, last_at = excluded.last_at
returning capture_id, attempts;

-- end_attempts --
-- Captures came to an end.
delete from ingest_attempts where capture_id = any(%(ids)s);

-- forgive_attempts --
-- Captures were put back by a worker that lives: its attempt does not count.
with forgotten as (
    delete from ingest_attempts where capture_id = any(%(ids)s) and attempts <= 1
)
update ingest_attempts set attempts = attempts - 1
where capture_id = any(%(ids)s) and attempts > 1;
