-- One value for each division, year and indicator: the table a panel regression starts from.

create view indicator_panel as
select
    kind, adcode, name, level, path, year, code, value, unit, qualifier, period, subtype,
    doubtful, by_government, issuer, values_found, values_differ, evidence, report_id, url
from (
    select
        found.kind, reports.adcode, reports.region_name as name, reports.region_level as level,
        reports.region_path as path, reports.report_year as year, found.code, found.value,
        found.unit, found.qualifier, found.period, found.subtype, found.doubtful,
        reports.by_government, reports.issuer, found.evidence, reports.id as report_id,
        reports.url,
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

grant select on indicator_panel to fazhi_reader, fazhi_service;
