CREATE TABLE t (id int PRIMARY KEY, lo oid);
INSERT INTO t VALUES (1, lo_from_bytea(0, 'x'));
