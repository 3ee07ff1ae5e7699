-- recall --
-- All that is known of a portal when a crawl begins: columns with reports, pages, and what a crawl
-- that broke off had done and left, in the order in which it was found.
select
    state.first_visit_at, state.last_sweep_at, state.began_at, coalesce(state.sweep, false),
    coalesce((
        select jsonb_agg(jsonb_build_array(url, name, family, reports, last_read_at))
        from columns where columns.portal_id = portals.id and reports > 0
    ), '[]'),
    coalesce((
        select jsonb_agg(jsonb_build_array(key, etag, last_modified, entry_title, entry_date))
        from remembered_pages where remembered_pages.portal_id = portals.id
    ), '[]'),
    coalesce((
        select jsonb_agg(jsonb_build_array(key, task, note) order by position)
        from crawl_tasks where crawl_tasks.portal_id = portals.id
    ), '[]')
from portals left join crawl_states as state on state.portal_id = portals.id
where portals.id = %(portal_id)s;

-- forget_tasks --
-- The tasks of a crawl that is over, or that is too old to be taken up.
delete from crawl_tasks where portal_id = %(portal_id)s;

-- begin --
-- A crawl of a portal is under way.
insert into crawl_states (portal_id, began_at, sweep)
values (%(portal_id)s, %(now)s, %(sweep)s)
on conflict (portal_id) do update set began_at = excluded.began_at, sweep = excluded.sweep;

-- write_tasks --
-- New tasks, and notes of what came of old ones. Those of one portal come in their order.
insert into crawl_tasks (portal_id, key, task, note)
select portal_id, key, nullif(task, 'null'), nullif(note, 'null')
from jsonb_to_recordset(%(tasks)s) as told (portal_id text, key text, task jsonb, note jsonb)
on conflict (portal_id, key) do update set note = excluded.note where excluded.note is not null;

-- remember_pages --
-- What the next crawl asks with.
insert into remembered_pages (portal_id, key, etag, last_modified, entry_title, entry_date)
select portal_id, key, etag, last_modified, entry_title, entry_date
from jsonb_to_recordset(%(pages)s) as page (
    portal_id text, key text, etag text, last_modified text, entry_title text, entry_date text
)
on conflict (portal_id, key) do update set
    etag = excluded.etag,
    last_modified = excluded.last_modified,
    entry_title = excluded.entry_title,
    entry_date = excluded.entry_date,
    seen_at = now();

-- conclude --
-- A crawl came to its end.
insert into crawl_states (portal_id, sweep, first_visit_at, last_visit_at, last_sweep_at)
values (
    %(portal_id)s, false, %(now)s, %(now)s, case when %(sweep)s then %(now)s::timestamptz end
)
on conflict (portal_id) do update set
    began_at = null,
    sweep = false,
    first_visit_at = coalesce(crawl_states.first_visit_at, excluded.first_visit_at),
    last_visit_at = excluded.last_visit_at,
    last_sweep_at = coalesce(excluded.last_sweep_at, crawl_states.last_sweep_at);

-- remember_columns --
-- Columns in which reports were found, or that were read again.
insert into columns (portal_id, url, name, registered, family, reports, found_at, last_read_at)
select %(portal_id)s, url, nullif(name, ''), false, family, reports, %(now)s, read_at
from jsonb_to_recordset(%(columns)s) as col (
    url text, name text, family text, reports integer, read_at timestamptz
)
on conflict (portal_id, url) do update set
    name = coalesce(columns.name, excluded.name),
    family = excluded.family,
    reports = excluded.reports,
    found_at = coalesce(columns.found_at, excluded.found_at),
    last_read_at = excluded.last_read_at;
