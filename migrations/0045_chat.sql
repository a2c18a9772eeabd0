-- One sender and the hotline on one chat platform. Forgotten whole: its key and its rows.
create table conversation (
  id               text  primary key,
  platform         text  not null,          -- whatsapp, telegram
  kept             {bytes} not null,        -- sealed: how it stands, what is gathered, the receipts
  reach            {bytes} not null,        -- sealed: what an answer is addressed to
  gathering_ms     {int} not null,          -- when the first thing not yet read came; 0 when all is read
  lease_until_ms   {int} not null,
  lease_token      {int} not null,
  attempts         {int} not null,
  not_before_ms    {int} not null           -- when it wants attention; a full hour once it rests
) {strict};
create index conversation_work on conversation (not_before_ms);

-- What a platform knows a sender by, as a keyed hash: a phone number or the platform's own id.
create table conversation_sender (
  sender          {bytes} primary key,
  conversation_id text not null
) {strict};
create index conversation_sender_of on conversation_sender (conversation_id);

-- Senders who are not heard any more, as a keyed hash.
create table chat_block (
  sender     {bytes} primary key,
  blocked_by text not null,                 -- account id
  day        {int} not null                 -- days since 1970, UTC
) {strict};

-- One thing that was said to the hotline. Its key stays for some days after it was forgotten, since a
-- platform may deliver it again.
create table chat_heard (
  id              text  primary key,
  event_key       {bytes} not null unique,  -- keyed hash
  conversation_id text,                     -- none once forgotten
  sealed          {bytes} not null,         -- empty once forgotten
  state           text  not null,           -- waiting, read
  position        {int} not null,           -- among what was said in this conversation, either way; 0 while waiting
  day             {int} not null            -- days since 1970, UTC
) {strict};
create index chat_heard_of on chat_heard (conversation_id, state);

-- One text of the hotline to a sender.
create table chat_text (
  id              text  primary key,
  conversation_id text  not null,
  position        {int} not null,
  sealed          {bytes} not null,
  author          text  not null,           -- line, or an account id
  state           text  not null,           -- waiting, handing, sent, unsure, never
  why             text,                     -- why never: one of a few words
  sent_id         {bytes},                  -- keyed hash of its id at the platform
  lease_until_ms  {int} not null,
  lease_token     {int} not null,
  attempts        {int} not null,
  not_before_ms   {int} not null
) {strict};
create index chat_text_of on chat_text (conversation_id, position);
create index chat_text_work on chat_text (not_before_ms) where state in ('waiting', 'handing');
create index chat_text_sent on chat_text (sent_id);
