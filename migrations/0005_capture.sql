-- One look at one address. A wanted visit is the work of the visitor.
create table visit (
  id             text  primary key,
  address_id     text  not null references address (id),
  state          text  not null,            -- wanted, captured, not-captured
  cause          text,                      -- why it was put off or nothing was captured
  via            text,                      -- browser, plain
  status         {int},                     -- of the main document
  ip             text,                      -- of the server
  record         {bytes},                   -- sealed: final address, redirects, headers, connections
  screenshot     text,                      -- object name; the object is sealed under the address
  wanted_at_ms   {int} not null,
  ended_at_ms    {int},
  lease_until_ms {int} not null,
  lease_token    {int} not null,
  attempts       {int} not null,
  not_before_ms  {int} not null,
  revision       {int} not null
) {strict};
create unique index visit_one_wanted on visit (address_id) where state = 'wanted';
create index visit_work on visit (not_before_ms) where state = 'wanted';
create index visit_by_address on visit (address_id, ended_at_ms);

-- Distinct bytes: the thing a human judges, once. Sealed under the content's own key.
create table content (
  id          text  primary key,
  sha256      text  not null unique,        -- lower-case hex, also below
  sha1        text  not null,
  md5         text  not null,
  size_bytes  {int} not null,
  media_type  text  not null,               -- by its first bytes, not by what the server says
  width       {int},                        -- pixels; null when it could not be decoded
  height      {int},
  undecodable text,                         -- why it could not be decoded
  original    text  not null,               -- object names
  veiled      text,                         -- strongly blurred, grey
  soft        text,                         -- lightly blurred, grey, small
  found_at_ms {int} not null
) {strict};

-- One picture or video found at an address.
create table item (
  id         text  primary key,
  address_id text  not null references address (id),
  content_id text  not null references content (id),
  blind      {bytes} not null,              -- HMAC of the item's own address
  sealed     {bytes} not null,              -- the item's own address, under the key of the address
  found_by   text  not null,                -- image, background, frame, data …
  set_apart  {int} not null,                -- 1: too small to be more than an ornament
  position   {int} not null,
  found_at_ms {int} not null,
  unique (address_id, blind, content_id)
) {strict};
create index item_by_content on item (content_id);

create table visit_item (
  visit_id text not null references visit (id),
  item_id  text not null references item (id),
  primary key (visit_id, item_id)
) {strict};
