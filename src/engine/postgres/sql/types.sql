-- Types of users that columns of the relations in $1 have, themselves or as arrays, and that are neither
-- enums nor domains; with the attributes of composite ones.
SELECT n.nspname, t.typname,
       coalesce((SELECT pg_catalog.string_agg(a.attname || ' ' ||
                          pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
                 FROM pg_catalog.pg_attribute a
                 WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped), '')
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND t.typtype NOT IN ('e', 'd', 'p') AND t.typcategory <> 'A'
  AND t.oid IN (SELECT coalesce(nullif(u.typelem, 0), u.oid)
                FROM pg_catalog.pg_attribute c JOIN pg_catalog.pg_type u ON u.oid = c.atttypid
                WHERE c.attrelid = ANY ($1::oid[]) AND c.attnum > 0)
ORDER BY n.nspname, t.typname
