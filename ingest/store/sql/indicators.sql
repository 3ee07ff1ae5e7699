-- list_indicators --
-- The definitions, by theme, with how many current values are stored and how many are doubtful.
select
    kind, code, theme, name_zh, name_en, unit, tier, definition, pitfalls,
    coalesce(counted.stored, 0) as stored, coalesce(counted.doubtful, 0) as doubtful
from indicators
left join (
    select found.kind, code, count(*) as stored, count(found.doubtful) as doubtful
    from indicator_values as found
    join reports on reports.current_version_id = version_id
    group by found.kind, code
) as counted using (kind, code)
where (%(theme)s::text is null or theme = %(theme)s)
and (%(tier)s::text is null or tier = %(tier)s)
order by kind, position;

-- list_values --
-- Current values, by indicator, division and year. A region is an adcode, which takes in the
-- divisions below it, or the beginning of a name on the path.
select
    found.kind, code, adcode, region_name as name, region_level as level, report_year as year,
    issuer, by_government, found.value::float8 as value, found.unit, found.qualifier, period,
    subtype, found.doubtful, evidence, found.start_offset as start, found.end_offset as "end",
    sections.heading as section, rule, ruleset, reports.id as report_id, url
from reports
join indicator_values as found on found.version_id = current_version_id
left join sections on sections.version_id = found.version_id and sections.position = section
where (%(codes)s::text[] is null or code = any(%(codes)s))
and (%(years)s::integer[] is null or report_year = any(%(years)s))
and (%(report_id)s::bigint is null or reports.id = %(report_id)s)
and (%(doubtful)s::boolean is null or (found.doubtful is not null) = %(doubtful)s)
and (%(adcode)s::text is null or adcode like %(adcode)s || '%%')
and (%(name)s::text is null or exists (
    select from unnest(region_path) as place where starts_with(place, %(name)s)
))
order by
    code, adcode nulls last, region_path, report_year desc nulls last, reports.id, found.position
limit %(limit)s;

-- list_panel --
-- The same of the view indicator_panel: one value for a division, year and indicator.
select
    kind, adcode, name, level, path, year, code, value::float8 as value, unit, qualifier, period,
    subtype, doubtful, by_government, issuer, values_found, values_differ, evidence, report_id, url
from indicator_panel
where (%(codes)s::text[] is null or code = any(%(codes)s))
and (%(years)s::integer[] is null or year = any(%(years)s))
and (%(doubtful)s::boolean is null or (doubtful is not null) = %(doubtful)s)
and (%(adcode)s::text is null or adcode like %(adcode)s || '%%')
and (%(name)s::text is null or exists (
    select from unnest(path) as place where starts_with(place, %(name)s)
))
order by code, adcode, path, year desc
limit %(limit)s;

-- stored_years --
-- The years that reports are stored of.
select distinct report_year from reports where report_year is not null order by report_year;

-- known_codes --
-- Codes with their names, for near misses.
select code, name_zh, name_en from indicators order by kind, position;

-- region_known --
-- Whether the seeds or a stored report know a division by the beginning of its code, or by that of
-- its name or of one above it.
select
    exists (
        select from regions
        where (%(adcode)s::text is null or adcode like %(adcode)s || '%%')
        and (%(name)s::text is null or starts_with(name, %(name)s) or exists (
            select from unnest(path) as place where starts_with(place, %(name)s)
        ))
    )
    or exists (
        select from reports
        where (%(adcode)s::text is null or adcode like %(adcode)s || '%%')
        and (%(name)s::text is null or exists (
            select from unnest(region_path) as place where starts_with(place, %(name)s)
        ))
    );

-- present_divisions --
-- Code and name of the divisions and zones in force, for near misses.
select adcode, name from regions where valid_to is null order by adcode, zone, name;
