-- How much somebody looked at, day by day: private to them, never in the ledger, kept 90 days.
create table exposure (
  staff_id       text  not null,
  day            {int} not null,            -- days since 1970, in the hotline's own time zone
  material_ms    {int} not null,            -- time with material on the screen, ms
  since_break_ms {int} not null,            -- of it, since the last break, ms
  last_at_ms     {int},                     -- when something was last shown or judged
  break_from_ms  {int},                     -- on a break since; none when not
  reveals        {int} not null,
  hard           {int} not null,            -- items judged illegal
  hard_run       {int} not null,            -- of them, in a row since the last break
  breaks         {int} not null,
  reached        {int} not null,            -- 1: the day's limit, before what they narrowed themselves
  primary key (staff_id, day)
) {strict};
create index exposure_by_day on exposure (day);

-- What somebody set for themselves; it can only make the site's limits narrower.
create table own_limits (
  staff_id     text  primary key,
  day_ms       {int},
  stretch_ms   {int},
  break_ms     {int},
  until_minute {int},
  hard_run     {int}
) {strict};

-- The limits of the site. The last line holds; lines stay.
create table site_limits (
  no           {int} not null primary key,
  day_ms       {int} not null,
  stretch_ms   {int} not null,
  break_ms     {int} not null,
  until_minute {int},
  hard_run     {int} not null,
  set_by       text  not null,
  set_at_ms    {int} not null
) {strict};

-- A report that somebody gave back is not offered to them again; nobody else sees it, kept 90 days.
create table passed_over (
  staff_id  text  not null,
  report_id text  not null,
  at_ms     {int} not null,
  primary key (staff_id, report_id)
) {strict};
create index passed_over_by_time on passed_over (at_ms);

-- How far somebody new has come, and who let them go on. Who has no line is not new.
create table induction (
  staff_id  text  primary key references account (id),
  level     text  not null,                 -- first, second or full
  since_ms  {int} not null,
  raised_by text                            -- null at the first level
) {strict};

-- What somebody is not offered, by their own choice; nobody else sees it.
create table opted_out (
  staff_id text  not null,
  category text  not null,                  -- film, list:CATEGORY or answer:QUESTION:OPTION
  until_ms {int},                           -- null: until they want it again
  primary key (staff_id, category)
) {strict};

-- What went well is told by the one who judged it.
create index judgement_by_staff on judgement (by_staff, at_ms);
create index report_by_holder on report (held_by) where state = 'held';
create index takedown_by_content on takedown (content_id);
