-- list_coverage --
-- Bodies by division, their years in order. A region is an adcode, which takes in the divisions
-- below it, or the beginning of a name on the path.
select *
from coverage
where (%(first)s::integer is null or year between %(first)s and %(last)s)
and (%(level)s::text is null or level = %(level)s)
and (%(status)s::text is null or status = %(status)s)
and (%(adcode)s::text is null or adcode like %(adcode)s || '%%')
and (%(name)s::text is null or exists (
    select from unnest(path) as place where starts_with(place, %(name)s)
))
order by adcode nulls first, body, portal_id, year
limit %(limit)s;

-- owed_years --
-- The years that somebody had to report on.
select distinct year
from duties
cross join lateral generate_series(
    first_year, extract(year from now() at time zone 'UTC' + interval '8 hours')::integer - 1
) as year
order by year;
