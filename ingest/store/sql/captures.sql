-- insert_content --
-- Keep the bytes unless they are kept already.
insert into capture_contents (sha256, body, size)
values (%(sha256)s, %(body)s, %(size)s)
on conflict (sha256) do nothing;

-- insert_web_capture --
-- Keep a capture unless its bytes are known for this address; the id, and whether it is new. When
-- a page has gone back to what it said before, the old capture waits to be understood once more.
insert into captures (
    url, requested_url, status, headers, sha256, fetched_at, portal_id, run_id, listing_url,
    entry_title, entry_date, file_name, last_seen_at
)
values (
    %(url)s, %(requested_url)s, %(status)s, %(headers)s, %(sha256)s, %(fetched_at)s, %(portal_id)s,
    %(run_id)s, %(listing_url)s, %(entry_title)s, %(entry_date)s, %(file_name)s, %(fetched_at)s
)
on conflict (url, sha256) where url is not null do update set
    last_seen_at = greatest(captures.last_seen_at, excluded.last_seen_at),
    ingested_at = case
        when not exists (
            select from reports
            join report_versions as current on current.id = reports.current_version_id
            where reports.id = captures.report_id
            and current.capture_id <> captures.id
            and current.captured_at > captures.last_seen_at
            and current.captured_at < excluded.last_seen_at
        ) then captures.ingested_at
    end
returning id, xmax = 0;

-- insert_file_capture --
-- Keep a file unless its bytes are known under this name; the id, and whether it is new.
insert into captures (status, headers, sha256, fetched_at, file_name, last_seen_at)
values (%(status)s, %(headers)s, %(sha256)s, %(fetched_at)s, %(file_name)s, %(fetched_at)s)
on conflict (file_name, sha256) where url is null do update set
    last_seen_at = greatest(captures.last_seen_at, excluded.last_seen_at)
returning id, xmax = 0;

-- take_pending --
-- Captures that wait, oldest first, locked against other workers until the transaction ends; so
-- many that their bytes stay below a limit, and at least one. Suspects, which a worker did not come
-- to an end with, are left out, or else only they are taken.
with waiting as (
    select captures.* from captures
    where ingested_at is null and (%(ids)s::bigint[] is null or id = any(%(ids)s))
    and %(suspects)s = exists (select from ingest_attempts where capture_id = captures.id)
    order by id
    limit %(limit)s
    for update skip locked
),
measured as (
    select waiting.*, content.body, sum(content.size) over (order by waiting.id) as total
    from waiting join capture_contents as content using (sha256)
)
select
    id, url, requested_url, status, headers, body, fetched_at, portal_id, run_id, listing_url,
    entry_title, entry_date, file_name
from measured
where total <= %(bytes)s or id = (select min(id) from waiting)
order by id;

-- count_pending --
-- How many captures wait to be understood.
select count(*) from captures where ingested_at is null;

-- requeue_broken --
-- Let captures wait again that a fault of the program rejected, now that the program is another.
update captures set ingested_at = null
from rejects
where rejects.capture_id = captures.id
and rejects.reason like 'internal_error:%%'
and rejects.ruleset <> %(ruleset)s
and captures.ingested_at is not null;

-- mark_ingested --
-- Note that a capture was understood or rejected, by which rules, and as which report.
update captures set
    ingested_at = now(), ruleset = %(ruleset)s, verdict = %(verdict)s, report_id = %(report_id)s
where id = %(capture_id)s;

-- describe_ingested --
-- What became of some captures, in the order of their numbers.
select
    captures.id, captures.verdict, rejects.reason, captures.report_id,
    coalesce(reports.title, rejects.title) as title
from captures
left join rejects on rejects.capture_id = captures.id
left join reports on reports.id = captures.report_id
where captures.id = any(%(ids)s)
order by captures.id;
