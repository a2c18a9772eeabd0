-- The order of the queue: the hour in which a report was received, less a head start for what is known of it.
alter table report add column rank_hour_ms {int} not null default 0;         -- smaller comes first
alter table report add column ranked_hour_ms {int} not null default 0;  -- when it was reckoned, to the hour; 0: never
-- What the head start was reckoned from.
alter table report add column on_list {int} not null default 0;         -- 1: something of it is on a hash list
alter table report add column captured {int} not null default 0;        -- 1: something was there at the last look
alter table report add column named_by {int} not null default 1;        -- the most reports that name one of its addresses
update report set rank_hour_ms = received_hour_ms where state <> 'closed';
drop index report_queue;
create index report_queue on report (rank_hour_ms, id) where state <> 'closed';
create index report_ranked on report (ranked_hour_ms) where state <> 'closed';
-- Analysts look for reports by what a picture looks like.
create index likeness_by_pdq on likeness (pdq);
create index likeness_by_pdq_512 on likeness (pdq_512);
