-- A human judgement of one content; taken back, it stays as history.
create table judgement (
  id           text  primary key,
  content_id   text  not null references content (id),
  item_id      text  not null references item (id),      -- where it was looked at
  report_id    text  not null references report (id),
  verdict      text  not null,
  why          text,                                     -- not-illegal reason
  answers      text  not null,                           -- JSON, by question of the scheme
  scheme       text  not null,                           -- name and version
  by_staff     text  not null,
  at_ms        {int} not null,
  undone_at_ms {int}
) {strict};
create unique index judgement_in_force on judgement (content_id) where undone_at_ms is null;
create index judgement_by_report on judgement (report_id);

-- The verdict of each item: its content's judgement, and by what it came to it.
create table item_verdict (
  item_id      text  primary key references item (id),
  report_id    text  not null,                           -- in which it was first given
  judgement_id text  not null references judgement (id),
  verdict      text  not null,
  basis        text  not null,
  at_ms        {int} not null
) {strict};
create index item_verdict_by_judgement on item_verdict (judgement_id);
