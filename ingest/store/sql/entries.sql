-- insert_entry --
-- What a report can be found by.
insert into search_entries (
    report_id, version_id, report_year, folds_from, folds_to, dictionary, terms
)
values (
    %(report_id)s, %(version_id)s, %(report_year)s, %(folds_from)s, %(folds_to)s, %(dictionary)s,
    %(terms)s
);

-- drop_entry --
-- Before it is written anew, or because the report is gone.
delete from search_entries where report_id = %(report_id)s;

-- current_version --
-- What an entry is made of.
select
    version.id, version.fields ->> 'title', reports.report_year, version.fields -> 'region', version.body,
    coalesce((
        select jsonb_agg(jsonb_build_object('heading', heading, 'role', role) order by position)
        from sections where version_id = version.id
    ), '[]')
from reports
join report_versions as version on version.id = reports.current_version_id
where reports.id = %(report_id)s
for update of reports;

-- stale_reports --
-- The next reports whose entry is missing, or was made with another dictionary or of another
-- version; all of them when no dictionary is named.
select id from reports
where id > %(after)s and current_version_id is not null
and (%(dictionary)s::text is null or not exists (
    select from search_entries as entry
    where entry.report_id = reports.id and entry.dictionary = %(dictionary)s
    and entry.version_id = reports.current_version_id
))
order by id
limit %(limit)s;

-- loaded_dictionary --
-- Which dictionary queries are cut by.
select version from search_dictionary;

-- empty_vocabulary --
-- Before another dictionary is loaded.
delete from search_vocabulary;

-- copy_vocabulary --
-- Filled initial by initial.
copy search_vocabulary (initial, words) from stdin;

-- note_dictionary --
-- What has been loaded now.
insert into search_dictionary (version, total, longest, fold_from, fold_to)
values (%(version)s, %(total)s, %(longest)s, %(fold_from)s, %(fold_to)s)
on conflict (only_row) do update set
    version = excluded.version,
    total = excluded.total,
    longest = excluded.longest,
    fold_from = excluded.fold_from,
    fold_to = excluded.fold_to,
    loaded_at = now();
