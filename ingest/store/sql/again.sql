-- reingest_alone --
-- One run at a time asks, until its connection ends.
select pg_try_advisory_lock(hashtext('fazhi reingest'));

-- count_again --
-- Captures that were understood or rejected before, of a portal, a year reported on, a report or a
-- verdict; only those read by other rules than the ones named, if any are.
select count(*)
from captures
left join reports on reports.id = captures.report_id
where ingested_at is not null
and (%(ruleset)s::text is null or captures.ruleset is distinct from %(ruleset)s)
and (%(portal)s::text is null or captures.portal_id = %(portal)s)
and (%(report)s::bigint is null or captures.report_id = %(report)s)
and (%(verdict)s::text is null or captures.verdict = %(verdict)s)
and (%(year)s::integer is null or reports.report_year = %(year)s);

-- forget_other_rules --
-- What rules of another day made of captures, and what of them their readers did not survive.
with gone as (delete from rereadings where ruleset <> %(rules)s returning capture_id)
delete from ingest_attempts using gone, captures
where ingest_attempts.capture_id = gone.capture_id
and captures.id = gone.capture_id and captures.ingested_at is not null;

-- forget_outdated --
-- Readings that were compared with what is not stored any more.
delete from rereadings using captures
where captures.id = capture_id and captures.ingested_at > read_at;

-- next_run --
-- The number of a new run.
select coalesce(max(run), 0) + 1 from rereadings;

-- ask_again --
-- Have such captures read. What these rules have read already in another run need not be read
-- again, unless it broke the program.
insert into rereadings (capture_id, run, ruleset)
select captures.id, %(run)s, %(rules)s
from captures
left join reports on reports.id = captures.report_id
where ingested_at is not null
and (%(ruleset)s::text is null or captures.ruleset is distinct from %(ruleset)s)
and (%(portal)s::text is null or captures.portal_id = %(portal)s)
and (%(report)s::bigint is null or captures.report_id = %(report)s)
and (%(verdict)s::text is null or captures.verdict = %(verdict)s)
and (%(year)s::integer is null or reports.report_year = %(year)s)
on conflict (capture_id) do update set
    run = excluded.run,
    reason = null,
    state = case when rereadings.state = 'broken' then 'waiting' else rereadings.state end;

-- take_waiting --
-- The next captures to read, locked against other workers until the transaction ends; so many that
-- their bytes stay below a limit, and at least one. Suspects, which a worker did not come to an end
-- with, are left out, or else only they are taken.
with waiting as (
    select captures.*
    from rereadings
    join captures on captures.id = capture_id
    where state = 'waiting' and rereadings.ruleset = %(rules)s
    and %(suspects)s = exists (
        select from ingest_attempts where ingest_attempts.capture_id = rereadings.capture_id
    )
    order by capture_id
    limit %(limit)s
    for update of rereadings, captures skip locked
),
measured as (
    select waiting.*, content.body, sum(content.size) over (order by waiting.id) as total
    from waiting join capture_contents as content using (sha256)
)
select
    id, url, requested_url, status, headers, body, fetched_at, portal_id, run_id, listing_url,
    entry_title, entry_date, file_name
from measured
where total <= %(bytes)s or id = (select min(id) from waiting)
order by id;

-- note_readings --
-- What was made of some captures.
update rereadings set
    state = made.state, differences = nullif(made.differences, 'null'), reason = made.reason,
    read_at = now()
from unnest(%(ids)s::bigint[], %(states)s::text[], %(differences)s::jsonb[], %(reasons)s::text[])
    as made (capture_id, state, differences, reason)
where rereadings.capture_id = made.capture_id;

-- progress --
-- Of a run: how many captures wait, are read, break the program, and wait to be switched over.
select
    count(*) filter (where state = 'waiting'),
    count(*) filter (where state in ('same', 'differs')),
    count(*) filter (where state = 'broken'),
    count(*) filter (where approved and state in ('same', 'differs'))
from rereadings
where run = %(run)s;

-- differences_of_run --
-- What a run would change, capture by capture.
select differences from rereadings
where run = %(run)s and differences is not null
order by capture_id;

-- broken_in_run --
-- Captures that break the program, and why.
select capture_id, coalesce(url, file_name), reason
from rereadings join captures on captures.id = capture_id
where run = %(run)s and state = 'broken'
order by capture_id;

