-- One row at least in every table of the records but the ledger's; see upgrade.rs.
insert into seal_key (owner, class, wrapped, made_at_ms)
values ('rep_00000000000000000000000001', 'report', {bytes}, 1780000000000);
insert into account (id, name, password, second_factor, totp, totp_step, roles, language, failures, barred_until_ms, change_by_ms, made_at_ms, closed_at_ms, revision)
values ('stf_00000000000000000000000001', 'anna', '$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA', 'set', {bytes}, 1, 'analyst', 'nl', 0, 0, null, 1780000000000, null, 1);
insert into session (token_hash, account_id, begun_at_ms, seen_at_ms, stage, offered)
values ({bytes}, 'stf_00000000000000000000000001', 1780000000000, 1780000000000, 'full', {bytes});
insert into report (id, letter_id, number, channel, origin, language, received_hour_ms, words, seen_where, reach, mailbox, state, held_by, held_until_ms, outcome, note, police_reason, closed_at_ms, answer, answered, shredded_at_ms, lease_until_ms, lease_token, attempts, not_before_ms, revision)
values ('rep_00000000000000000000000001', 'let_00000000000000000000000001', 'B7K2-9QX4', 'web', 'national', 'nl', 1779998400000, {bytes}, {bytes}, {bytes}, {bytes}, 'closed', null, null, 'illegal', {bytes}, null, 1780000000000, 'removed', 'removed', null, 0, 0, 0, 0, 1);
insert into address (id, blind, sealed, host_blind, state, first_hour_ms, revision)
values ('adr_00000000000000000000000001', {bytes}, {bytes}, {bytes}, 'closed', 1779998400000, 1);
insert into sighting (report_id, address_id, position, typed)
values ('rep_00000000000000000000000001', 'adr_00000000000000000000000001', 1, {bytes});
insert into visit (id, address_id, state, cause, via, status, ip, record, screenshot, wanted_at_ms, ended_at_ms, lease_until_ms, lease_token, attempts, not_before_ms, revision)
values ('vis_00000000000000000000000001', 'adr_00000000000000000000000001', 'captured', null, 'browser', 200, '192.0.2.1', {bytes}, '00', 1780000000000, 1780000000000, 0, 0, 0, 0, 1);
insert into content (id, sha256, sha1, md5, size_bytes, media_type, width, height, undecodable, original, veiled, soft, found_at_ms)
values ('cnt_00000000000000000000000001', 'a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1', 'b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2', 'c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3', 4096, 'image/png', 640, 480, null, '01', '02', '03', 1780000000000);
insert into item (id, address_id, content_id, blind, sealed, found_by, set_apart, position, found_at_ms)
values ('itm_00000000000000000000000001', 'adr_00000000000000000000000001', 'cnt_00000000000000000000000001', {bytes}, {bytes}, 'image', 0, 1, 1780000000000);
insert into visit_item (visit_id, item_id)
values ('vis_00000000000000000000000001', 'itm_00000000000000000000000001');
insert into judgement (id, content_id, item_id, report_id, verdict, why, answers, scheme, by_staff, at_ms, undone_at_ms)
values ('jud_00000000000000000000000001', 'cnt_00000000000000000000000001', 'itm_00000000000000000000000001', 'rep_00000000000000000000000001', 'illegal-national', null, '{}', 'nl 1', 'stf_00000000000000000000000001', 1780000000000, null);
insert into item_verdict (item_id, report_id, judgement_id, verdict, basis, at_ms)
values ('itm_00000000000000000000000001', 'rep_00000000000000000000000001', 'jud_00000000000000000000000001', 'illegal-national', 'looked', 1780000000000);
insert into provider (id, key, name, country, asn, found_at_ms, revision)
values ('pro_00000000000000000000000001', 'AS64500', 'Example Hosting', 'NL', 64500, 1780000000000, 1);
insert into contact (id, provider_id, email, language, state, found_by, decided_by, decided_at_ms, revision)
values ('con_00000000000000000000000001', 'pro_00000000000000000000000001', 'abuse@hosting.example', 'nl', 'approved', 'rdap', 'stf_00000000000000000000000001', 1780000000000, 1);
insert into registry_answer (question, answer, expires_at_ms)
values ('ip 192.0.2.1', '{}', 1780000000000);
insert into takedown (id, item_id, content_id, address_id, report_id, verdict, stage, hosted_in, country, ip, host_found_at_ms, provider_id, contact_id, police_reason, hold_deadline_ms, released_at_ms, notice_id, told_at_ms, cause, note, opened_at_ms, lease_until_ms, lease_token, attempts, not_before_ms, revision)
values ('tak_00000000000000000000000001', 'itm_00000000000000000000000001', 'cnt_00000000000000000000000001', 'adr_00000000000000000000000001', 'rep_00000000000000000000000001', 'illegal-national', 'told', 'home', 'NL', '192.0.2.1', 1780000000000, 'pro_00000000000000000000000001', 'con_00000000000000000000000001', null, null, null, 'not_00000000000000000000000001', 1780000000000, 'notice-accepted', null, 1780000000000, 0, 0, 0, 0, 1);
insert into watch (id, presence, absences, begun_at_ms, first_absent_ms, last_absent_ms, last_seen, last_present_ms, removed_at_ms, returns, checks, lease_until_ms, lease_token, attempts, not_before_ms, revision)
values ('tak_00000000000000000000000001', 'gone', 3, 1780000000000, 1780000000000, 1780000000000, 'absent', 1780000000000, 1780000000000, 0, 5, 0, 0, 0, 0, 1);
insert into observation (id, takedown_id, at_ms, observation, status, ip, sha256, detail)
values ('chk_00000000000000000000000001', 'tak_00000000000000000000000001', 1780000000000, 'absent', 404, '192.0.2.1', null, null);
insert into notice (id, number, contact_id, provider_id, state, language, message_id, sealed, items, drawn_up_at_ms, handed_at_ms, accepted_at_ms, reply, cause, lease_until_ms, lease_token, attempts, not_before_ms, revision)
values ('not_00000000000000000000000001', 'N4T7-1XZ2', 'con_00000000000000000000000001', 'pro_00000000000000000000000001', 'accepted', 'nl', '<one@hotline.example>', {bytes}, 1, 1780000000000, null, 1780000000000, '250 ok', null, 0, 0, 0, 0, 1);
insert into notice_item (notice_id, takedown_id)
values ('not_00000000000000000000000001', 'tak_00000000000000000000000001');
