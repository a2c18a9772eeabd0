--
-- PostgreSQL database dump
--

\restrict gWI05zaFELzQ2CEahUH7S6KwKwDDjIeYWQq1ASzU4hgE2qyebzK60C5PmL23zVT

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: _migrations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public._migrations (
    version bigint NOT NULL,
    description text NOT NULL,
    installed_on timestamp with time zone DEFAULT now() NOT NULL,
    success boolean NOT NULL,
    checksum bytea NOT NULL,
    execution_time bigint NOT NULL
);


--
-- Name: account; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.account (
    id text NOT NULL,
    name text NOT NULL,
    password text NOT NULL,
    second_factor text NOT NULL,
    totp bytea,
    totp_step bigint NOT NULL,
    roles text NOT NULL,
    language text NOT NULL,
    failures bigint NOT NULL,
    barred_until_ms bigint NOT NULL,
    change_by_ms bigint,
    made_at_ms bigint NOT NULL,
    closed_at_ms bigint,
    revision bigint NOT NULL
);


--
-- Name: address; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.address (
    id text NOT NULL,
    blind bytea NOT NULL,
    sealed bytea NOT NULL,
    host_blind bytea NOT NULL,
    state text NOT NULL,
    first_hour_ms bigint NOT NULL,
    revision bigint NOT NULL
);


--
-- Name: contact; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.contact (
    id text NOT NULL,
    provider_id text NOT NULL,
    email text NOT NULL,
    language text NOT NULL,
    state text NOT NULL,
    found_by text NOT NULL,
    decided_by text,
    decided_at_ms bigint,
    revision bigint NOT NULL
);


--
-- Name: content; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.content (
    id text NOT NULL,
    sha256 text NOT NULL,
    sha1 text NOT NULL,
    md5 text NOT NULL,
    size_bytes bigint NOT NULL,
    media_type text NOT NULL,
    width bigint,
    height bigint,
    undecodable text,
    original text NOT NULL,
    veiled text,
    soft text,
    found_at_ms bigint NOT NULL
);


--
-- Name: item; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.item (
    id text NOT NULL,
    address_id text NOT NULL,
    content_id text NOT NULL,
    blind bytea NOT NULL,
    sealed bytea NOT NULL,
    found_by text NOT NULL,
    set_apart bigint NOT NULL,
    "position" bigint NOT NULL,
    found_at_ms bigint NOT NULL
);


--
-- Name: item_verdict; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.item_verdict (
    item_id text NOT NULL,
    report_id text NOT NULL,
    judgement_id text NOT NULL,
    verdict text NOT NULL,
    basis text NOT NULL,
    at_ms bigint NOT NULL
);


--
-- Name: judgement; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.judgement (
    id text NOT NULL,
    content_id text NOT NULL,
    item_id text NOT NULL,
    report_id text NOT NULL,
    verdict text NOT NULL,
    why text,
    answers text NOT NULL,
    scheme text NOT NULL,
    by_staff text NOT NULL,
    at_ms bigint NOT NULL,
    undone_at_ms bigint
);


--
-- Name: ledger; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ledger (
    seq bigint NOT NULL,
    at_ms bigint NOT NULL,
    actor text NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    reason text,
    detail text NOT NULL,
    hash bytea NOT NULL
);


--
-- Name: ledger_head; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ledger_head (
    one bigint NOT NULL,
    seq bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT ledger_head_one_check CHECK ((one = 1))
);


--
-- Name: notice; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.notice (
    id text NOT NULL,
    number text NOT NULL,
    contact_id text NOT NULL,
    provider_id text NOT NULL,
    state text NOT NULL,
    language text NOT NULL,
    message_id text NOT NULL,
    sealed bytea NOT NULL,
    items bigint NOT NULL,
    drawn_up_at_ms bigint NOT NULL,
    handed_at_ms bigint,
    accepted_at_ms bigint,
    reply text,
    cause text,
    lease_until_ms bigint NOT NULL,
    lease_token bigint NOT NULL,
    attempts bigint NOT NULL,
    not_before_ms bigint NOT NULL,
    revision bigint NOT NULL
);


