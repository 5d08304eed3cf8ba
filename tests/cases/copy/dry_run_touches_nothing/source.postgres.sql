CREATE TABLE a (id integer PRIMARY KEY, t varchar(10), m interval DEFAULT '1 day');
INSERT INTO a VALUES (1, 'x', '2 days'), (2, 'y', NULL);
CREATE INDEX a_t ON a (t);
CREATE VIEW v AS SELECT * FROM a;
