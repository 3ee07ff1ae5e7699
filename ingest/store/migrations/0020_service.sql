-- What the service remembers: slots that were fired, an operator's word on the calendar, who made
-- each run and with what, and captures that may take their worker down.

create table slots (
    portal_id text not null references portals,
    slot timestamptz not null,
    fired_at timestamptz not null,
    fired_by text not null,
    job_id bigint not null,
    found text not null check (found in ('queued', 'waiting', 'running')),
    coalesced integer not null default 0 check (coalesced >= 0),
    sweep boolean not null default false,
    primary key (portal_id, slot)
);
create index slots_job on slots (job_id);

comment on table slots is 'Due visits that the calendar fired, each once: two leaders cannot fire the same one.';
comment on column slots.portal_id is 'Portal to be visited.';
comment on column slots.slot is 'Nominal time of the visit; the portal starts its own fixed while later.';
comment on column slots.fired_at is 'When a leader fired it.';
comment on column slots.fired_by is 'The leader, as host:process.';
comment on column slots.job_id is 'Job that makes the visit (jobs.procrastinate_jobs; ended jobs are forgotten in time).';
comment on column slots.found is 'queued when the slot made the job; waiting or running when a visit asked for by someone else serves it.';
comment on column slots.coalesced is 'How many earlier slots were missed (no scheduler at work) and are made up for by this one.';
comment on column slots.sweep is 'True when the visit is to look at everything, not only where reports were found before.';

create table calendar_portals (
    portal_id text primary key references portals,
    since timestamptz not null
);

comment on table calendar_portals is 'Portals that the calendar visits, and since when: slots before that were never owed.';
comment on column calendar_portals.portal_id is 'Portal.';
comment on column calendar_portals.since is 'When a scheduler first found it in the calendar.';

create table schedule_decisions (
    id bigint generated always as identity primary key,
    what text not null check (what in ('cadence', 'pause')),
    portal_id text references portals,
    level text,
    cron text,
    first_day text check (first_day ~ '^[0-9]{2}-[0-9]{2}$'),
    last_day text check (last_day ~ '^[0-9]{2}-[0-9]{2}$'),
    reason text not null,
    decided_by text not null,
    decided_at timestamptz not null,
    ended_by text,
    ended_at timestamptz,
    end_reason text,
    check (portal_id is null or level is null),
    check ((what = 'cadence') = (cron is not null)),
    check ((first_day is null) = (last_day is null)),
    check ((ended_at is null) = (ended_by is null))
);
create unique index schedule_decisions_in_force
    on schedule_decisions (what, coalesce(portal_id, ''), coalesce(level, ''), coalesce(first_day, ''))
    where ended_at is null;

comment on table schedule_decisions is 'What an operator decided about the calendar, over seeds/schedule.toml: cadences and pauses, with who, when and why.';
comment on column schedule_decisions.id is 'Number of the decision.';
comment on column schedule_decisions.what is 'cadence: visits at other times; pause: no visits.';
comment on column schedule_decisions.portal_id is 'Portal it is about; null for a level or for all.';
comment on column schedule_decisions.level is 'Level of government it is about; null for a portal or for all.';
comment on column schedule_decisions.cron is 'When to visit: minute hour day month weekday, in the calendar''s time zone; null for a pause.';
comment on column schedule_decisions.first_day is 'First day of the season it holds for, MM-DD; null for the whole year.';
comment on column schedule_decisions.last_day is 'Last day of that season, MM-DD; it may lie in the next year.';
comment on column schedule_decisions.reason is 'Why.';
comment on column schedule_decisions.decided_by is 'Who decided it.';
comment on column schedule_decisions.decided_at is 'When.';
comment on column schedule_decisions.ended_by is 'Who ended it; null while it is in force.';
comment on column schedule_decisions.ended_at is 'When it ended; null while it is in force.';
comment on column schedule_decisions.end_reason is 'Why it ended.';

alter table crawl_runs
    add column asked_by text,
    add column sweep boolean not null default false,
    add column worker text,
    add column code_version text,
    add column ruleset text,
    add column dictionary text,
    add column alive_at timestamptz;
create index crawl_runs_started on crawl_runs (started_at desc);
create index crawl_runs_job on crawl_runs (job_id);

comment on column crawl_runs.cause is 'How it came about: schedule, hand, http or demo.';
comment on column crawl_runs.asked_by is 'Who asked for it: user@host, the scheduler''s host:process, or the name a token stands for.';
comment on column crawl_runs.sweep is 'True when everything was to be looked at, not only where reports were found before.';
comment on column crawl_runs.worker is 'Process that makes or made it, as host:process.';
comment on column crawl_runs.code_version is 'Version of fazhi that made it.';
comment on column crawl_runs.ruleset is 'Version of the rules in seeds/ it was made with.';
comment on column crawl_runs.dictionary is 'Version of the tokenizer''s dictionary at the time; null where there is none.';
comment on column crawl_runs.alive_at is 'Last sign of life while it runs; its counts are of that moment.';

create table ingest_attempts (
    capture_id bigint primary key,
    attempts integer not null default 1,
    worker text not null,
    last_at timestamptz not null
);

comment on table ingest_attempts is 'Captures in the hands of an ingester. A row that outlives its worker names a capture that may have killed it.';
comment on column ingest_attempts.capture_id is 'The capture. No foreign key: its check would wait for the worker that holds the capture.';
comment on column ingest_attempts.attempts is 'How many workers took it up and did not come to an end with it.';
comment on column ingest_attempts.worker is 'The latest of them, as host:process.';
comment on column ingest_attempts.last_at is 'When it took it up.';

grant select on slots, calendar_portals, schedule_decisions, ingest_attempts to fazhi_reader;
grant select, insert, update, delete on
    slots, calendar_portals, schedule_decisions, ingest_attempts
to fazhi_service;
