-- By what a judgement came to be when nobody looked at this content, and by which rule and version.
-- Of a judgement given by looking, and of one confirmed before this version, both are empty.
alter table judgement add column basis text;
alter table judgement add column rule text;

-- What the senior analyst lets the house confirm by itself. The last line holds; lines stay.
create table likeness_setting (
  no        {int} not null primary key,      -- the version, from 1; named by every verdict given so
  by_itself {int},                           -- up to so many bits of 256; none: a person confirms all
  sample    {int} not null,                  -- of a hundred, so many are asked of a person after all
  set_by    text  not null,
  set_at_ms {int} not null
) {strict};

-- A content that the house would have confirmed by itself and that is asked of a person, who is not
-- told what would have been filled in.
create table second_look (
  content_id     text  primary key references content (id),
  from_id        text  not null references content (id),
  expected       text  not null,             -- the verdict it would have had
  distance       {int} not null,             -- bits of 256
  rule           text  not null,             -- the rule with its version
  setting_no     {int} not null references likeness_setting (no),
  asked_at_ms    {int} not null,
  verdict        text,                       -- what the person said; null while it waits
  answered_at_ms {int},
  settled_at_ms  {int}                       -- a senior analyst took notice of a disagreement
) {strict};
create index second_look_disagreement on second_look (answered_at_ms)
  where verdict is not null and settled_at_ms is null;
