-- upsert_portals --
-- Registry rows as the seeds have them; a row that says the same is not touched, and neither is an
-- operator's own portal.
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
where portals.origin = 'seeds' and (not portals.in_registry or row(
    portals.name, portals.level, portals.adcode, portals.base_url, portals.family_hint,
    portals.quirks, portals.disabled
) is distinct from row(
    excluded.name, excluded.level, excluded.adcode, excluded.base_url, excluded.family_hint,
    excluded.quirks, excluded.disabled
));

-- withdraw_portals --
-- Portals that have gone from the seeds stay, for what they published, but are marked.
update portals set in_registry = false, updated_at = now()
where in_registry and origin = 'seeds' and id <> all(%(ids)s);

-- add_portals --
-- An operator's own portals; an id of the seeds is not given away.
insert into portals (id, name, level, adcode, base_url, family_hint, quirks, disabled, origin)
select id, name, level, adcode, base_url, family_hint, quirks, disabled, 'operator'
from jsonb_to_recordset(%(portals)s) as own (
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
    origin = 'operator',
    in_registry = true,
    updated_at = now()
where portals.origin = 'operator' or not portals.in_registry
returning id;

-- upsert_columns --
-- Known columns of the portals.
insert into columns (portal_id, url, name)
select portal_id, seed.url, seed.name
from jsonb_to_recordset(%(columns)s) as seed (portal_id text, url text, name text)
join portals on portals.id = portal_id and portals.origin = %(origin)s
on conflict (portal_id, url) do update set name = excluded.name, registered = true
where not columns.registered or columns.name is distinct from excluded.name;

-- drop_columns --
-- Columns that have gone from the seeds; those in which crawls found reports are theirs, and stay.
delete from columns using portals
where columns.registered and columns.found_at is null and portals.id = columns.portal_id and portals.origin = %(origin)s
and not exists (
    select from jsonb_to_recordset(%(columns)s) as seed (portal_id text, url text)
    where seed.portal_id = columns.portal_id and seed.url = columns.url
);

-- drop_columns_of --
-- Columns that some portals do not have any more.
delete from columns
where columns.registered and columns.found_at is null and portal_id = any(%(ids)s)
and not exists (
    select from jsonb_to_recordset(%(columns)s) as own (portal_id text, url text)
    where own.portal_id = columns.portal_id and own.url = columns.url
);

-- decide --
-- Whether a portal is crawled, in the operator's word, where it is not just that of the seeds.
update portals set (decision, decision_reason, decided_on, updated_at) = (
    select said, case when said = 'disabled' then %(reason)s end,
        case when said is not null then %(today)s::date end, now()
    from (select case when %(decision)s = 'disabled' or disabled is not null then %(decision)s end)
        as word (said)
)
where id = %(id)s;

-- read_portals --
-- The registry in force, or some portals of it or once in it, with their columns.
select
    decided_on,
    coalesce((
        select jsonb_agg(jsonb_build_array(url, columns.name) order by url)
        from columns where portal_id = portals.id and registered
    ), '[]'),
    quirks, id, name, level, adcode, base_url, family_hint, not_crawled
from portals
where case when %(ids)s::text[] is null then in_registry else id = any(%(ids)s) end
order by id;

-- unknown_adcodes --
-- Codes that are in no edition of the divisions.
select adcode from unnest(%(adcodes)s::text[]) as given (adcode)
where not exists (select from regions where regions.adcode = given.adcode)
order by adcode;
