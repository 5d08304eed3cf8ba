SELECT id, a, IFNULL(x, '-'), g, HEX(b) FROM g ORDER BY id;
