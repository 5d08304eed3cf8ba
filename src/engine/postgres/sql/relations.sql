-- Every relation outside the system schemas that somebody may think of as an object to move.
-- parent: the partitioned table that a partition belongs to, directly.
SELECT c.oid,
       n.nspname,
       c.relname,
       c.relkind,
       coalesce(i.inhparent, 0) AS parent,
       c.relispartition,
       c.reltuples::bigint AS rows,
       coalesce(pg_catalog.pg_table_size(c.oid), 0) AS bytes,
       coalesce(pg_catalog.pg_relation_size(c.oid), 0)
         / pg_catalog.current_setting('block_size')::bigint AS blocks,
       pg_catalog.obj_description(c.oid, 'pg_class') AS comment,
       c.relrowsecurity,
       c.relpersistence,
       pg_catalog.pg_get_partkeydef(c.oid) AS partition_key,
       (SELECT count(*) FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid) AS children,
       (SELECT max(CASE WHEN g.tgenabled = 'O' THEN 1 ELSE 2 END) FROM pg_catalog.pg_trigger g
        WHERE NOT g.tgisinternal AND g.tgenabled <> 'D'
          AND (g.tgrelid = c.oid
               OR c.relkind = 'p' AND g.tgrelid IN (SELECT t.relid FROM pg_catalog.pg_partition_tree(c.oid) t))
       ) AS triggers
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
  AND NOT (n.nspname = 'rowferry' AND c.relname IN ('run', 'page', 'sync_marks'))
  AND n.nspname NOT LIKE 'pg\_temp\_%'
  AND c.relname NOT LIKE '\_rowferry\_%'
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d
                  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
                    AND d.deptype = 'e')
ORDER BY n.nspname, c.relname
