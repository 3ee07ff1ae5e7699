#!/bin/sh
# Run once by the postgres image, when its volume is new: the account that Grafana reads by.
# On a volume that is there already run it once by hand (docs/how-to/deploy.md).
set -eu
psql --no-psqlrc --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" \
    --set=password="$FAZHI_GRAFANA_DB_PASSWORD" <<'SQL'
select not exists (select from pg_roles where rolname = 'fazhi_reader') as missing \gset
\if :missing
create role fazhi_reader nologin;
\endif
alter role fazhi_reader set statement_timeout = '60s';
create role fazhi_grafana login password :'password' in role fazhi_reader;
alter role fazhi_grafana set statement_timeout = '60s';
alter role fazhi_grafana set default_transaction_read_only = on;
SQL
