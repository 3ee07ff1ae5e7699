-- The panel chosen beforehand. Choosing one value in each cell takes a sort of all values: seconds at
-- 30,000 reports for whoever wants the whole panel. So what was chosen is kept in a table. Cells in
-- which a report has changed since are noted by triggers, in the transaction that changes it; the view
-- chooses those anew for whoever asks, and a worker soon keeps them. So the view is never behind, and
-- nobody waits for anybody: keeping cells locks no reader out.

create table panel_due (
    id bigint generated always as identity primary key,
    kind text not null,
    adcode text not null,
    name text,
    year integer not null
);
comment on table panel_due is 'Cells of the panel that have to be chosen anew, since a report of that division and year was stored, changed or withdrawn.';
comment on column panel_due.id is 'Number in the order of noting.';
comment on column panel_due.kind is 'Kind of yearly report.';
comment on column panel_due.adcode is 'Code of the division.';
comment on column panel_due.name is 'Name of the division or zone.';
comment on column panel_due.year is 'Year reported on.';

create function note_panel_due() returns trigger language plpgsql as $$
begin
    if old.adcode is not null and old.report_year is not null then
        insert into panel_due (kind, adcode, name, year)
        values (old.kind, old.adcode, old.region_name, old.report_year);
    end if;
    if tg_op = 'UPDATE' and new.adcode is not null and new.report_year is not null
        and (new.kind, new.adcode, new.region_name, new.report_year)
        is distinct from (old.kind, old.adcode, old.region_name, old.report_year)
    then
        insert into panel_due (kind, adcode, name, year)
        values (new.kind, new.adcode, new.region_name, new.report_year);
    end if;
    return null;
end
$$;
comment on function note_panel_due is 'Notes the cells that a report was in and is in.';
create trigger panel_due
    after delete or update of
        current_version_id, kind, adcode, region_name, region_level, region_path, report_year, issuer,
        title, published_at, url
    on reports
    for each row execute function note_panel_due();

create function note_panel_due_of_values() returns trigger language plpgsql as $$
begin
    insert into panel_due (kind, adcode, name, year)
    select distinct reports.kind, adcode, region_name, report_year
    from marked
    join report_versions as version on version.id = version_id
    join reports on reports.id = report_id and current_version_id = version_id
    where adcode is not null and report_year is not null;
    return null;
end
$$;
comment on function note_panel_due_of_values is 'Notes the cells of reports whose values were marked: a jump is seen beside another report.';
create trigger panel_due after update on indicator_values
    referencing new table as marked
    for each statement execute function note_panel_due_of_values();

create view indicator_panel_now as
select
    kind, adcode, name, level, path, year, code, value, unit, qualifier, period, subtype, doubtful,
    by_government, issuer, values_found, values_differ, evidence, report_id, url, version_id,
    start_offset, end_offset
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
where place = 1;
comment on view indicator_panel_now is 'The panel chosen from all values at the moment of asking: what indicator_panel shows, slowly. Ask it of single divisions and years.';
comment on column indicator_panel_now.kind is 'Kind of yearly report, the name of a folder in seeds/kinds.';
comment on column indicator_panel_now.adcode is 'Code of the division. A functional zone carries its parent''s, a township its county''s; with the name it is unique.';
comment on column indicator_panel_now.name is 'Name of the division or zone.';
comment on column indicator_panel_now.level is 'national, province, prefecture, county, township or functional_zone.';
comment on column indicator_panel_now.path is 'Names from the province down to the division or zone itself.';
comment on column indicator_panel_now.year is 'Year reported on.';
comment on column indicator_panel_now.code is 'Indicator, as in indicators.';
comment on column indicator_panel_now.value is 'The value as stated.';
comment on column indicator_panel_now.unit is 'Unit as printed.';
comment on column indicator_panel_now.qualifier is 'Word that blurs it (more than, nearly, about), as printed.';
comment on column indicator_panel_now.period is 'this_year, or what else the value covers (see indicator_values).';
comment on column indicator_panel_now.subtype is 'What narrows the indicator; null for the indicator itself.';
comment on column indicator_panel_now.doubtful is 'Why the value is not plausible; null when it is.';
comment on column indicator_panel_now.by_government is 'False where only a department of the division states it.';
comment on column indicator_panel_now.issuer is 'Body that states it.';
comment on column indicator_panel_now.values_found is 'How many values of this indicator were found for this division and year, this one included.';
comment on column indicator_panel_now.values_differ is 'True where others of the same subtype and period, by the government or by departments as this one, are not equal.';
comment on column indicator_panel_now.evidence is 'The run of the body that states it.';
comment on column indicator_panel_now.report_id is 'Report that states it (reports.id).';
comment on column indicator_panel_now.url is 'Its address.';
comment on column indicator_panel_now.version_id is 'Version of that report (report_versions.id).';
comment on column indicator_panel_now.start_offset is 'First character of the evidence in the body, counted from 0.';
comment on column indicator_panel_now.end_offset is 'Character after the last one.';

