CREATE TABLE b (id integer PRIMARY KEY, a integer);
INSERT INTO b VALUES (1, 1), (2, 2);
CREATE TABLE a (id integer PRIMARY KEY, doc jsonb, small smallint);
INSERT INTO a VALUES (1, '{"a": [2]}', 7), (2, NULL, -7);
