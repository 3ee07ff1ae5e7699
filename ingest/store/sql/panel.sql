-- take_due --
-- Some cells that wait to be chosen anew, those that wait longest first, passing over what another
-- worker has taken.
delete from panel_due
where id in (select id from panel_due order by id limit %(limit)s for update skip locked)
returning kind, adcode, name, year;

-- hold_cells --
-- Wait for other workers at the same cells, in one order for all.
select pg_advisory_xact_lock(key)
from (
    select distinct hashtextextended(concat_ws('|', 'panel', kind, adcode, name, year), 0) as key
    from unnest(%(kinds)s::text[], %(adcodes)s::text[], %(names)s::text[], %(years)s::integer[])
        as due (kind, adcode, name, year)
    order by key
) as held;

-- drop_cells --
-- What was chosen before.
delete from panel_cells
using unnest(%(kinds)s::text[], %(adcodes)s::text[], %(names)s::text[], %(years)s::integer[])
    as due (kind, adcode, name, year)
where due.adcode = panel_cells.adcode and due.year = panel_cells.year
and due.kind = panel_cells.kind and due.name is not distinct from panel_cells.name;

-- keep_cells --
-- What is chosen now.
insert into panel_cells
select chosen.*
from (
    select distinct kind, adcode, name, year
    from unnest(%(kinds)s::text[], %(adcodes)s::text[], %(names)s::text[], %(years)s::integer[])
        as due (kind, adcode, name, year)
) as due
cross join lateral (
    select * from indicator_panel_now as now
    where now.adcode = due.adcode and now.year = due.year and now.kind = due.kind
    and now.name is not distinct from due.name
    offset 0 -- a cell at a time, by its index
) as chosen;

-- all_due --
-- Let every cell wait: those of reports, and those that were kept.
insert into panel_due (kind, adcode, name, year)
select kind, adcode, region_name, report_year
from reports where adcode is not null and report_year is not null
union
select kind, adcode, name, year from panel_cells;
