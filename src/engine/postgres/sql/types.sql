-- Types of users that columns of the relations in $1 are made of, down to the last part, but enums, and
-- but domains that are the columns' own types; with what they are made of themselves.
WITH RECURSIVE used (oid, nested) AS (
  SELECT c.atttypid, false FROM pg_catalog.pg_attribute c
  WHERE c.attrelid = ANY ($1::oid[]) AND c.attnum > 0 AND NOT c.attisdropped
  UNION
  SELECT part.oid, part.nested
  FROM used u JOIN pg_catalog.pg_type t ON t.oid = u.oid
  CROSS JOIN LATERAL (
    SELECT t.typelem, true WHERE t.typelem <> 0
    UNION ALL SELECT t.typbasetype, u.nested WHERE t.typbasetype <> 0
    UNION ALL SELECT r.rngsubtype, true FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid
    UNION ALL SELECT a.atttypid, true FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
  ) AS part (oid, nested))
SELECT DISTINCT n.nspname, t.typname,
       coalesce((SELECT pg_catalog.string_agg(a.attname || ' ' ||
                          pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
                 FROM pg_catalog.pg_attribute a
                 WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped),
                pg_catalog.format_type(nullif(t.typbasetype, 0), t.typtypmod), '')
FROM used u
JOIN pg_catalog.pg_type t ON t.oid = u.oid
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND t.typtype NOT IN ('e', 'p') AND (t.typtype <> 'd' OR u.nested) AND t.typcategory <> 'A'
ORDER BY n.nspname, t.typname