--
-- Name: notice_item; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.notice_item (
    notice_id text NOT NULL,
    takedown_id text NOT NULL
);


--
-- Name: observation; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.observation (
    id text NOT NULL,
    takedown_id text NOT NULL,
    at_ms bigint NOT NULL,
    observation text NOT NULL,
    status bigint,
    ip text,
    sha256 text,
    detail text
);


--
-- Name: provider; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.provider (
    id text NOT NULL,
    key text NOT NULL,
    name text NOT NULL,
    country text,
    asn bigint,
    found_at_ms bigint NOT NULL,
    revision bigint NOT NULL
);


--
-- Name: registry_answer; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.registry_answer (
    question text NOT NULL,
    answer text NOT NULL,
    expires_at_ms bigint NOT NULL
);


--
-- Name: report; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.report (
    id text NOT NULL,
    letter_id text NOT NULL,
    number text NOT NULL,
    channel text NOT NULL,
    origin text NOT NULL,
    language text NOT NULL,
    received_hour_ms bigint NOT NULL,
    words bytea,
    seen_where bytea,
    reach bytea,
    mailbox bytea,
    state text NOT NULL,
    held_by text,
    held_until_ms bigint,
    outcome text,
    note bytea,
    police_reason text,
    closed_at_ms bigint,
    answer text NOT NULL,
    answered text NOT NULL,
    shredded_at_ms bigint,
    lease_until_ms bigint NOT NULL,
    lease_token bigint NOT NULL,
    attempts bigint NOT NULL,
    not_before_ms bigint NOT NULL,
    revision bigint NOT NULL
);


--
-- Name: seal_key; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.seal_key (
    owner text NOT NULL,
    class text NOT NULL,
    wrapped bytea NOT NULL,
    made_at_ms bigint NOT NULL
);


--
-- Name: session; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.session (
    token_hash bytea NOT NULL,
    account_id text NOT NULL,
    begun_at_ms bigint NOT NULL,
    seen_at_ms bigint NOT NULL,
    stage text NOT NULL,
    offered bytea
);


--
-- Name: sighting; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sighting (
    report_id text NOT NULL,
    address_id text NOT NULL,
    "position" bigint NOT NULL,
    typed bytea
);


--
-- Name: takedown; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.takedown (
    id text NOT NULL,
    item_id text NOT NULL,
    content_id text NOT NULL,
    address_id text NOT NULL,
    report_id text NOT NULL,
    verdict text NOT NULL,
    stage text NOT NULL,
    hosted_in text,
    country text,
    ip text,
    host_found_at_ms bigint,
    provider_id text,
    contact_id text,
    police_reason text,
    hold_deadline_ms bigint,
    released_at_ms bigint,
    notice_id text,
    told_at_ms bigint,
    cause text NOT NULL,
    note text,
    opened_at_ms bigint NOT NULL,
    lease_until_ms bigint NOT NULL,
    lease_token bigint NOT NULL,
    attempts bigint NOT NULL,
    not_before_ms bigint NOT NULL,
    revision bigint NOT NULL
);


--
-- Name: visit; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.visit (
    id text NOT NULL,
    address_id text NOT NULL,
    state text NOT NULL,
    cause text,
    via text,
    status bigint,
    ip text,
    record bytea,
    screenshot text,
    wanted_at_ms bigint NOT NULL,
    ended_at_ms bigint,
    lease_until_ms bigint NOT NULL,
    lease_token bigint NOT NULL,
    attempts bigint NOT NULL,
    not_before_ms bigint NOT NULL,
    revision bigint NOT NULL
);


--
-- Name: visit_item; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.visit_item (
    visit_id text NOT NULL,
    item_id text NOT NULL
);


