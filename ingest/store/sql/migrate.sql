-- known_schema --
-- Whether the ledger of migrations is there at all.
select to_regclass('migrations._yoyo_migrations') is not null;

-- applied_migrations --
-- Names of the migrations this database has had, oldest first.
select migration_id from migrations._yoyo_migrations order by migration_id;

-- ledger_tables --
-- Tables of the ledger's schema.
select tablename from pg_tables where schemaname = %(schema)s;

-- take_migration_lock --
-- Wait for whoever else migrates this database; the lock goes with the connection.
select pg_advisory_lock(%(key)s);

-- release_migration_lock --
-- Let the next one migrate.
select pg_advisory_unlock(%(key)s);

-- server_traits --
-- Version number and encoding, which decide whether the server will do.
select current_setting('server_version_num')::int, current_setting('server_encoding');
