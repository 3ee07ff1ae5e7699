-- Figures with proof: every number with a unit, and the canonical indicators among them.

create table indicators (
    kind text not null,
    code text not null,
    position integer not null,
    theme text not null,
    name_zh text not null,
    name_en text not null,
    unit text not null,
    tier text not null,
    definition text not null,
    pitfalls text,
    primary key (kind, code)
);

comment on table indicators is 'What each indicator means; a copy of seeds/kinds/<kind>/definitions.toml.';
comment on column indicators.kind is 'Kind of yearly report, the name of a folder in seeds/kinds.';
comment on column indicators.code is 'Its code, as in indicator_values.';
comment on column indicators.position is '1, 2, 3 in the order of the file: by theme.';
comment on column indicators.theme is 'Part of a report it is told in.';
comment on column indicators.name_zh is 'Name in Chinese.';
comment on column indicators.name_en is 'Name in English.';
comment on column indicators.unit is 'Usual unit; what a report prints is in indicator_values.';
comment on column indicators.tier is 'core where most reports state it, extended where some do.';
comment on column indicators.definition is 'What is counted.';
comment on column indicators.pitfalls is 'What looks like it and is not, or must not be compared.';

create table figures (
    version_id bigint not null references report_versions on delete cascade,
    position integer not null,
    kind text not null,
    value numeric not null,
    value_to numeric,
    unit text not null,
    qualifier text,
    subject text,
    evidence text not null,
    start_offset integer not null,
    end_offset integer not null,
    section integer,
    rule text not null,
    ruleset text not null,
    primary key (version_id, position)
);

comment on table figures is 'Every number with a unit in a body, and what it is said of; offsets count characters (code points) from 0.';
comment on column figures.version_id is 'Version whose body states it.';
comment on column figures.position is '1, 2, 3 in the order of the body.';
comment on column figures.kind is 'Kind of yearly report, the name of a folder in seeds/kinds.';
comment on column figures.value is 'The number, ten thousands and hundred millions worked out; of a range its lower end.';
comment on column figures.value_to is 'Upper end of a range, null otherwise.';
comment on column figures.unit is 'Unit as printed.';
comment on column figures.qualifier is 'Word that blurs it (more than, nearly, about), as printed.';
comment on column figures.subject is 'Phrase it is said of.';
comment on column figures.evidence is 'The run of the body that states it.';
comment on column figures.start_offset is 'First character of the evidence; in SQL: substr(body, start_offset + 1, end_offset - start_offset).';
comment on column figures.end_offset is 'Character after the last one.';
comment on column figures.section is 'Section it stands in (sections.position of the same version).';
comment on column figures.rule is 'Rule that read it.';
comment on column figures.ruleset is 'Version of the rules that read it.';

create table indicator_values (
    version_id bigint not null references report_versions on delete cascade,
    position integer not null,
    kind text not null,
    code text not null,
    value numeric not null,
    unit text,
    qualifier text,
    period text not null,
    subtype text,
    evidence text not null,
    start_offset integer not null,
    end_offset integer not null,
    section integer,
    rule text not null,
    ruleset text not null,
    implausible text,
    jump text,
    doubtful text generated always as (
        case
            when implausible is null then jump
            when jump is null then implausible
            else implausible || '; ' || jump
        end
    ) stored,
    primary key (version_id, position)
);
create index indicator_values_code on indicator_values (code, version_id);

comment on table indicator_values is 'Values of the canonical indicators, each with the run of body that proves it; offsets count characters (code points) from 0.';
comment on column indicator_values.version_id is 'Version whose body states it; the newest one is reports.current_version_id.';
comment on column indicator_values.position is '1, 2, 3 in the order of the record.';
comment on column indicator_values.kind is 'Kind of yearly report, the name of a folder in seeds/kinds.';
comment on column indicator_values.code is 'Indicator, as in indicators.';
comment on column indicator_values.value is 'The value as stated, ten thousands and hundred millions worked out; never corrected.';
comment on column indicator_values.unit is 'Unit as printed.';
comment on column indicator_values.qualifier is 'Word that blurs it (more than, nearly, about), as printed.';
comment on column indicator_values.period is 'this_year, cumulative, cumulative_to_date, months:N, years:N or event.';
comment on column indicator_values.subtype is 'What narrows the indicator, such as respondent; null for the indicator itself.';
comment on column indicator_values.evidence is 'The run of the body that states it.';
comment on column indicator_values.start_offset is 'First character of the evidence; in SQL: substr(body, start_offset + 1, end_offset - start_offset).';
comment on column indicator_values.end_offset is 'Character after the last one.';
comment on column indicator_values.section is 'Section it stands in (sections.position of the same version).';
comment on column indicator_values.rule is 'Rule that took it.';
comment on column indicator_values.ruleset is 'Version of the rules that took it.';
comment on column indicator_values.implausible is 'Why it is not plausible beside other numbers of its report; null when it is.';
comment on column indicator_values.jump is 'Why it is not plausible beside the same body''s year before; null when it is.';
comment on column indicator_values.doubtful is 'Either of the two, null for a value without doubt. Doubt never changes a value.';

-- A government's own report tells of its division; a department's only of the department's part.
-- The State Council, or a name that ends in: zhengfu, xingzheng gongshu, xingshu, guanli weiyuanhui,
-- guanweihui, jiedao banshichu, jiedaoban, qugongsuo. (yoyo reads these files as ASCII at worst.)
alter table reports add column by_government boolean not null generated always as (
    coalesce(
        issuer = U&'\56FD\52A1\9662'
        or issuer ~ U&'(\653F\5E9C|\884C\653F\516C\7F72|\884C\7F72|\7BA1\7406\59D4\5458\4F1A|\7BA1\59D4\4F1A|\8857\9053\529E\4E8B\5904|\8857\9053\529E|\533A\516C\6240)$',
        false
    )
) stored;

comment on column reports.by_government is 'True where the issuer is the government (or administration of a zone) itself rather than a department.';

grant select on indicators, figures, indicator_values to fazhi_reader;
grant select, insert, update, delete on figures, indicator_values to fazhi_service;
grant select on indicators to fazhi_service;
