-- How much is on each list, kept in the transaction that changes it: counting ten million entries for a
-- page takes seconds.
alter table hash_list add column entries {int} not null default 0;    -- entries that match
alter table hash_list add column withdrawn {int} not null default 0;  -- entries that were taken back
update hash_list set
  entries = (select count(*) from hash_entry e
      where e.list_no = hash_list.no and e.withdrawn_at_ms is null),
  withdrawn = (select count(*) from hash_entry e
      where e.list_no = hash_list.no and e.withdrawn_at_ms is not null);
