-- Columns of the relations in $1, in order. base: the type beneath a domain.
SELECT a.attrelid,
       a.attname,
       pg_catalog.format_type(a.atttypid, a.atttypmod) AS native,
       t.typtype,
       tn.nspname = 'pg_catalog' AS builtin,
       CASE WHEN t.typtype = 'd'
            THEN (WITH RECURSIVE beneath (type, modifier) AS (
                    SELECT t.typbasetype, t.typtypmod
                    UNION ALL
                    SELECT b.typbasetype, b.typtypmod
                    FROM beneath JOIN pg_catalog.pg_type b ON b.oid = beneath.type
                    WHERE b.typtype = 'd')
                  SELECT pg_catalog.format_type(beneath.type, beneath.modifier)
                  FROM beneath JOIN pg_catalog.pg_type b ON b.oid = beneath.type
                  WHERE b.typtype <> 'd') END AS base,
       a.attnotnull,
       pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS expression,
       a.attgenerated,
       a.attidentity,
       CASE WHEN a.attcollation <> t.typcollation
            THEN pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname)
       END AS collation,
       pg_catalog.col_description(a.attrelid, a.attnum) AS comment
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
