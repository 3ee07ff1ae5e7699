-- running --
-- Runs under way, the longest first.
select id, portal_id, cause, started_at
  from crawl_runs
 where state = 'running'
 order by started_at
 limit %(limit)s;

-- ended --
-- The runs that ended last.
select id, portal_id, cause, state, coalesce(detail, reason), finished_at
  from crawl_runs
 where finished_at is not null and started_at > %(now)s - interval '7 days'
 order by finished_at desc
 limit %(limit)s;

-- alerts --
-- Warnings that last and that nobody has muted or acknowledged, the newest first.
select alerts.id, alerts.portal_id, alerts.rule, alerts.summary, alerts.opened_at
  from alerts
 where resolved_at is null and severity = 'warning' and acknowledged_at is null
   and not exists (select from alert_mutes as mute
                    where mute.portal_id = alerts.portal_id and mute.rule = alerts.rule
                      and (muted_until is null or muted_until > %(now)s))
 order by opened_at desc, id desc
 limit %(limit)s;
