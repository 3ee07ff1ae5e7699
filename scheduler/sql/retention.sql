-- forget_runs --
-- Runs that ended long ago, fetched nothing that is kept, and are not their portal's latest.
delete from crawl_runs as run
where run.state <> 'running'
and run.finished_at < %(before)s
and not exists (select from captures where captures.run_id = run.id)
and exists (
    select from crawl_runs as later
    where later.portal_id = run.portal_id and later.started_at > run.started_at
);

-- forget_slots --
-- Slots of long ago, but for each portal's latest: it tells where the portal is in its calendar.
delete from slots as old
where old.slot < %(before)s
and exists (select from slots as later where later.portal_id = old.portal_id and later.slot > old.slot);

-- forget_attempts --
-- Captures that came to an end after all.
delete from ingest_attempts
using captures
where captures.id = ingest_attempts.capture_id and captures.ingested_at is not null
and not exists (
    select from rereadings
    where rereadings.capture_id = captures.id and rereadings.state in ('waiting', 'differs')
);
