-- What people decided: rows are added and never changed, an undoing is a row of its own. The bytes on which
-- it was decided need not be in this store.

CREATE TABLE decisions (
  number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 32),
  at TEXT NOT NULL,          -- UTC, ISO 8601
  who TEXT NOT NULL,
  kind TEXT NOT NULL,
  source TEXT NOT NULL CHECK (length(source) = 64),   -- SHA-256 of the bytes
  undoes TEXT,
  json TEXT NOT NULL CHECK (json_valid(json))         -- all of it, as it is exported
) STRICT;
CREATE INDEX decisions_source ON decisions (source, number);

-- Of an attempt: the number of the last decision that its result takes into account.
ALTER TABLE attempts ADD COLUMN decided INTEGER NOT NULL DEFAULT 0;
