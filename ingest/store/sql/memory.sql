-- back_off --
-- The last back-off of a domain, also when it is over.
select domain, times, host, detail, since, until from back_offs where domain = %(domain)s;

-- list_back_offs --
-- Domains that are left alone now.
select domain, times, host, detail, since, until from back_offs where until > %(now)s
order by until, domain;

-- keep_away --
-- A back-off in the place of the domain's last. Of two that were found at once the longer one stays.
insert into back_offs (domain, times, host, detail, since, until)
values (%(domain)s, %(times)s, %(host)s, %(detail)s, %(since)s, %(until)s)
on conflict (domain) do update set
    times = greatest(back_offs.times, excluded.times),
    host = excluded.host,
    detail = excluded.detail,
    since = excluded.since,
    until = greatest(back_offs.until, excluded.until);

-- forgive --
-- Forget the back-off of a domain.
delete from back_offs where domain = %(domain)s;

-- spent --
-- Requests sent to a portal on a day.
select coalesce(sum(requests), 0)::integer from portal_days
where portal_id = %(portal_id)s and day = %(day)s;

-- spend --
-- Some more of them.
insert into portal_days (portal_id, day, requests)
values (%(portal_id)s, %(day)s, %(requests)s)
on conflict (portal_id, day) do update set
    requests = portal_days.requests + excluded.requests;

-- reserve --
-- The next place in the line for a machine: the seconds until then.
insert into machine_turns as turn (machine, next_at)
values (%(machine)s, clock_timestamp() + %(spacing)s * interval '1 second')
on conflict (machine) do update set
    next_at = greatest(turn.next_at, clock_timestamp()) + %(spacing)s * interval '1 second'
returning greatest(
    0, extract(epoch from next_at - clock_timestamp()) - %(spacing)s
)::double precision;

-- forget_days --
-- Days whose budget nobody asks for any more.
delete from portal_days where day < %(day)s;
