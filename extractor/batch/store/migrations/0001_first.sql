-- The store of `extract batch`. Times are UTC, ISO 8601. Rows are added, never changed, but for
-- the end of a run. A result stands in one row: it is there whole or not at all.

CREATE TABLE migrations (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),   -- of the script
  applied TEXT NOT NULL
) STRICT;

CREATE TABLE sources (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE CHECK (length(sha256) = 64),
  bytes INTEGER NOT NULL,
  content BLOB               -- the bytes, zlib; NULL where they are no text
) STRICT;

-- A name that is not Unicode is spelled with \x.. and \u.... in path, and kept as it is in raw.
CREATE TABLE paths (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL,
  raw BLOB                   -- UTF-8 with lone surrogates; NULL where path is the name itself
) STRICT;
CREATE UNIQUE INDEX paths_path ON paths (path, ifnull(raw, x''));

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  began TEXT NOT NULL,
  ended TEXT,                -- NULL while it runs, and for ever if it was killed
  ending TEXT CHECK (ending IN ('finished', 'limit', 'cost', 'interrupted', 'failed')),
  command TEXT NOT NULL CHECK (json_valid(command)),   -- what was asked for
  version TEXT NOT NULL
) STRICT;

-- Where each run found what. A path without a source could not be read at all.
CREATE TABLE listings (
  run_id INTEGER NOT NULL REFERENCES runs (id),
  path_id INTEGER NOT NULL REFERENCES paths (id),
  source_id INTEGER REFERENCES sources (id),
  problem TEXT,
  message TEXT,
  PRIMARY KEY (path_id, run_id),
  CHECK ((source_id IS NULL) = (problem IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX listings_source ON listings (source_id);

-- Everything that decides a result beside the source.
CREATE TABLE makers (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,
  models TEXT NOT NULL,      -- the ladder, as --model has it
  prompts TEXT NOT NULL CHECK (json_valid(prompts)),   -- [{"model", "id", "sha256"}]
  form_data TEXT NOT NULL,
  version TEXT NOT NULL,
  code_read TEXT NOT NULL,   -- digest of the code up to the grounded reading
  code_judge TEXT NOT NULL,  -- digest of the code from there to the result
  options TEXT NOT NULL CHECK (json_valid(options))    -- votes and the like
) STRICT;

CREATE TABLE results (
  id INTEGER PRIMARY KEY,
  sha256 TEXT NOT NULL UNIQUE,          -- of json
  verdict TEXT NOT NULL,
  agency TEXT,
  year INTEGER,
  form TEXT,
  held INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  not_evaluable INTEGER NOT NULL,
  cells_read INTEGER NOT NULL,
  cells_deduced INTEGER NOT NULL,
  cells_unread INTEGER NOT NULL,        -- blank, missing or unreadable
  errors INTEGER NOT NULL,              -- findings of this severity
  warnings INTEGER NOT NULL,
  tables_sha256 TEXT,                   -- of all values in the order of the form; NULL without tables
  json TEXT NOT NULL
) STRICT;

-- What a reader made of a source, so that it can be judged again without reading; see Kept.
CREATE TABLE readings (
  id INTEGER PRIMARY KEY,
  body BLOB NOT NULL                    -- zlib of JSON
) STRICT;

CREATE TABLE attempts (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs (id),
  source_id INTEGER NOT NULL REFERENCES sources (id),
  maker_id INTEGER NOT NULL REFERENCES makers (id),
  how TEXT NOT NULL CHECK (how IN ('read', 'grounded', 'judged')),
  ended TEXT NOT NULL,
  seconds REAL NOT NULL,
  result_id INTEGER REFERENCES results (id),
  reading_id INTEGER REFERENCES readings (id),
  problem TEXT,                         -- unreadable, provider, crashed, timeout
  message TEXT,                         -- why; beside a result: what of its ladder is still to be done
  requests INTEGER NOT NULL,            -- HTTP requests of this attempt
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cost_usd TEXT,                        -- exact decimal; NULL when not known
  http TEXT CHECK (http IS NULL OR json_valid(http)),   -- those requests; NULL when there was none
  CHECK ((result_id IS NULL) = (problem IS NOT NULL))
) STRICT;
CREATE INDEX attempts_source ON attempts (source_id, id);
CREATE INDEX attempts_result ON attempts (source_id, id) WHERE result_id IS NOT NULL;
CREATE INDEX attempts_run ON attempts (run_id, source_id, result_id);

-- Answers of models under the hash of their questions; of several the latest counts.
CREATE TABLE answers (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL CHECK (length(key) = 64),
  model TEXT NOT NULL,
  prompt_id TEXT NOT NULL,
  prompt_sha256 TEXT NOT NULL,
  about TEXT NOT NULL,
  sample INTEGER NOT NULL,
  recorded TEXT NOT NULL,
  answer TEXT NOT NULL,
  raw BLOB                   -- UTF-8 with lone surrogates; NULL where answer is the text itself
) STRICT;
CREATE INDEX answers_key ON answers (key, id);
