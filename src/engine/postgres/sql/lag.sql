-- Whether the user may see other sessions' figures, how many replicas are connected, and the seconds that the
-- slowest of them is behind, or this server itself where it is a standby; NULL where there is neither.
-- replay_lag keeps its last value for some seconds after a replica has caught up, so places count first.
WITH here AS (
  SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()
              ELSE pg_catalog.pg_current_wal_flush_lsn() END AS place),
lags AS (
  SELECT CASE WHEN r.replay_lsn >= here.place THEN 0
              ELSE coalesce(extract(epoch FROM r.replay_lag), 0) END AS seconds
  FROM pg_catalog.pg_stat_replication r, here
  WHERE r.state IN ('streaming', 'catchup')
  UNION ALL
  SELECT CASE WHEN pg_catalog.pg_last_wal_receive_lsn() <= pg_catalog.pg_last_wal_replay_lsn() THEN 0
              ELSE extract(epoch FROM pg_catalog.clock_timestamp()
                                        - pg_catalog.pg_last_xact_replay_timestamp()) END
  WHERE pg_catalog.pg_is_in_recovery() AND pg_catalog.pg_last_wal_receive_lsn() IS NOT NULL)
SELECT pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE'),
       (SELECT count(*) FROM pg_catalog.pg_stat_replication),
       (SELECT max(seconds) FROM lags)
