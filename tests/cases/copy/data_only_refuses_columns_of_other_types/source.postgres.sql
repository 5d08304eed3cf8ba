CREATE TABLE a (id integer PRIMARY KEY, big bigint, t text, b bytea);
INSERT INTO a VALUES (1, 1, '1', '1');
