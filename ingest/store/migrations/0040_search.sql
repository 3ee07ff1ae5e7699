-- Search in Chinese on a stock PostgreSQL. The words of a report are found on the program's side
-- (ingest/tokens.py, ingest/terms.py) and kept as numbers; the words of a query are found here, by
-- the same dictionary and the same rule. docs/decisions/0019 says why.

create table search_dictionary (
    only_row boolean primary key default true check (only_row),
    version text not null,
    total bigint not null,
    longest integer not null,
    fold_from text not null,
    fold_to text not null,
    loaded_at timestamptz not null default now()
);

comment on table search_dictionary is 'Which dictionary queries are cut by, and how characters are folded; one row, loaded by every migrate.';
comment on column search_dictionary.only_row is 'Always true: there is one row.';
comment on column search_dictionary.version is 'Name of this state of the dictionary; reports that carry another one are renewed by fazhi reindex.';
comment on column search_dictionary.total is 'Sum of all frequencies.';
comment on column search_dictionary.longest is 'Characters of the longest word.';
comment on column search_dictionary.fold_from is 'Characters that are searched as others: traditional, full-width, capital.';
comment on column search_dictionary.fold_to is 'What each of them is searched as, in the same order.';
comment on column search_dictionary.loaded_at is 'When it was loaded.';

create table search_vocabulary (
    initial text primary key,
    words jsonb not null
);
-- Looked up word by word: quicker when it need not be unpacked each time.
alter table search_vocabulary alter column words set storage external;

comment on table search_vocabulary is 'The words that queries are cut into: those of jieba and of seeds/dictionary.txt.';
comment on column search_vocabulary.initial is 'First character of the words.';
comment on column search_vocabulary.words is 'Each word that begins with it and its frequency.';

-- A phrase is looked up in the text itself, and unpacking costs more than reading.
alter table report_versions alter column body set storage external;

-- By year, newest first, so that a search for what is everywhere can stop early.
create table search_entries (
    report_id bigint not null references reports on delete cascade,
    version_id bigint not null,
    report_year integer not null,
    folds_from text,
    folds_to text,
    dictionary text not null,
    terms integer[] not null
) partition by list ((-report_year));
alter table search_entries alter column terms set storage external;

comment on table search_entries is 'What each report can be found by; use the function search.';
comment on column search_entries.report_id is 'Report.';
comment on column search_entries.version_id is 'Version it was read from, the current one.';
comment on column search_entries.report_year is 'Year reported on, 0 where it is not known; the table is partitioned by it.';
comment on column search_entries.folds_from is 'Characters of the text that are searched as others; null where there are none.';
comment on column search_entries.folds_to is 'What each of them is searched as: translate(body, folds_from, folds_to).';
comment on column search_entries.dictionary is 'Version of the dictionary its words were found with.';
comment on column search_entries.terms is 'Its words, marks and pairs of characters, as numbers (search_key, search_pair).';

create schema search_years;
comment on schema search_years is 'The parts of search_entries, one a year, and one for all other years.';

do $$
declare
    part text;
begin
    for year in 2012..2036 loop
        part := format('search_years.entries_%s', year);
        execute format('create table %s partition of search_entries for values in (%s)', part, -year);
        execute format('comment on table %s is %L', part, format('Entries of the reports on %s.', year));
        -- What is in the numbers is never asked of the planner, and counting them would be slow.
        execute format('alter table %s alter column terms set statistics 0', part);
    end loop;
end
$$;
create table search_years.entries_other partition of search_entries default;
comment on table search_years.entries_other is 'Entries of the reports on other years or none.';
alter table search_years.entries_other alter column terms set statistics 0;

create index search_entries_terms on search_entries using gin (terms);
create index search_entries_report on search_entries (report_id);

create function search_key(term text) returns integer
language sql immutable strict parallel safe as $$
    select ('x' || encode(substr(sha256(convert_to(term, 'UTF8')), 1, 4), 'hex'))::bit(32)::integer
        | (-2147483648)::integer
$$;
comment on function search_key is 'The number of a word or a mark.';

create function search_pair(two text) returns integer
language sql immutable strict parallel safe as $$
    select ((ascii(two)::bigint * 7919 + ascii(substr(two, 2))) & 131071)::integer
$$;
comment on function search_pair is 'The number of two neighbouring characters that are no word.';

