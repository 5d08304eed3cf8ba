SELECT id, t, n, twice, ts IS NULL, empty FROM a ORDER BY id;
