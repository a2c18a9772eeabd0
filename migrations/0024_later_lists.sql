-- How far the entries of each list were looked for among the contents that are known: every change up
-- to this number, and of the next one every entry up to this.
alter table hash_list add column swept {int} not null default 0;
alter table hash_list add column swept_entry {int} not null default 0;

create index content_by_md5 on content (md5);
create index content_by_sha1 on content (sha1);
