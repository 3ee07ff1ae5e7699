-- What is noticed of a source that falls silent, and what of it is told to whom.

alter table crawl_runs add column families text[] not null default '{}';
comment on column crawl_runs.families is 'Content systems its listings were recognised as; empty where no listing was read.';

-- What happened of late is asked for at every look at the metrics.
create index captures_fetched on captures (fetched_at desc);

create table alerts (
    id bigint generated always as identity primary key,
    portal_id text not null references portals,
    rule text not null,
    subject text not null,
    severity text not null check (severity in ('warning', 'notice')),
    summary text not null,
    evidence jsonb not null,
    opened_at timestamptz not null,
    last_seen_at timestamptz not null,
    resolved_at timestamptz,
    resolution text,
    acknowledged_at timestamptz,
    acknowledgement text,
    check ((resolved_at is null) = (resolution is null)),
    check ((acknowledged_at is null) = (acknowledgement is null))
);
create unique index alerts_open on alerts (portal_id, rule, subject) where resolved_at is null;
create index alerts_opened on alerts (opened_at desc);

comment on table alerts is 'Sources that fell silent, each with the evidence: one row from when it was noticed until it ended.';
comment on column alerts.id is 'Number of the alert.';
comment on column alerts.portal_id is 'Portal it is about.';
comment on column alerts.rule is 'Rule that found it, a table of seeds/watch.toml.';
comment on column alerts.subject is 'What at the portal it is about: a report year, the address of a column; empty for the portal itself.';
comment on column alerts.severity is 'warning is sent to people, notice is only listed.';
comment on column alerts.summary is 'What is wrong, in one line.';
comment on column alerts.evidence is 'The runs, counts and dates that the rule judged by, when it was last found.';
comment on column alerts.opened_at is 'When it was noticed.';
comment on column alerts.last_seen_at is 'When it was last found to be so.';
comment on column alerts.resolved_at is 'When it was found to be so no longer; null while it lasts.';
comment on column alerts.resolution is 'How it ended.';
comment on column alerts.acknowledged_at is 'When an operator said that they know; null until then.';
comment on column alerts.acknowledgement is 'What the operator said.';

create table alert_mutes (
    portal_id text not null references portals,
    rule text not null,
    reason text not null,
    muted_at timestamptz not null,
    muted_until timestamptz,
    primary key (portal_id, rule)
);

comment on table alert_mutes is 'What operators want to hear no more of; it is still noticed and listed.';
comment on column alert_mutes.portal_id is 'Portal it is about.';
comment on column alert_mutes.rule is 'Rule it is about.';
comment on column alert_mutes.reason is 'Why, in the operator''s words.';
comment on column alert_mutes.muted_at is 'Since when.';
comment on column alert_mutes.muted_until is 'Until when; null for good.';

create table alert_messages (
    id bigint generated always as identity primary key,
    channel text not null,
    content jsonb not null,
    created_at timestamptz not null,
    attempts integer not null default 0,
    next_attempt_at timestamptz not null,
    last_error text,
    delivered_at timestamptz
);
create index alert_messages_waiting on alert_messages (next_attempt_at) where delivered_at is null;

comment on table alert_messages is 'What is told about alerts: written together with the alerts, and kept until it is delivered.';
comment on column alert_messages.id is 'Number of the message; receivers are told it, so that they know one that comes twice.';
comment on column alert_messages.channel is 'log, webhook or mail.';
comment on column alert_messages.content is 'The alerts that opened and ended, as they were then.';
comment on column alert_messages.created_at is 'When it was written.';
comment on column alert_messages.attempts is 'How often it was tried.';
comment on column alert_messages.next_attempt_at is 'When it is tried next; later after each failure.';
comment on column alert_messages.last_error is 'Why the last attempt failed.';
comment on column alert_messages.delivered_at is 'When the receiver took it; null until then.';

grant select on alerts, alert_mutes to fazhi_reader;
grant select, insert, update, delete on alerts, alert_mutes, alert_messages to fazhi_service;
