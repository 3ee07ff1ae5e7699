-- What people take home: every row with what it takes to cite it. `fazhi export` writes these views,
-- and their comments are its data dictionary. (Chinese is escaped: see 0030.)

create function cite(
    issuer text, title text, published_at date, url text, report_id bigint, version_number integer,
    sha256 text, captured_at timestamptz
) returns text language sql stable parallel safe as $$
    select concat_ws(
        '. ',
        issuer,
        coalesce(title, '[untitled]'),
        published_at::text,
        url,
        format(
            'fazhi report %s, version %s, captured %s, sha256 %s',
            report_id, version_number,
            to_char(captured_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), sha256
        )
    )
$$;
comment on function cite is 'How to cite a version of a report: who, what, when, where, and the capture that proves it.';

create view cited_reports as
select
    reports.id as report_id, version.id as version_id, reports.kind, title, report_year, issuer, by_government, adcode,
    region_name, region_level, region_zone, array_to_string(region_path, ' / ') as region_path,
    published_at, signed_on, document_number, index_number, subject, addressee, source, disclosure,
    site_code, icp, reports.portal_id, reports.url, first_seen_at, version_number,
    version.ruleset, captures.sha256, version.captured_at, version.extracted_at as changed_at,
    cite(issuer, title, published_at, reports.url, reports.id, version_number, captures.sha256,
        version.captured_at) as citation,
    length(version.body) as body_characters, version.body
from reports
join report_versions as version on version.id = reports.current_version_id
join captures on captures.id = version.capture_id;

comment on view cited_reports is 'Reports, one row each: fields and body of the current version, with a citation.';
comment on column cited_reports.report_id is 'Number of the report.';
comment on column cited_reports.version_id is 'Number of its current version, which the row shows.';
comment on column cited_reports.kind is 'Kind of yearly report.';
comment on column cited_reports.title is 'The document''s own title, as printed.';
comment on column cited_reports.report_year is 'Year reported on.';
comment on column cited_reports.issuer is 'Body in whose name it reports.';
comment on column cited_reports.by_government is 'True where the issuer is a government itself, not one of its departments.';
comment on column cited_reports.adcode is 'Code of the division (GB/T 2260); for a functional zone its parent''s.';
comment on column cited_reports.region_name is 'Name of the division or zone.';
comment on column cited_reports.region_level is 'national, province, prefecture, county, township or functional_zone.';
comment on column cited_reports.region_zone is 'True for a functional zone.';
comment on column cited_reports.region_path is 'Names from the province down, joined by slashes.';
comment on column cited_reports.published_at is 'Date of publication as the page shows it.';
comment on column cited_reports.signed_on is 'Date of the signature.';
comment on column cited_reports.document_number is 'Document number as printed.';
comment on column cited_reports.index_number is 'Index number as printed.';
comment on column cited_reports.subject is 'Subject class as printed.';
comment on column cited_reports.addressee is 'Body it is addressed to.';
comment on column cited_reports.source is 'Source as printed.';
comment on column cited_reports.disclosure is 'Note on disclosure as printed.';
comment on column cited_reports.site_code is 'Site identification code of the page.';
comment on column cited_reports.icp is 'ICP number of the page.';
comment on column cited_reports.portal_id is 'Portal it was found on; null for a file.';
comment on column cited_reports.url is 'Its address; null for a file.';
comment on column cited_reports.first_seen_at is 'When it was first fetched.';
comment on column cited_reports.version_number is 'Which version of the report this is.';
comment on column cited_reports.ruleset is 'Version of the rules that extracted it.';
comment on column cited_reports.sha256 is 'Digest of the captured bytes.';
comment on column cited_reports.captured_at is 'When those bytes were last seen before the version was stored.';
comment on column cited_reports.changed_at is 'When this row last changed, which an export since a moment compares.';
comment on column cited_reports.citation is 'How to cite it.';
comment on column cited_reports.body_characters is 'Length of the body in characters.';
comment on column cited_reports.body is 'The text, paragraphs joined by newlines.';

create view cited_sections as
select
    report_id, cited.kind, report_year, issuer, adcode, region_name, region_path, position, level, number, heading, role,
    start_offset, end_offset, substr(body, start_offset + 1, end_offset - start_offset) as text,
    url, version_number, sha256, captured_at, changed_at, citation
from cited_reports as cited
join sections using (version_id);

