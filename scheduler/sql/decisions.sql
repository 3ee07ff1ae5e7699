-- list_decisions --
-- What an operator decided about the calendar, the narrowest and newest first; all there ever was,
-- or what is in force.
select
    id, what, portal_id, level, cron, first_day, last_day, reason, decided_by, decided_at,
    ended_by, ended_at, end_reason
from schedule_decisions
where %(all)s or ended_at is null
order by (portal_id is null)::integer + (portal_id is null and level is null)::integer, id desc;

-- end_decisions --
-- End what is in force for a portal, a level or all; how many there were.
update schedule_decisions
set ended_by = %(by)s, ended_at = %(now)s, end_reason = %(reason)s
where ended_at is null
and what = %(what)s
and portal_id is not distinct from %(portal)s
and level is not distinct from %(level)s
and (%(any_season)s or first_day is not distinct from %(first_day)s)
returning id;

-- decide --
-- A new decision.
insert into schedule_decisions (
    what, portal_id, level, cron, first_day, last_day, reason, decided_by, decided_at
)
values (
    %(what)s, %(portal)s, %(level)s, %(cron)s, %(first_day)s, %(last_day)s, %(reason)s, %(by)s, %(now)s
)
returning id;
