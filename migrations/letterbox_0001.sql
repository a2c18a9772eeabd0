-- The letterbox: its own database. The door may insert letters and look up an answer; it can read
-- neither letters nor answers, for it has no key to either.
create table letter (
  id               text  primary key,
  lookup           {bytes} not null unique, -- derived from the receipt; says nothing about it
  sealed           {bytes} not null,        -- to the hotline's public key
  digest           {bytes} not null,        -- keyed by the receipt: tells a repeat from a new letter
  received_hour_ms {int} not null,          -- start of the hour (IN-9)
  state            text  not null,          -- waiting, collected
  lease_until_ms   {int} not null,
  lease_token      {int} not null,
  attempts         {int} not null,
  not_before_ms    {int} not null
) {strict};
create index letter_work on letter (not_before_ms) where state = 'waiting';

-- The answer to a receipt, sealed to a key that only the receipt gives.
create table answer (
  lookup {bytes} primary key,
  sealed {bytes} not null                    -- of one size for every answer
) {strict};
