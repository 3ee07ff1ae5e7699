-- Coverage to take home.

create view cited_coverage as
select
    covered.kind, covered.body, level, covered.adcode, array_to_string(path, ' / ') as region_path,
    covered.portal_id, year as report_year, covered.status, days_late, due_on, covered.published_at,
    first_seen_on, covered.report_id, covered.url, covered.capture_id, captures.sha256,
    version.captured_at, covered.run_id, run_reason, run_at, challenge_capture_id, detail,
    known_from, law, now() as changed_at,
    case when covered.report_id is not null then
        cite(reports.issuer, reports.title, covered.published_at, covered.url, covered.report_id,
            version.version_number, captures.sha256, version.captured_at)
    end as citation
from coverage as covered
left join reports on reports.id = covered.report_id
left join report_versions as version on version.id = reports.current_version_id
left join captures on captures.id = version.capture_id;

comment on view cited_coverage is 'Who owed a report for which year, and what became of it, with a citation of the report.';
comment on column cited_coverage.kind is 'Kind of yearly report.';
comment on column cited_coverage.body is 'Body that owed it.';
comment on column cited_coverage.level is 'national, province, prefecture, county, township, department or functional_zone.';
comment on column cited_coverage.adcode is 'Code of its division.';
comment on column cited_coverage.region_path is 'Names from the province down, joined by slashes.';
comment on column cited_coverage.portal_id is 'Its portal.';
comment on column cited_coverage.report_year is 'Year to be reported on.';
comment on column cited_coverage.status is 'on_time; late; undated (there, but first seen after the deadline on a page without a date); removed; not_found; blocked; unreachable; our_fault; not_yet_due.';
comment on column cited_coverage.days_late is 'Days between the deadline and the date on the page, for one that is late.';
comment on column cited_coverage.due_on is 'The deadline; a report of that day is in time.';
comment on column cited_coverage.published_at is 'Date of publication as the page shows it.';
comment on column cited_coverage.first_seen_on is 'Day (in China) on which we first saw it; publication is never dated by it.';
comment on column cited_coverage.report_id is 'The report.';
comment on column cited_coverage.url is 'Its address.';
comment on column cited_coverage.capture_id is 'Capture that proves it.';
comment on column cited_coverage.sha256 is 'Digest of the captured bytes.';
comment on column cited_coverage.captured_at is 'When those bytes were seen.';
comment on column cited_coverage.run_id is 'Last visit of the portal.';
comment on column cited_coverage.run_reason is 'How that visit ended.';
comment on column cited_coverage.run_at is 'When it began.';
comment on column cited_coverage.challenge_capture_id is 'Capture of the challenge that blocked it.';
comment on column cited_coverage.detail is 'What else explains the status.';
comment on column cited_coverage.known_from is 'registry, or reports for a body known by what it published.';
comment on column cited_coverage.law is 'The rule that sets the deadline.';
comment on column cited_coverage.changed_at is 'The moment of the export: a status is judged anew each time.';
comment on column cited_coverage.citation is 'How to cite the report.';

grant select on cited_coverage to fazhi_reader, fazhi_service;
