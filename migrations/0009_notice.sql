-- A request to remove, to one contact.
create table notice (
  id             text  primary key,
  number         text  not null unique,     -- for people and for the subject line
  contact_id     text  not null references contact (id),
  provider_id    text  not null references provider (id),
  state          text  not null,            -- due, accepted, unsure, failed
  language       text  not null,
  message_id     text  not null unique,     -- fixed when drawn up, so a repeat is the same mail
  sealed         {bytes} not null,          -- the whole text as it is sent; under the notice's own key
  items          {int} not null,
  drawn_up_at_ms {int} not null,
  handed_at_ms   {int},                     -- about to be handed over; null again once the outcome is known
  accepted_at_ms {int},
  reply          text,                      -- what the relay said
  cause          text,                      -- why it is due again, unsure or failed
  lease_until_ms {int} not null,
  lease_token    {int} not null,
  attempts       {int} not null,
  not_before_ms  {int} not null,
  revision       {int} not null
) {strict};
create index notice_work on notice (not_before_ms) where state in ('due', 'unsure');

create table notice_item (
  notice_id   text not null references notice (id),
  takedown_id text not null references takedown (id),
  primary key (notice_id, takedown_id)
) {strict};
create index notice_item_by_takedown on notice_item (takedown_id);
