-- Providers that may ask whether a hash is on a list. Only a keyed digest of the key is kept.
create table check_client (
  id            text  primary key,
  name          text  not null unique,      -- the provider, as its people and ours call it
  key_digest    {bytes} not null unique,    -- HMAC-SHA256 of the key, under a key of the hotline
  per_minute    {int} not null,             -- hashes
  per_day       {int} not null,             -- hashes
  made_at_ms    {int} not null,
  revoked_at_ms {int},
  revision      {int} not null
) {strict};

-- How many hashes were asked on one day, never which.
create table check_count (
  client_id   text  not null references check_client (id),
  day         {int} not null,               -- days since 1970 began, UTC
  checks      {int} not null,               -- hashes that were compared with the lists
  matches     {int} not null,               -- of these, how many are on one
  not_checked {int} not null,               -- hashes of too low a quality to be compared
  closed      {int} not null,               -- 1: stands in the ledger, nothing is added any more
  primary key (client_id, day)
) {strict};
create index check_count_open on check_count (day) where closed = 0;

-- An unusual way of asking, for a person to look at; never a hash.
create table check_alarm (
  client_id    text  not null references check_client (id),
  kind         text  not null,
  raised_at_ms {int} not null,
  primary key (client_id, kind, raised_at_ms)
) {strict};
