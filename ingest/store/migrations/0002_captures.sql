-- What was fetched, by which run, and what could not be fetched. Raw fields never change.

create table crawl_runs (
    id bigint generated always as identity primary key,
    portal_id text not null references portals,
    cause text not null,
    slot timestamptz,
    job_id bigint,
    attempt integer not null default 1,
    state text not null default 'running' check (state in ('running', 'succeeded', 'failed')),
    reason text,
    detail text,
    requests integer not null default 0,
    listings integer not null default 0,
    entries integer not null default 0,
    articles integer not null default 0,
    new_captures integer not null default 0,
    started_at timestamptz not null,
    finished_at timestamptz,
    check ((state = 'running') = (finished_at is null))
);
create unique index crawl_runs_slot on crawl_runs (portal_id, slot) where slot is not null;
create index crawl_runs_portal on crawl_runs (portal_id, started_at desc);

comment on table crawl_runs is 'The run ledger: one row for each crawl of one portal, whoever asked for it.';
comment on column crawl_runs.id is 'Number of the run; every log line of the run carries it.';
comment on column crawl_runs.portal_id is 'Portal that was crawled.';
comment on column crawl_runs.cause is 'Who asked for it: schedule, hand or demo.';
comment on column crawl_runs.slot is 'Scheduled time it stands for; null for a run by hand. One run for a portal and slot.';
comment on column crawl_runs.job_id is 'Job of the job engine that ran it, if any (jobs.procrastinate_jobs).';
comment on column crawl_runs.attempt is 'How many times the slot was begun: more than 1 after a failure or a kill.';
comment on column crawl_runs.state is 'running, succeeded or failed.';
comment on column crawl_runs.reason is 'Why it ended so, as one word: completed, no_entries, unreachable, robots_forbidden and so on.';
comment on column crawl_runs.detail is 'The reason in words, where one word is not enough.';
comment on column crawl_runs.requests is 'Requests sent.';
comment on column crawl_runs.listings is 'Listing pages read.';
comment on column crawl_runs.entries is 'Entries seen on them.';
comment on column crawl_runs.articles is 'Article pages fetched.';
comment on column crawl_runs.new_captures is 'Captures whose bytes were new.';
comment on column crawl_runs.started_at is 'When it began (the last attempt).';
comment on column crawl_runs.finished_at is 'When it ended; null while it runs.';

create table fetch_failures (
    id bigint generated always as identity primary key,
    run_id bigint not null references crawl_runs on delete cascade,
    url text not null,
    reason text not null,
    detail text
);
create index fetch_failures_run on fetch_failures (run_id);

comment on table fetch_failures is 'Addresses that a run could not fetch, each with its reason.';
comment on column fetch_failures.id is 'Number of the failure.';
comment on column fetch_failures.run_id is 'Run it happened in.';
comment on column fetch_failures.url is 'Address that was asked for.';
comment on column fetch_failures.reason is 'What happened, as one word.';
comment on column fetch_failures.detail is 'What happened, in words.';

create table capture_contents (
    sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
    body bytea not null,
    size integer not null
);

comment on table capture_contents is 'The bytes of captures, kept once however often they were fetched.';
comment on column capture_contents.sha256 is 'Hex digest of the bytes.';
comment on column capture_contents.body is 'The bytes as they came, after gzip and before any charset.';
comment on column capture_contents.size is 'Number of bytes.';

create table captures (
    id bigint generated always as identity primary key,
    url text,
    requested_url text,
    status integer not null,
    headers jsonb not null,
    sha256 text not null references capture_contents,
    fetched_at timestamptz not null,
    portal_id text references portals,
    run_id bigint references crawl_runs,
    listing_url text,
    entry_title text,
    entry_date text,
    file_name text,
    last_seen_at timestamptz not null,
    ingested_at timestamptz,
    ruleset text,
    verdict text,
    check (url is not null or file_name is not null)
);
create unique index captures_url on captures (url, sha256) where url is not null;
create unique index captures_file on captures (file_name, sha256) where url is null;
create index captures_pending on captures (id) where ingested_at is null;
create index captures_sha256 on captures (sha256);
create index captures_run on captures (run_id);
create index captures_portal on captures (portal_id);

comment on table captures is 'Every response and file that was taken in, as it came; the same bytes of the same address are one capture.';
comment on column captures.id is 'Number of the capture.';
comment on column captures.url is 'Address that answered, after redirects; null for a file given by hand.';
comment on column captures.requested_url is 'Address that was asked for.';
comment on column captures.status is 'HTTP status; 200 for a file.';
comment on column captures.headers is 'Response headers, an array of [name, value] in the order they came.';
comment on column captures.sha256 is 'Digest of the bytes in capture_contents.';
comment on column captures.fetched_at is 'When it was first fetched.';
comment on column captures.portal_id is 'Portal it was fetched for.';
comment on column captures.run_id is 'Run that fetched it first.';
comment on column captures.listing_url is 'Listing page that led to it.';
comment on column captures.entry_title is 'Text of the listing entry that led to it.';
comment on column captures.entry_date is 'Date printed beside that entry, as ISO date.';
comment on column captures.file_name is 'Name of the file, for a file given by hand.';
comment on column captures.last_seen_at is 'When the same bytes were last met at this address.';
comment on column captures.ingested_at is 'When it was last understood or rejected; null while it waits.';
comment on column captures.ruleset is 'Version of the rules that judged it.';
comment on column captures.verdict is 'What it was judged to be: report, not_report, challenge or unreadable.';

create function refuse_alteration() returns trigger language plpgsql as $$
begin
    raise exception 'raw fields of % are never altered', tg_table_name using errcode = 'restrict_violation';
end
$$;
comment on function refuse_alteration is 'Guards what was captured, even from the owner.';

create trigger captures_stay_raw
    before update of url, requested_url, status, headers, sha256, fetched_at, portal_id, run_id,
        listing_url, entry_title, entry_date, file_name
    on captures for each row execute function refuse_alteration();

create trigger capture_contents_stay_raw
    before update on capture_contents for each row execute function refuse_alteration();