-- approve --
-- Let what a run has read be switched over.
update rereadings set approved = true where run = %(run)s and state in ('same', 'differs');

-- take_same --
-- Some captures that are read as before.
select capture_id
from rereadings
join captures on captures.id = capture_id
where approved and state = 'same' and rereadings.ruleset = %(rules)s
order by capture_id
limit %(limit)s
for update of rereadings, captures skip locked;

-- settle_same --
-- Note that these rules read them, and nothing else.
with gone as (delete from rereadings where capture_id = any(%(ids)s))
update captures set ruleset = %(rules)s where id = any(%(ids)s);

-- take_differing --
-- Some captures that are read otherwise; as take_waiting.
with waiting as (
    select captures.*
    from rereadings
    join captures on captures.id = capture_id
    where approved and state = 'differs' and rereadings.ruleset = %(rules)s
    and %(suspects)s = exists (
        select from ingest_attempts where ingest_attempts.capture_id = rereadings.capture_id
    )
    order by capture_id
    limit %(limit)s
    for update of rereadings, captures skip locked
),
measured as (
    select waiting.*, content.body, sum(content.size) over (order by waiting.id) as total
    from waiting join capture_contents as content using (sha256)
)
select
    id, url, requested_url, status, headers, body, fetched_at, portal_id, run_id, listing_url,
    entry_title, entry_date, file_name
from measured
where total <= %(bytes)s or id = (select min(id) from waiting)
order by id;

-- settle_differing --
-- They have been switched over.
delete from rereadings where capture_id = any(%(ids)s);

-- work_again --
-- How many captures wait to be read by these rules or to be switched over, counted up to a limit.
select count(*) from (
    select from rereadings
    where ruleset = %(rules)s and (state = 'waiting' or approved and state in ('same', 'differs'))
    limit %(limit)s
) as found;

-- stored_readings --
-- What is stored of some captures: the verdict and its reason, the report, and of the version made
-- last of each, if it made one, everything under the names of a record; last, what tells whether a
-- reading is the same in everything that is stored.
select
    captures.id, captures.verdict, coalesce(rejects.reason, version.verdict_reason) as reason,
    captures.report_id, version.fields, version.body,
    case when version.id is not null then jsonb_build_object(
        'sections', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'level', level, 'number', number, 'heading', heading, 'role', role,
                'start', start_offset, 'end', end_offset
            ) order by position), '[]')
            from sections where version_id = version.id
        ),
        'removals', (
            select coalesce(jsonb_agg(
                jsonb_build_object('rule', rule, 'text', text) order by position
            ), '[]')
            from removals where version_id = version.id
        ),
        'attachments', (
            select coalesce(jsonb_agg(
                jsonb_build_object('text', text, 'href', href) order by position
            ), '[]')
            from attachments where version_id = version.id
        ),
        'contacts', (
            select coalesce(jsonb_agg(
                jsonb_build_object('name', name, 'phone', phone) order by position
            ), '[]')
            from contacts where version_id = version.id
        ),
        'figures', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'value', value, 'value_to', value_to, 'unit', unit, 'qualifier', qualifier,
                'subject', subject, 'evidence', evidence, 'start', start_offset,
                'end', end_offset, 'section', section - 1
            ) order by position), '[]')
            from figures where version_id = version.id
        ),
        'indicator_values', (
            select coalesce(jsonb_agg(jsonb_build_object(
                'code', code, 'value', value, 'unit', unit, 'qualifier', qualifier,
                'period', period, 'subtype', subtype, 'evidence', evidence,
                'start', start_offset, 'end', end_offset, 'section', section - 1, 'rule', rule,
                'doubtful', implausible
            ) order by position), '[]')
            from indicator_values where version_id = version.id
        )
    ) end as parts,
    case when rejects.capture_id is null then version.extraction_sha256
    else concat_ws('|', rejects.verdict, rejects.reason, rejects.title) end as digest
from captures
left join rejects on rejects.capture_id = captures.id
left join lateral (
    select * from report_versions
    where report_versions.capture_id = captures.id
    order by version_number desc limit 1
) as version on true
where captures.id = any(%(capture_ids)s);
