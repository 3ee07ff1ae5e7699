-- The operator's word on portals: portals of their own, and which ones are crawled.

alter table portals
    add column origin text not null default 'seeds' check (origin in ('seeds', 'operator')),
    add column decision text check (decision in ('disabled', 'enabled')),
    add column decision_reason text,
    add column decided_on date,
    add column not_crawled text generated always as (
        case decision when 'enabled' then null when 'disabled' then decision_reason else disabled end
    ) stored,
    add constraint portals_decision check (
        (decision is null) = (decided_on is null)
        and (decision is distinct from 'disabled' or decision_reason is not null)
    );

comment on table portals is 'Government web sites that are crawled: those of seeds/portals, and those an operator added.';
comment on column portals.disabled is 'Why it is not crawled according to the seeds; an operator may decide otherwise.';
comment on column portals.in_registry is 'False once its row has gone from the seeds; what it published stays. An operator''s own portal stays in.';
comment on column portals.origin is 'seeds, or operator for one added with fazhi portals add.';
comment on column portals.decision is 'disabled or enabled where an operator decided; null where the seeds do.';
comment on column portals.decision_reason is 'Why the operator decided so.';
comment on column portals.decided_on is 'Day of that decision, in China.';
comment on column portals.not_crawled is 'Why it is not crawled, the operator''s decision before that of the seeds; null when it is.';

-- Reading 3,500 portals and 6,000 divisions at every command would be felt; unchanged files need not be.
create table loaded_seeds (
    only_row boolean primary key default true check (only_row),
    digest text not null,
    loaded_at timestamptz not null default now()
);

comment on table loaded_seeds is 'Which seeds the tables regions, portals and columns were last loaded from.';
comment on column loaded_seeds.only_row is 'Always true: there is one row.';
comment on column loaded_seeds.digest is 'SHA-256 of the files.';
comment on column loaded_seeds.loaded_at is 'When they were loaded.';

grant select on loaded_seeds to fazhi_service, fazhi_reader;
