SELECT c::text FROM t;
