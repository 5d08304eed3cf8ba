SELECT id, d, r FROM f ORDER BY id;
