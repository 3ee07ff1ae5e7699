-- upsert_portals --
-- Registry rows as the seeds have them; a row that says the same is not touched.
insert into portals (id, name, level, adcode, base_url, family_hint, quirks, disabled)
select id, name, level, adcode, base_url, family_hint, quirks, disabled
from jsonb_to_recordset(%(portals)s) as seed (
    id text, name text, level text, adcode text, base_url text, family_hint text, quirks jsonb,
    disabled text
)
on conflict (id) do update set
    name = excluded.name,
    level = excluded.level,
    adcode = excluded.adcode,
    base_url = excluded.base_url,
    family_hint = excluded.family_hint,
    quirks = excluded.quirks,
    disabled = excluded.disabled,
    in_registry = true,
    updated_at = now()
where not portals.in_registry or row(
    portals.name, portals.level, portals.adcode, portals.base_url, portals.family_hint,
    portals.quirks, portals.disabled
) is distinct from row(
    excluded.name, excluded.level, excluded.adcode, excluded.base_url, excluded.family_hint,
    excluded.quirks, excluded.disabled
);

-- withdraw_portals --
-- Portals that have gone from the seeds stay, for what they published, but are marked.
update portals set in_registry = false, updated_at = now()
where in_registry and id <> all(%(ids)s);

-- upsert_columns --
-- Known columns of the portals.
insert into columns (portal_id, url, name)
select portal_id, url, name
from jsonb_to_recordset(%(columns)s) as seed (portal_id text, url text, name text)
on conflict (portal_id, url) do update set name = excluded.name
where columns.name is distinct from excluded.name;

-- drop_columns --
-- Columns that have gone from the seeds.
delete from columns where not exists (
    select from jsonb_to_recordset(%(columns)s) as seed (portal_id text, url text)
    where seed.portal_id = columns.portal_id and seed.url = columns.url
);
