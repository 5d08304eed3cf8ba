SELECT other, is_bob, twice FROM t ORDER BY id;
