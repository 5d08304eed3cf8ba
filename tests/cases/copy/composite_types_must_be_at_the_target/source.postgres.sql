CREATE TYPE ct AS (a int, b int);
CREATE TABLE t (id int PRIMARY KEY, c ct);
INSERT INTO t VALUES (1, ROW(1, 2));
