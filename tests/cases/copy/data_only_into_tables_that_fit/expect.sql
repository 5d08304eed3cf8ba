SELECT id, doc::text, small, sum, more FROM a ORDER BY id;
SELECT id, a FROM b ORDER BY id;
SELECT count(*) FROM pg_constraint WHERE contype = 'f';
SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O';
