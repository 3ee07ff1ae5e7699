-- select * from search('...'): from the query to a page of hits.

create function search_terms(query text)
returns table (asked text, without boolean, words text[], runs text[])
language plpgsql stable as $$
-- What a query asks for, term by term. A quoted term is one run of characters, whatever its words.
declare
    written text;
    quoted boolean;
begin
    if length(query) > 500 then
        raise exception 'search: the query has % characters, more than 500: look for less at once', length(query)
            using errcode = 'invalid_parameter_value';
    end if;
    -- Quotation marks and blanks of every kind, and the full-width minus.
    query := translate(
        query,
        U&'\201C\201D\300C\300D\FF02\3000\FF0D' || chr(9) || chr(10) || chr(13),
        '"""""' || ' -' || '   '
    );
    for written in select token[1] from regexp_matches(query, '-?"[^"]*"?|[^ "]+', 'g') as token loop
        without := written like '-_%';
        quoted := written like '%"%';
        asked := search_fold(btrim(written, '-" '));
        words := '{}';
        runs := '{}';
        continue when asked !~ '[0-9a-z\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]';
        if without then
            runs := array[asked];
        elsif quoted then
            words := array(select word from unnest(search_segment(asked)) as word where length(word) > 1);
            runs := array[asked];
        else
            select piece.words, piece.runs into words, runs from search_pieces(asked) as piece;
        end if;
        return next;
    end loop;
end
$$;
comment on function search_terms is 'What a query asks for: each term with its words, and the runs of characters that must stand in the text.';

create function search_marks(year integer, region text, level text, role text) returns text
language plpgsql stable as $$
-- The filters as a condition on search_entries.
declare
    wanted integer[] := '{}';
    condition text := '';
    names integer[];
begin
    if region ~ '^[0-9]+$' then
        region := regexp_replace(regexp_replace(region, '0000$', ''), '^(....)00$', '\1');
        if region <> '00' and region <> '' then
            wanted := wanted || search_key('@' || region);
        end if;
    elsif region is not null then
        select array_agg(distinct search_key('@' || regions.name)) into names
        from regions where starts_with(regions.name, search_marks.region);
        if names is null then
            raise exception 'search: no region is named %: give a division code, or a name as in the table regions', region
                using errcode = 'invalid_parameter_value';
        end if;
        condition := format(' and entry.terms && %L', names);
    end if;
    if level not in ('national', 'province', 'prefecture', 'county', 'township', 'functional_zone') then
        raise exception 'search: no level is named %: national, province, prefecture, county, township or functional_zone', level
            using errcode = 'invalid_parameter_value';
    elsif role not in ('achievements', 'problems', 'plan') then
        raise exception 'search: no role is named %: achievements, problems or plan', role
            using errcode = 'invalid_parameter_value';
    end if;
    wanted := wanted || search_key('#' || level) || search_key('%' || role);
    wanted := array_remove(wanted, null);
    if cardinality(wanted) > 0 then
        condition := condition || format(' and entry.terms @> %L', wanted);
    end if;
    if year is not null then
        condition := condition || format(' and (-entry.report_year) = %s', -year);
    end if;
    return condition;
end
$$;
comment on function search_marks is 'The filters of a search as a condition on search_entries.';

create function search_condition(tier integer, words text[], runs text[]) returns text
language sql stable as $$
-- How well an entry must fit: 3 each word in the title or a heading, 2 or used often, 1 anywhere,
-- 0 as characters side by side. The runs must be there in any case.
    select coalesce(string_agg(
        case
            when tier = 3 and length(term) > 1 then
                format(' and entry.terms @> %L', array[search_key('^' || term)])
            when tier = 2 then
                format(' and entry.terms && %L', array[search_key('^' || term), search_key('+' || term)])
            when tier = 1 then format(' and entry.terms @> %L', array[search_key(term)])
        end, ''), '')
    from unnest(words) as term
    where tier > 0
$$;
comment on function search_condition is 'The words of a query as a condition on search_entries.';

create function search_side_by_side(texts text[]) returns text
language sql stable as $$
    select coalesce(string_agg(distinct format(
        ' and entry.terms && %L', array[search_key(pair), coalesce(across, search_pair(pair))]
    ), ''), '')
    from unnest(texts) as term
    cross join lateral unnest(search_pairs(term)) as pair
    left join lateral (
        select search_key('~' || pair) as across from search_vocabulary
        where initial = left(pair, 1) and words ? pair
    ) as word on true
