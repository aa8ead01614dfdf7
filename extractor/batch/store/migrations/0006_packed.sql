-- Results packed: zstd with a dictionary that the store keeps. The views cells and findings need the function
-- result_json (docs/store.md); everything else works in any program.

CREATE TABLE dictionaries (
  id INTEGER PRIMARY KEY,    -- as a frame of zstd names it
  body BLOB NOT NULL
) STRICT;

-- What a result says beside its figures. A note has its code and rule alone.
CREATE TABLE found (
  result_id INTEGER NOT NULL REFERENCES results (id),
  number INTEGER NOT NULL,   -- among the reasons of the result, from 0
  severity TEXT NOT NULL,
  code TEXT NOT NULL,
  rule TEXT,
  cell TEXT,                 -- the first that it is about
  cells INTEGER,             -- about how many it is
  span_start INTEGER,
  span_end INTEGER,
  expected TEXT,
  actual TEXT,
  item TEXT,                 -- those with the same are one thing to decide; NULL where there is nothing
  words TEXT,                -- the same words at the same rows in other reports have the same
  PRIMARY KEY (result_id, number)
) STRICT, WITHOUT ROWID;

DROP VIEW cells;
DROP VIEW findings;
DROP VIEW current_results;
INSERT INTO dictionaries
SELECT 32768, body FROM (SELECT trained(json, 32768) AS body FROM (SELECT json FROM results ORDER BY id LIMIT 400))
WHERE body IS NOT NULL;
INSERT INTO dictionaries
SELECT 32769, body FROM (SELECT trained(body, 32769) AS body FROM (SELECT body FROM readings ORDER BY id LIMIT 400))
WHERE body IS NOT NULL;
UPDATE readings SET body = packed_reading(body);
INSERT INTO found
SELECT r.id, j.value ->> 0, j.value ->> 1, j.value ->> 2, j.value ->> 3, j.value ->> 4, j.value ->> 5,
  j.value ->> 6, j.value ->> 7, j.value ->> 8, j.value ->> 9, j.value ->> 10, j.value ->> 11
FROM results AS r, json_each(found_in(r.json)) AS j;
ALTER TABLE results ADD COLUMN applied TEXT;   -- ids of the decisions that took effect, JSON; NULL without any
ALTER TABLE results ADD COLUMN body BLOB NOT NULL DEFAULT x'';   -- the JSON, packed
UPDATE results SET applied = applied_in(json), body = packed(json);
ALTER TABLE results DROP COLUMN json;

CREATE VIEW current_results AS
SELECT
  s.source_id, s.sha256,
  (SELECT min(path) FROM current_paths WHERE source_id = s.source_id) AS path,
  a.run_id, a.result_id, r.verdict, r.agency, r.year, r.form, r.body
FROM current_sources AS s
JOIN attempts AS a ON a.id = s.attempt_id
JOIN results AS r ON r.id = a.result_id;

-- Errors, warnings and notes of the current results, for programs without result_json.
CREATE VIEW problems AS
SELECT c.path, c.sha256, c.agency, c.year, c.form, c.verdict,
  f.severity, f.code, f.rule, f.cell, f.cells, f.expected, f.actual, f.span_start, f.span_end
FROM current_results AS c JOIN found AS f ON f.result_id = c.result_id;

-- A count of more digits than an integer of SQL has is given as text: no digit is lost.
CREATE VIEW cells AS
WITH each AS (
  SELECT
    c.path, c.sha256, c.agency, c.year, c.form, c.verdict, j.key AS cell, j.value AS said,
    CASE typeof(j.value ->> '$.value') WHEN 'real' THEN j.value -> '$.value'
         ELSE j.value ->> '$.value' END AS value,
    CASE typeof(j.value ->> '$.tentative') WHEN 'real' THEN j.value -> '$.tentative'
         ELSE j.value ->> '$.tentative' END AS tentative
  FROM current_results AS c, json_each(result_json(c.body), '$.cells') AS j
)
SELECT
  path, sha256, agency, year, form, verdict, cell,
  substr(cell, 1, instr(cell, '.') - 1) AS tbl,
  substr(cell, instr(cell, '.') + 1,
         instr(substr(cell, instr(cell, '.') + 1), '.') - 1) AS "row",
  substr(cell, instr(cell, '.') + 1
         + instr(substr(cell, instr(cell, '.') + 1), '.')) AS col,
  CASE verdict WHEN 'rejected' THEN NULL ELSE value END AS value,
  said ->> '$.state' AS state,
  said ->> '$.text' AS text,
  said ->> '$.span[0]' AS span_start,
  said ->> '$.span[1]' AS span_end,
  CASE verdict WHEN 'rejected' THEN coalesce(tentative, value) END AS tentative,
  said ->> '$.remark' AS remark,
  said -> '$.place' AS place
FROM each;

CREATE VIEW findings AS
SELECT
  c.path, c.sha256, c.agency, c.year, c.form, c.verdict,
  j.value ->> '$.code' AS code,
  j.value ->> '$.severity' AS severity,
  j.value ->> '$.rule' AS rule,
  j.value -> '$.cells' AS cells,
  j.value ->> '$.expected' AS expected,
  j.value ->> '$.actual' AS actual,
  j.value ->> '$.span[0]' AS span_start,
  j.value ->> '$.span[1]' AS span_end,
  j.value ->> '$.message_zh' AS message_zh,
  j.value ->> '$.message_en' AS message_en
FROM current_results AS c, json_each(result_json(c.body), '$.reasons') AS j;
