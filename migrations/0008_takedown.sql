-- The life of one illegal item, from verdict to removal.
create table takedown (
  id               text  primary key,
  item_id          text  not null unique references item (id),
  content_id       text  not null references content (id),
  address_id       text  not null references address (id),
  report_id        text  not null references report (id),
  verdict          text  not null,
  stage            text  not null,          -- see takedown::rules
  hosted_in        text,
  country          text,
  ip               text,
  host_found_at_ms {int},
  provider_id      text  references provider (id),
  contact_id       text  references contact (id),
  police_reason    text,
  hold_deadline_ms {int},
  released_at_ms   {int},                   -- the police hold was released by a human
  notice_id        text,
  told_at_ms       {int},                   -- the first notice naming it was accepted
  cause            text  not null,          -- why it is where it is, see takedown::rules
  note             text,                    -- more about the cause, in words
  opened_at_ms     {int} not null,
  lease_until_ms   {int} not null,
  lease_token      {int} not null,
  attempts         {int} not null,
  not_before_ms    {int} not null,
  revision         {int} not null
) {strict};
create index takedown_by_stage on takedown (stage, not_before_ms);
create index takedown_by_contact on takedown (contact_id, stage);
create index takedown_by_report on takedown (report_id);

-- The watch over one item: is it still there? One row for each takedown.
create table watch (
  id              text  primary key references takedown (id),
  presence        text  not null,           -- there, gone, ended
  absences        {int} not null,           -- in a row
  begun_at_ms     {int} not null,           -- opened, or last came back: the schedule counts from here
  first_absent_ms {int},
  last_absent_ms  {int},                    -- the last absence that counted
  last_seen       text,                     -- the last observation
  last_present_ms {int},
  removed_at_ms   {int},                    -- when removal was concluded
  returns         {int} not null,           -- how often it came back
  checks          {int} not null,
  lease_until_ms  {int} not null,
  lease_token     {int} not null,
  attempts        {int} not null,
  not_before_ms   {int} not null,
  revision        {int} not null
) {strict};
create index watch_work on watch (not_before_ms) where presence <> 'ended';

-- One observation, with its evidence.
create table observation (
  id          text  primary key,
  takedown_id text  not null references takedown (id),
  at_ms       {int} not null,
  observation text  not null,
  status      {int},                        -- HTTP status, when there was an answer
  ip          text,
  sha256      text,                         -- of what came back
  detail      text                          -- why it was read so
) {strict};
create index observation_by_takedown on observation (takedown_id, at_ms);
