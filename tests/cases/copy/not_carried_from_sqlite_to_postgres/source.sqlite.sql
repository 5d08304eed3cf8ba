CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT COLLATE NOCASE, n INTEGER, loose, m DATE DEFAULT (date('now')), half REAL GENERATED ALWAYS AS (n / 2.0) STORED, CHECK (t LIKE 'x%'), CONSTRAINT small CHECK (n < 100), CHECK (n / 2 < 50));
INSERT INTO a (id, t, n, loose, m) VALUES (1, 'x', 1, 5, '2024-01-01');
CREATE INDEX a_partial ON a (n) WHERE n > 5;
CREATE INDEX a_odd ON a (n) WHERE t LIKE 'x%';
CREATE INDEX a_expression ON a (n + 1);
CREATE INDEX a_length ON a (length(t));
CREATE VIEW v AS SELECT * FROM a;
CREATE TRIGGER tr AFTER INSERT ON a BEGIN SELECT 1; END;
