-- visits_of_portals --
-- The latest finished visits of each crawled portal, newest first, without those that ended by our
-- own fault. With a moment, only of portals that were visited since.
select portals.id, portals.name, portals.level,
       visit.id, visit.started_at, visit.state, visit.reason, visit.entries, visit.articles,
       visit.families,
       exists (select from fetch_failures where run_id = visit.id and reason = 'challenge'),
       array(select distinct url from fetch_failures
              where run_id = visit.id and reason = 'column_moved' order by url)
  from portals
  left join lateral (
       select *
         from crawl_runs
        where portal_id = portals.id
          and state <> 'running'
          and not coalesce(reason, '') = any(%(our_own)s)
        order by started_at desc, id desc
        limit %(most)s
  ) as visit on true
 where in_registry and not_crawled is null
   and (%(since)s::timestamptz is null or portals.id in (
       select portal_id from crawl_runs
        where started_at > %(since)s::timestamptz - interval '1 day' and finished_at > %(since)s))
 order by portals.id, visit.started_at desc, visit.id desc;

-- reports_of_portals --
-- For each portal, kind and year reported on, the earliest day that a report was published.
select portal_id, kind, report_year, min(coalesce(published_at, first_seen_at::date))
  from reports
 where portal_id is not null and report_year >= %(first_year)s
   and (%(since)s::timestamptz is null or portal_id in (
       select portal_id from crawl_runs
        where started_at > %(since)s::timestamptz - interval '1 day' and finished_at > %(since)s))
 group by 1, 2, 3;

-- take_turn --
-- Whether this transaction is the only one that watches now.
select pg_try_advisory_xact_lock(%(key)s);

-- open_alerts --
-- Alerts that last.
select alerts.id, portal_id, portals.name, rule, subject, severity, summary, evidence, opened_at
  from alerts
  join portals on portals.id = portal_id
 where resolved_at is null
 order by alerts.id;

-- mutes --
-- What operators want to hear no more of, now.
select portal_id, rule from alert_mutes where muted_until is null or muted_until > %(now)s;

-- withdrawn_alerts --
-- Alerts that last about portals that are not crawled any more.
select alerts.id, alerts.portal_id
  from alerts
  join portals on portals.id = alerts.portal_id
 where resolved_at is null
   and not (in_registry and not_crawled is null);

-- open_alert --
-- A new alert, unless there is one that lasts.
insert into alerts (portal_id, rule, subject, severity, summary, evidence, opened_at, last_seen_at)
values (%(portal_id)s, %(rule)s, %(subject)s, %(severity)s, %(summary)s, %(evidence)s::jsonb, %(now)s, %(now)s)
on conflict (portal_id, rule, subject) where resolved_at is null do nothing
returning id;

-- see_alert --
-- An alert was found to be so again.
update alerts
   set last_seen_at = %(now)s, severity = %(severity)s, summary = %(summary)s, evidence = %(evidence)s::jsonb
 where id = %(id)s;

-- resolve_alert --
-- An alert has ended.
update alerts
   set resolved_at = %(now)s, resolution = %(resolution)s
 where id = %(id)s and resolved_at is null;

-- write_message --
-- A message to be delivered.
insert into alert_messages (channel, content, created_at, next_attempt_at)
values (%(channel)s, %(content)s::jsonb, %(now)s, %(now)s);

-- claim_message --
-- Take the next message that is due for an attempt, and keep others from it for a while.
update alert_messages
   set attempts = attempts + 1,
       next_attempt_at = %(now)s + least(interval '1 minute' * power(2, least(attempts, 12)), interval '6 hours')
 where id = (
       select id
         from alert_messages
        where delivered_at is null and next_attempt_at <= %(now)s and channel = any(%(channels)s)
        order by next_attempt_at, id
        limit 1
          for update skip locked)
returning id, channel, content, created_at, attempts;

-- delivered --
-- The receiver has taken a message.
update alert_messages set delivered_at = %(now)s, last_error = null where id = %(id)s;

-- not_delivered --
-- An attempt failed.
update alert_messages set last_error = %(error)s where id = %(id)s;

-- forget_messages --
-- Messages that were delivered long ago.
delete from alert_messages where delivered_at < %(now)s - interval '400 days';

-- list_alerts --
-- Alerts, those that last first, then the newest.
select alerts.id, alerts.portal_id, portals.name, alerts.rule, alerts.subject, alerts.severity,
       alerts.summary, alerts.evidence, alerts.opened_at, alerts.last_seen_at, alerts.resolved_at,
       alerts.resolution, alerts.acknowledged_at, alerts.acknowledgement, mute.reason,
       mute.muted_until
  from alerts
  join portals on portals.id = alerts.portal_id
  left join alert_mutes as mute
    on mute.portal_id = alerts.portal_id and mute.rule = alerts.rule
   and (mute.muted_until is null or mute.muted_until > %(now)s)
 where (%(id)s::bigint is null or alerts.id = %(id)s)
   and (%(ended)s or alerts.resolved_at is null)
   and (%(portal_id)s::text is null or alerts.portal_id = %(portal_id)s)
   and (%(rule)s::text is null or alerts.rule = %(rule)s)
   and (%(severity)s::text is null or alerts.severity = %(severity)s)
 order by alerts.resolved_at is not null, alerts.opened_at desc, alerts.id desc
 limit %(limit)s;

-- acknowledge --
-- An operator knows.
update alerts
   set acknowledged_at = %(now)s, acknowledgement = %(reason)s
 where id = %(id)s;

-- mute --
-- An operator wants to hear no more of this.
insert into alert_mutes (portal_id, rule, reason, muted_at, muted_until)
values (%(portal_id)s, %(rule)s, %(reason)s, %(now)s, %(until)s)
on conflict (portal_id, rule) do update
   set reason = excluded.reason, muted_at = excluded.muted_at, muted_until = excluded.muted_until;

-- unmute --
-- An operator wants to hear of it again.
delete from alert_mutes where portal_id = %(portal_id)s and rule = %(rule)s returning rule;
