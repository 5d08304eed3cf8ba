-- Sessions of clients that are at work, the one that asks among them; whether the user may see what other sessions do,
-- and whether the server keeps it.
SELECT pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE'),
       pg_catalog.current_setting('track_activities') = 'on',
       pid
FROM pg_catalog.pg_stat_activity
WHERE backend_type = 'client backend' AND state IN ('active', 'fastpath function call')