create function search_fold(printed text) returns text
language sql stable strict as $$
    select translate(printed, fold_from, fold_to) from search_dictionary
$$;
comment on function search_fold is 'A text as it is searched: simplified, half-width, small letters.';

create function search_cut(run text) returns text[]
language plpgsql stable strict as $$
-- The most probable words of a run of Chinese characters, from its end to its beginning.
declare
    size integer := length(run);
    unknown float8;
    best float8[] := array_fill(0::float8, array[length(run) + 1]);
    until integer[] := array_fill(0, array[length(run)]);
    found record;
    chance float8;
    at integer := 1;
    cut text[] := '{}';
begin
    select -ln(total) into unknown from search_dictionary;
    for found in
        select place, array_agg(length order by length) as lengths, array_agg(count order by length) as counts
        from (
            select place, length, (words ->> substr(run, place, length))::float8 as count
            from generate_series(1, size) as place
            left join search_vocabulary on initial = substr(run, place, 1)
            cross join lateral generate_series(
                1, least(size - place + 1, (select longest from search_dictionary))
            ) as length
        ) as lookup
        where count > 0 or length = 1
        group by place
        order by place desc
    loop
        best[found.place] := '-infinity';
        for nth in 1..cardinality(found.lengths) loop
            -- A single character that is no word counts only where no word begins.
            continue when found.counts[nth] is null and cardinality(found.lengths) > 1;
            chance := ln(coalesce(found.counts[nth], 1)) + unknown
                + best[found.place + found.lengths[nth]];
            if chance >= best[found.place] then
                best[found.place] := chance;
                until[found.place] := found.place + found.lengths[nth];
            end if;
        end loop;
    end loop;
    while at <= size loop
        cut := cut || substr(run, at, until[at] - at);
        at := until[at];
    end loop;
    return cut;
end
$$;
comment on function search_cut is 'The words of a run of Chinese characters, as the program cuts them.';

create function search_segment(folded text) returns text[]
language sql stable strict as $$
    select coalesce(array_agg(word order by place, nth), '{}')
    from regexp_matches(
        folded, '[\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|[0-9a-z]+(?:\.[0-9]+)*', 'g'
    ) with ordinality as piece (found, place)
    cross join lateral unnest(
        case when found[1] ~ '^[0-9a-z]' then found else search_cut(found[1]) end
    ) with ordinality as word (word, nth)
$$;
comment on function search_segment is 'The words of a folded text, as the program cuts them.';

create function search_pairs(folded text) returns text[]
language sql immutable strict parallel safe as $$
    select coalesce(array_agg(distinct substr(found[1], place, 2)), '{}')
    from regexp_matches(
        folded, '[0-9a-z\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]{2,}', 'g'
    ) as run (found)
    cross join lateral generate_series(1, length(found[1]) - 1) as place
$$;
comment on function search_pairs is 'All pairs of neighbouring characters of a folded text.';

create function search_pieces(
    folded text, out words text[], out runs text[]
)
language plpgsql stable strict as $$
-- A single character means little by itself: it is looked for together with its neighbour, as a
-- run of characters; a particle between two words is left out.
declare
    tokens text[] := search_segment(folded);
    rest text := folded;
    piece text := '';
    parts integer := 0;
    gap integer;
begin
    words := '{}';
    runs := '{}';
    for nth in 1..cardinality(tokens) loop
        gap := strpos(rest, tokens[nth]) - 1;
        rest := substr(rest, gap + length(tokens[nth]) + 1);
        continue when gap = 0 and nth < cardinality(tokens) and length(tokens[nth + 1]) > 1
            and parts = 1 and length(piece) > 1
            and tokens[nth] = any (array[U&'\7684', U&'\548C', U&'\4E0E', U&'\4E86', U&'\53CA']);
        if parts > 0 and (gap > 0 or (length(tokens[nth]) > 1 and length(piece) > 1)) then
            runs := runs || case when parts > 1 or length(piece) = 1 then array[piece] end;
            piece := '';
            parts := 0;
        end if;
        if length(tokens[nth]) > 1 then
            words := words || tokens[nth];
        end if;
        piece := piece || tokens[nth];
        parts := parts + 1;
    end loop;
    runs := runs || case when parts > 1 or length(piece) = 1 then array[piece] end;
end
$$;
comment on function search_pieces is 'What an unquoted term asks for: words, and runs of characters that no word covers.';
