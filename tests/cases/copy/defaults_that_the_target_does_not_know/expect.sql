SELECT id, day, raw IS NULL, word FROM t ORDER BY id;
