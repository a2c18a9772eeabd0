-- The order of visits: by when each is due, which is later for a look again than for a new address.
alter table visit add column wish text not null default 'first';        -- first, asked, again
alter table visit add column due_ms {int} not null default 0;
alter table visit add column looked_at_ms {int} not null default 0;     -- when the last attempt began
update visit set due_ms = wanted_at_ms;
create index visit_due on visit (due_ms, id) where state = 'wanted';
create index visit_not_captured on visit (ended_at_ms) where state = 'not-captured';
-- Which hosts are being asked, or were a moment ago.
create index visit_looked on visit (looked_at_ms);
create index visit_leased on visit (lease_until_ms);

-- Who takes a visit takes this row first, so that no two believe the same host to be free.
create table visit_gate (
  one  {int} primary key check (one = 1),
  turn {int} not null
) {strict};
insert into visit_gate (one, turn) values (1, 0);
