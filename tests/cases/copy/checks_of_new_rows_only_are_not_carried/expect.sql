SELECT id, x FROM t;
