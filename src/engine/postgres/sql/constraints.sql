-- Foreign keys, checks and (of servers that keep them as such) NOT NULL of the relations in $1. Rows of
-- constraints that a partition inherits are left out: the parent has them. enforced, period: columns
-- that only newer servers have.
SELECT con.conrelid,
       con.conname,
       con.contype,
       (SELECT pg_catalog.array_to_json(pg_catalog.array_agg(a.attname ORDER BY k.n))
        FROM pg_catalog.unnest(con.conkey) WITH ORDINALITY AS k(attnum, n)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.attnum) AS columns,
       rn.nspname AS to_schema,
       r.relname AS to_table,
       (SELECT pg_catalog.array_to_json(pg_catalog.array_agg(a.attname ORDER BY k.n))
        FROM pg_catalog.unnest(con.confkey) WITH ORDINALITY AS k(attnum, n)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = con.confrelid AND a.attnum = k.attnum)
         AS to_columns,
       con.confupdtype,
       con.confdeltype,
       con.condeferrable,
       con.condeferred,
       con.confmatchtype,
       con.convalidated,
       pg_catalog.pg_get_expr(con.conbin, con.conrelid) AS expression,
       coalesce((pg_catalog.to_jsonb(con) ->> 'conenforced')::boolean, true) AS enforced,
       coalesce((pg_catalog.to_jsonb(con) ->> 'conperiod')::boolean, false) AS period,
       con.connoinherit AND con.contype = 'c' AS no_inherit,
       (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY k.n)
        FROM pg_catalog.jsonb_array_elements(
               CASE WHEN con.confdeltype IN ('n', 'd')
                    THEN nullif(pg_catalog.to_jsonb(con) -> 'confdelsetcols', 'null') END)
             WITH ORDINALITY AS k(attnum, n)
        JOIN pg_catalog.pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.attnum::int) AS set_columns
FROM pg_catalog.pg_constraint con
LEFT JOIN pg_catalog.pg_class r ON r.oid = con.confrelid
LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
WHERE con.conrelid = ANY ($1::oid[]) AND con.contype IN ('f', 'c', 'n') AND con.conparentid = 0
ORDER BY con.conrelid, con.contype, con.conname
