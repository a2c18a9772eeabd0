-- Accounts of the people who work here, under pseudonyms.
create table account (
  id             text  primary key,
  name           text  not null unique,   -- the name used to sign in; a pseudonym is advised
  password       text  not null,          -- argon2id, PHC string
  second_factor  text  not null,          -- due, set, waived (honoured in the demonstration only)
  totp           {bytes},                 -- second factor, sealed; null until set
  totp_step      {int} not null,          -- last time step used, so that no code works twice
  roles          text  not null,          -- space separated
  language       text  not null,
  failures       {int} not null,          -- refused sign-ins in a row
  barred_until_ms {int} not null,         -- no sign-in before this moment
  change_by_ms   {int},                   -- the password was set by somebody else and lapses then; null: own
  made_at_ms     {int} not null,
  closed_at_ms   {int},
  revision       {int} not null
) {strict};

-- Only the hash of a session's token is kept: a stolen database opens no session.
create table session (
  token_hash   {bytes} primary key,
  account_id   text  not null references account (id),
  begun_at_ms  {int} not null,
  seen_at_ms   {int} not null,
  stage        text  not null,            -- password (second factor due), changing (own password due), full
  offered      {bytes}                    -- second factor shown but not yet confirmed, sealed
) {strict};
create index session_by_account on session (account_id);
