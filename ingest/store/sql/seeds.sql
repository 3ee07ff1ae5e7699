-- make_incoming_regions --
-- A place for the divisions of the seeds until they are compared.
create temporary table incoming_regions (like regions) on commit drop;

-- copy_incoming_regions --
-- Filled row by row.
copy incoming_regions (
    adcode, name, level, parent_adcode, path, zone, valid_from, valid_to, successor
) from stdin;

-- regions_differ --
-- Whether the table says anything else than the seeds.
select exists (
    (table regions except table incoming_regions)
    union all
    (table incoming_regions except table regions)
);

-- empty_regions --
-- Before they are loaded anew.
delete from regions;

-- fill_regions --
-- All divisions of the seeds.
insert into regions table incoming_regions;

-- empty_indicators --
-- Before the definitions are loaded anew.
delete from indicators;

-- fill_indicators --
-- The definitions of one kind, in the order of the file.
insert into indicators (
    kind, code, position, theme, name_zh, name_en, unit, tier, definition, pitfalls
)
select %(kind)s, code, position, theme, name_zh, name_en, unit, tier, definition, pitfalls
from rows from (
    jsonb_to_recordset(%(rows)s) as (
        code text, theme text, name_zh text, name_en text, unit text, tier text, definition text,
        pitfalls text
    )
) with ordinality as part (
    code, theme, name_zh, name_en, unit, tier, definition, pitfalls, position
);

-- loaded_digest --
-- What was loaded last.
select digest from loaded_seeds;

-- note_digest --
-- What has been loaded now.
insert into loaded_seeds (digest) values (%(digest)s)
on conflict (only_row) do update set digest = excluded.digest, loaded_at = now();

-- empty_duties --
-- Before the duties are filled anew.
delete from duties;

-- fill_duties --
-- Who owes what, as the seeds have it.
insert into duties (kind, law, why, due_month, due_day, first_year, levels)
select kind, law, why, due_month, due_day, first_year, levels
from jsonb_to_recordset(%(rows)s) as row (
    kind text, law text, why text, due_month integer, due_day integer, first_year integer,
    levels text[]
);
