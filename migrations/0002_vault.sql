-- A key for each report, address and content, wrapped by the hotline's key. Destroying the row is
-- the deletion of everything it sealed.
create table seal_key (
  owner      text  primary key,       -- id of the report, address or content
  class      text  not null,          -- retention class: report, address, content
  wrapped    {bytes} not null,
  made_at_ms {int} not null
) {strict};
