CREATE TABLE device_endpoints (
  id text PRIMARY KEY,
  connection_id text NOT NULL REFERENCES connections (id),
  volunteer_id text NOT NULL REFERENCES volunteers (id),
  kind text NOT NULL,
  alias text NOT NULL UNIQUE,
  username text,
  plivo_id text,
  password_sealed text,
  registration_generation bigint NOT NULL,
  created_at bigint NOT NULL
);
INSERT INTO device_endpoints (id, connection_id, volunteer_id, kind, alias, username, plivo_id, password_sealed,
  registration_generation, created_at)
  SELECT id, connection_id, volunteer_id, kind, alias, username, plivo_id, password_sealed, registration_generation,
    created_at FROM endpoints;

CREATE TABLE device_registrations (
  id text PRIMARY KEY,
  endpoint_id text NOT NULL REFERENCES device_endpoints (id),
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
INSERT INTO device_registrations (id, endpoint_id, generation, device_id, device_label, user_agent, registered_at,
  refreshed_at, expires_at, ended_at, end_reason)
  SELECT id, endpoint_id, generation, device_id, device_label, user_agent, registered_at, refreshed_at, expires_at,
    ended_at, end_reason FROM registrations;

DROP TABLE registrations;
DROP TABLE endpoints;
ALTER TABLE device_endpoints RENAME TO endpoints;
ALTER TABLE device_registrations RENAME TO registrations;
CREATE UNIQUE INDEX endpoints_by_username ON endpoints (connection_id, username);
CREATE UNIQUE INDEX endpoints_one_browser ON endpoints (connection_id, volunteer_id) WHERE kind = 'browser';
CREATE INDEX endpoints_by_volunteer ON endpoints (volunteer_id);
CREATE INDEX registrations_by_device ON registrations (endpoint_id, device_id);

ALTER TABLE private_phones ADD COLUMN send_digits text;

CREATE TABLE sip_phones (
  endpoint_id text PRIMARY KEY REFERENCES endpoints (id),
  label text NOT NULL,
  send_digits text,
  given_at bigint,
  followed_up_at bigint,
  task text,
  task_at bigint NOT NULL,
  task_tries bigint NOT NULL,
  next_password_sealed text,
  problem text,
  looked_at bigint,
  read_at bigint,
  read_problem text,
  missing boolean NOT NULL
);
CREATE INDEX sip_phones_by_task ON sip_phones (task_at) WHERE task IS NOT NULL;

CREATE TABLE sip_watches (
  connection_id text PRIMARY KEY REFERENCES connections (id),
  next_at bigint NOT NULL,
  failures bigint NOT NULL,
  read_at bigint,
  problem text
);

CREATE TABLE leases (
  name text PRIMARY KEY,
  holder text NOT NULL,
  until bigint NOT NULL
);

CREATE TABLE phone_links (
  id text PRIMARY KEY,
  kind text NOT NULL,
  secret_hash text NOT NULL UNIQUE,
  endpoint_id text NOT NULL REFERENCES endpoints (id),
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  used_at bigint
);
CREATE INDEX phone_links_by_endpoint ON phone_links (endpoint_id);

CREATE TABLE ring_tests (
  id text PRIMARY KEY,
  endpoint_id text NOT NULL REFERENCES endpoints (id),
  connection_id text NOT NULL,
  asked_by text NOT NULL,
  call_uuid text,
  state text NOT NULL,
  device text,
  started_at bigint NOT NULL,
  answered_at bigint,
  ended_at bigint,
  hangup_code bigint,
  problem text
);
CREATE INDEX ring_tests_by_endpoint ON ring_tests (endpoint_id, started_at)
