-- The frontier: what a crawl has still to ask for, and what it learned for the next one.

create table crawl_states (
    portal_id text primary key references portals on delete cascade,
    began_at timestamptz,
    sweep boolean not null default false,
    first_visit_at timestamptz,
    last_visit_at timestamptz,
    last_sweep_at timestamptz
);

comment on table crawl_states is 'Where the crawls of each portal stand.';
comment on column crawl_states.portal_id is 'Portal that is crawled.';
comment on column crawl_states.began_at is 'When the crawl began that is not over; null when none is. A killed one is taken up from crawl_tasks.';
comment on column crawl_states.sweep is 'Whether that crawl reads everything anew.';
comment on column crawl_states.first_visit_at is 'When the first crawl that came to its end began.';
comment on column crawl_states.last_visit_at is 'When the last crawl that came to its end began.';
comment on column crawl_states.last_sweep_at is 'When everything was last read anew: every page of every column, and every known article asked whether it changed.';

create table crawl_tasks (
    portal_id text not null references portals on delete cascade,
    key text not null,
    position bigint generated always as identity,
    task jsonb,
    note jsonb,
    primary key (portal_id, key)
);

comment on table crawl_tasks is 'Requests of crawls that are not over. A crawl that ends in good order takes its rows away.';
comment on column crawl_tasks.portal_id is 'Portal that is crawled.';
comment on column crawl_tasks.key is 'One text for all addresses of one page (http and https, _wap), and for each form sent to it.';
comment on column crawl_tasks.position is 'Order in which they were found; of equal rank the first is asked for first.';
comment on column crawl_tasks.task is 'What is to be asked for and why; null for a page that was only met on the way.';
comment on column crawl_tasks.note is 'What came of it; null while it waits.';

create table remembered_pages (
    portal_id text not null references portals on delete cascade,
    key text not null,
    etag text,
    last_modified text,
    entry_title text,
    entry_date text,
    seen_at timestamptz not null default now(),
    primary key (portal_id, key)
);

comment on table remembered_pages is 'Articles that were captured and listings that were read: what the next crawl asks with, to be told of changes only.';
comment on column remembered_pages.portal_id is 'Portal they are on.';
comment on column remembered_pages.key is 'As in crawl_tasks.';
comment on column remembered_pages.etag is 'ETag the server gave, if any.';
comment on column remembered_pages.last_modified is 'Last-Modified the server gave, if any.';
comment on column remembered_pages.entry_title is 'Text of the entry that listed the article; another one is a reason to fetch it again.';
comment on column remembered_pages.entry_date is 'Date printed beside that entry.';
comment on column remembered_pages.seen_at is 'When it last came with status 200.';

alter table columns
    add column registered boolean not null default true,
    add column family text,
    add column reports integer not null default 0,
    add column found_at timestamptz,
    add column last_read_at timestamptz;

comment on table columns is 'Columns of a portal that carry yearly reports: those of the registry, and those that crawls found.';
comment on column columns.registered is 'True if the registry names it; false if a crawl found it.';
comment on column columns.family is 'CMS family that read it last.';
comment on column columns.reports is 'Entries that promised a report when it was last read.';
comment on column columns.found_at is 'When a crawl first found reports in it.';
comment on column columns.last_read_at is 'When a crawl last read it without a failure: listings are read back to some weeks before.';

grant select on crawl_states, crawl_tasks, remembered_pages to fazhi_reader;
grant select, insert, update, delete on crawl_states, crawl_tasks, remembered_pages to fazhi_service;
