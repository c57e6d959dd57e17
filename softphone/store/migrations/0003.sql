CREATE TABLE privacy (
  id text PRIMARY KEY,
  pseudonym_days bigint NOT NULL,
  pseudonym_keep_days bigint NOT NULL,
  calls_days bigint NOT NULL,
  voicemail_days bigint NOT NULL,
  logs_days bigint NOT NULL,
  audit_days bigint NOT NULL
);

CREATE TABLE hotline_privacy (
  hotline_id text PRIMARY KEY,
  voicemail_enabled boolean NOT NULL,
  caller_calls_per_hour bigint NOT NULL,
  all_calls_per_hour bigint NOT NULL,
  check_above bigint NOT NULL,
  messages_per_caller bigint NOT NULL,
  messages_in_all bigint NOT NULL,
  block_hours bigint NOT NULL
);

CREATE TABLE pseudonym_keys (
  number bigint PRIMARY KEY,
  key_sealed text NOT NULL,
  made_at bigint NOT NULL
);

CREATE TABLE callers (
  id text PRIMARY KEY,
  key_number bigint NOT NULL,
  masked_sealed text NOT NULL,
  language text,
  first_call_uuid text NOT NULL,
  seen_at bigint NOT NULL
);
CREATE INDEX callers_by_key ON callers (key_number);

CREATE TABLE blocks (
  id text PRIMARY KEY,
  hotline_id text NOT NULL,
  caller_id text NOT NULL,
  reason text NOT NULL,
  made_by text,
  made_at bigint NOT NULL,
  until bigint NOT NULL,
  lifted_at bigint
);
CREATE INDEX blocks_by_caller ON blocks (caller_id, hotline_id);
CREATE INDEX blocks_by_end ON blocks (until);

CREATE TABLE admissions (
  call_uuid text PRIMARY KEY,
  hotline_id text NOT NULL,
  caller_id text NOT NULL,
  state text NOT NULL,
  digits text,
  tries bigint NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX admissions_by_caller ON admissions (hotline_id, caller_id, at);
CREATE INDEX admissions_by_hotline ON admissions (hotline_id, at);
CREATE INDEX admissions_by_age ON admissions (at);

CREATE TABLE voicemails (
  id text PRIMARY KEY,
  connection_id text NOT NULL,
  recording_id text NOT NULL,
  call_uuid text NOT NULL,
  hotline_id text NOT NULL,
  caller_id text NOT NULL,
  language text NOT NULL,
  media_path text,
  seconds bigint,
  left_at bigint NOT NULL,
  taken_by text,
  taken_at bigint,
  done_at bigint,
  UNIQUE (connection_id, recording_id)
);
CREATE INDEX voicemails_by_time ON voicemails (left_at);
CREATE INDEX voicemails_by_caller ON voicemails (hotline_id, caller_id, left_at);

CREATE TABLE recording_deletions (
  connection_id text NOT NULL,
  recording_id text NOT NULL,
  asked_at bigint NOT NULL,
  next_at bigint NOT NULL,
  tries bigint NOT NULL,
  problem text,
  gone_at bigint,
  PRIMARY KEY (connection_id, recording_id)
);
CREATE INDEX recording_deletions_due ON recording_deletions (gone_at, next_at);

CREATE TABLE purge_runs (
  at bigint PRIMARY KEY,
  removed text NOT NULL
);

CREATE TABLE audit_starts (
  id text PRIMARY KEY,
  seq bigint NOT NULL,
  hash text NOT NULL
);
CREATE INDEX audit_by_age ON audit (at);
CREATE INDEX call_events_by_age ON call_events (received_at);
