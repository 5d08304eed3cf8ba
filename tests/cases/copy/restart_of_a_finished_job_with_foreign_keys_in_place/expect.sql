SELECT id, b FROM a ORDER BY id;
SELECT id, a FROM b ORDER BY id;
SELECT id, b, up FROM z ORDER BY id;
