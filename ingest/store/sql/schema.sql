-- relations --
-- Tables and views that analysts find, each with its comment; partitions are parts of their table.
select relname, relkind in ('v', 'm') as is_view, obj_description(oid, 'pg_class'),
    has_table_privilege('fazhi_reader', oid, 'select') as readable
from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm') and not relispartition
order by relname;

-- columns --
-- Their columns in order: type, whether it may be null, comment.
select relname, attname, format_type(atttypid, atttypmod), attnotnull,
    col_description(attrelid, attnum),
    exists (
        select from pg_constraint
        where conrelid = attrelid and contype = 'p' and attnum = any (conkey)
    ) as is_key
from pg_attribute
join pg_class on pg_class.oid = attrelid
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'm') and not relispartition
and attnum > 0 and not attisdropped
order by relname, attnum;

-- references --
-- Which table refers to which, by which columns.
select source.relname, target.relname, (
    select string_agg(attname, ', ' order by place)
    from unnest(conkey) with ordinality as key (attnum, place)
    join pg_attribute using (attnum)
    where attrelid = conrelid
)
from pg_constraint
join pg_class as source on source.oid = conrelid
join pg_class as target on target.oid = confrelid
where contype = 'f' and source.relnamespace = 'public'::regnamespace and not source.relispartition
and not target.relispartition
order by 1, 2, 3;

-- functions --
-- Functions that can be called, with arguments, result and comment.
select proname, pg_get_function_arguments(pg_proc.oid), pg_get_function_result(pg_proc.oid),
    obj_description(pg_proc.oid, 'pg_proc')
from pg_proc
where pronamespace = 'public'::regnamespace and prorettype <> 'trigger'::regtype
order by proname;
