-- The ledger: what everybody did, hash-chained; the source of audit and of figures. It holds ids
-- and facts, never an address, a word of a sender or a hash of material.
create table ledger (
  seq     {int} primary key,          -- from 1, without gaps
  at_ms   {int} not null,             -- when it happened, ms since 1970 UTC
  actor   text  not null,             -- staff id, worker:<name> or operator
  kind    text  not null,             -- which fact
  subject text  not null,             -- to which thing
  reason  text,                       -- why, where a reason is due
  detail  text  not null,             -- the fact as JSON
  hash    {bytes} not null            -- SHA-256 over the hash before and this line
) {strict};
create index ledger_by_kind on ledger (kind, at_ms);
create index ledger_by_subject on ledger (subject, seq);

-- One row that every writer must take before it appends, so that the chain has one order.
create table ledger_head (
  one  {int} primary key check (one = 1),
  seq  {int} not null,
  hash {bytes} not null
) {strict};
insert into ledger_head (one, seq, hash) values (1, 0, {genesis});
