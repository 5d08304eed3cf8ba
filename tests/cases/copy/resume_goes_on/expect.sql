SELECT id, n FROM bad ORDER BY id;
