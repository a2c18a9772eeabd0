-- What providers say, on the page they reach by a signed link, about items they were told of.
create table response (
  id             text  primary key,
  takedown_id    text  not null references takedown (id),
  contact_id     text  not null references contact (id),
  kind           text  not null,            -- removed, not-host, objection
  state          text  not null,            -- open, for-human, settled
  outcome        text,                      -- see ground::ResponseOutcome
  words          {bytes},                   -- why, in the provider's words; under the address's key
  given_at_ms    {int} not null,
  settled_by     text,
  settled_at_ms  {int},
  lease_until_ms {int} not null,
  lease_token    {int} not null,
  attempts       {int} not null,
  not_before_ms  {int} not null,
  revision       {int} not null
) {strict};
create index response_by_takedown on response (takedown_id, given_at_ms);
create index response_work on response (not_before_ms) where state = 'open';
-- One question of a kind about an item is enough.
create unique index response_unsettled on response (takedown_id, kind) where state <> 'settled';

-- A contact that asked for a new link to its page; the row goes when the mail is accepted.
create table link_request (
  id             text  primary key references contact (id),
  asked_at_ms    {int} not null,
  sent_at_ms     {int},
  lease_until_ms {int} not null,
  lease_token    {int} not null,
  attempts       {int} not null,
  not_before_ms  {int} not null
) {strict};
create index link_request_work on link_request (not_before_ms) where sent_at_ms is null;
