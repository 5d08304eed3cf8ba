CREATE TYPE level AS ENUM ('lo', 'hi');
CREATE TABLE t (id int PRIMARY KEY, l level);
INSERT INTO t VALUES (1, 'lo');