--
-- Name: watch; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.watch (
    id text NOT NULL,
    presence text NOT NULL,
    absences bigint NOT NULL,
    begun_at_ms bigint NOT NULL,
    first_absent_ms bigint,
    last_absent_ms bigint,
    last_seen text,
    last_present_ms bigint,
    removed_at_ms bigint,
    returns bigint NOT NULL,
    checks bigint NOT NULL,
    lease_until_ms bigint NOT NULL,
    lease_token bigint NOT NULL,
    attempts bigint NOT NULL,
    not_before_ms bigint NOT NULL,
    revision bigint NOT NULL
);


--
-- Data for Name: _migrations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public._migrations VALUES (1, '0001_ledger', '2026-11-23 22:11:44.666346+00', true, '\x6bd0b01e87f7c67befab2c5cb1932535f45e3e831ebfd4a16a663e0d91501f2db85ed27abbd4a7fdda3a7ad713b5bc22', 19629687);
INSERT INTO public._migrations VALUES (2, '0002_vault', '2026-11-23 22:11:44.688418+00', true, '\x089c5d34f8816eafdc9f3a128867be869291e863962c72ffc50aa380098014189734254fa4bd2ab0eedfe4f9294a8173', 17544500);
INSERT INTO public._migrations VALUES (3, '0003_staff', '2026-11-23 22:11:44.718036+00', true, '\x97e45ee54314f75555ca2ccfb328b3e9183e0030a8210564bddacb71589808bfefa38bf93a7dcb6cf89a35affa3e254a', 3567325);
INSERT INTO public._migrations VALUES (4, '0004_report', '2026-11-23 22:11:44.721782+00', true, '\x36e7d32bbfb540241879eb8c37e5b3c3319724201369accfa444bb02393bbc4fa082cd333e3dc7434132db784fcac5be', 20446103);
INSERT INTO public._migrations VALUES (5, '0005_capture', '2026-11-23 22:11:44.74269+00', true, '\x6c10a215e783d36644d191fa868eaf832486da2efd452b997e93cbe234fd526d14d15e240ddf2539200f9a55df1b29c5', 25651640);
INSERT INTO public._migrations VALUES (6, '0006_assessment', '2026-11-23 22:11:44.768868+00', true, '\x772cfbe8d44dcc4d7c2a28de6374eb117c76b42b9177e16ab0fcf9f998fbe178cb66375f16bdd2d6b01250016d6cdf5d', 4000380);
INSERT INTO public._migrations VALUES (7, '0007_provider', '2026-11-23 22:11:44.773167+00', true, '\x9e92e9c111611b2e247b27f0a5fb71597d789412201cb671da0bf743d53d9be2248d66f856df6395d43d62c0c27c43f6', 13136533);
INSERT INTO public._migrations VALUES (8, '0008_takedown', '2026-11-23 22:11:44.78643+00', true, '\xce255663335f6fbbee92e9498f2037338c4a7b01c1a1cc8b968fa76d186e08520d9e83c413a1e6cb51d23357149d0a84', 17796956);
INSERT INTO public._migrations VALUES (9, '0009_notice', '2026-11-23 22:11:44.804581+00', true, '\xa24247bc67da29118f80896430ef9f230bf46745e90ff9bde94f958778901e4ca033bcf9ffa1776db027d3b09408b581', 13452183);


--
-- Data for Name: account; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.account VALUES ('stf_00000000000000000000000001', 'anna', '$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA', 'set', '\x00ff', 1, 'analyst', 'nl', 0, 0, NULL, 1780000000000, NULL, 1);


--
-- Data for Name: address; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.address VALUES ('adr_00000000000000000000000001', '\x00ff', '\x00ff', '\x00ff', 'closed', 1779998400000, 1);


--
-- Data for Name: contact; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.contact VALUES ('con_00000000000000000000000001', 'pro_00000000000000000000000001', 'abuse@hosting.example', 'nl', 'approved', 'rdap', 'stf_00000000000000000000000001', 1780000000000, 1);