$$;
comment on function search_side_by_side is 'Runs of characters as a condition on search_entries: all their pairs are there.';

create function search_text(
    title text, body text, folds_from text, folds_to text, needles text[]
) returns text
language sql immutable parallel safe as $$
    select case
        -- Folding costs more than looking, and mostly changes nothing of what is looked for.
        when folds_from is null
            or translate(array_to_string(needles, ''), folds_to, '') = array_to_string(needles, '')
        then concat(title, E'\n', body)
        else translate(concat(title, E'\n', body), folds_from, folds_to)
    end
$$;
comment on function search_text is 'Title and body as the needles are searched in them.';

create function search_holds(version_id bigint, role text, body text, needles text[]) returns boolean
language sql stable as $$
    select bool_and(exists (
        select from sections
        where sections.version_id = search_holds.version_id and sections.role = search_holds.role
        and strpos(substr(body, start_offset + 1, end_offset - start_offset), needle) > 0
    ))
    from unnest(needles) as needle
$$;
comment on function search_holds is 'Whether each of the needles stands in a section of this role.';

create function search_count(text text, needles text[]) returns integer
language sql immutable parallel safe as $$
    select case when min(count) > 0 then sum(count)::integer end
    from unnest(needles) as needle
    cross join lateral (
        select (octet_length(text) - octet_length(replace(text, needle, ''))) / octet_length(needle) as count
    ) as counted
$$;
comment on function search_count is 'How often the needles stand in a text; null where one does not.';

create function search_snippet(printed text, folded text, needles text[], at integer) returns text
language plpgsql immutable as $$
-- Some words before, the needles in guillemets.
declare
    first integer := greatest(at - 30, 1);
    last integer := least(at + 90, length(printed));
    shown text := '';
    place integer;
    here integer;
    length_here integer;
begin
    place := first + coalesce(length(substring(
        substr(folded, first, at - first) from '^.*[\u3002\uff1b\uff01\uff1f\n]')), 0);
    shown := case when place > 1 then U&'\2026' else '' end;
    loop
        select min(found.at), (array_agg(length(found.needle) order by found.at, length(found.needle) desc))[1]
        into here, length_here
        from (
            select needle, strpos(substr(folded, place, last - place + 1), needle) as at
            from unnest(needles) as needle
        ) as found
        where found.at > 0;
        exit when here is null;
        shown := shown || substr(printed, place, here - 1)
            || U&'\00AB' || substr(printed, place + here - 1, length_here) || U&'\00BB';
        place := place + here - 1 + length_here;
    end loop;
    shown := shown || substr(printed, place, greatest(last - place + 1, 0));
    return regexp_replace(shown, '\s+', ' ', 'g')
        || case when last < length(printed) then U&'\2026' else '' end;
end
$$;
comment on function search_snippet is 'The text around a place, with the needles marked.';

create function search_shown(
    version_id bigint, title text, body text, folds_from text, folds_to text, needles text[], role text,
    out section text, out section_role text, out snippet text
)
language plpgsql stable as $$
-- Where a needle stands first, within a section of the role if one is asked for: the innermost
-- section, and the text around.
declare
    folded text := substr(
        search_text(title, body, folds_from, folds_to, needles), length(coalesce(title, '')) + 2
    );
    at integer := 0;
begin
    if role is null then
        select strpos(folded, needle) into at from unnest(needles) with ordinality as wanted (needle, nth)
        where strpos(folded, needle) > 0 order by nth limit 1;
    else
        select start_offset + strpos(substr(folded, start_offset + 1, end_offset - start_offset), needle)
        into at
        from unnest(needles) with ordinality as wanted (needle, nth), sections as part
        where part.version_id = search_shown.version_id and part.role = search_shown.role
        and strpos(substr(folded, start_offset + 1, end_offset - start_offset), needle) > 0
        order by nth, start_offset limit 1;
    end if;
    if at is null then
        snippet := search_snippet(title, search_fold(title), needles, 1);
        return;
    end if;
    select concat(part.number, part.heading), part.role into section, section_role
    from sections as part
    where part.version_id = search_shown.version_id and at > start_offset and at <= end_offset
    order by level desc, start_offset desc
    limit 1;
    snippet := search_snippet(body, folded, needles, at);
end
$$;
comment on function search_shown is 'Section and snippet of a hit.';

