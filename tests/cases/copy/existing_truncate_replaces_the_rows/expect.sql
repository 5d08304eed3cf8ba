SELECT id, t, more FROM a ORDER BY id;
SELECT id, a FROM b;
SELECT id FROM other;
