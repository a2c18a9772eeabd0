-- What a chat platform sent, sealed as it came before it is acknowledged (CH-1). The line, which takes
-- it in, has no key to it. A row is deleted once what it holds is durable in the records.
create table envelope (
  id               text  primary key,
  platform         text  not null,          -- whatsapp, telegram
  sealed           {bytes} not null,        -- to the hotline's public key
  received_hour_ms {int} not null,          -- start of the hour (IN-9)
  not_before_ms    {int} not null           -- of those that do not open with this hotline's key
) {strict};
create index envelope_work on envelope (not_before_ms, received_hour_ms);
