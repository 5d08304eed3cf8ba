CREATE TABLE a (id integer PRIMARY KEY, t text, CONSTRAINT kinds CHECK (t IN ('a', 'b') OR t IS NULL));
INSERT INTO a VALUES (1, 'a');
