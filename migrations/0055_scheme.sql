-- Schemes drawn up at the desk. The text of one that was active is never changed again: what was
-- judged under it is explained by it. While there is none, the scheme of the program is in force.
create table scheme (
  no              {int} primary key not null,
  text            text  not null,           -- TOML, as the administrator wrote it
  standing        text  not null,           -- draft, active or retired
  id              text  unique,             -- name and version, once it was active
  drawn_by        text  not null,
  drawn_at_ms     {int} not null,
  activated_at_ms {int},
  retired_at_ms   {int},
  revision        {int} not null
) {strict};
create unique index scheme_one_active on scheme (standing) where standing = 'active';
