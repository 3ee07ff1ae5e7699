-- bodies_of --
-- The bodies whose reports some captures were understood as. A department is named by its issuer;
-- a government is its division's, however its name is written.
select distinct
    reports.kind, reports.adcode, reports.region_name,
    case when not by_government then issuer end as department
from captures
join reports on reports.id = captures.report_id
where captures.id = any(%(capture_ids)s) and reports.adcode is not null
and (by_government or issuer is not null);

-- hold_bodies --
-- Wait for other workers at the same bodies, in the order of the keys.
select pg_advisory_xact_lock(key) from unnest(%(keys)s::bigint[]) as key;

-- yearly_values --
-- All current values of one body, with what marks them now.
select
    found.version_id, found.position, report_year, code, subtype, period, unit,
    found.value::float8, implausible is null as sound, jump
from reports
join indicator_values as found on found.version_id = reports.current_version_id
where reports.kind = %(kind)s and adcode = %(adcode)s and region_name = %(name)s
and report_year is not null
and case when %(department)s::text is null then by_government
    else not by_government and issuer = %(department)s end;

-- mark_jumps --
-- Say of some values why they jump, or that they do not.
update indicator_values as found set jump = marked.reason
from unnest(%(versions)s::bigint[], %(positions)s::integer[], %(reasons)s::text[])
    as marked (version_id, position, reason)
where found.version_id = marked.version_id and found.position = marked.position;
