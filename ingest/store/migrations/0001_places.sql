-- Divisions and portals: what the seeds say, as tables. They are loaded anew at every migrate.

create table regions (
    adcode text not null,
    name text not null,
    level text not null,
    parent_adcode text,
    path text[] not null,
    zone boolean not null,
    valid_from integer,
    valid_to integer,
    successor text
);
create index regions_adcode on regions (adcode text_pattern_ops);
create index regions_name on regions (name);

comment on table regions is 'Administrative divisions (GB/T 2260) and functional zones with the years they were valid; a copy of seeds/regions.';
comment on column regions.adcode is 'Division code, six digits. A functional zone carries the code of its parent.';
comment on column regions.name is 'Full name, in Chinese.';
comment on column regions.level is 'national, province, prefecture, county, township or functional_zone.';
comment on column regions.parent_adcode is 'Code of the division above, null at the top.';
comment on column regions.path is 'Names from the province down to this one.';
comment on column regions.zone is 'True for a functional zone, which is no administrative division.';
comment on column regions.valid_from is 'First year in which code and name were in force; null if before the records begin.';
comment on column regions.valid_to is 'Last year in which they were in force; null while they still are.';
comment on column regions.successor is 'Code that took its place, if any.';

create table portals (
    id text primary key,
    name text not null,
    level text not null,
    adcode text,
    base_url text not null,
    family_hint text,
    quirks jsonb not null default '{}',
    disabled text,
    in_registry boolean not null default true,
    updated_at timestamptz not null default now()
);
create index portals_adcode on portals (adcode text_pattern_ops);

comment on table portals is 'Government web sites that are crawled; a copy of seeds/portals.';
comment on column portals.id is 'Short ASCII name, as typed at the command line.';
comment on column portals.name is 'Name of the site, in Chinese.';
comment on column portals.level is 'Level of the government or department behind it.';
comment on column portals.adcode is 'Code of the division it serves; null for national bodies.';
comment on column portals.base_url is 'Address of its front page.';
comment on column portals.family_hint is 'CMS family it is thought to run; the page decides.';
comment on column portals.quirks is 'What must be done differently here, each with its reason.';
comment on column portals.disabled is 'Why it is not crawled; null when it is.';
comment on column portals.in_registry is 'False once its row has gone from the seeds; what it published stays.';
comment on column portals.updated_at is 'When the row last changed.';

create table columns (
    portal_id text not null references portals on delete cascade,
    url text not null,
    name text,
    primary key (portal_id, url)
);

comment on table columns is 'Columns of a portal that are known to carry yearly reports; a copy of seeds/portals.';
comment on column columns.portal_id is 'Portal it belongs to.';
comment on column columns.url is 'Address of its first listing page.';
comment on column columns.name is 'Name of the column, in Chinese, where known.';
