-- What a content looks like: both definitions of its PDQ hash, or why it has none. A content found
-- before there were hashes has no row and is recognised by its bytes alone.
create table likeness (
  content_id   text  primary key references content (id),
  pdq          {bytes},                     -- 32 bytes, of all stored pixels
  pdq_512      {bytes},                     -- 32 bytes, of the picture reduced to 512 × 512
  quality      {int},                       -- 0 to 100
  not_hashable text                         -- even, or too small
) {strict};

-- Two contents that look alike, found when the later one was captured; written in both directions.
create table near (
  content_id    text  not null references content (id),
  like_id       text  not null references content (id),
  distance      {int} not null,             -- bits of 256
  turned        {int} not null,             -- 1: only when turned or mirrored
  rule          text  not null,             -- the rule that found it, and its version
  refused_at_ms {int},                      -- an analyst said that it is not the same
  primary key (content_id, like_id)
) {strict};
create index near_by_like on near (like_id);

-- Of a judgement that was not given by looking but confirmed for its likeness: from what.
alter table judgement add column from_content text references content (id);
create index judgement_from on judgement (from_content) where from_content is not null;