comment on view cited_sections is 'Numbered parts of the current versions, each with its text and a citation.';
comment on column cited_sections.report_id is 'Report it is a part of.';
comment on column cited_sections.kind is 'Kind of yearly report.';
comment on column cited_sections.report_year is 'Year reported on.';
comment on column cited_sections.issuer is 'Body in whose name it reports.';
comment on column cited_sections.adcode is 'Code of the division.';
comment on column cited_sections.region_name is 'Name of the division or zone.';
comment on column cited_sections.region_path is 'Names from the province down, joined by slashes.';
comment on column cited_sections.position is '1, 2, 3 in the order of the body.';
comment on column cited_sections.level is '1 for the highest rank of numbering.';
comment on column cited_sections.number is 'Number as printed.';
comment on column cited_sections.heading is 'Heading as printed, without the number.';
comment on column cited_sections.role is 'achievements, problems, plan or null.';
comment on column cited_sections.start_offset is 'First character in the body, counted from 0.';
comment on column cited_sections.end_offset is 'Character after the last one.';
comment on column cited_sections.text is 'The part''s text, heading and lower parts included.';
comment on column cited_sections.url is 'Address of the report.';
comment on column cited_sections.version_number is 'Version of the report.';
comment on column cited_sections.sha256 is 'Digest of the captured bytes.';
comment on column cited_sections.captured_at is 'When those bytes were seen.';
comment on column cited_sections.changed_at is 'When this row last changed, which an export since a moment compares.';
comment on column cited_sections.citation is 'How to cite the report.';

create view cited_figures as
select
    cited.report_id, cited.kind, report_year, issuer, adcode, region_name, region_path, position, value, value_to, unit, qualifier,
    figures.subject, evidence, start_offset, end_offset, rule, url, version_number, sha256,
    captured_at, changed_at, citation
from cited_reports as cited
join figures using (version_id);

comment on view cited_figures is 'Every number with a unit in the current versions, with the words that prove it and a citation.';
comment on column cited_figures.report_id is 'Report it stands in.';
comment on column cited_figures.kind is 'Kind of yearly report.';
comment on column cited_figures.report_year is 'Year reported on.';
comment on column cited_figures.issuer is 'Body in whose name it reports.';
comment on column cited_figures.adcode is 'Code of the division.';
comment on column cited_figures.region_name is 'Name of the division or zone.';
comment on column cited_figures.region_path is 'Names from the province down, joined by slashes.';
comment on column cited_figures.position is '1, 2, 3 in the order of the body.';
comment on column cited_figures.value is 'The number; of a range its lower end.';
comment on column cited_figures.value_to is 'Upper end of a range.';
comment on column cited_figures.unit is 'Unit as printed.';
comment on column cited_figures.qualifier is 'Printed qualifier (more than, about ...), if any.';
comment on column cited_figures.subject is 'What the number is said of.';
comment on column cited_figures.evidence is 'The run of the body that says it.';
comment on column cited_figures.start_offset is 'First character of the evidence in the body, counted from 0.';
comment on column cited_figures.end_offset is 'Character after the last one.';
comment on column cited_figures.rule is 'Rule that read it.';
comment on column cited_figures.url is 'Address of the report.';
comment on column cited_figures.version_number is 'Version of the report.';
comment on column cited_figures.sha256 is 'Digest of the captured bytes.';
comment on column cited_figures.captured_at is 'When those bytes were seen.';
comment on column cited_figures.changed_at is 'When this row last changed, which an export since a moment compares.';
comment on column cited_figures.citation is 'How to cite the report.';

create view cited_indicators as
select
    cited.report_id, cited.kind, report_year, issuer, by_government, adcode, region_name, region_level,
    region_path, position, code,
    value, unit, qualifier, period, subtype, doubtful, evidence, start_offset, end_offset, rule,
    url, version_number, sha256, captured_at, changed_at, citation
from cited_reports as cited
join indicator_values as found using (version_id);


