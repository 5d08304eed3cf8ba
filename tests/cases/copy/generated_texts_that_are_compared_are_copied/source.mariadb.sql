CREATE TABLE t (
  id INT NOT NULL PRIMARY KEY, name VARCHAR(20) COLLATE utf8mb4_general_ci,
  other VARCHAR(20) GENERATED ALWAYS AS (NULLIF(name, 'bob')) STORED,
  is_bob INT GENERATED ALWAYS AS (name = 'bob') STORED,
  twice BIGINT GENERATED ALWAYS AS (id * 2) STORED
);
INSERT INTO t (id, name) VALUES (1, 'BOB'), (2, 'Ann'), (3, 'bob ');
