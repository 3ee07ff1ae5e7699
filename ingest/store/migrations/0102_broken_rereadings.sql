-- Why a capture could not be read again, for the report of the run.

alter table rereadings add column reason text;
comment on column rereadings.reason is 'Why it is broken: the error, or that workers ended while reading it; null otherwise.';
