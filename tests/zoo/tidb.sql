-- What only TiDB has. Comes behind the section of mariadb.sql that it takes too.

-- Keys that are drawn at random, tables that lie in the order of a key and others.

CREATE TABLE drawn (id bigint PRIMARY KEY AUTO_RANDOM(5), word varchar(20));
CREATE TABLE clustered (id varchar(20), b varbinary(20), n decimal(20,2), word varchar(20), PRIMARY KEY (id, b, n) CLUSTERED) COLLATE utf8mb4_bin;
CREATE TABLE scattered (id varchar(20), word varchar(20), PRIMARY KEY (id) NONCLUSTERED) SHARD_ROW_ID_BITS = 4;
INSERT INTO clustered VALUES ('1', x'00FF', 1.50, 'a'), ('2', '', -0.01, 'b'), ('a ', x'5C', 0, NULL), ('ä😀', x'20', 99999999999999999.99, '');
INSERT INTO scattered VALUES ('1', 'a'), ('2', NULL), ('ä😀', ''), ('', ' ');

-- The sets of signs and collations that it has.

CREATE TABLE few_signs (
  id int PRIMARY KEY, bin varchar(20) COLLATE utf8mb4_bin, nine varchar(20) COLLATE utf8mb4_0900_ai_ci, nine_bin varchar(20) COLLATE utf8mb4_0900_bin, general varchar(20) COLLATE utf8mb4_general_ci, uni varchar(20) COLLATE utf8mb4_unicode_ci, three varchar(20) CHARACTER SET utf8,
  latin varchar(20) CHARACTER SET latin1, plain varchar(20) CHARACTER SET ascii, chinese varchar(20) CHARACTER SET gbk, bytes varchar(20) CHARACTER SET binary, UNIQUE KEY once (nine_bin), UNIQUE KEY general_once (general));
INSERT INTO few_signs VALUES (1, 'Größe 😀', 'Größe 😀', 'Größe 😀', 'Größe', 'Größe 😀', 'Größe 漢', 'Größe', 'plain', '漢字汉字', x'00FF5C27'), (2, '', '', '', '', '', '', '', '', '', ''), (3, ' a ', ' a ', 'a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', 'a  '), (4, 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a'), (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- Documents.

CREATE TABLE more_documents (id int PRIMARY KEY, j json);
INSERT INTO more_documents VALUES
  (1, '[9223372036854775807, -9223372036854775808, 18446744073709551615, 18446744073709551616, 0, -0.0]'), (2, '[1e308, 5e-324, 0.1, 1.0, 1e15, 1e16, 123456789.125]'), (3, '{"aa": 1, "b": 2, "a": 3, "": 4, "ä": 5, "A": 6}'),
  (4, '"\\u0000 \\u001f \\u007f \\u2028 \\\\ / \\""'), (5, CONCAT(REPEAT('[', 100), REPEAT(']', 100))), (6, 'null'), (7, NULL), (8, JSON_ARRAY(NULL, TRUE, 'x')), (9, JSON_QUOTE(REPEAT('ö😀', 20000)));

-- Indexes on what is computed of a row.

CREATE TABLE indexed (id int PRIMARY KEY, word varchar(20), n int, j json, KEY lowered ((LOWER(word))), UNIQUE KEY both_of (n, word), KEY of_arrays ((CAST(j -> '$.tags' AS unsigned ARRAY))), KEY unseen (n) INVISIBLE);
INSERT INTO indexed VALUES (1, 'Ä', 1, '{"a": 1, "tags": [1, 2]}'), (2, 'ä', 2, '{"a": 2, "tags": []}'), (3, NULL, NULL, NULL);
