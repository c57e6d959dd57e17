ALTER TABLE hotline_calls ADD COLUMN waited_until bigint;
ALTER TABLE hotline_ladder ADD COLUMN document text;

DROP INDEX hotline_calls_by_start;
CREATE INDEX hotline_calls_log ON hotline_calls (
  started_at, call_uuid, hotline_id, ending, language, answered_by, caller_label, waiting_since, waited_until
);
CREATE INDEX hotline_rounds_by_start ON hotline_rounds (began_at);

CREATE TABLE page_signs (
  volunteer_id text PRIMARY KEY REFERENCES volunteers (id),
  device_id text NOT NULL,
  seen_at bigint NOT NULL
);

CREATE TABLE ring_reports (
  call_uuid text NOT NULL,
  step bigint NOT NULL,
  volunteer_id text NOT NULL,
  heard_at bigint NOT NULL,
  PRIMARY KEY (call_uuid, step, volunteer_id)
);
CREATE INDEX ring_reports_by_time ON ring_reports (heard_at);

CREATE TABLE doubts (
  volunteer_id text PRIMARY KEY REFERENCES volunteers (id),
  why text NOT NULL,
  since bigint NOT NULL
);

CREATE TABLE alerts (
  id text PRIMARY KEY,
  kind text NOT NULL,
  hotline_id text NOT NULL,
  hotline_name text NOT NULL,
  began_at bigint NOT NULL,
  ended_at bigint
);
CREATE UNIQUE INDEX alerts_open ON alerts (kind, hotline_id) WHERE ended_at IS NULL;
CREATE INDEX alerts_by_start ON alerts (began_at);

CREATE TABLE fallback_copies (
  hotline_id text PRIMARY KEY,
  digest text NOT NULL
);
