CREATE TABLE fine (id integer PRIMARY KEY, t text);
INSERT INTO fine VALUES (1, 'x');
CREATE TABLE f (id integer PRIMARY KEY, d double precision, r real);
INSERT INTO f VALUES (1, 1.5, 1.5), (42, 'NaN', 1), (43, 1, 'NaN'), (44, '-0', 1), (45, 'Infinity', '-Infinity');
