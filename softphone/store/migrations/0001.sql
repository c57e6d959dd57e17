CREATE TABLE connections (
  id text PRIMARY KEY,
  name text NOT NULL,
  is_default boolean NOT NULL,
  auth_id text NOT NULL,
  auth_token_sealed text NOT NULL,
  previous_auth_token_sealed text,
  previous_until bigint,
  main_auth_id text,
  main_auth_token_sealed text,
  country text NOT NULL,
  token_source text NOT NULL,
  settled_source text NOT NULL,
  token_lifetime_seconds bigint NOT NULL,
  application_id text,
  webrtc_enabled boolean NOT NULL,
  allowed_countries text NOT NULL,
  caller_id text,
  created_at bigint NOT NULL,
  updated_at bigint NOT NULL
);
CREATE UNIQUE INDEX connections_one_default ON connections (is_default) WHERE is_default;

CREATE TABLE connection_numbers (
  connection_id text NOT NULL REFERENCES connections (id),
  number text NOT NULL,
  PRIMARY KEY (connection_id, number)
);

CREATE TABLE volunteers (
  id text PRIMARY KEY,
  login text NOT NULL UNIQUE,
  name text NOT NULL,
  role text NOT NULL,
  extension text NOT NULL UNIQUE,
  languages text NOT NULL,
  dialling text NOT NULL,
  webrtc_enabled boolean NOT NULL,
  active boolean NOT NULL,
  password_hash text,
  availability text NOT NULL,
  availability_since bigint NOT NULL,
  created_at bigint NOT NULL
);

CREATE TABLE setup (
  id text PRIMARY KEY,
  code_hash text NOT NULL,
  created_at bigint NOT NULL,
  used_at bigint
);

CREATE TABLE invites (
  id text PRIMARY KEY,
  secret_hash text NOT NULL,
  volunteer_id text NOT NULL REFERENCES volunteers (id),
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint
);
CREATE INDEX invites_by_volunteer ON invites (volunteer_id);

CREATE TABLE sessions (
  id_hash text PRIMARY KEY,
  volunteer_id text NOT NULL REFERENCES volunteers (id),
  created_at bigint NOT NULL,
  seen_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  stepped_up_at bigint NOT NULL,
  user_agent text NOT NULL
);
CREATE INDEX sessions_by_volunteer ON sessions (volunteer_id);

CREATE TABLE rate_limits (
  key text PRIMARY KEY,
  moments text NOT NULL,
  idle_at bigint NOT NULL
);
CREATE INDEX rate_limits_by_idle ON rate_limits (idle_at);

CREATE TABLE endpoints (
  id text PRIMARY KEY,
  connection_id text NOT NULL REFERENCES connections (id),
  volunteer_id text NOT NULL REFERENCES volunteers (id),
  kind text NOT NULL,
  alias text NOT NULL UNIQUE,
  username text,
  plivo_id text,
  password_sealed text,
  registration_generation bigint NOT NULL,
  created_at bigint NOT NULL,
  UNIQUE (connection_id, volunteer_id, kind)
);
CREATE UNIQUE INDEX endpoints_by_username ON endpoints (connection_id, username);

CREATE TABLE registrations (
  id text PRIMARY KEY,
  endpoint_id text NOT NULL REFERENCES endpoints (id),
  generation bigint NOT NULL,
  device_id text NOT NULL,
  device_label text NOT NULL,
  user_agent text NOT NULL,
  registered_at bigint NOT NULL,
  refreshed_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  ended_at bigint,
  end_reason text,
  UNIQUE (endpoint_id, generation)
);
CREATE INDEX registrations_by_device ON registrations (endpoint_id, device_id);

CREATE TABLE nonces (
  connection_id text NOT NULL,
  nonce text NOT NULL,
  request_hash text NOT NULL,
  answer_sealed text,
  received_at bigint NOT NULL,
  PRIMARY KEY (connection_id, nonce)
);
CREATE INDEX nonces_by_age ON nonces (received_at);

CREATE TABLE calls (
  call_uuid text PRIMARY KEY,
  connection_id text NOT NULL,
  kind text NOT NULL,
  volunteer_id text,
  endpoint_id text,
  peer_kind text NOT NULL,
  peer_volunteer_id text,
  peer_hash text,
  peer_masked text,
  page_ref text,
  answer_sealed text,
  state text NOT NULL,
  refusal text,
  started_at bigint NOT NULL,
  answered_at bigint,
  ended_at bigint,
  seconds bigint,
  hangup_code bigint,
  hangup_cause text,
  hangup_source text,
  outcome text
);
CREATE INDEX calls_by_volunteer ON calls (volunteer_id, started_at);
CREATE INDEX calls_by_peer ON calls (peer_volunteer_id, started_at);
CREATE INDEX calls_by_start ON calls (started_at);

CREATE TABLE call_events (
  call_uuid text NOT NULL,
  kind text NOT NULL,
  key text NOT NULL,
  detail text NOT NULL,
  received_at bigint NOT NULL,
  PRIMARY KEY (call_uuid, kind, key)
);

CREATE TABLE counters (
  name text PRIMARY KEY,
  value bigint NOT NULL
);
INSERT INTO counters (name, value) VALUES ('event', 0), ('audit', 0);

CREATE TABLE events (
  id bigint PRIMARY KEY,
  audience text NOT NULL,
  kind text NOT NULL,
  body text NOT NULL,
  at bigint NOT NULL
);
CREATE INDEX events_by_age ON events (at);

CREATE TABLE audit (
  seq bigint PRIMARY KEY,
  at bigint NOT NULL,
  actor_id text,
  actor_name text NOT NULL,
  action text NOT NULL,
  subject text NOT NULL,
  detail text NOT NULL,
  previous_hash text NOT NULL,
  hash text NOT NULL
);

CREATE TABLE key_checks (
  key_id text PRIMARY KEY,
  sealed text NOT NULL
);
