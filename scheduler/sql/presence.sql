-- list_processes --
-- The service's processes that are connected to this database. A worker keeps at least one
-- connection for as long as it lives, named "fazhi ROLE HOST:PID".
select distinct split_part(application_name, ' ', 2) as role,
       split_part(application_name, ' ', 3) as place
  from pg_stat_activity
 where datname = current_database()
   and application_name like 'fazhi % %:%'
 order by 1, 2;

-- write_a_little --
-- A megabyte, so that a disk without room is found out.
create temporary table fazhi_probe on commit drop as
select repeat(md5(n::text), 250) as filling from generate_series(1, 128) as n;
