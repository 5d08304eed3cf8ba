CREATE TABLE parent (id INT UNSIGNED NOT NULL PRIMARY KEY, name VARCHAR(40) CHARACTER SET latin1 COLLATE latin1_german2_ci COMMENT 'what''s called') COMMENT='first \ of all' COLLATE utf8mb4_unicode_520_ci;
CREATE TABLE kept (
  day DATE NOT NULL DEFAULT '2024-02-29',
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  parent_id INT UNSIGNED NULL,
  code INT(6) UNSIGNED ZEROFILL NOT NULL DEFAULT 42,
  word VARCHAR(100) COLLATE utf8mb4_bin NOT NULL DEFAULT 'it''s',
  body LONGTEXT,
  price DECIMAL(65,30) UNSIGNED DEFAULT 0.5 CHECK (price < 1000),
  kind ENUM('a,b','c''d','') NOT NULL DEFAULT 'a,b',
  flags SET('x','y','z') DEFAULT 'x,z',
  flag BIT(5) DEFAULT b'10101',
  twice DECIMAL(40,10) GENERATED ALWAYS AS (price * 2) VIRTUAL,
  shout VARCHAR(100) GENERATED ALWAYS AS (UPPER(word)) STORED,
  made TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6),
  place POINT NOT NULL,
  doc JSON,
  PRIMARY KEY (day, id),
  KEY numbers (id) COMMENT 'it''s \ for numbering',
  UNIQUE KEY word_once (word, day),
  KEY body_begins (body(20)),
  KEY downwards (code DESC, word),
  FULLTEXT KEY words (body),
  SPATIAL KEY places (place),
  CONSTRAINT kept_parent FOREIGN KEY (parent_id) REFERENCES parent (id) ON UPDATE CASCADE ON DELETE SET NULL,
  CONSTRAINT kept_code CHECK (code <> 7)
) ENGINE=InnoDB AUTO_INCREMENT=100 ROW_FORMAT=COMPRESSED;
CREATE TABLE parted (id INT NOT NULL, y INT NOT NULL, word VARCHAR(10), PRIMARY KEY (id, y))
  PARTITION BY RANGE (y) (PARTITION old VALUES LESS THAN (2000), PARTITION young VALUES LESS THAN MAXVALUE);
INSERT INTO parent VALUES (1, 'Größe'), (4294967295, NULL);
INSERT INTO kept (id, parent_id, code, word, body, price, kind, flags, flag, made, place, doc) VALUES
  (1, 1, 7000, 'a', 'some words in a body', 999.000000000000000000000000000001, 'c''d', '', b'1', '2024-03-31 01:30:00.123456', ST_GeomFromText('POINT(1 2)'), '{"a":  1}'),
  (18446744073709551000, NULL, 1, 'b', NULL, NULL, '', 'x,y,z', b'11111', '1970-01-01 00:00:01', ST_GeomFromText('POINT(-1.5 0)'), NULL);
INSERT INTO parted VALUES (1, 1999, 'old'), (2, 2000, 'young'), (3, 2024, 'young');
