CREATE TABLE prompt_texts (
  hotline_id text NOT NULL,
  prompt text NOT NULL,
  language text NOT NULL,
  text text NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (hotline_id, prompt, language)
);

CREATE TABLE prompt_recordings (
  hotline_id text NOT NULL,
  prompt text NOT NULL,
  language text NOT NULL,
  id text NOT NULL UNIQUE,
  kind text NOT NULL,
  content bytea NOT NULL,
  bytes bigint NOT NULL,
  milliseconds bigint NOT NULL,
  updated_at bigint NOT NULL,
  PRIMARY KEY (hotline_id, prompt, language)
);
