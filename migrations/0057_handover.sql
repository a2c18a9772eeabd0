-- Notes that analysts leave each other at a report, sealed under the report's own key.
create table report_note (
  report_id text    not null references report (id),
  no        {int}   not null,               -- from 1
  by_staff  text    not null,
  at_ms     {int}   not null,
  sealed    {bytes} not null,
  primary key (report_id, no)
) {strict};
