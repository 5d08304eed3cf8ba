-- Indexes of the relations in $1, a row for each column of each. option: bit 0 descending, bit 1 nulls
-- first. constraint: p, u or x where a constraint owns the index.
SELECT x.indrelid,
       c.relname,
       x.indisunique,
       am.amname,
       k.n AS position,
       k.n <= x.indnkeyatts AS is_key,
       a.attname,
       CASE WHEN x.indkey[k.n - 1] = 0
            THEN pg_catalog.pg_get_indexdef(x.indexrelid, k.n::int, true) END AS expression,
       coalesce(x.indoption[k.n - 1], 0) AS option,
       CASE WHEN x.indcollation[k.n - 1] <> 0 AND x.indcollation[k.n - 1] <> a.attcollation
            THEN pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(co.collname)
       END AS collation,
       CASE WHEN NOT oc.opcdefault
            THEN pg_catalog.quote_ident(ocn.nspname) || '.' || pg_catalog.quote_ident(oc.opcname)
       END AS operator_class,
       pg_catalog.pg_get_expr(x.indpred, x.indrelid) AS predicate,
       con.contype,
       con.condeferrable,
       con.condeferred,
       pg_catalog.pg_get_indexdef(x.indexrelid) AS definition,
       x.indisvalid,
       con.conname
FROM pg_catalog.pg_index x
JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
JOIN pg_catalog.pg_am am ON am.oid = c.relam
CROSS JOIN LATERAL pg_catalog.generate_series(1, x.indnatts) AS k(n)
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[k.n - 1]
                                   AND x.indkey[k.n - 1] <> 0
LEFT JOIN pg_catalog.pg_collation co ON co.oid = x.indcollation[k.n - 1]
LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
LEFT JOIN pg_catalog.pg_opclass oc ON oc.oid = x.indclass[k.n - 1]
LEFT JOIN pg_catalog.pg_namespace ocn ON ocn.oid = oc.opcnamespace
LEFT JOIN pg_catalog.pg_constraint con ON con.conindid = x.indexrelid
                                      AND con.contype IN ('p', 'u', 'x')
WHERE x.indrelid = ANY ($1::oid[])
ORDER BY x.indrelid, c.relname, k.n
