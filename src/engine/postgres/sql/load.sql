-- Whether the user may see what other sessions do, whether the server keeps it, and how many sessions of clients
-- are at work, those in $1 left out.
SELECT pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE'),
       pg_catalog.current_setting('track_activities') = 'on',
       (SELECT count(*) FROM pg_catalog.pg_stat_activity
        WHERE backend_type = 'client backend' AND state IN ('active', 'fastpath function call')
          AND pid <> ALL ($1::pg_catalog.int4[]))