create function search_pool(
    query text, year integer, region text, level text, role text, size integer, page integer,
    out reports bigint[], out tiers integer[], out needles text[]
)
language plpgsql stable
set enable_seqscan = off set jit = off set work_mem = '64MB' set max_parallel_workers_per_gather = 0
as $$
-- The best reports, best tier first and newest year first, until the pool is full; in the last
-- tier, which is the slow one, only what the page still lacks.
declare
    words text[];
    runs text[];
    excluded text[];
    marks text := search_marks(year, region, level, role);
    must_hold text[];
    exact boolean;
    condition text;
    found bigint[];
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
        if cardinality(must_hold) > 0 or cardinality(excluded) > 0 or role is not null then
            condition := condition || format(
                ' and exists (select from report_versions as version, reports as report, '
                'search_text(report.title, version.body, entry.folds_from, entry.folds_to, $2) as text '
                'where version.id = entry.version_id and report.id = entry.report_id'
                '%s%s%s)',
                (select string_agg(format(' and strpos(text, %L) > 0', run), '') from unnest(must_hold) as run),
                (select string_agg(format(' and strpos(text, %L) = 0', run), '') from unnest(excluded) as run),
                case when role is not null then format(
                    ' and search_holds(entry.version_id, %L, '
                    'substr(text, length(coalesce(report.title, '''')) + 2), %L)', role, needles
                ) end
            );
        end if;
        execute format(
            'select array(select report_id from search_entries as entry where not report_id = any ($1)%s limit %s)',
            condition, case when tier > 0 then size else page end - cardinality(reports)
        ) into found using reports, needles || excluded;
        reports := reports || found;
        tiers := tiers || array_fill(tier, array[cardinality(found)]);
        exit when cardinality(reports) >= case when tier > 1 then size else page end;
    end loop;
end
$$;
comment on function search_pool is 'The reports among which a page of hits is chosen, each with how well it fits.';

create function search(
    query text,
    year integer default null,
    region text default null,
    level text default null,
    role text default null,
    hits integer default 20,
    skip integer default 0
)
returns table (
    rank real, report_id bigint, title text, report_year integer, issuer text, region_name text,
    section text, section_role text, snippet text, published_at date, url text
)
language sql stable as $$
    with pool as materialized (
        select * from search_pool(query, year, region, level, role, greatest(100, least(hits, 1000) + skip), least(hits, 1000) + skip)
    ),
    scored as materialized (
        select
            report.id, found.tier + count / (count + 10.0) as rank, report.report_year,
            entry.folds_from, entry.folds_to
        from pool
        cross join unnest(pool.reports, pool.tiers) as found (id, tier)
        join reports as report on report.id = found.id
        join report_versions as version on version.id = report.current_version_id
        join search_entries as entry
            on entry.report_id = report.id and (-entry.report_year) = (-coalesce(report.report_year, 0))
        cross join lateral search_count(
            search_text(report.title, version.body, entry.folds_from, entry.folds_to, pool.needles),
            pool.needles
        ) as count
        -- Null where a needle is not there after all: among a million reports two hashes meet.
        where count is not null
        order by rank desc, report.report_year desc nulls last, report.id
        limit least(hits, 1000) offset skip
    )
    select
        scored.rank::real, report.id, report.title, report.report_year, report.issuer, report.region_name,
        shown.section, shown.section_role, shown.snippet, report.published_at, report.url
    from scored
    cross join pool
    join reports as report on report.id = scored.id
    join report_versions as version on version.id = report.current_version_id
    cross join lateral search_shown(
        version.id, report.title, version.body, scored.folds_from, scored.folds_to, pool.needles,
        search.role
    ) as shown
    order by scored.rank desc, report.report_year desc nulls last, report.id
$$;
comment on function search is 'Reports that hold all terms of a query, the best first. Terms are parted by blanks; "in quotes" an exact phrase; -without. Filters: year; region, a division code (a province''s takes in its counties) or the beginning of a name; level of the issuer; role of the section. hits is the size of a page (up to 1000), skip what was shown before. rank: 3 and more where all words stand in the title or a heading, 2 where they are used often, 1 where they stand anywhere, 0 where their characters do; the fraction says how often.';

grant select on search_dictionary, search_vocabulary to fazhi_service, fazhi_reader;
grant select on search_entries to fazhi_reader;
grant select, insert, update, delete on search_entries to fazhi_service;
