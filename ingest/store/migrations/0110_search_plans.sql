-- The first page of a search sooner: nothing is planned, counted or cut out more often than needed.
-- docs/decisions/0026 has the figures.

create or replace function search_text(
    title text, body text, folds_from text, folds_to text, needles text[]
) returns text
language sql immutable parallel safe as $$
    -- Not concat, which takes half as long again as to fetch the text.
    select case
        -- Folding costs more than looking, and mostly changes nothing of what is looked for.
        when folds_from is null
            or translate(array_to_string(needles, ''), folds_to, '') = array_to_string(needles, '')
        then coalesce(title, '') || E'\n' || coalesce(body, '')
        else translate(coalesce(title, '') || E'\n' || coalesce(body, ''), folds_from, folds_to)
    end
$$;

create or replace function search_count(text text, needles text[]) returns integer
language plpgsql immutable parallel safe as $$
declare
    needle text;
    size integer := octet_length(text);
    count integer;
    total integer := 0;
begin
    foreach needle in array needles loop
        count := (size - octet_length(replace(text, needle, ''))) / octet_length(needle);
        if count = 0 then
            return null;
        end if;
        total := total + count;
    end loop;
    return total;
end
$$;

create or replace function search_snippet(printed text, folded text, needles text[], at integer) returns text
language plpgsql immutable as $$
-- Some words before, the needles in guillemets. A place in a long text is found by counting from its
-- beginning, so the part to be shown is cut out once.
declare
    first integer := greatest(at - 30, 1);
    size integer := at + 91 - first;
    rest text;
    shown text;
    needle text;
    place integer;
    found integer;
    here integer;
    length_here integer;
begin
    -- One character more tells whether the text goes on.
    printed := substr(printed, first, size + 1);
    folded := substr(folded, first, size);
    place := 1 + coalesce(length(substring(
        left(folded, at - first) from '^.*[\u3002\uff1b\uff01\uff1f\n]')), 0);
    shown := case when first + place > 2 then U&'\2026' else '' end;
    loop
        rest := substr(folded, place);
        here := 0;
        foreach needle in array needles loop
            found := strpos(rest, needle);
            if found > 0 and (here = 0 or (found, -length(needle)) < (here, -length_here)) then
                here := found;
                length_here := length(needle);
            end if;
        end loop;
        exit when here = 0;
        shown := shown || substr(printed, place, here - 1)
            || U&'\00AB' || substr(printed, place + here - 1, length_here) || U&'\00BB';
        place := place + here - 1 + length_here;
    end loop;
    shown := shown || substr(printed, place, size + 1 - place);
    return regexp_replace(shown, '\s+', ' ', 'g')
        || case when length(printed) > size then U&'\2026' else '' end;
end
$$;

drop function search_side_by_side(text[]);

create function search_side_by_side(texts text[], words text[]) returns text
language sql stable as $$
-- Where a word is there, so are its pairs; to ask for them again costs as much as the word.
    select coalesce(string_agg(distinct format(
        ' and entry.terms && %L', array[search_key(pair), coalesce(across, search_pair(pair))]
    ), ''), '')
    from unnest(texts) as term
    cross join lateral unnest(search_pairs(term)) as pair
    left join lateral (
        select search_key('~' || pair) as across from search_vocabulary
        where initial = left(pair, 1) and search_vocabulary.words ? pair
    ) as word on true
    where not exists (select from unnest(search_side_by_side.words) as word where strpos(word, pair) > 0)
$$;
comment on function search_side_by_side is 'Runs of characters as a condition on search_entries: all their pairs are there, but for those within words that are asked for anyway.';

create or replace function search_pool(
    query text, year integer, region text, level text, role text, size integer, page integer,
    out reports bigint[], out tiers integer[], out needles text[]
)
language plpgsql stable
set enable_seqscan = off set jit = off set work_mem = '64MB' set max_parallel_workers_per_gather = 0
as $$
-- The best reports, best tier first and newest year first, until the pool is full; in the last
-- tier, which is the slow one, only what the page still lacks. Where the index cannot tell, texts
-- are read, none twice, so many at most that a page comes in time: the pool is smaller then, and it
-- is said when texts were left unread.
declare
    words text[];
    runs text[];
    excluded text[];
    marks text := search_marks(year, region, level, role);
    must_hold text[];
    exact boolean;
    condition text;
    found bigint[];
    missed bigint[] := '{}';
    source text;
    pool integer := size;
    readable integer;
    lacking integer;
    candidate bigint;
    fits boolean;
    read integer;
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
    if not exists (select from unnest(needles) as needle where search_pairs(needle) <> '{}') then
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
            || search_side_by_side(
                case when tier = 0 then needles else runs end, case when tier = 0 then '{}' else words end
            );
        -- As a subquery the numbers are looked up in a hash and unknown to the planner, who would weigh
        -- each number of an array in each year: 30 ms for 60 of them.
        source := format(
            'select * from search_entries as entry where report_id not in (select unnest($1))%s', condition
        );
        condition := search_text_condition(must_hold, excluded, role, needles);
        lacking := case when tier > 0 then size else page end - cardinality(reports);
        if condition is null then
            execute format('select array(select report_id from (%s) as entry limit %s)', source, lacking)
            into found using reports;
        else
            -- 40 to 100 microseconds a text: 16 ms for a page where there are hits, 0.8 s at most where there are none.
            pool := 50 * ceil(page / 50.0)::integer;
            lacking := case when tier > 0 then pool else page end - cardinality(reports);
            readable := case
                when tier < 2 and reports = '{}' then greatest(20 * page, 8000 - cardinality(missed))
                when tier = 0 then 10 * page
                -- 400 each for a page of 20, no more than 800 together.
                else least(20 * page, (50 - 10 * tier) * page - cardinality(missed || reports))
            end;
            found := '{}';
            read := 0;
            for candidate, fits in execute
                format('select report_id, %s from (%s limit %s) as entry', condition, source, readable)
                using reports || missed, needles || excluded
            loop
                read := read + 1;
                if fits then
                    found := found || candidate;
                else
                    missed := missed || candidate;
                end if;
                exit when cardinality(found) = lacking;
            end loop;
            unread := tier = 0 and cardinality(found) < lacking and read = readable;
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

comment on function search is 'Reports that hold all terms of a query, the best first. Terms are parted by blanks; "in quotes" an exact phrase; -without. Filters: year; region, a division code (a province''s takes in its counties) or the beginning of a name; level of the issuer; role of the section. hits is the size of a page (up to 1000), skip what was shown before. rank: 3 and more where all words stand in the title or a heading, 2 where they are used often, 1 where they stand anywhere, 0 where their characters do; the fraction says how often. What only the texts can tell (a phrase, what is excluded, a role, characters across words) is read in 20 texts for each hit of the page, and in 8,000 before it is said that there is none; a notice tells when others may hold it too.';
