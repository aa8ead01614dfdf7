-- Contract version 2: a store says which version it is of, and in a rejected report no cell has a
-- value. What was tried is in tentative, whichever version of the contract the result itself is of.

CREATE TABLE contract (
  version INTEGER NOT NULL   -- of the store
) STRICT;
INSERT INTO contract VALUES (2);

DROP VIEW cells;

-- A count of more digits than an integer of SQL has is given as text: no digit is lost.
CREATE VIEW cells AS
WITH each AS (
  SELECT
    c.path, c.sha256, c.agency, c.year, c.form, c.verdict, j.key AS cell, j.value AS said,
    CASE typeof(j.value ->> '$.value') WHEN 'real' THEN j.value -> '$.value'
         ELSE j.value ->> '$.value' END AS value,
    CASE typeof(j.value ->> '$.tentative') WHEN 'real' THEN j.value -> '$.tentative'
         ELSE j.value ->> '$.tentative' END AS tentative
  FROM current_results AS c, json_each(c.json, '$.cells') AS j
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
