-- Evidence that goes to the police with everything in it: asked for by one, approved by another.
create table hand_over (
  id            text  primary key,
  visit_id      text  not null references visit (id),
  report_id     text  not null references report (id),
  state         text  not null,             -- asked, approved, refused
  asked_by      text  not null,
  asked_at_ms   {int} not null,
  decided_by    text,
  decided_at_ms {int},
  until_ms      {int} not null,             -- to be decided before this; once approved, to be taken
  revision      {int} not null
) {strict};
create index hand_over_until on hand_over (until_ms);
create index hand_over_asked on hand_over (visit_id) where state = 'asked';
