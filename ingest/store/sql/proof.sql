-- citation --
-- What a citation of a report names, of one version or of the current one.
select
    reports.id, version_number, version.fields ->> 'issuer', version.fields ->> 'title',
    (version.fields ->> 'report_year')::integer,
    left(version.fields ->> 'published_at', 10)::date,
    captures.url, captures.sha256, version.captured_at,
    cite(
        version.fields ->> 'issuer', version.fields ->> 'title',
        left(version.fields ->> 'published_at', 10)::date, captures.url, reports.id,
        version_number, captures.sha256, version.captured_at
    )
from reports
join report_versions as version on version.report_id = reports.id
join captures on captures.id = version.capture_id
where reports.id = %(report)s
and case when %(version)s::numeric is null then version.id = reports.current_version_id
    else version_number = %(version)s end;

-- reports_after --
-- Numbers of reports above one, in order.
select id from reports
where id > %(after)s and current_version_id is not null
order by id limit %(limit)s;

-- known_reports --
-- Those of some numbers that are reports.
select id from reports where id = any(%(reports)s);

-- proofs --
-- The captures that made versions of some reports, each with the version it made last.
select distinct on (version.report_id, captures.id)
    version.report_id, version.version_number, version.ruleset, version.extraction_sha256,
    captures.sha256, captures.id,
    captures.url, requested_url, status, headers, content.body, fetched_at, captures.portal_id,
    run_id, listing_url, entry_title, entry_date, file_name
from report_versions as version
join captures on captures.id = version.capture_id
left join capture_contents as content on content.sha256 = captures.sha256
where version.report_id = any(%(reports)s)
order by version.report_id, captures.id, version.version_number desc;

-- shown_otherwise --
-- Columns of some reports that do not show what their current version says.
select reports.id, version_number, captures.id, captures.sha256, column_name, shown, said
from reports
join report_versions as version on version.id = reports.current_version_id
join captures on captures.id = version.capture_id
cross join lateral (values
    ('title', reports.title, fields ->> 'title'),
    ('report_year', reports.report_year::text, fields ->> 'report_year'),
    ('issuer', reports.issuer, fields ->> 'issuer'),
    ('adcode', reports.adcode, fields -> 'region' ->> 'adcode'),
    ('region_name', reports.region_name, fields -> 'region' ->> 'name'),
    ('published_at', reports.published_at::text, left(fields ->> 'published_at', 10)),
    ('signed_on', reports.signed_on::text, fields ->> 'signed_on'),
    ('document_number', reports.document_number, fields ->> 'document_number'),
    ('index_number', reports.index_number, fields ->> 'index_number'),
    ('addressee', reports.addressee, fields ->> 'addressee'),
    ('source', reports.source, fields ->> 'source'),
    ('site_code', reports.site_code, fields ->> 'site_code'),
    ('icp', reports.icp, fields ->> 'icp'),
    ('url', reports.url, captures.url)
) as column_of (column_name, shown, said)
where reports.id = any(%(reports)s) and shown is distinct from said
order by reports.id, column_name;
