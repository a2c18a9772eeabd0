-- A report: one letter, opened. The sender's words are sealed under the report's own key.
create table report (
  id               text  primary key,
  letter_id        text  not null unique,   -- a letter becomes one report, however often it is opened
  number           text  not null unique,   -- short random number for people to say aloud
  channel          text  not null,
  origin           text  not null,
  language         text  not null,
  received_hour_ms {int} not null,          -- start of the hour, never more exact (IN-9)
  words            {bytes},                 -- sealed: what was said
  seen_where       {bytes},                 -- sealed: where it was seen
  reach            {bytes},                 -- sealed: how to reach the sender
  mailbox          {bytes},                 -- sealed: where the receipt's answer goes and its key
  state            text  not null,          -- waiting, held, closed
  held_by          text,
  held_until_ms    {int},
  outcome          text,
  note             {bytes},                 -- sealed: the analyst's note
  police_reason    text,
  closed_at_ms     {int},
  answer           text  not null,          -- what the receipt should say
  answered         text  not null,          -- what it says
  shredded_at_ms   {int},
  lease_until_ms   {int} not null,
  lease_token      {int} not null,
  attempts         {int} not null,
  not_before_ms    {int} not null,
  revision         {int} not null
) {strict};
create index report_queue on report (received_hour_ms, id) where state <> 'closed';
create index report_unanswered on report (not_before_ms) where answer <> answered;

-- One canonical web address. The blind index finds it again without storing it readably.
create table address (
  id            text  primary key,
  blind         {bytes} not null unique,    -- HMAC of the canonical form
  sealed        {bytes} not null,           -- the canonical form
  host_blind    {bytes} not null,           -- HMAC of the host
  state         text  not null,             -- open, closed
  first_hour_ms {int} not null,
  revision      {int} not null
) {strict};
create index address_by_host on address (host_blind);

-- Which report named which address, in which order.
create table sighting (
  report_id  text  not null references report (id),
  address_id text  not null references address (id),
  position   {int} not null,
  typed      {bytes},                       -- sealed under the report: as it was typed, when that differs
  primary key (report_id, address_id)
) {strict};
create index sighting_by_address on sighting (address_id);
