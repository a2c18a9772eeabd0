-- What a visit saw, in a form that stands without us. All of it is sealed under the key of the address
-- and goes with it; pictures are not in it but under their contents' own keys.
create table evidence (
  id             text  primary key references visit (id),
  address_id     text  not null references address (id),
  manifest       {bytes} not null,          -- sealed: the signed manifest
  digest         {bytes} not null,          -- SHA-256 of the manifest, which holds 128 random bits
  records        text  not null,            -- object name; WARC records without their payloads
  pieces         text,                      -- object name; documents, style sheets, scripts
  stamp          {bytes},                   -- RFC 3161 token over the digest
  stamped_at_ms  {int},                     -- the time it says
  stamp_wanted   {int} not null,            -- 1: it waits for a time stamp
  made_at_ms     {int} not null,
  lease_until_ms {int} not null,
  lease_token    {int} not null,
  attempts       {int} not null,
  not_before_ms  {int} not null
) {strict};
create index evidence_by_address on evidence (address_id);
create index evidence_to_stamp on evidence (not_before_ms) where stamp_wanted = 1;
-- Pieces of pages that are still there, oldest first: the work of retention.
create index evidence_with_pieces on evidence (made_at_ms) where pieces is not null;
