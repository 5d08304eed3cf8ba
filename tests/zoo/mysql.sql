-- What only MySQL 8 has. Comes behind the sections of mariadb.sql that it takes too.

-- Documents: their numbers keep their kind, texts of dates and bytes come from values of those types.

CREATE TABLE more_documents (id int PRIMARY KEY, j json, needed json NOT NULL DEFAULT (JSON_OBJECT('a', 1)));
INSERT INTO more_documents (id, j) VALUES
  (1, '[9223372036854775807, -9223372036854775808, 18446744073709551615, 18446744073709551616, 0, -0.0]'), (2, '[1e308, 5e-324, 0.1, 1.0, 1e15, 1e16, 123456789.125]'), (3, '{"aa": 1, "b": 2, "a": 3, "": 4, "ä": 5, "A": 6}'),
  (4, CAST(CAST('2024-02-29' AS date) AS json)), (5, CAST(CAST('2024-02-29 12:00:00.5' AS datetime(6)) AS json)), (6, CAST(CAST('-838:59:59' AS time) AS json)), (7, CAST(x'00FF' AS json)),
  (8, '"\\u0000 \\u001f \\u007f \\u2028 \\\\ / \\""'), (9, CONCAT(REPEAT('[', 100), REPEAT(']', 100))), (10, 'null'), (11, NULL), (12, JSON_ARRAY(NULL, TRUE, 'x')), (13, JSON_QUOTE(REPEAT('ö😀', 20000)));
INSERT INTO more_documents (id, j, needed) VALUES (14, '1', '[]');

-- Shapes of a spatial reference, whose axes MySQL turns in what it prints and not in what it keeps.

CREATE TABLE places (id int PRIMARY KEY, p point NOT NULL SRID 4326, flat geometry SRID 0, gc geomcollection SRID 4326, SPATIAL KEY near_it (p));
INSERT INTO places VALUES
  (1, ST_GeomFromText('POINT(1 2)', 4326), ST_GeomFromText('LINESTRING(0.30000000000000004 1e300,-0.0 5e-324)'), ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1))', 4326)),
  (2, ST_GeomFromText('POINT(-90 180)', 4326), ST_GeomFromText('GEOMETRYCOLLECTION EMPTY'), ST_GeomFromText('GEOMETRYCOLLECTION EMPTY', 4326)),
  (3, ST_GeomFromText('POINT(90 -179.9)', 4326), NULL, NULL);

-- Columns that a query without their names leaves out.

CREATE TABLE hidden (id int PRIMARY KEY, a int INVISIBLE, word varchar(20) DEFAULT 'x' INVISIBLE, n int NOT NULL INVISIBLE DEFAULT 7, twice int GENERATED ALWAYS AS (n * 2) VIRTUAL INVISIBLE);
INSERT INTO hidden (id, a, word, n) VALUES (1, 1, 'a', 1), (2, NULL, NULL, 2);
INSERT INTO hidden (id) VALUES (3);

-- Defaults that are computed, for types that have none elsewhere.

CREATE TABLE defaults (
  id int PRIMARY KEY, code varchar(36) DEFAULT (UUID()), b binary(16) DEFAULT (UNHEX(REPLACE(UUID(), '-', ''))), t text DEFAULT (CONCAT('it''s ', _utf8mb4'\\ ä')), bl blob DEFAULT (x'00FF'), n int DEFAULT (1 + 2 * 3), r double DEFAULT (PI()), j json DEFAULT (JSON_ARRAY('a"b', 1)),
  d date DEFAULT (CURRENT_DATE), soon date DEFAULT (CURRENT_DATE + INTERVAL 1 YEAR), dt datetime(3) DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), p point DEFAULT (POINT(1, 2)));
INSERT INTO defaults VALUES (1, 'given', x'6ccd780cbaba102695645b8c656024db', 't', x'5C', 1, 0.1, '{}', '2024-02-29', '2025-02-28', '2024-02-29 12:00:00.123', ST_GeomFromText('POINT(3 4)')), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- Indexes on what is computed of a row.

CREATE TABLE indexed (
  id int PRIMARY KEY, word varchar(20), n int, j json, KEY lowered ((LOWER(word))), UNIQUE KEY sums ((n + id), word), KEY falling (n DESC, word), KEY of_documents ((CAST(j ->> '$.a' AS unsigned))), KEY of_arrays ((CAST(j -> '$.tags' AS unsigned ARRAY))),
  FULLTEXT KEY words (word), KEY unseen (n) INVISIBLE);
INSERT INTO indexed VALUES (1, 'Ä', 1, '{"a": 1, "tags": [1, 2]}'), (2, 'ä', 2, '{"a": 2, "tags": []}'), (3, NULL, NULL, NULL);

-- Checks.

CREATE TABLE checked (id int PRIMARY KEY, n int, word varchar(20), CONSTRAINT few CHECK (n < 100), CONSTRAINT like_it CHECK (word LIKE 'it''s\\_%' OR word = 'ää'), CONSTRAINT loose CHECK (n > 5) NOT ENFORCED);
INSERT INTO checked VALUES (1, 99, 'it''s_so'), (2, -1, 'ää'), (3, NULL, NULL);

-- Generated columns.

CREATE TABLE more_computed (id int PRIMARY KEY, j json, a varchar(20) GENERATED ALWAYS AS (j ->> '$.a') STORED, n int GENERATED ALWAYS AS (CAST(j -> '$.n' AS signed)) VIRTUAL NOT NULL, md char(32) CHARACTER SET ascii GENERATED ALWAYS AS (MD5(id)) STORED, sized json GENERATED ALWAYS AS (JSON_ARRAY(id, 'x')) VIRTUAL);
INSERT INTO more_computed (id, j) VALUES (1, '{"a": "ö😀", "n": 5}'), (2, '{"a": null, "n": -5}'), (3, '{"n": 0}');

-- Collations and a character set of its own; keys in which texts are equal or not by them.

CREATE TABLE more_signs (
  id int PRIMARY KEY, nine varchar(20) COLLATE utf8mb4_0900_ai_ci, nine_as varchar(20) COLLATE utf8mb4_0900_as_cs, nine_bin varchar(20) COLLATE utf8mb4_0900_bin, japanese varchar(20) COLLATE utf8mb4_ja_0900_as_cs_ks, german varchar(20) COLLATE utf8mb4_de_pb_0900_ai_ci,
  chinese varchar(20) CHARACTER SET gb18030, chinese_bin char(20) CHARACTER SET gb18030 COLLATE gb18030_bin, e enum('ä', '汉字') CHARACTER SET gb18030, s set('x', 'y') COLLATE utf8mb4_0900_as_ci, UNIQUE KEY once (nine_as), UNIQUE KEY chinese_once (chinese));
INSERT INTO more_signs VALUES
  (1, 'Größe 😀', 'Größe 😀', 'Größe 😀', 'かガ', 'Größe', '漢字汉字 😀 ä', '㐀😀', 'ä', 'x,y'), (2, '', '', '', '', '', '', '', NULL, ''), (3, ' a ', 'a ', 'a ', ' a ', ' a ', ' a ', ' a ', '汉字', 'y'), (4, 'a', 'a', 'a', 'a', 'a', 'a', 'a', NULL, NULL),
  (5, 'A\\''"', 'A', 'A', 'A', 'A', 'b', 'A', NULL, NULL), (6, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
