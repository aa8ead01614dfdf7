-- What SQL users ask for. A source is current while a path that was listed last with it, or when it
-- was given without a path. The current result is that of the latest attempt that gave one.

CREATE VIEW current_paths AS
SELECT p.path, p.raw, l.path_id, l.run_id, l.source_id, l.problem, l.message
FROM listings AS l
JOIN paths AS p ON p.id = l.path_id
WHERE l.run_id = (SELECT max(run_id) FROM listings WHERE path_id = l.path_id);

CREATE VIEW current_sources AS
SELECT
  s.id AS source_id, s.sha256, s.bytes,
  (SELECT id FROM attempts WHERE source_id = s.id AND result_id IS NOT NULL
   ORDER BY id DESC LIMIT 1) AS attempt_id,
  (SELECT id FROM attempts WHERE source_id = s.id ORDER BY id DESC LIMIT 1) AS latest_id
FROM sources AS s
WHERE EXISTS (SELECT 1 FROM current_paths WHERE source_id = s.id)
   OR NOT EXISTS (SELECT 1 FROM listings WHERE source_id = s.id);

CREATE VIEW reports AS
WITH places AS (
  SELECT path, source_id, run_id, problem, message FROM current_paths
  UNION ALL
  SELECT NULL, id, NULL, NULL, NULL FROM sources AS s
  WHERE NOT EXISTS (SELECT 1 FROM listings WHERE source_id = s.id)
)
SELECT
  p.path, s.sha256, s.bytes,
  r.verdict, r.agency, r.year, r.form,
  r.held, r.failed, r.not_evaluable,
  r.cells_read, r.cells_deduced, r.cells_unread, r.errors, r.warnings,
  CASE WHEN p.source_id IS NULL THEN p.run_id ELSE a.run_id END AS run,
  a.how, m.models,
  (SELECT group_concat(value ->> '$.id', ', ') FROM json_each(m.prompts)) AS prompt,
  m.version, a.requests, a.input_tokens, a.output_tokens, a.cost_usd,
  coalesce(p.problem, a.problem) AS problem,
  coalesce(p.message, a.message) AS message
FROM places AS p
LEFT JOIN sources AS s ON s.id = p.source_id
LEFT JOIN attempts AS a ON a.id = coalesce(
  (SELECT id FROM attempts WHERE source_id = p.source_id AND result_id IS NOT NULL
   ORDER BY id DESC LIMIT 1),
  (SELECT id FROM attempts WHERE source_id = p.source_id ORDER BY id DESC LIMIT 1))
LEFT JOIN makers AS m ON m.id = a.maker_id
LEFT JOIN results AS r ON r.id = a.result_id;

CREATE VIEW current_results AS
SELECT
  s.source_id, s.sha256,
  (SELECT min(path) FROM current_paths WHERE source_id = s.source_id) AS path,
  a.run_id, a.result_id, r.verdict, r.agency, r.year, r.form, r.json
FROM current_sources AS s
JOIN attempts AS a ON a.id = s.attempt_id
JOIN results AS r ON r.id = a.result_id;

-- A count of more digits than an integer of SQL has is given as text: no digit is lost.
CREATE VIEW cells AS
SELECT
  c.path, c.sha256, c.agency, c.year, c.form, c.verdict,
  j.key AS cell,
  substr(j.key, 1, instr(j.key, '.') - 1) AS tbl,
  substr(j.key, instr(j.key, '.') + 1,
         instr(substr(j.key, instr(j.key, '.') + 1), '.') - 1) AS "row",
  substr(j.key, instr(j.key, '.') + 1
         + instr(substr(j.key, instr(j.key, '.') + 1), '.')) AS col,
  CASE typeof(j.value ->> '$.value') WHEN 'real' THEN j.value -> '$.value'
       ELSE j.value ->> '$.value' END AS value,
  j.value ->> '$.state' AS state,
  j.value ->> '$.text' AS text,
  j.value ->> '$.span[0]' AS span_start,
  j.value ->> '$.span[1]' AS span_end
FROM current_results AS c, json_each(c.json, '$.cells') AS j;

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
FROM current_results AS c, json_each(c.json, '$.reasons') AS j;
