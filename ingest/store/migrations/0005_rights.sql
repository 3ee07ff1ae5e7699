-- Who may do what. The roles themselves are made by every migrate, for they belong to the server.
-- fazhi_owner owns everything, because every migration runs as that role.

grant usage on schema public to fazhi_service, fazhi_reader;

grant select on
    regions, portals, columns, crawl_runs, fetch_failures, captures, reports, report_versions,
    sections, removals, attachments, contacts_masked, rejects
to fazhi_reader;

grant select, insert, update, delete on
    portals, columns, crawl_runs, fetch_failures, reports, report_versions,
    sections, removals, attachments, contacts, rejects
to fazhi_service;
grant select on regions, contacts_masked to fazhi_service;
grant select, insert on captures, capture_contents to fazhi_service;
grant update (last_seen_at, ingested_at, ruleset, verdict, report_id) on captures to fazhi_service;

grant usage on schema jobs to fazhi_service;
grant select, insert, update, delete on all tables in schema jobs to fazhi_service;
grant usage on all sequences in schema jobs to fazhi_service;

grant usage on schema migrations to fazhi_service, fazhi_reader;
grant select on migrations._yoyo_migrations to fazhi_service, fazhi_reader;
