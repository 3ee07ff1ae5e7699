-- columns_of --
-- The columns of a view in order, with their types and comments.
select attname, format_type(atttypid, null), coalesce(col_description(attrelid, attnum), '')
from pg_attribute
where attrelid = %(view)s::regclass and attnum > 0 and not attisdropped
order by attnum;

-- meaning_of --
-- The comment of a view.
select coalesce(obj_description(%(view)s::regclass), '');

-- snapshot_since --
-- From when on a later export has to look: before what this one cannot see yet.
select least(
    date_trunc('second', now()),
    (select min(xact_start) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid())
);

-- is_future --
-- Whether a moment is still to come by the server's clock.
select %(since)s::timestamptz > now();

-- captures --
-- Captures with their bytes, oldest first, for an archive.
select
    captures.id, url, status, headers, sha256, fetched_at, portal_id, run_id, file_name, body
from captures
join capture_contents using (sha256)
where (%(since)s::timestamptz is null or fetched_at >= %(since)s)
and (%(year)s::integer is null or exists (
    select from reports where reports.id = captures.report_id and report_year = %(year)s
))
and (%(adcode)s::text is null or exists (
    select from portals where portals.id = captures.portal_id
    and portals.adcode like %(adcode)s || '%%'
))
order by captures.id;