comment on view cited_indicators is 'Every value of a canonical indicator in the current versions, with the words that prove it and a citation.';
comment on column cited_indicators.report_id is 'Report it stands in.';
comment on column cited_indicators.kind is 'Kind of yearly report.';
comment on column cited_indicators.report_year is 'Year reported on.';
comment on column cited_indicators.issuer is 'Body in whose name it reports.';
comment on column cited_indicators.by_government is 'True where the issuer is a government itself, not one of its departments.';
comment on column cited_indicators.adcode is 'Code of the division; for a functional zone its parent''s.';
comment on column cited_indicators.region_name is 'Name of the division or zone.';
comment on column cited_indicators.region_level is 'national, province, prefecture, county, township or functional_zone.';
comment on column cited_indicators.region_path is 'Names from the province down, joined by slashes.';
comment on column cited_indicators.position is '1, 2, 3 in the order of the record.';
comment on column cited_indicators.code is 'Indicator, as in indicators.';
comment on column cited_indicators.value is 'The value as stated; never corrected.';
comment on column cited_indicators.unit is 'Unit as printed.';
comment on column cited_indicators.qualifier is 'Word that blurs it (more than, about), as printed.';
comment on column cited_indicators.period is 'this_year, cumulative, cumulative_to_date, months:N, years:N or event.';
comment on column cited_indicators.subtype is 'What narrows the indicator; null for the indicator itself.';
comment on column cited_indicators.doubtful is 'Why the value is not plausible; null when it is.';
comment on column cited_indicators.evidence is 'The run of the body that states it.';
comment on column cited_indicators.start_offset is 'First character of the evidence in the body, counted from 0.';
comment on column cited_indicators.end_offset is 'Character after the last one.';
comment on column cited_indicators.rule is 'Rule that took it.';
comment on column cited_indicators.url is 'Address of the report.';
comment on column cited_indicators.version_number is 'Version of the report.';
comment on column cited_indicators.sha256 is 'Digest of the captured bytes.';
comment on column cited_indicators.captured_at is 'When those bytes were seen.';
comment on column cited_indicators.changed_at is 'When this row last changed, which an export since a moment compares.';
comment on column cited_indicators.citation is 'How to cite the report.';

create view cited_panel as
select
    panel.kind, panel.adcode, name as region_name, level as region_level,
    array_to_string(path, ' / ') as region_path, year as report_year, code, value, unit, qualifier,
    period, subtype, doubtful, panel.by_government, panel.issuer, values_found, values_differ,
    evidence, report_id, panel.url, version_number, sha256, captured_at, changed_at, citation
from indicator_panel as panel
join cited_reports as cited using (report_id);

comment on view cited_panel is 'Division x year x indicator (indicator_panel), each value with a citation.';
comment on column cited_panel.kind is 'Kind of yearly report.';
comment on column cited_panel.adcode is 'Code of the division; for a functional zone its parent''s.';
comment on column cited_panel.region_name is 'Name of the division or zone.';
comment on column cited_panel.region_level is 'national, province, prefecture, county, township or functional_zone.';
comment on column cited_panel.region_path is 'Names from the province down, joined by slashes.';
comment on column cited_panel.report_year is 'Year reported on.';
comment on column cited_panel.code is 'Indicator, as in indicators.';
comment on column cited_panel.value is 'The value as stated; never corrected.';
comment on column cited_panel.unit is 'Unit as printed.';
comment on column cited_panel.qualifier is 'Word that blurs it (more than, about), as printed.';
comment on column cited_panel.period is 'this_year, cumulative, cumulative_to_date, months:N, years:N or event.';
comment on column cited_panel.subtype is 'What narrows the indicator; null for the indicator itself.';
comment on column cited_panel.doubtful is 'Why the value is not plausible; null when it is.';
comment on column cited_panel.by_government is 'True where the issuer is a government itself, not one of its departments.';
comment on column cited_panel.issuer is 'Body in whose name it reports.';
comment on column cited_panel.values_found is 'How many values of this indicator were found for this division and year, this one included.';
comment on column cited_panel.values_differ is 'True where others of the same subtype and period are not equal.';
comment on column cited_panel.evidence is 'The run of the body that states it.';
comment on column cited_panel.report_id is 'Report it stands in.';
comment on column cited_panel.url is 'Address of the report.';
comment on column cited_panel.version_number is 'Version of the report.';
comment on column cited_panel.sha256 is 'Digest of the captured bytes.';
comment on column cited_panel.captured_at is 'When those bytes were seen.';
comment on column cited_panel.changed_at is 'When this row last changed, which an export since a moment compares.';
comment on column cited_panel.citation is 'How to cite the report.';

grant select on cited_reports, cited_sections, cited_figures, cited_indicators, cited_panel
to fazhi_reader, fazhi_service;
