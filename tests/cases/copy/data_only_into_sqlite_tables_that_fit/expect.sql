SELECT id, doc, small, sum, more FROM a ORDER BY id;
SELECT id, a FROM b ORDER BY id;
