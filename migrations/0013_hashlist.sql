-- Lists of known hashes, kept apart by source.
create table hash_list (
  no         {int} not null primary key,     -- from 1; what entries refer to, to be small
  id         text  not null unique,
  name       text  not null unique,          -- the source, as the administrator calls it
  enabled    {int} not null,                 -- 1: its entries match
  made_at_ms {int} not null
) {strict};

create table hash_entry (
  entry           {int} not null primary key,
  list_no         {int} not null references hash_list (no),
  kind            text  not null,            -- md5, sha1, sha256 or pdq
  digest          {bytes} not null,
  category        text  not null,            -- the source's own
  withdrawn_at_ms {int},                     -- the source took it back: it does not match
  changed         {int} not null,            -- the change that last touched it; for who reads what is new
  unique (list_no, kind, digest)
) {strict};
create index hash_entry_changed on hash_entry (changed, entry);

-- Hands out the numbers of changes and entries. Its row is locked until a change is durable, so that
-- changes become visible in the order of their numbers and no reader passes one by.
create table hash_change (
  one     {int} not null primary key,
  last    {int} not null,
  entries {int} not null
) {strict};
insert into hash_change (one, last, entries) values (1, 0, 0);

-- How far the reading of a file has come, so that it goes on where it was cut off.
create table hash_import (
  list_no     {int} not null references hash_list (no),
  file_digest {bytes} not null,              -- SHA-256 of how it is read and of the file
  reached     {int} not null,                -- rows that are settled
  refused     {int} not null,                -- of these, rows that could not be read
  done        {int} not null,                -- 1: read to its end
  at_ms       {int} not null,
  primary key (list_no, file_digest)
) {strict};
