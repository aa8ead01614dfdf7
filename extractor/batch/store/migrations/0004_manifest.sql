-- What a manifest says of the report at a path (`extract batch --manifest`). It decides no verdict. Of several
-- manifests that name a path the latest counts.

CREATE TABLE manifests (
  id INTEGER PRIMARY KEY,
  file TEXT NOT NULL,
  given TEXT NOT NULL,       -- when
  columns TEXT NOT NULL CHECK (json_valid(columns))   -- its further columns in order
) STRICT;

CREATE TABLE manifest_rows (
  path_id INTEGER NOT NULL REFERENCES paths (id),
  manifest_id INTEGER NOT NULL REFERENCES manifests (id),
  line INTEGER NOT NULL,     -- of the manifest, from 1, the header with it
  url TEXT,
  agency TEXT,
  agency_id TEXT,
  region TEXT,               -- code of GB/T 2260
  year INTEGER,
  more TEXT NOT NULL CHECK (json_valid(more)),        -- {"column": "text"}
  PRIMARY KEY (path_id, manifest_id)
) STRICT, WITHOUT ROWID;

CREATE VIEW manifest AS
SELECT p.path, c.source_id, f.file, m.line, m.url, m.agency, m.agency_id, m.region, m.year, m.more
FROM manifest_rows AS m
JOIN manifests AS f ON f.id = m.manifest_id
JOIN paths AS p ON p.id = m.path_id
LEFT JOIN current_paths AS c ON c.path_id = m.path_id
WHERE m.manifest_id = (SELECT max(manifest_id) FROM manifest_rows WHERE path_id = m.path_id);
