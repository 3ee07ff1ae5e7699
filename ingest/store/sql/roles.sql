-- missing_roles --
-- Those of the roles that the server does not have yet.
select name from unnest(%(names)s::text[]) as name
where not exists (select from pg_roles where rolname = name);

-- owner_rights --
-- Whether the owner role may make schemas in this database and tables in the schema public.
select
    has_database_privilege('fazhi_owner', current_database(), 'create'),
    has_schema_privilege('fazhi_owner', 'public', 'create')
    and has_schema_privilege('fazhi_owner', 'public', 'usage');

-- current_identity --
-- Who is connected, and to which database.
select session_user::text, current_database()::text;
