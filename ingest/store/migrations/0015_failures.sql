-- What failed, counted by name; who is left alone; and what was asked of whom.

create table failure_counts (
    run_id bigint not null references crawl_runs on delete cascade,
    portal_id text not null references portals,
    reason text not null,
    failures integer not null default 0 check (failures >= 0),
    retries integer not null default 0 check (retries >= 0),
    primary key (run_id, reason),
    check (failures + retries > 0)
);
create index failure_counts_portal on failure_counts (portal_id, run_id desc);

comment on table failure_counts is 'How often each kind of failure was met in a run; the names are explained in docs/reference/failures.md.';
comment on column failure_counts.run_id is 'Run it was met in.';
comment on column failure_counts.portal_id is 'Portal of the run.';
comment on column failure_counts.reason is 'Name of the failure.';
comment on column failure_counts.failures is 'Addresses that could not be had because of it; fetch_failures has each.';
comment on column failure_counts.retries is 'Tries that failed so and were made again, whether or not the next one succeeded.';

insert into failure_counts (run_id, portal_id, reason, failures)
select run_id, portal_id, fetch_failures.reason, count(*)
from fetch_failures join crawl_runs on crawl_runs.id = run_id
group by run_id, portal_id, fetch_failures.reason;

create table back_offs (
    domain text primary key,
    times integer not null check (times > 0),
    host text not null,
    detail text not null,
    since timestamptz not null,
    until timestamptz not null
);

comment on table back_offs is 'Registrable domains that answered with a challenge or a word that we ask too much. Their portals share a protection service and are left alone together.';
comment on column back_offs.domain is 'Registrable domain, such as chengdu.gov.cn.';
comment on column back_offs.times is 'Challenges in a row; each doubles the time, up to a week. Those during one back-off count once.';
comment on column back_offs.host is 'Host that gave the last one; when it answers with a page again, the row goes.';
comment on column back_offs.detail is 'What the last one was.';
comment on column back_offs.since is 'When the last one was met.';
comment on column back_offs.until is 'Nothing is asked of the domain before.';

create table portal_days (
    portal_id text not null references portals,
    day date not null,
    requests integer not null check (requests >= 0),
    primary key (portal_id, day)
);

comment on table portal_days is 'Requests sent to a portal on a day, for its daily budget; after a kill up to 20 of a run are missing.';
comment on column portal_days.portal_id is 'Portal that was asked.';
comment on column portal_days.day is 'Day, in China.';
comment on column portal_days.requests is 'Requests sent, robots.txt and retries included.';

-- Worth nothing after a crash, and written before every request.
create unlogged table machine_turns (
    machine text primary key,
    next_at timestamptz not null
);

comment on table machine_turns is 'When a machine may be asked next, by any of the crawler processes.';
comment on column machine_turns.machine is 'Its address, or the registrable domain where it has none.';
comment on column machine_turns.next_at is 'End of the pause after the last place in its line that was taken.';

grant select on failure_counts, back_offs, portal_days to fazhi_reader;
grant select, insert, update, delete on failure_counts, back_offs, portal_days, machine_turns
to fazhi_service;
