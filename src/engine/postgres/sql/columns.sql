-- Columns of the relations in $1, in order. base: the type beneath a domain.
WITH RECURSIVE domains (domain, type, modifier, filled) AS (
  SELECT oid, typbasetype, typtypmod, typnotnull FROM pg_catalog.pg_type WHERE typtype = 'd'
  UNION ALL
  SELECT d.domain, b.typbasetype, b.typtypmod, d.filled OR b.typnotnull
  FROM domains d JOIN pg_catalog.pg_type b ON b.oid = d.type
  WHERE b.typtype = 'd')
SELECT a.attrelid,
       a.attname,
       pg_catalog.format_type(a.atttypid, a.atttypmod) AS native,
       t.typtype,
       tn.nspname = 'pg_catalog' AS builtin,
       pg_catalog.format_type(d.type, d.modifier) AS base,
       a.attnotnull OR coalesce(d.filled, false) AS filled,
       coalesce(pg_catalog.pg_get_expr(f.adbin, f.adrelid),
                CASE WHEN t.typtype = 'd' AND a.attgenerated = '' AND a.attidentity = ''
                     THEN pg_catalog.pg_get_expr(t.typdefaultbin, 0) END) AS expression,
       a.attgenerated,
       a.attidentity,
       CASE WHEN a.attcollation <> coalesce(b.typcollation, t.typcollation)
            THEN pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname)
       END AS collation,
       pg_catalog.col_description(a.attrelid, a.attnum) AS comment,
       -- A type of an extension: which operator sorts it depends on where that one stands.
       coalesce(b.typtype, t.typtype) = 'b' AND coalesce(b.typcategory, t.typcategory) <> 'A'
         AND coalesce(bn.nspname, tn.nspname) <> 'pg_catalog' AS own_order
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace
LEFT JOIN (domains d JOIN pg_catalog.pg_type b ON b.oid = d.type AND b.typtype <> 'd')
       ON d.domain = t.oid
LEFT JOIN pg_catalog.pg_namespace bn ON bn.oid = b.typnamespace
LEFT JOIN pg_catalog.pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
WHERE a.attrelid = ANY ($1::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum
