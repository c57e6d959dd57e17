CREATE TABLE hotlines (
  id text PRIMARY KEY,
  connection_id text NOT NULL REFERENCES connections (id),
  name text NOT NULL,
  time_zone text NOT NULL,
  hours text,
  holidays text NOT NULL,
  closed boolean NOT NULL,
  languages text NOT NULL,
  default_language text NOT NULL,
  strategy text NOT NULL,
  ring_at_once bigint NOT NULL,
  ring_seconds bigint NOT NULL,
  pause_seconds bigint NOT NULL,
  longest_wait_seconds bigint NOT NULL,
  music_url text,
  wrap_up_seconds bigint NOT NULL,
  hard_wrap_up_seconds bigint NOT NULL,
  outcomes text NOT NULL,
  notes_enabled boolean NOT NULL,
  fallback_made_at bigint,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL
);

CREATE TABLE hotline_numbers (
  connection_id text NOT NULL,
  number text NOT NULL,
  hotline_id text NOT NULL REFERENCES hotlines (id),
  PRIMARY KEY (connection_id, number)
);
CREATE INDEX hotline_numbers_by_hotline ON hotline_numbers (hotline_id);

CREATE TABLE hotline_members (
  hotline_id text NOT NULL REFERENCES hotlines (id),
  volunteer_id text NOT NULL REFERENCES volunteers (id),
  added_at bigint NOT NULL,
  PRIMARY KEY (hotline_id, volunteer_id)
);
CREATE INDEX hotline_members_by_volunteer ON hotline_members (volunteer_id);

CREATE TABLE private_phones (
  volunteer_id text PRIMARY KEY REFERENCES volunteers (id),
  number_sealed text NOT NULL,
  masked text NOT NULL,
  enabled boolean NOT NULL,
  in_fallback boolean NOT NULL,
  updated_at bigint NOT NULL
);

CREATE TABLE volunteer_pauses (
  volunteer_id text PRIMARY KEY REFERENCES volunteers (id),
  idle_since bigint NOT NULL,
  wrap_up_until bigint NOT NULL
);

CREATE TABLE hotline_calls (
  call_uuid text PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  connection_id text NOT NULL,
  hotline_id text NOT NULL REFERENCES hotlines (id),
  caller_id text NOT NULL,
  caller_label text NOT NULL,
  caller_repeat boolean NOT NULL,
  state text NOT NULL,
  step bigint NOT NULL,
  language text,
  menu_tries bigint NOT NULL,
  waiting_since bigint NOT NULL,
  round bigint NOT NULL,
  last text NOT NULL,
  reconnect_to text,
  answered_by text,
  answered_leg text,
  answered_at bigint,
  ended_at bigint,
  ending text,
  seconds bigint,
  hangup_code bigint,
  outcome text,
  note_sealed text,
  hard boolean NOT NULL,
  started_at bigint NOT NULL,
  heard_at bigint NOT NULL
);
CREATE INDEX hotline_calls_open ON hotline_calls (heard_at) WHERE ended_at IS NULL;
CREATE INDEX hotline_calls_by_start ON hotline_calls (started_at);
CREATE INDEX hotline_calls_by_hotline ON hotline_calls (hotline_id, started_at);
CREATE INDEX hotline_calls_by_caller ON hotline_calls (caller_id, started_at);
CREATE INDEX hotline_calls_by_volunteer ON hotline_calls (answered_by, started_at);

CREATE TABLE hotline_rounds (
  call_uuid text NOT NULL,
  step bigint NOT NULL,
  round bigint NOT NULL,
  phones text NOT NULL,
  callees text NOT NULL,
  began_at bigint NOT NULL,
  ends_at bigint NOT NULL,
  ended_at bigint,
  PRIMARY KEY (call_uuid, step)
);
CREATE INDEX hotline_rounds_open ON hotline_rounds (ends_at) WHERE ended_at IS NULL;

CREATE TABLE hotline_legs (
  call_uuid text NOT NULL,
  leg_uuid text NOT NULL,
  volunteer_id text,
  phone text,
  answered_at bigint,
  connected_at bigint,
  ended_at bigint,
  hangup_code bigint,
  hangup_cause text,
  PRIMARY KEY (call_uuid, leg_uuid)
);
CREATE INDEX hotline_legs_open ON hotline_legs (answered_at) WHERE ended_at IS NULL;

CREATE TABLE hotline_answers (
  call_uuid text NOT NULL,
  step bigint NOT NULL,
  answer_sealed text NOT NULL,
  PRIMARY KEY (call_uuid, step)
);

CREATE TABLE hotline_ladder (
  call_uuid text NOT NULL,
  seq bigint NOT NULL,
  at bigint NOT NULL,
  asked text NOT NULL,
  told text NOT NULL,
  answered text NOT NULL,
  PRIMARY KEY (call_uuid, seq)
);

INSERT INTO counters (name, value) VALUES ('routing', 0)