--
-- Data for Name: content; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.content VALUES ('cnt_00000000000000000000000001', 'a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1', 'b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2', 'c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3', 4096, 'image/png', 640, 480, NULL, '01', '02', '03', 1780000000000);


--
-- Data for Name: item; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.item VALUES ('itm_00000000000000000000000001', 'adr_00000000000000000000000001', 'cnt_00000000000000000000000001', '\x00ff', '\x00ff', 'image', 0, 1, 1780000000000);


--
-- Data for Name: item_verdict; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.item_verdict VALUES ('itm_00000000000000000000000001', 'rep_00000000000000000000000001', 'jud_00000000000000000000000001', 'illegal-national', 'looked', 1780000000000);


--
-- Data for Name: judgement; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.judgement VALUES ('jud_00000000000000000000000001', 'cnt_00000000000000000000000001', 'itm_00000000000000000000000001', 'rep_00000000000000000000000001', 'illegal-national', NULL, '{}', 'nl 1', 'stf_00000000000000000000000001', 1780000000000, NULL);


--
-- Data for Name: ledger; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.ledger VALUES (1, 1780000000000, 'worker:proof', 'canary', 'site', NULL, '{"fact":"canary","healthy":false}', '\x9e463e4cf581e71070198aae6aef1a624f39d5c63f328deba8f3f74c6f5283d2');
INSERT INTO public.ledger VALUES (2, 1780000000000, 'worker:proof', 'canary', 'site', NULL, '{"fact":"canary","healthy":true}', '\x16d411a7c971de8bae59ccfc95c9de0f127d2cf58f6843dc9a1a5a358c693aa1');


--
-- Data for Name: ledger_head; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.ledger_head VALUES (1, 2, '\x16d411a7c971de8bae59ccfc95c9de0f127d2cf58f6843dc9a1a5a358c693aa1');


--
-- Data for Name: notice; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.notice VALUES ('not_00000000000000000000000001', 'N4T7-1XZ2', 'con_00000000000000000000000001', 'pro_00000000000000000000000001', 'accepted', 'nl', '<one@hotline.example>', '\x00ff', 1, 1780000000000, NULL, 1780000000000, '250 ok', NULL, 0, 0, 0, 0, 1);


--
-- Data for Name: notice_item; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.notice_item VALUES ('not_00000000000000000000000001', 'tak_00000000000000000000000001');


--
-- Data for Name: observation; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.observation VALUES ('chk_00000000000000000000000001', 'tak_00000000000000000000000001', 1780000000000, 'absent', 404, '192.0.2.1', NULL, NULL);


--
-- Data for Name: provider; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.provider VALUES ('pro_00000000000000000000000001', 'AS64500', 'Example Hosting', 'NL', 64500, 1780000000000, 1);


--
-- Data for Name: registry_answer; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.registry_answer VALUES ('ip 192.0.2.1', '{}', 1780000000000);


--
-- Data for Name: report; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.report VALUES ('rep_00000000000000000000000001', 'let_00000000000000000000000001', 'B7K2-9QX4', 'web', 'national', 'nl', 1779998400000, '\x00ff', '\x00ff', '\x00ff', '\x00ff', 'closed', NULL, NULL, 'illegal', '\x00ff', NULL, 1780000000000, 'removed', 'removed', NULL, 0, 0, 0, 0, 1);


--
-- Data for Name: seal_key; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.seal_key VALUES ('rep_00000000000000000000000001', 'report', '\x00ff', 1780000000000);


--
-- Data for Name: session; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.session VALUES ('\x00ff', 'stf_00000000000000000000000001', 1780000000000, 1780000000000, 'full', '\x00ff');


--
-- Data for Name: sighting; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.sighting VALUES ('rep_00000000000000000000000001', 'adr_00000000000000000000000001', 1, '\x00ff');


