-- Who was told and still shows it is told again.
alter table takedown add column reminders {int} not null default 0; -- reminders since its provider was told
alter table takedown add column last_told_at_ms {int};              -- told, or reminded, last
update takedown set last_told_at_ms = told_at_ms where stage = 'told';
create index takedown_to_remind on takedown (last_told_at_ms) where stage = 'told';
alter table notice add column kind text not null default 'first';   -- first, reminder
