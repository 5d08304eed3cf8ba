CREATE TABLE a (id INTEGER PRIMARY KEY);
INSERT INTO a VALUES (1), (2);
CREATE TABLE b (id INTEGER PRIMARY KEY, a INTEGER REFERENCES a (id), filler TEXT);
INSERT INTO b VALUES (1, 1, hex(zeroblob(5000))), (2, 2, hex(zeroblob(5000))), (3, 2, hex(zeroblob(5000)));