--
-- Data for Name: takedown; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.takedown VALUES ('tak_00000000000000000000000001', 'itm_00000000000000000000000001', 'cnt_00000000000000000000000001', 'adr_00000000000000000000000001', 'rep_00000000000000000000000001', 'illegal-national', 'told', 'home', 'NL', '192.0.2.1', 1780000000000, 'pro_00000000000000000000000001', 'con_00000000000000000000000001', NULL, NULL, NULL, 'not_00000000000000000000000001', 1780000000000, 'notice-accepted', NULL, 1780000000000, 0, 0, 0, 0, 1);


--
-- Data for Name: visit; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.visit VALUES ('vis_00000000000000000000000001', 'adr_00000000000000000000000001', 'captured', NULL, 'browser', 200, '192.0.2.1', '\x00ff', '00', 1780000000000, 1780000000000, 0, 0, 0, 0, 1);


--
-- Data for Name: visit_item; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.visit_item VALUES ('vis_00000000000000000000000001', 'itm_00000000000000000000000001');


--
-- Data for Name: watch; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.watch VALUES ('tak_00000000000000000000000001', 'gone', 3, 1780000000000, 1780000000000, 1780000000000, 'absent', 1780000000000, 1780000000000, 0, 5, 0, 0, 0, 0, 1);


--
-- Name: _migrations _migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public._migrations
    ADD CONSTRAINT _migrations_pkey PRIMARY KEY (version);


--
-- Name: account account_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_name_key UNIQUE (name);


--
-- Name: account account_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);


--
-- Name: address address_blind_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.address
    ADD CONSTRAINT address_blind_key UNIQUE (blind);


--
-- Name: address address_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.address
    ADD CONSTRAINT address_pkey PRIMARY KEY (id);


--
-- Name: contact contact_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (id);


--
-- Name: contact contact_provider_id_email_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.contact
    ADD CONSTRAINT contact_provider_id_email_key UNIQUE (provider_id, email);


--
-- Name: content content_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.content
    ADD CONSTRAINT content_pkey PRIMARY KEY (id);


--
-- Name: content content_sha256_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.content
    ADD CONSTRAINT content_sha256_key UNIQUE (sha256);


--
-- Name: item item_address_id_blind_content_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.item
    ADD CONSTRAINT item_address_id_blind_content_id_key UNIQUE (address_id, blind, content_id);


--
-- Name: item item_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.item
    ADD CONSTRAINT item_pkey PRIMARY KEY (id);


--
-- Name: item_verdict item_verdict_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.item_verdict
    ADD CONSTRAINT item_verdict_pkey PRIMARY KEY (item_id);


--
-- Name: judgement judgement_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.judgement
    ADD CONSTRAINT judgement_pkey PRIMARY KEY (id);


--
-- Name: ledger_head ledger_head_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ledger_head
    ADD CONSTRAINT ledger_head_pkey PRIMARY KEY (one);


--
-- Name: ledger ledger_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ledger
    ADD CONSTRAINT ledger_pkey PRIMARY KEY (seq);


--
-- Name: notice_item notice_item_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notice_item
    ADD CONSTRAINT notice_item_pkey PRIMARY KEY (notice_id, takedown_id);


--
-- Name: notice notice_message_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_message_id_key UNIQUE (message_id);


--
-- Name: notice notice_number_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_number_key UNIQUE (number);


--
-- Name: notice notice_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_pkey PRIMARY KEY (id);


--
-- Name: observation observation_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.observation
    ADD CONSTRAINT observation_pkey PRIMARY KEY (id);


--
-- Name: provider provider_key_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.provider
    ADD CONSTRAINT provider_key_key UNIQUE (key);


--
-- Name: provider provider_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.provider
    ADD CONSTRAINT provider_pkey PRIMARY KEY (id);


--
-- Name: registry_answer registry_answer_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.registry_answer
    ADD CONSTRAINT registry_answer_pkey PRIMARY KEY (question);


--
-- Name: report report_letter_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_letter_id_key UNIQUE (letter_id);


--
-- Name: report report_number_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_number_key UNIQUE (number);


--
-- Name: report report_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_pkey PRIMARY KEY (id);


