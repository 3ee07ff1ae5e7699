-- count_again --
-- Captures that were understood or rejected before, of a portal, a year reported on or a report;
-- only those read by other rules than the ones named, if any are.
select count(*)
from captures
left join reports on reports.id = captures.report_id
where ingested_at is not null
and (%(ruleset)s::text is null or captures.ruleset is distinct from %(ruleset)s)
and (%(portal)s::text is null or captures.portal_id = %(portal)s)
and (%(report)s::bigint is null or captures.report_id = %(report)s)
and (%(year)s::integer is null or reports.report_year = %(year)s);

-- take_again --
-- The next of them after a number, locked against other workers until the transaction ends; so
-- many that their bytes stay below a limit, and at least one.
with waiting as (
    select captures.*
    from captures
    left join reports on reports.id = captures.report_id
    where captures.id > %(after)s and ingested_at is not null
    and (%(ruleset)s::text is null or captures.ruleset is distinct from %(ruleset)s)
    and (%(portal)s::text is null or captures.portal_id = %(portal)s)
    and (%(report)s::bigint is null or captures.report_id = %(report)s)
    and (%(year)s::integer is null or reports.report_year = %(year)s)
    order by captures.id
    limit %(limit)s
    for update of captures skip locked
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

-- stored_readings --
-- What is stored of some captures: the verdict and its reason, the report, and of the version made
-- last of each, if it made one, everything under the names of a record.
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
    ) end as parts
from captures
left join rejects on rejects.capture_id = captures.id
left join lateral (
    select * from report_versions
    where report_versions.capture_id = captures.id
    order by version_number desc limit 1
) as version on true
where captures.id = any(%(capture_ids)s);
