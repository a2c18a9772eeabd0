-- In which format a contact gets its notices: mail, mail-csv, xarf-4, xarf-3. As all were until now: a
-- mail with a table.
alter table contact add column format text not null default 'mail-csv';
