SELECT id, t, u FROM a;
SELECT * FROM b;
