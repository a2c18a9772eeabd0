-- Hash lists at work: our own list, what matched because of a list, and what a file did to one.
alter table hash_list add column own {int} not null default 0;          -- 1: our own
create unique index hash_list_one_own on hash_list (own) where own = 1;

alter table hash_import add column lines {int} not null default 0;      -- rows of the file
alter table hash_import add column changed {int} not null default 0;    -- entries new or altered
alter table hash_import add column withdrawn {int} not null default 0;  -- entries taken back
alter table hash_import add column remembered {int} not null default 0; -- taken back before they were there
alter table hash_import add column kept {int} not null default 0;       -- named again, and still taken back

-- The first rows of a file that could not be read.
create table hash_refused (
  list_no     {int} not null references hash_list (no),
  file_digest {bytes} not null,
  line        {int} not null,
  why         text  not null,
  primary key (list_no, file_digest, line)
) {strict};

-- Which entries of our own list stand because of which content: two contents may share one.
create table own_hash (
  content_id text  not null references content (id),
  entry      {int} not null references hash_entry (entry),
  primary key (content_id, entry)
) {strict};
create index own_hash_by_entry on own_hash (entry);

-- A content that was on a list when it was captured. It is never a verdict.
create table list_match (
  content_id text  not null references content (id),
  entry      {int} not null references hash_entry (entry),
  kind       text  not null,               -- by which of its hashes
  distance   {int} not null,               -- bits of 256; 0 for the same bytes
  turned     {int} not null,               -- 1: only when turned or mirrored
  category   text  not null,               -- what the list said then
  at_ms      {int} not null,
  primary key (content_id, entry)
) {strict};
create index list_match_by_entry on list_match (entry);
create index list_match_by_time on list_match (at_ms);
