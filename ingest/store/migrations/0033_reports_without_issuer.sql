-- A report without a signature names no issuer. If its title names a place and nothing else before the
-- year, it is the government's own: a department would have named itself. (A title counts if it begins,
-- perhaps after "guanyu", with up to 30 characters without a word for a department, ends them in a
-- word for a division, and goes on with a year or with "fazhi zhengfu".)

drop view indicator_panel;

alter table reports drop column by_government;
alter table reports add column by_government boolean not null generated always as (
    coalesce(
        issuer = U&'\56FD\52A1\9662'
        or issuer ~ U&'(\653F\5E9C|\884C\653F\516C\7F72|\884C\7F72|\7BA1\7406\59D4\5458\4F1A|\7BA1\59D4\4F1A|\8857\9053\529E\4E8B\5904|\8857\9053\529E|\533A\516C\6240)$',
        false
    )
    or issuer is null and coalesce(
        title ~ U&'^(\5173\4E8E)?[^\5C40\5385\59D4\529E\9662\59040-9]{1,30}(\7701|\5E02|\81EA\6CBB\533A|\533A|\53BF|\65D7|\5DDE|\76DF|\9547|\4E61|\8857\9053)(\4EBA\6C11\653F\5E9C)?(\5173\4E8E)?([0-9\3007\25CB\96F6\4E00\4E8C\4E09\56DB\4E94\516D\4E03\516B\4E5D]{4}\5E74|\6CD5\6CBB\653F\5E9C)',
        false
    )
) stored;

comment on column reports.by_government is 'True where the issuer is the government (or administration of a zone) itself rather than a department, or where there is no issuer and the title names only the division.';

create view indicator_panel as
select
    ranked.kind, adcode, name, level, path, year, code, value, unit, qualifier, period, subtype,
    doubtful, by_government, issuer, values_found, values_differ, evidence, ranked.report_id, url,
    sentence_at(version.body, start_offset, end_offset) as sentence
from (
    select
        found.kind, reports.adcode, reports.region_name as name, reports.region_level as level,
        reports.region_path as path, reports.report_year as year, found.code, found.value,
        found.unit, found.qualifier, found.period, found.subtype, found.doubtful,
        reports.by_government, reports.issuer, found.evidence, reports.id as report_id,
        reports.url, found.version_id, found.start_offset, found.end_offset,
        count(*) over cell as values_found,
        min(found.value) over alike <> max(found.value) over alike as values_differ,
        row_number() over (
            cell
            order by
                reports.by_government desc,
                found.subtype is not null,
                case
                    when found.period = 'this_year' then 1
                    when found.period like 'months:%' or found.period like 'years:%' then 2
                    when found.period = 'event' then 3
                    when found.period = 'cumulative_to_date' then 4
                    else 5
                end,
                found.doubtful is not null,
                reports.published_at desc nulls last,
                reports.id,
                found.start_offset,
                found.position
        ) as place
    from reports
    join indicator_values as found on found.version_id = reports.current_version_id
    where reports.adcode is not null and reports.report_year is not null
    window
        cell as (
            partition by
                found.kind, reports.adcode, reports.region_name, reports.report_year, found.code
        ),
        alike as (
            partition by
                found.kind, reports.adcode, reports.region_name, reports.report_year, found.code,
                reports.by_government, found.subtype, found.period
        )
) as ranked
left join report_versions as version on version.id = version_id
where place = 1;

comment on view indicator_panel is 'Division x year x indicator: one row each, in long form. Where several values were found the first of these wins: the government''s own report before a department''s; the indicator itself before a subtype; this year before months or years on end, an event, a cumulative number; a value without doubt; the report published last; what stands first in the body.';
comment on column indicator_panel.kind is 'Kind of yearly report, the name of a folder in seeds/kinds.';
comment on column indicator_panel.adcode is 'Code of the division. A functional zone carries its parent''s, a township its county''s; with the name it is unique.';
comment on column indicator_panel.name is 'Name of the division or zone.';
comment on column indicator_panel.level is 'national, province, prefecture, county, township or functional_zone.';
comment on column indicator_panel.path is 'Names from the province down to the division or zone itself.';
comment on column indicator_panel.year is 'Year reported on.';
comment on column indicator_panel.code is 'Indicator, as in indicators.';
comment on column indicator_panel.value is 'The value as stated.';
comment on column indicator_panel.unit is 'Unit as printed.';
comment on column indicator_panel.qualifier is 'Word that blurs it (more than, nearly, about), as printed.';
comment on column indicator_panel.period is 'this_year, or what else the value covers (see indicator_values).';
comment on column indicator_panel.subtype is 'What narrows the indicator; null for the indicator itself.';
comment on column indicator_panel.doubtful is 'Why the value is not plausible; null when it is.';
comment on column indicator_panel.by_government is 'False where only a department of the division states it.';
comment on column indicator_panel.issuer is 'Body that states it.';
comment on column indicator_panel.values_found is 'How many values of this indicator were found for this division and year, this one included.';
comment on column indicator_panel.values_differ is 'True where others of the same subtype and period, by the government or by departments as this one, are not equal.';
comment on column indicator_panel.evidence is 'The run of the body that states it.';
comment on column indicator_panel.report_id is 'Report that states it (reports.id).';
comment on column indicator_panel.url is 'Its address.';
comment on column indicator_panel.sentence is 'The sentence that the evidence stands in.';

grant select on indicator_panel to fazhi_reader, fazhi_service;
