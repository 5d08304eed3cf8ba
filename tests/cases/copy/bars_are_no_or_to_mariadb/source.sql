CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a TEXT, b TEXT, ab TEXT GENERATED ALWAYS AS (a || b) STORED, CHECK (a || 'x' <> 'bx'));
INSERT INTO t (id, a, b) VALUES (1, '1', '2'), (2, '0', '0');
