SELECT id, t, more FROM a ORDER BY id;
