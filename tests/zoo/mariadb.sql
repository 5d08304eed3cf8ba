-- The zoo of MariaDB 10.11: every type a column can have, with the values that are easily bent. A table holds a
-- family of types; a value is named by table, id and column. A value that some other engine has to refuse stands
-- in a row of its own, so that no other is refused with it. Its sections are marked: MySQL 8 takes all but the last one,
-- TiDB the first.

SET SESSION sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00', NAMES utf8mb4;

-- Whole numbers, truth, years.

CREATE TABLE whole (
  id int PRIMARY KEY, ti tinyint, si smallint, mi mediumint, i int, bi bigint, tiu tinyint unsigned, siu smallint unsigned, miu mediumint unsigned, iu int unsigned, biu bigint unsigned,
  truth boolean, ti1u tinyint(1) unsigned, i5z int(5) zerofill, bi20z bigint(20) unsigned zerofill, y year);
INSERT INTO whole VALUES
  (1, -128, -32768, -8388608, -2147483648, -9223372036854775808, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1901),
  (2, 127, 32767, 8388607, 2147483647, 9223372036854775807, 255, 65535, 16777215, 4294967295, 18446744073709551615, 1, 255, 4294967295, 18446744073709551615, 2155),
  (3, -1, -1, -1, -1, 9007199254740993, 128, 32768, 8388608, 2147483648, 9223372036854775808, -128, 1, 42, 42, 0),
  (4, 0, 0, 0, 0, 0, 1, 1, 1, 1, 18446744073709551614, 127, 2, 99999, 1, 1970),
  (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- Floats. f6_2 and d8_3 round what they are given, once.

CREATE TABLE floating (id int PRIMARY KEY, f float, d double, fu float unsigned, du double unsigned, f6_2 float(6,2), d8_3 double(8,3), f24 float(24), f53 float(53), fz float zerofill);
INSERT INTO floating VALUES
  (1, 16777216, 0.30000000000000004, 16777216, 0.30000000000000004, 1234.56, 12345.678, 16777216, 0.30000000000000004, 1.5),
  (2, 3.40282346638528859e38, 1.7976931348623157e308, 3.40282346638528859e38, 1.7976931348623157e308, 9999.99, 99999.999, 3.40282346638528859e38, 1.7976931348623157e308, 3.40282346638528859e38),
  (3, -3.40282346638528859e38, -1.7976931348623157e308, 0, 0, -9999.99, -99999.999, -3.40282346638528859e38, -1.7976931348623157e308, 0),
  (4, 1.401298464324817e-45, 5e-324, 1.401298464324817e-45, 5e-324, 0.01, 0.001, -1.401298464324817e-45, -5e-324, 1.401298464324817e-45),
  (5, 1.1754942106924411e-38, 2.225073858507201e-308, 1.1754943508222875e-38, 2.2250738585072014e-308, 0.1, 0.1, 0.1, 0.1, 0.1),
  (6, 16777217, 9007199254740993, 123456.789, 123456789012345680, 1.005, 1.0005, 1e15, 1e23, 999999.94),
  (7, 3.1415927, 3.141592653589793, 1e-7, 1e-7, 0, 0, 0, 0, 0),
  (8, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- Numbers with decimals.

CREATE TABLE numbers (id int PRIMARY KEY, d65_30 decimal(65,30), d65_0 decimal(65,0), d10_0 decimal, d15_15 decimal(15,15), d16_2 decimal(16,2), d30_30 decimal(30,30), du10_2 decimal(10,2) unsigned, dz10_2 decimal(10,2) zerofill, fix fixed(9,4));
INSERT INTO numbers VALUES
  (1, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  (2, 99999999999999999999999999999999999.999999999999999999999999999999, 99999999999999999999999999999999999999999999999999999999999999999, 9999999999, 0.999999999999999, 99999999999999.99, 0.999999999999999999999999999999, 99999999.99, 99999999.99, 99999.9999),
  (3, -99999999999999999999999999999999999.999999999999999999999999999999, -99999999999999999999999999999999999999999999999999999999999999999, -9999999999, -0.999999999999999, -99999999999999.99, -0.999999999999999999999999999999, 0.01, 0.01, -99999.9999),
  (4, 0.000000000000000000000000000001, 1, 1, 0.000000000000001, 0.01, 0.000000000000000000000000000001, 1.10, 1.10, 0.1),
  (5, 0.30000000000000004, 18446744073709551616, -1, 0.1, -0.10, 0.1, 10, 10, 10000),
  (6, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- Days and times.

CREATE TABLE times (
  id int PRIMARY KEY, d date, t time, t1 time(1), t6 time(6), dt datetime, dt1 datetime(1), dt2 datetime(2), dt3 datetime(3), dt4 datetime(4), dt5 datetime(5), dt6 datetime(6), ts timestamp NULL, ts3 timestamp(3) NULL, ts6 timestamp(6) NULL);
INSERT INTO times VALUES
  (1, '1000-01-01', '00:00:00', '00:00:00.1', '00:00:00.000001', '1000-01-01 00:00:00', '2024-02-29 12:00:00.1', '2024-02-29 12:00:00.12', '2024-02-29 12:00:00.123', '2024-02-29 12:00:00.1234', '2024-02-29 12:00:00.12345', '2024-02-29 12:00:00.123456', '1970-01-01 00:00:01', '1970-01-01 00:00:01.001', '1970-01-01 00:00:01.000001'),
  (2, '9999-12-31', '838:59:59', '838:59:59.0', '838:59:59', '9999-12-31 23:59:59', '9999-12-31 23:59:59.9', '9999-12-31 23:59:59.99', '9999-12-31 23:59:59.999', '9999-12-31 23:59:59.9999', '9999-12-31 23:59:59.99999', '9999-12-31 23:59:59.999999', '2038-01-19 03:14:07', '2038-01-19 03:14:07.999', '2038-01-19 03:14:07.999999'),
  (3, '2024-02-29', '-838:59:59', '-838:59:58.9', '-838:59:58.999999', '2024-02-29 23:59:59', '0001-01-01 00:00:00.1', '1582-10-10 00:00:00', '1970-01-01 00:00:00', '1969-12-31 23:59:59.9999', '2016-12-31 23:59:59', '0001-01-01 00:00:00.000001', '2024-10-27 00:30:00', '2024-10-27 01:30:00', '2024-03-31 01:00:00'),
  (4, '0001-01-01', '-00:00:01', '-00:00:00.1', '-00:00:00.000001', '0001-01-01 00:00:00', '2000-01-01', '2000-01-01', '2000-01-01', '2000-01-01', '2000-01-01', '2000-01-01', '2000-01-01', '2000-01-01', '2000-01-01'),
  (5, '1582-10-10', '24:00:00', '23:59:59.9', '23:59:59.999999', '1582-10-10 12:00:00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (6, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO times (id, d) VALUES (21, '0000-00-00'), (22, '2024-00-00'), (23, '2024-02-00'), (24, '0000-01-01'), (25, '2023-02-29'), (26, '2024-02-31'), (27, '0000-12-31'), (28, '0000-02-29');
INSERT INTO times (id, dt) VALUES (31, '0000-00-00 00:00:00'), (32, '2024-00-00 12:00:00'), (33, '2024-02-00 00:00:00'), (34, '0000-01-01 00:00:00'), (35, '2023-02-29 12:00:00');
INSERT INTO times (id, dt6) VALUES (41, '0000-00-00 00:00:00'), (42, '0000-00-00 00:00:00.000001'), (43, '2024-00-01 00:00:00.5');
INSERT INTO times (id, ts) VALUES (51, '0000-00-00 00:00:00');
INSERT INTO times (id, ts6) VALUES (52, '0000-00-00 00:00:00');

-- Texts.

CREATE TABLE texts (
  id int PRIMARY KEY, c char(5), c0 char(0), c255 char(255), v varchar(20), v0 varchar(0), v4000 varchar(4000), tt tinytext, t text, mt mediumtext, lt longtext, t10 text(10), lv long varchar, nc nchar(5), nv nvarchar(5))
  CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;
INSERT INTO texts VALUES
  (1, '', '', '', '', '', '', '', '', '', '', '', '', '', ''),
  (2, 'a', '', REPEAT('c', 255), 'v', '', REPEAT('ö', 4000), REPEAT('t', 255), REPEAT('t', 65535), 'm', 'l', 't', 'lv', 'nc', 'nv'),
  (3, 'ab  ', '', '  c  ', 'trailing  ', '', 'v  ', 'tt  ', 't  ', 'mt  ', 'lt  ', 't10  ', 'lv  ', 'nc  ', 'nv  '),
  (4, '😀😀😀😀😀', NULL, REPEAT('😀', 255), '😀 𐍈 漢字', NULL, '😀', '😀', '😀', '😀', '😀', '😀', '😀', '漢字', '漢字'),
  (5, 'a\\b''c', NULL, 'tab\tline\nreturn\rback\\slash quote\' double\" \\N \\.', '\\N', NULL, '\\.', '\\', '\n', '\r\n', '\Z', '\b', '\t', '\\', '\''),
  (6, 'NULL', NULL, 'null', 'NULL', NULL, 'NULL', 'NULL', 'NULL', 'NULL', 'NULL', 'NULL', 'NULL', 'NULL', 'NULL'),
  (7, x'EFBFBF', NULL, x'EFBBBF', x'F48FBFBF', NULL, x'C2A0', x'C39F', x'65CC81', x'C3A9', x'E2808B', x'01', x'7F', x'C2A0', x'C2A0'),
  (8, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO texts (id, c) VALUES (11, 'a\0b');
INSERT INTO texts (id, v) VALUES (12, 'a\0b'), (13, '\0');
INSERT INTO texts (id, t) VALUES (14, 'a\0b');
INSERT INTO texts (id, lt) VALUES (15, '\0\0');
INSERT INTO texts (id, c) VALUES (16, 'a\t'), (17, 'a\n '), (18, ' ');

-- Bytes, bits.

CREATE TABLE bytes (id int PRIMARY KEY, b binary, b4 binary(4), vb varbinary(300), tb tinyblob, bl blob, mb mediumblob, lb longblob, bit1 bit, bit8 bit(8), bit63 bit(63), bit64 bit(64));
INSERT INTO bytes VALUES
  (1, '', '', '', '', '', '', '', b'0', b'0', 0, 0),
  (2, x'FF', x'FFFFFFFF', x'00FF5C270A0D091A', x'00', x'5C4E', x'5C', x'27', b'1', b'11111111', 0x7FFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF),
  (3, x'00', x'61', x'6120', x'2020', x'F09F9880', x'FFFE', x'EFBBBF', NULL, b'1', 0x4000000000000000, 0x8000000000000000),
  (4, ' ', 'a  ', 'a  ', 'a ', 'text', 'NULL', '\\N', NULL, b'10000000', 1, 1),
  (5, x'5C', x'0000002A', REPEAT(x'00FF', 150), REPEAT(x'AB', 255), REPEAT(x'CD', 65535), '', '', NULL, 39, 92, 10),
  (6, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- Enums and sets.

CREATE TABLE labels (id int PRIMARY KEY, e enum('a', 'b,c', 'it''s', '"q"', 'Ä 😀', 'back\\slash', 'NULL', '1'), with_empty enum('x', ''), e_latin enum('ä', 'ö') CHARACTER SET latin1, e_bytes enum('a', 'b') CHARACTER SET binary, s set('a', 'it''s', '"q"', 'Ä 😀', 'back\\slash', 'b c', '0'), s_latin set('ä', 'ö') CHARACTER SET latin1,
  s64 set('1','2','3','4','5','6','7','8','9','10','11','12','13','14','15','16','17','18','19','20','21','22','23','24','25','26','27','28','29','30','31','32','33','34','35','36','37','38','39','40','41','42','43','44','45','46','47','48','49','50','51','52','53','54','55','56','57','58','59','60','61','62','63','64'))
  CHARACTER SET utf8mb4;
INSERT INTO labels VALUES
  (1, 'a', 'x', 'ä', 'a', '', '', ''), (2, 'b,c', '', 'ö', 'b', 'a,it''s,"q",Ä 😀,back\\slash,b c,0', 'ä,ö', 18446744073709551615), (3, 'it''s', NULL, NULL, NULL, '0', 'ö', 9223372036854775808), (4, '"q"', NULL, NULL, NULL, 'back\\slash', NULL, 1),
  (5, 'Ä 😀', NULL, NULL, NULL, 'Ä 😀', NULL, '10,1'), (6, 'back\\slash', NULL, NULL, NULL, 'b c,a', NULL, NULL), (7, 'NULL', NULL, NULL, NULL, NULL, NULL, NULL), (8, '1', NULL, NULL, NULL, NULL, NULL, NULL), (9, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
-- None of its labels, which prints as an empty text.
INSERT INTO labels (id, e) VALUES (11, 'none');
INSERT INTO labels (id, with_empty) VALUES (12, 'none');
INSERT INTO labels (id, e_latin) VALUES (13, 'none');

-- Documents.

CREATE TABLE documents (id int PRIMARY KEY, j json);
INSERT INTO documents VALUES
  (1, '{"b": 1, "a":  2, "b":3}'), (2, '[1.0, 1.50, 100, 1e2, 0.30000000000000004, 123456789012345678901234567890, -0, -0.0]'), (3, '"\\u00e9 \\ud83d\\ude00 😀 \\/ \\\\ \\" \\b\\f\\n\\r\\t"'), (4, 'null'), (5, ' {  } '), (6, '[]'), (7, 'true'), (8, '""'),
  (9, '{"": {"": null}}'), (10, '1'), (11, '1.0'), (12, '9007199254740993'), (13, CONCAT(REPEAT('[', 31), REPEAT(']', 31))), (14, NULL), (15, '18446744073709551615'), (16, '{"a": 1, "a": {"a": 2, "a": [3]}}');
INSERT INTO documents VALUES (21, '"\\u0000"'), (23, '[\n1,\t2]');

-- Columns that are computed or have defaults.

CREATE TABLE computed (id int PRIMARY KEY, a int, doubled int GENERATED ALWAYS AS (a * 2) STORED, tripled int GENERATED ALWAYS AS (a * 3) VIRTUAL, t varchar(20), upper_t varchar(20) GENERATED ALWAYS AS (UPPER(t)) VIRTUAL, d decimal(10,2) NOT NULL DEFAULT 1.50, ts timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP);
INSERT INTO computed (id, a, t, ts) VALUES (1, 5, 'ä', '2024-01-01 00:00:00'), (2, NULL, NULL, '2024-01-01 00:00:00'), (3, -500000000, 'ß', '2024-01-01 00:00:00');

-- == TiDB has none of these.

-- Character sets. Their rows: bytes that lead to Unicode and back.

CREATE TABLE signs (
  id int PRIMARY KEY, utf8_bin varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, utf8_ai varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci, utf8_3 varchar(20) CHARACTER SET utf8mb3,
  latin varchar(20) CHARACTER SET latin1, latin_bin char(20) CHARACTER SET latin1 COLLATE latin1_bin, plain varchar(20) CHARACTER SET ascii, bytes varchar(20) CHARACTER SET binary,
  ucs varchar(20) CHARACTER SET ucs2, u16 varchar(20) CHARACTER SET utf16, u16le text CHARACTER SET utf16le, u32 varchar(20) CHARACTER SET utf32, cyrillic varchar(20) CHARACTER SET cp1251, cyrillic2 varchar(20) CHARACTER SET koi8r,
  greek varchar(20) CHARACTER SET greek, hebrew varchar(20) CHARACTER SET hebrew, arabic varchar(20) CHARACTER SET cp1256, baltic varchar(20) CHARACTER SET cp1257, turkish varchar(20) CHARACTER SET latin5, middle varchar(20) CHARACTER SET latin2, cp1250 varchar(20) CHARACTER SET cp1250, dos varchar(20) CHARACTER SET cp850,
  thai varchar(20) CHARACTER SET tis620, big5 varchar(20) CHARACTER SET big5, gbk varchar(20) CHARACTER SET gbk, gb2312 varchar(20) CHARACTER SET gb2312, sjis varchar(20) CHARACTER SET sjis, cp932 varchar(20) CHARACTER SET cp932, ujis varchar(20) CHARACTER SET ujis, eucjpms varchar(20) CHARACTER SET eucjpms, euckr varchar(20) CHARACTER SET euckr);
INSERT INTO signs VALUES
  (1, 'Größe 😀', 'Größe 😀', 'Größe 漢', 'Größe €', 'Größe €', 'plain', 'Größe', 'Größe 漢', 'Größe 😀', 'Größe 😀', 'Größe 😀', 'Привет №', 'Привет', 'Ελλάδα', 'שלום', 'سلام', 'āčęģ', 'İıŞş', 'čšž ő', 'čšž €', 'Größe ░',
   'ไทย', '漢字', '漢字汉字', '汉字', '漢字ソ', '漢字①', '漢字', '漢字①', '한국'),
  (2, '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', ''),
  (3, ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a ', ' a '),
  (4, 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a\\''"', 'a''"', 'a\\''"', 'a\\''"', 'a\\''"'),
  (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
-- Bytes without a place in Unicode, and those that come back as others.
INSERT INTO signs (id, latin) VALUES (11, x'80818D8F909D9FFF');
INSERT INTO signs (id, big5) VALUES (12, x'C6A1'), (13, x'A145');
INSERT INTO signs (id, cp932) VALUES (15, x'FA4A'), (16, x'8754'), (17, x'81CA'), (18, x'EEF9');
INSERT INTO signs (id, sjis) VALUES (19, x'815C'), (20, x'5C7E');
INSERT INTO signs (id, cyrillic) VALUES (21, x'98');
INSERT INTO signs (id, hebrew) VALUES (22, x'A1');
INSERT INTO signs (id, gbk) VALUES (23, x'A2A0');
INSERT INTO signs (id, eucjpms) VALUES (24, x'A1C0');
INSERT INTO signs (id, ucs) VALUES (26, x'FFFF'), (27, x'0000');
INSERT INTO signs (id, bytes) VALUES (28, x'00FF5C27'), (29, 'a  ');
INSERT INTO signs (id, greek) VALUES (30, x'D2');
INSERT INTO signs (id, thai) VALUES (31, x'DB');

-- Shapes: SRID and WKB.

CREATE TABLE shapes (id int PRIMARY KEY, g geometry, p point, l linestring, a polygon, mp multipoint, ml multilinestring, ma multipolygon, gc geometrycollection);
INSERT INTO shapes VALUES
  (1, ST_GeomFromText('POINT(1 2)'), ST_GeomFromText('POINT(1 2)'), ST_GeomFromText('LINESTRING(0 0,1.5 -2)'), ST_GeomFromText('POLYGON((0 0,0 3,3 3,0 0),(1 2,1 2.5,1.5 2.5,1 2))'), ST_GeomFromText('MULTIPOINT(1 2,3 4)'), ST_GeomFromText('MULTILINESTRING((0 0,1 1),(2 2,3 3))'),
   ST_GeomFromText('MULTIPOLYGON(((0 0,0 3,3 3,0 0)),((9 9,9 10,10 10,9 9)))'), ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1))')),
  (2, ST_GeomFromText('LINESTRING(0.30000000000000004 1e300,-0.0 5e-324)', 0), ST_GeomFromText('POINT(5 6)', 4326), ST_GeomFromText('LINESTRING(0 0,1 1)', 4326), ST_GeomFromText('POLYGON((0 0,0 3,3 3,0 0))', 4326), ST_GeomFromText('MULTIPOINT(1 2)', 4326),
   ST_GeomFromText('MULTILINESTRING((0 0,1 1))', 4326), ST_GeomFromText('MULTIPOLYGON(((0 0,0 3,3 3,0 0)))', 4326), ST_GeomFromText('GEOMETRYCOLLECTION EMPTY')),
  (3, ST_GeomFromText('GEOMETRYCOLLECTION EMPTY', 4326), NULL, NULL, NULL, NULL, NULL, NULL, ST_GeomFromText('GEOMETRYCOLLECTION EMPTY', 4326)),
  (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- == Only MariaDB has these.

INSERT INTO documents VALUES (22, '1e400');
INSERT INTO signs (id, ucs) VALUES (25, x'D83D');

CREATE TABLE only_mariadb (id int PRIMARY KEY, u uuid, i4 inet4, i6 inet6, hidden int INVISIBLE, ct text COMPRESSED, cv varchar(100) COMPRESSED, cb blob COMPRESSED, cvb varbinary(100) COMPRESSED, clt longtext COMPRESSED);
INSERT INTO only_mariadb (id, u, i4, i6, hidden, ct, cv, cb, cvb, clt) VALUES
  (1, '00000000-0000-0000-0000-000000000000', '0.0.0.0', '::', 1, '', '', '', '', ''),
  (2, 'ffffffff-ffff-ffff-ffff-ffffffffffff', '255.255.255.255', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', -1, REPEAT('ä', 1000), REPEAT('ä', 50), REPEAT(x'00FF', 1000), REPEAT(x'00', 100), REPEAT('😀', 1000)),
  (3, '6ccd780c-baba-1026-9564-5b8c656024db', '1.2.3.4', '::ffff:1.2.3.4', NULL, 'x', 'x ', x'5C', x'5C4E', '\\N'),
  (4, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '10.0.0.1', '2001:db8::ff00:42:8329', 0, NULL, NULL, NULL, NULL, NULL),
  (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

CREATE TABLE versioned (id int PRIMARY KEY, v varchar(20)) WITH SYSTEM VERSIONING;
INSERT INTO versioned VALUES (1, 'old'), (2, 'gone');
UPDATE versioned SET v = 'new' WHERE id = 1;
DELETE FROM versioned WHERE id = 2;

CREATE TABLE versioned_openly (id int PRIMARY KEY, v varchar(20), begun timestamp(6) GENERATED ALWAYS AS ROW START, ended timestamp(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (begun, ended)) WITH SYSTEM VERSIONING;
INSERT INTO versioned_openly (id, v) VALUES (1, 'old');
UPDATE versioned_openly SET v = 'new' WHERE id = 1;
