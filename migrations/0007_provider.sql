-- Who hosts, and whom to write to there.
create table provider (
  id       text  primary key,
  key      text  not null unique,           -- AS number, else name and country
  name     text  not null,
  country  text,                            -- ISO 3166-1 alpha-2, of the registration
  asn      {int},
  found_at_ms {int} not null,
  revision {int} not null
) {strict};

create table contact (
  id            text  primary key,
  provider_id   text  not null references provider (id),
  email         text  not null,
  language      text  not null,             -- nl, en
  state         text  not null,             -- unapproved, approved, refused
  found_by      text  not null,             -- rdap, ripestat, rfc2142, hand
  decided_by    text,
  decided_at_ms {int},
  revision      {int} not null,
  unique (provider_id, email)
) {strict};

-- What registries said, kept until it expires.
create table registry_answer (
  question      text  primary key,
  answer        text  not null,             -- JSON
  expires_at_ms {int} not null
) {strict};
