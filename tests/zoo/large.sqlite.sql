CREATE TABLE large (id INTEGER PRIMARY KEY, t TEXT, b BLOB);
INSERT INTO large VALUES (1, replace(hex(zeroblob(4473925)), '00', '0123456\ä' || char(9) || '😀'), NULL), (2, NULL, CAST(replace(hex(zeroblob(22369622)), '00', char(1, 39, 92)) AS BLOB));
