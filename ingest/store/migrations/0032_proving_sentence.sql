-- The sentence that proves a value: evidence is as short as can be, and a reader wants to see it in
-- its place.

create function sentence_at(body text, start_offset integer, end_offset integer) returns text
language sql immutable parallel safe
return btrim(
    substring(right(left(body, start_offset), 300) from U&'[^\3002\FF1B\FF01\FF1F;!?\\n]*$')
    || substr(body, start_offset + 1, end_offset - start_offset)
    || substring(substr(body, end_offset + 1, 300) from U&'^[^\3002\FF1B\FF01\FF1F;!?\\n]*[\3002\FF1B\FF01\FF1F;!?]?')
);

comment on function sentence_at is 'The sentence of a body around two offsets (characters from 0), up to 300 characters to either side.';

create or replace view indicator_panel as
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

comment on column indicator_panel.sentence is 'The sentence that the evidence stands in.';

grant execute on function sentence_at to fazhi_reader, fazhi_service;
