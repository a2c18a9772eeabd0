-- Contents found before it was kept what they look like: looked into once more, one after the other.
-- A row goes when that is done.
create table unlooked (
  id             text  primary key references content (id),
  lease_until_ms {int} not null,
  lease_token    {int} not null,
  attempts       {int} not null,
  not_before_ms  {int} not null
) {strict};

insert into unlooked (id, lease_until_ms, lease_token, attempts, not_before_ms)
  select c.id, 0, 0, 0, 0 from content c join seal_key k on k.owner = c.id
  where c.undecodable is null and (
    c.media_type like 'video/%'
    or (c.media_type in ('image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/bmp', 'image/tiff')
      and c.size_bytes >= 1024 and c.width >= 32 and c.height >= 32
      and not exists (select 1 from likeness l where l.content_id = c.id)));
