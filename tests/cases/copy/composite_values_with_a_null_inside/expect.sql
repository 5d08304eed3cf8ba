SELECT id, coalesce(c, 'none') FROM t ORDER BY id;
