SELECT count(*) FROM a;
SELECT id FROM b;
