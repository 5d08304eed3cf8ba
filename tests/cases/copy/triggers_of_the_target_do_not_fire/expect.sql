SELECT id, t FROM a ORDER BY 1;
SELECT count(*) FROM log;
