-- Stored captures read again by new rules, before anything is switched over: `fazhi reingest` notes
-- here what it wants read, all workers read it and note what differs, and only what was approved after
-- that is stored in the place of what is there.

create table rereadings (
    -- Without a foreign key, which would wait for whoever holds a capture.
    capture_id bigint primary key,
    run integer not null,
    ruleset text not null,
    state text not null default 'waiting'
        check (state in ('waiting', 'same', 'differs', 'broken')),
    approved boolean not null default false,
    differences jsonb,
    read_at timestamptz
);
create index rereadings_waiting on rereadings (capture_id) where state = 'waiting';
create index rereadings_approved on rereadings (state, capture_id) where approved;
create index rereadings_run on rereadings (run);
comment on table rereadings is 'Captures that are read again by new rules, and what that would change (fazhi reingest). A row goes when its reading has been switched over.';
comment on column rereadings.capture_id is 'Capture.';
comment on column rereadings.run is 'Number of the run of fazhi reingest that last asked for it.';
comment on column rereadings.ruleset is 'Version of the rules to read it by.';
comment on column rereadings.state is 'waiting to be read; same as stored; differs from it; or broken: it breaks the program, and what is stored stays.';
comment on column rereadings.approved is 'True where the reading is to be switched over.';
comment on column rereadings.differences is 'What the reading would change, by field and by indicator, with examples; null unless it differs.';
comment on column rereadings.read_at is 'When it was read again.';

grant select on rereadings to fazhi_reader;
grant select, insert, update, delete on rereadings to fazhi_service;