--
-- Name: seal_key seal_key_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.seal_key
    ADD CONSTRAINT seal_key_pkey PRIMARY KEY (owner);


--
-- Name: session session_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (token_hash);


--
-- Name: sighting sighting_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sighting
    ADD CONSTRAINT sighting_pkey PRIMARY KEY (report_id, address_id);


--
-- Name: takedown takedown_item_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.takedown
    ADD CONSTRAINT takedown_item_id_key UNIQUE (item_id);


--
-- Name: takedown takedown_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.takedown
    ADD CONSTRAINT takedown_pkey PRIMARY KEY (id);


--
-- Name: visit_item visit_item_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.visit_item
    ADD CONSTRAINT visit_item_pkey PRIMARY KEY (visit_id, item_id);


--
-- Name: visit visit_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.visit
    ADD CONSTRAINT visit_pkey PRIMARY KEY (id);


--
-- Name: watch watch_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.watch
    ADD CONSTRAINT watch_pkey PRIMARY KEY (id);


--
-- Name: address_by_host; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX address_by_host ON public.address USING btree (host_blind);


--
-- Name: item_by_content; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX item_by_content ON public.item USING btree (content_id);


--
-- Name: item_verdict_by_judgement; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX item_verdict_by_judgement ON public.item_verdict USING btree (judgement_id);


--
-- Name: judgement_by_report; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX judgement_by_report ON public.judgement USING btree (report_id);


--
-- Name: judgement_in_force; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX judgement_in_force ON public.judgement USING btree (content_id) WHERE (undone_at_ms IS NULL);


--
-- Name: ledger_by_kind; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ledger_by_kind ON public.ledger USING btree (kind, at_ms);


--
-- Name: ledger_by_subject; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ledger_by_subject ON public.ledger USING btree (subject, seq);


--
-- Name: notice_item_by_takedown; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX notice_item_by_takedown ON public.notice_item USING btree (takedown_id);


--
-- Name: notice_work; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX notice_work ON public.notice USING btree (not_before_ms) WHERE (state = ANY (ARRAY['due'::text, 'unsure'::text]));


--
-- Name: observation_by_takedown; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX observation_by_takedown ON public.observation USING btree (takedown_id, at_ms);


--
-- Name: report_queue; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_queue ON public.report USING btree (received_hour_ms, id) WHERE (state <> 'closed'::text);


--
-- Name: report_unanswered; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX report_unanswered ON public.report USING btree (not_before_ms) WHERE (answer <> answered);


--
-- Name: session_by_account; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX session_by_account ON public.session USING btree (account_id);


--
-- Name: sighting_by_address; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX sighting_by_address ON public.sighting USING btree (address_id);


--
-- Name: takedown_by_contact; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX takedown_by_contact ON public.takedown USING btree (contact_id, stage);


--
-- Name: takedown_by_report; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX takedown_by_report ON public.takedown USING btree (report_id);


--
-- Name: takedown_by_stage; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX takedown_by_stage ON public.takedown USING btree (stage, not_before_ms);


--
-- Name: visit_by_address; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX visit_by_address ON public.visit USING btree (address_id, ended_at_ms);


--
-- Name: visit_one_wanted; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX visit_one_wanted ON public.visit USING btree (address_id) WHERE (state = 'wanted'::text);


--
-- Name: visit_work; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX visit_work ON public.visit USING btree (not_before_ms) WHERE (state = 'wanted'::text);


--
-- Name: watch_work; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX watch_work ON public.watch USING btree (not_before_ms) WHERE (presence <> 'ended'::text);


--
-- Name: contact contact_provider_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.contact
    ADD CONSTRAINT contact_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.provider(id);


--
-- Name: item item_address_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.item
    ADD CONSTRAINT item_address_id_fkey FOREIGN KEY (address_id) REFERENCES public.address(id);


--
-- Name: item item_content_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.item
    ADD CONSTRAINT item_content_id_fkey FOREIGN KEY (content_id) REFERENCES public.content(id);


