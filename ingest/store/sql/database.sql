-- find_database --
-- Whether the server has a database of this name.
select from pg_database where datname = %(name)s;

-- describe_server --
-- Version of the server, client connections to all of it, and bytes of this database.
select
    current_setting('server_version'),
    (select count(*) from pg_stat_activity where backend_type = 'client backend'),
    pg_database_size(current_database());
