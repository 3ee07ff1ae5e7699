-- list_contents --
-- What a database that is not empty holds: schemas of its own, or tables, views and functions.
select nspname
  from pg_namespace
 where nspname !~ '^pg_' and nspname not in ('information_schema', 'public')
union all
select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'v', 'p', 'm', 'S')
union all
select proname from pg_proc where pronamespace = 'public'::regnamespace
order by 1;
