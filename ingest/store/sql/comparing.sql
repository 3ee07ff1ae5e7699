-- take_due --
-- Some reports that wait, passing over those that another worker has taken.
delete from comparisons_due
where report_id in (
    select report_id from comparisons_due order by report_id limit %(limit)s for update skip locked
)
returning report_id;

-- unjudged_pairs --
-- Neighbouring versions in time of some reports, each with the one before it, the newest last.
with ordered as (
    select
        report_id, id, lag(id) over (
            partition by report_id order by captured_at, version_number
        ) as previous_id
    from report_versions
    where report_id = any(%(reports)s)
)
select previous_id, id from ordered where previous_id is not null order by report_id, id;

-- version_texts --
-- Bodies, fields, sections and attached files of two versions.
select
    id, coalesce(body, ''), fields, ruleset,
    (
        select coalesce(jsonb_agg(jsonb_build_array(
            level, number, heading, start_offset, end_offset
        ) order by position), '[]')
        from sections where version_id = report_versions.id
    ),
    array(select text from attachments where version_id = report_versions.id order by position)
from report_versions
where id = any(%(versions)s);

-- forget_changes --
-- Before the versions of some reports are judged anew.
delete from version_changes
where version_id in (select id from report_versions where report_id = any(%(reports)s));

-- insert_change --
-- What a pair of versions differs in.
insert into version_changes (
    version_id, previous_id, verdict, same_rules, fields_changed, sections_changed,
    paragraphs_changed, characters_added, characters_removed
) values (
    %(version_id)s, %(previous_id)s, %(verdict)s, %(same_rules)s, %(fields_changed)s,
    %(sections_changed)s, %(paragraphs_changed)s, %(characters_added)s, %(characters_removed)s
);

-- current_bodies --
-- What some reports say now.
select reports.id, version.id, coalesce(version.body, '')
from reports
join report_versions as version on version.id = current_version_id
where reports.id = any(%(reports)s)
order by reports.id;

-- forget_signatures --
-- Before some reports are compared anew with all others.
with gone_bands as (delete from report_bands where report_id = any(%(reports)s))
delete from paragraph_digests where report_id = any(%(reports)s);

-- forget_likenesses --
-- What some reports were copies of. Only after link_alone: else another worker that still compares
-- with what they said before would put it back.
delete from report_likenesses
where report_id = any(%(reports)s) or other_id = any(%(reports)s);

-- insert_bands --
-- The bands of a report, from 0.
insert into report_bands (band, digest, report_id)
select place - 1, digest, %(report_id)s
from unnest(%(bands)s::bigint[]) with ordinality as part (digest, place);

-- insert_paragraphs --
-- The paragraphs of a report.
insert into paragraph_digests (report_id, version_id, digest, start_offset, end_offset)
select %(report_id)s, %(version_id)s, digest, start_offset, end_offset
from unnest(%(digests)s::bigint[], %(starts)s::integer[], %(ends)s::integer[])
    as part (digest, start_offset, end_offset);

-- link_alone --
-- One at a time links reports, so that two that are stored at once find each other.
select pg_advisory_xact_lock(hashtext('fazhi comparing'));

-- candidates --
-- For each of some reports those of the same kind that share a band with it, those that share most
-- first, and their current version.
-- The bands are met first: the planner would rather join all reports of a kind.
with
met as materialized (
    select own.report_id, other.report_id as other_id, count(*) as bands
    from report_bands as own
    join report_bands as other on other.band = own.band and other.digest = own.digest
    where own.report_id = any(%(reports)s) and other.report_id <> own.report_id
    group by own.report_id, other.report_id
),
sharing as (
    select
        met.report_id, met.other_id, that.current_version_id,
        row_number() over (
            partition by met.report_id order by met.bands desc, met.other_id
        ) as place
    from met
    join reports as this on this.id = met.report_id
    join reports as that on that.id = met.other_id and that.kind = this.kind
)
select report_id, other_id, current_version_id
from sharing
where place <= %(limit)s
order by report_id, place;

-- insert_likeness --
-- Two reports that are one work.
insert into report_likenesses (report_id, other_id, similarity, containment)
values (
    least(%(one)s::bigint, %(other)s), greatest(%(one)s::bigint, %(other)s), %(similarity)s,
    %(containment)s
)
on conflict (report_id, other_id) do update set
    similarity = excluded.similarity, containment = excluded.containment;

-- all_due --
-- Let every report wait to be compared anew.
insert into comparisons_due (report_id)
select id from reports where current_version_id is not null
on conflict do nothing;

-- versions_of --
-- The versions of a report in the order of time: id, number, when captured, rules.
select id, version_number, captured_at, ruleset
from report_versions where report_id = %(report_id)s
order by captured_at, version_number;
