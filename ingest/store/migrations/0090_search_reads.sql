-- Phrases: where the index cannot tell and texts must be read, so many at most that a page comes in
-- time whatever is asked. docs/decisions/0026 has the figures.

create function search_text_condition(must_hold text[], excluded text[], role text, needles text[])
returns text
language sql immutable as $$
-- What only the text of an entry can tell, as a condition; null where the index tells all. The needles
-- and what is excluded are the parameter $2.
    select format(
        'exists (select from report_versions as version, reports as report, '
        'search_text(report.title, version.body, entry.folds_from, entry.folds_to, $2) as text '
        'where version.id = entry.version_id and report.id = entry.report_id%s%s%s)',
        (select string_agg(format(' and strpos(text, %L) > 0', run), '') from unnest(must_hold) as run),
        (select string_agg(format(' and strpos(text, %L) = 0', run), '') from unnest(excluded) as run),
        case when role is not null then format(
            ' and search_holds(entry.version_id, %L, '
            'substr(text, length(coalesce(report.title, '''')) + 2), %L)', role, needles
        ) end
    )
    where cardinality(must_hold) > 0 or cardinality(excluded) > 0 or role is not null
$$;
comment on function search_text_condition is 'What must be looked up in the text of an entry itself, as a condition.';

create or replace function search_pool(
    query text, year integer, region text, level text, role text, size integer, page integer,
    out reports bigint[], out tiers integer[], out needles text[]
)
language plpgsql stable
set enable_seqscan = off set jit = off set work_mem = '64MB' set max_parallel_workers_per_gather = 0
as $$
-- The best reports, best tier first and newest year first, until the pool is full; in the last
-- tier, which is the slow one, only what the page still lacks. Where the index cannot tell, texts
-- are read, so many at most that a page comes in time: the pool is smaller then, and it is said
-- when texts were left unread.
declare
    words text[];
    runs text[];
    excluded text[];
    marks text := search_marks(year, region, level, role);
    must_hold text[];
    exact boolean;
    condition text;
    found bigint[];
    source text;
    pool integer := size;
    readable integer;
    lacking integer;
    unread boolean := false;
begin
    with term as materialized (select * from search_terms(query))
    select
        array(select distinct word from term, unnest(term.words) as word where not without),
        array(select distinct run from term, unnest(term.runs) as run where not without),
        array(select distinct run from term, unnest(term.runs) as run where without)
    into words, runs, excluded;
    needles := runs || array(
        select word from unnest(words) as word
        where not exists (select from unnest(runs) as run where strpos(run, word) > 0)
    );
    if cardinality(needles) = 0 then
        raise exception 'search: there is nothing to look for in the query: give a word, a "phrase", or -without beside one'
            using errcode = 'invalid_parameter_value';
    end if;
    if search_side_by_side(needles) = '' then
        raise exception 'search: % is too short to be looked for: give two characters or more', array_to_string(needles, ' ')
            using errcode = 'invalid_parameter_value';
    end if;
    -- Words of two characters are in the index as such, within words and across them.
    exact := (select bool_and(length(word) = 2) from unnest(words) as word) and cardinality(runs) = 0;
    reports := '{}';
    tiers := '{}';
    for tier in reverse case when cardinality(words) = 0 then 0 else 3 end..0 loop
        must_hold := case when tier = 0 and not exact then needles else runs end;
        condition := search_condition(tier, words, runs) || marks
            || search_side_by_side(case when tier = 0 then needles else runs end);
        source := format('select * from search_entries as entry where not report_id = any ($1)%s', condition);
        condition := search_text_condition(must_hold, excluded, role, needles);
        if condition is not null then
            -- 30 microseconds a text: 12 ms for a page where there are hits, 0.3 s where there are none.
            pool := 50 * ceil(page / 50.0)::integer;
            readable := case
                when tier < 2 and reports = '{}' then greatest(20 * page, 10000)
                when tier = 0 then 10 * page
                else 20 * page
            end;
            source := format('%s limit %s', source, readable);
        end if;
        lacking := case when tier > 0 then pool else page end - cardinality(reports);
        execute format(
            'select array(select report_id from (%s) as entry%s limit %s)',
            source, ' where ' || condition, lacking
        ) into found using reports, needles || excluded;
        if tier = 0 and condition is not null and cardinality(found) < lacking then
            execute format('select count(*) = %s from (%s) as entry', readable, source) into unread using reports;
        end if;
        reports := reports || found;
        tiers := tiers || array_fill(tier, array[cardinality(found)]);
        exit when cardinality(reports) >= case when tier > 1 then pool else page end;
    end loop;
    if unread then
        raise notice 'search: more reports may hold this than were read: add a word or a filter, or ask for more hits';
    end if;
end
$$;

comment on function search is 'Reports that hold all terms of a query, the best first. Terms are parted by blanks; "in quotes" an exact phrase; -without. Filters: year; region, a division code (a province''s takes in its counties) or the beginning of a name; level of the issuer; role of the section. hits is the size of a page (up to 1000), skip what was shown before. rank: 3 and more where all words stand in the title or a heading, 2 where they are used often, 1 where they stand anywhere, 0 where their characters do; the fraction says how often. What only the texts can tell (a phrase, what is excluded, a role, characters across words) is read in 20 texts for each hit of the page, and in 10,000 before it is said that there is none; a notice tells when others may hold it too.';