--
-- Name: item_verdict item_verdict_item_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.item_verdict
    ADD CONSTRAINT item_verdict_item_id_fkey FOREIGN KEY (item_id) REFERENCES public.item(id);


--
-- Name: item_verdict item_verdict_judgement_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.item_verdict
    ADD CONSTRAINT item_verdict_judgement_id_fkey FOREIGN KEY (judgement_id) REFERENCES public.judgement(id);


--
-- Name: judgement judgement_content_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.judgement
    ADD CONSTRAINT judgement_content_id_fkey FOREIGN KEY (content_id) REFERENCES public.content(id);


--
-- Name: judgement judgement_item_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.judgement
    ADD CONSTRAINT judgement_item_id_fkey FOREIGN KEY (item_id) REFERENCES public.item(id);


--
-- Name: judgement judgement_report_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.judgement
    ADD CONSTRAINT judgement_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.report(id);


--
-- Name: notice notice_contact_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES public.contact(id);


--
-- Name: notice_item notice_item_notice_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notice_item
    ADD CONSTRAINT notice_item_notice_id_fkey FOREIGN KEY (notice_id) REFERENCES public.notice(id);


--
-- Name: notice_item notice_item_takedown_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notice_item
    ADD CONSTRAINT notice_item_takedown_id_fkey FOREIGN KEY (takedown_id) REFERENCES public.takedown(id);


--
-- Name: notice notice_provider_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.notice
    ADD CONSTRAINT notice_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.provider(id);


--
-- Name: observation observation_takedown_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.observation
    ADD CONSTRAINT observation_takedown_id_fkey FOREIGN KEY (takedown_id) REFERENCES public.takedown(id);


--
-- Name: session session_account_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.session
    ADD CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.account(id);


--
-- Name: sighting sighting_address_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sighting
    ADD CONSTRAINT sighting_address_id_fkey FOREIGN KEY (address_id) REFERENCES public.address(id);


--
-- Name: sighting sighting_report_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sighting
    ADD CONSTRAINT sighting_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.report(id);


--
-- Name: takedown takedown_address_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.takedown
    ADD CONSTRAINT takedown_address_id_fkey FOREIGN KEY (address_id) REFERENCES public.address(id);


--
-- Name: takedown takedown_contact_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.takedown
    ADD CONSTRAINT takedown_contact_id_fkey FOREIGN KEY (contact_id) REFERENCES public.contact(id);


--
-- Name: takedown takedown_content_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.takedown
    ADD CONSTRAINT takedown_content_id_fkey FOREIGN KEY (content_id) REFERENCES public.content(id);


--
-- Name: takedown takedown_item_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.takedown
    ADD CONSTRAINT takedown_item_id_fkey FOREIGN KEY (item_id) REFERENCES public.item(id);


--
-- Name: takedown takedown_provider_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.takedown
    ADD CONSTRAINT takedown_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES public.provider(id);


--
-- Name: takedown takedown_report_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.takedown
    ADD CONSTRAINT takedown_report_id_fkey FOREIGN KEY (report_id) REFERENCES public.report(id);


--
-- Name: visit visit_address_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.visit
    ADD CONSTRAINT visit_address_id_fkey FOREIGN KEY (address_id) REFERENCES public.address(id);


--
-- Name: visit_item visit_item_item_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.visit_item
    ADD CONSTRAINT visit_item_item_id_fkey FOREIGN KEY (item_id) REFERENCES public.item(id);


--
-- Name: visit_item visit_item_visit_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.visit_item
    ADD CONSTRAINT visit_item_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES public.visit(id);


--
-- Name: watch watch_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.watch
    ADD CONSTRAINT watch_id_fkey FOREIGN KEY (id) REFERENCES public.takedown(id);


--
-- PostgreSQL database dump complete
--

\unrestrict gWI05zaFELzQ2CEahUH7S6KwKwDDjIeYWQq1ASzU4hgE2qyebzK60C5PmL23zVT

