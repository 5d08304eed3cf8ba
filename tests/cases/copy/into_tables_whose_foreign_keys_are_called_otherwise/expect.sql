SELECT id, a FROM b ORDER BY id;
SELECT count(*) FROM pg_constraint WHERE contype = 'f';
