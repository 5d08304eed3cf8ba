CREATE TABLE large (id int PRIMARY KEY, t text, b bytea);
INSERT INTO large VALUES (1, repeat(E'0123456\\ä\t😀', 4473925), NULL), (2, NULL, decode(repeat('00ff5c2709', 13421773), 'hex'));