create table panel_cells as select * from indicator_panel_now;
alter table panel_cells
    alter column kind set not null,
    alter column adcode set not null,
    alter column year set not null,
    alter column code set not null;
create unique index panel_cells_division on panel_cells
    (adcode text_pattern_ops, year, code, kind, name) nulls not distinct;
create index panel_cells_code on panel_cells (code, year);
analyze panel_cells;
comment on table panel_cells is 'What was chosen for each cell of indicator_panel, as it was before the changes noted in panel_due. Ask the view.';
comment on column panel_cells.kind is 'Kind of yearly report, the name of a folder in seeds/kinds.';
comment on column panel_cells.adcode is 'Code of the division. A functional zone carries its parent''s, a township its county''s; with the name it is unique.';
comment on column panel_cells.name is 'Name of the division or zone.';
comment on column panel_cells.level is 'national, province, prefecture, county, township or functional_zone.';
comment on column panel_cells.path is 'Names from the province down to the division or zone itself.';
comment on column panel_cells.year is 'Year reported on.';
comment on column panel_cells.code is 'Indicator, as in indicators.';
comment on column panel_cells.value is 'The value as stated.';
comment on column panel_cells.unit is 'Unit as printed.';
comment on column panel_cells.qualifier is 'Word that blurs it (more than, nearly, about), as printed.';
comment on column panel_cells.period is 'this_year, or what else the value covers (see indicator_values).';
comment on column panel_cells.subtype is 'What narrows the indicator; null for the indicator itself.';
comment on column panel_cells.doubtful is 'Why the value is not plausible; null when it is.';
comment on column panel_cells.by_government is 'False where only a department of the division states it.';
comment on column panel_cells.issuer is 'Body that states it.';
comment on column panel_cells.values_found is 'How many values of this indicator were found for this division and year, this one included.';
comment on column panel_cells.values_differ is 'True where others of the same subtype and period, by the government or by departments as this one, are not equal.';
comment on column panel_cells.evidence is 'The run of the body that states it.';
comment on column panel_cells.report_id is 'Report that states it (reports.id).';
comment on column panel_cells.url is 'Its address.';
comment on column panel_cells.version_id is 'Version of that report (report_versions.id).';
comment on column panel_cells.start_offset is 'First character of the evidence in the body, counted from 0.';
comment on column panel_cells.end_offset is 'Character after the last one.';

create or replace view indicator_panel as
select
    cell.kind, cell.adcode, cell.name, cell.level, cell.path, cell.year, cell.code, cell.value,
    cell.unit, cell.qualifier, cell.period, cell.subtype, cell.doubtful, cell.by_government,
    cell.issuer, cell.values_found, cell.values_differ, cell.evidence, cell.report_id, cell.url,
    sentence_at(version.body, cell.start_offset, cell.end_offset) as sentence
from (
    select * from panel_cells as kept
    where not exists (
        select from panel_due as due
        where due.adcode = kept.adcode and due.year = kept.year and due.kind = kept.kind
        and due.name is not distinct from kept.name
    )
    union all
    select chosen.*
    from (select distinct kind, adcode, name, year from panel_due) as due
    cross join lateral (
        select * from indicator_panel_now as now
        where now.adcode = due.adcode and now.year = due.year and now.kind = due.kind
        and now.name is not distinct from due.name
        offset 0 -- a cell at a time, by its index
    ) as chosen
) as cell
left join report_versions as version on version.id = cell.version_id;

grant select on indicator_panel_now, panel_cells, panel_due to fazhi_reader, fazhi_service;
grant insert, delete on panel_cells, panel_due to fazhi_service;
-- for update skip locked
grant update on panel_due to fazhi_service;
