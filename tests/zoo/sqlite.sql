-- The zoo of SQLite: every name of a type that means something to somebody, with values of every storage class. A
-- table holds a family of types; a value is named by table, id and column. A value that some other engine has to
-- refuse stands in a row of its own, so that no other is refused with it.

-- Whole numbers: all of these have INTEGER affinity.

CREATE TABLE whole (
  id INTEGER PRIMARY KEY, i INT, n INTEGER, tiny TINYINT, small SMALLINT, medium MEDIUMINT, big BIGINT, unsigned_big UNSIGNED BIG INT, i2 INT2, i4 INT4, i8 INT8, sized INTEGER(5), place POINT, real_int "FLOATING POINT");
INSERT INTO whole VALUES
  (1, -9223372036854775808, -9223372036854775808, -128, -32768, -8388608, -9223372036854775808, 0, -32768, -2147483648, -9223372036854775808, -9223372036854775808, -1, 1),
  (2, 9223372036854775807, 9223372036854775807, 300, 70000, 8388608, 9223372036854775807, 9223372036854775807, 32767, 2147483647, 9223372036854775807, 123456, 1, 2),
  (3, 0, 9007199254740993, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  (4, '12', '-0', '+5', 1.0, 1e3, '1e2', 3.0, ' 7 ', '0012', -0.0, 2.0, '3.0', 4),
  (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO whole (id, i) VALUES (11, 'text'), (12, ''), (13, 1.5), (14, 9223372036854775808), (15, x'31'), (16, '0x10'), (17, 1e300), (18, 9e999), (19, '1,000');
INSERT INTO whole (id, i2) VALUES (21, 32768), (22, -32769);
INSERT INTO whole (id, i4) VALUES (23, 2147483648), (24, -2147483649);
INSERT INTO whole (id, big) VALUES (25, 'not a number'), (26, 2.5);

-- Reals. What is whole and small is stored as a whole number and read as a real.

CREATE TABLE floating (id INTEGER PRIMARY KEY, r REAL, d DOUBLE, dp DOUBLE PRECISION, f FLOAT, f4 FLOAT4, f8 FLOAT8, fn FLOAT(10));
INSERT INTO floating VALUES
  (1, 16777216, 16777216, 16777216, 16777216, 16777216, 16777216, 16777216),
  (2, 0.30000000000000004, 0.30000000000000004, 0.30000000000000004, 0.30000000000000004, 0.5, 0.30000000000000004, 0.30000000000000004),
  (3, 1.7976931348623157e308, -1.7976931348623157e308, 1.7976931348623157e308, 5e-324, 3.40282346638528859e38, -5e-324, 2.225073858507201e-308),
  (4, 1e15, 1e16, 1e23, 123456789012345680.0, 1.401298464324817e-45, 9007199254740993, 9007199254740992),
  (5, 9007199254740993, -9007199254740993, 9223372036854775807, -9223372036854775808, -3.40282346638528859e38, 9223372036854774784, 0.1),
  (6, '1.5', '1e5', ' 2 ', '-1', '0.25', '+3', '.5'),
  (7, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO floating (id, r) VALUES (11, -0.0), (12, 9e999), (13, -9e999), (14, 'text'), (15, x'00'), (16, ''), (17, 'nan');
INSERT INTO floating (id, f4) VALUES (21, 16777217), (22, 0.1), (23, 1e39), (24, 1e-50), (25, 'text');

-- Numbers with decimals.

CREATE TABLE numbers (id INTEGER PRIMARY KEY, d10_2 DECIMAL(10,2), n NUMERIC, n10_2 NUMERIC(10,2), dc DEC(5), nb NUMBER(9,3), m MONEY, dt DECIMAL_TEXT, dt65_30 DECIMAL_TEXT(65,30), dt66_2 DECIMAL_TEXT(66,2), d15_5 DECIMAL(15,5));
INSERT INTO numbers VALUES
  (1, 0, 0, 0, 0, 0, 0, '0', '0', '0', 0),
  (2, 99999999.99, 0.30000000000000004, -99999999.99, 99999, 999999.999, 1.50, '1.10', '99999999999999999999999999999999999.999999999999999999999999999999', '9999999999999999999999999999999999999999999999999999999999999999.99', 9999999999.99999),
  (3, 1.10, 1e20, 0.01, -99999, 0.001, 12345678901234567, '123456789012345678901234567890.12345678901234567890', '-0.000000000000000000000000000001', '0.01', 0.00001),
  (4, '1.50', '9223372036854775808', '1e2', '12', '1.5', '-1', '1e5', '1', '-1', '0.1'),
  (5, 1.1, 9007199254740993, 3, 1.0, 2.5, 0.1, '0.00', '0.10', '100', 1),
  (6, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO numbers (id, d10_2) VALUES (11, 1.234), (12, 100000000), (13, 'text'), (14, x'31'), (15, '1,5'), (16, 0.1 + 0.2), (17, 'NaN');
INSERT INTO numbers (id, n) VALUES (21, 9e999), (22, 'text'), (23, x'00'), (24, 1e300), (25, 5e-324), (26, -0.0);
INSERT INTO numbers (id, m) VALUES (31, '$1.50');
INSERT INTO numbers (id, dt) VALUES (32, 'Infinity'), (33, 'NaN'), (34, ''), (35, ' 1 ');

-- Texts.

CREATE TABLE texts (
  id INTEGER PRIMARY KEY, t TEXT, c CHARACTER(20), v VARCHAR(255), vc VARYING CHARACTER(255), nc NCHAR(55), na NATIVE CHARACTER(70), nv NVARCHAR(100), cl CLOB, nocase TEXT COLLATE NOCASE, trimmed TEXT COLLATE RTRIM, tiny TINYTEXT, long LONGTEXT);
INSERT INTO texts VALUES
  (1, '', '', '', '', '', '', '', '', '', '', '', ''),
  (2, 'a', 'trailing  ', 'v  ', 'vc ', ' nc', 'na', 'nv', 'cl', 'A', 'r  ', 't', 'l'),
  (3, '😀 𐍈 漢字', '😀', '😀', '😀', '😀', '😀', '😀', '😀', '😀', '😀', '😀', '😀'),
  (4, 'tab' || char(9, 10, 13, 92, 39, 34, 8, 12, 11, 26, 27, 127) || '\N \.', '\N', '\.', '\', char(10), char(13, 10), 'NULL', 'null', '"', '''', char(9), '\\'),
  (5, 12, 1.5, 9223372036854775807, 1e20, -0.0, 0.1, 1e999, 3.0, 0.30000000000000004, 0, 007, '007'),
  (6, char(65535), char(65279), char(57344), char(1114111), 'é', 'é', 'ß', char(8203), char(160), char(160), char(1), char(127)),
  (7, printf('%.*c', 70000, 'x'), printf('%.*c', 300, 'c'), printf('%.*c', 300, 'v'), '', '', '', '', '', '', '', printf('%.*c', 300, 't'), ''),
  (8, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO texts (id, t) VALUES (11, 'a' || char(0) || 'b'), (12, char(0)), (13, CAST(x'FF' AS TEXT)), (14, CAST(x'61C3' AS TEXT)), (15, CAST(x'EDA080' AS TEXT)), (16, CAST(x'C080' AS TEXT)), (17, x''), (18, x'616263'), (19, x'FF00');
INSERT INTO texts (id, c) VALUES (21, CAST(x'80' AS TEXT)), (22, x'61');

-- Bytes.

CREATE TABLE bytes (id INTEGER PRIMARY KEY, b BLOB, bn BINARY, vb VARBINARY(3), ba BYTEA, lb LONGBLOB, b2 BLOB(2));
INSERT INTO bytes VALUES
  (1, x'', x'', x'', x'', x'', x''), (2, x'00FF5C270A0D091A22', x'5C4E', x'F09F9880', x'5C', x'27', x'0001'), (3, zeroblob(300), x'2020', x'FF', x'FFFE', x'EFBBBF', zeroblob(10)), (4, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO bytes (id, b) VALUES (11, 'text'), (12, 1), (13, 1.5), (14, ''), (15, CAST(x'FF' AS TEXT));
INSERT INTO bytes (id, bn) VALUES (21, 'text'), (22, 7);

-- Days and times, in each spelling.

CREATE TABLE times (
  id INTEGER PRIMARY KEY, d DATE, t TIME, twz TIME WITHOUT TIME ZONE, t3 TIME(3), dt DATETIME, ts TIMESTAMP, ts3 TIMESTAMP(3), tsw TIMESTAMP WITHOUT TIME ZONE, tz TIMESTAMPTZ, tz0 TIMESTAMPTZ(0), tzw TIMESTAMP WITH TIME ZONE, dto DATETIMEOFFSET, iv INTERVAL, du DURATION_TEXT);
INSERT INTO times VALUES
  (1, '2024-02-29', '12:34:56', '12:34:56.5', '12:34:56.789', '2024-02-29 12:34:56', '2024-02-29T12:34:56', '2024-02-29 12:34:56.789', '2024-02-29 12:34:56.123456', '2024-02-29 12:34:56+00', '2024-02-29 12:34:56Z', '2024-02-29T12:34:56.123456+02:00', '2024-02-29 12:34:56+05:30', '1 day', '838:59:59'),
  (2, '0001-01-01', '00:00:00', '23:59:59.999999', '00:00:00', '0001-01-01 00:00:00', '9999-12-31 23:59:59.999999', '1970-01-01 00:00:00', '2024-10-27 02:30:00', '2024-10-27 02:30:00', '1969-12-31 23:59:59-08:00', '2024-03-31 01:00:00Z', '2024-02-29 12:34:56-08', '1 year 2 mons -3 days +04:05:06.789', '00:00:00'),
  (3, '9999-12-31', '23:59:59', '12:34:00', '12:34:00', '2024-02-29 00:00:00', '2024-02-29 12:34:00', '2024-02-29T12:34:00', '2016-12-31 23:59:59', '2024-02-29 00:00:00', '2024-02-29 12:34:00', '2024-02-29 12:34:00+01', '2024-02-29 00:00:00+14', '-00:00:01', '-838:59:59.5'),
  (4, '1582-10-10', '00:00:00.000001', '23:59:59', '23:59:59.9', '1582-10-10 00:00:00', '1969-12-31 23:59:59.999999', '2000-01-01 00:00:00.1', '1000-01-01 00:00:00', '1000-01-01 00:00:00Z', '2000-01-01 00:00:00Z', '2000-01-01 00:00:00Z', '2000-01-01 00:00:00Z', '1 mon', '30 days'),
  (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO times (id, d) VALUES (11, '0044-03-15 BC'), (12, '10000-01-01'), (13, 'infinity'), (14, '2023-02-29'), (15, '0000-00-00'), (16, 20240229), (17, 2460370.5), (18, '29.02.2024'), (19, ''), (20, '2024-02-29 12:00:00'), (21, '2024-2-9'), (22, x'32303234'), (23, 'now'), (24, '0000-01-01'), (25, '20240229');
INSERT INTO times (id, t) VALUES (31, 1200), (32, '25:00:00'), (33, '12:34:56.1234567'), (34, 'noon'), (35, '12:34:56+02'), (36, '-01:00:00');
INSERT INTO times (id, t3) VALUES (37, '12:34:56.7891');
INSERT INTO times (id, ts) VALUES (41, 0), (42, 1709210096.5), (43, '2024-02-29 12:34:56.1234567'), (44, '2024-02-29 12:34:56+02'), (45, '0044-03-15 00:00:00 BC'), (46, 'infinity'), (47, '2024-13-01 00:00:00'), (48, '2024-02-29 24:00:00'), (49, '10000-01-01 00:00:00');
INSERT INTO times (id, ts3) VALUES (51, '2024-02-29 12:34:56.7891');
INSERT INTO times (id, tz) VALUES (52, 'yesterday'), (53, '-infinity'), (54, '2024-02-29 12:34:56 Europe/Berlin'), (55, '0001-01-01 00:00:00+14');
INSERT INTO times (id, tz0) VALUES (56, '2024-02-29 12:34:56.5Z');
INSERT INTO times (id, iv) VALUES (61, 'a while'), (62, 5), (63, 'PT1H');
INSERT INTO times (id, du) VALUES (64, '2562047788:00:54.775807'), (65, '-2562047788:00:54.775807');
INSERT INTO times (id, twz) VALUES (71, '12:34'), (72, '23:59:60'), (73, '24:00:00'), (74, '1:02:03'), (75, ' 12:34:56'), (76, '12:34:56Z');
INSERT INTO times (id, dt) VALUES (81, '2024-02-29'), (82, '2024-02-29 12:34'), (83, '2024-02-29t12:34:56'), (84, '2016-12-31 23:59:60'), (85, '2024-02-29 12:34:56Z'), (86, '0000-00-00 00:00:00'), (87, '2024-02-29 12:34:56.'), (88, '');
INSERT INTO times (id, tz) VALUES (91, '2024-02-29'), (92, '2024-02-29 12:34'), (93, '2024-02-29 12:34:56 +05:30'), (94, '2024-02-29 12:34:56-0800'), (95, '2024-02-29 12:34:56+00:53:28'), (96, '2024-02-29 12:34:56z'), (97, '2024-02-29 12:34+01');

-- Truth, documents, identifiers, bits, and names that say nothing.

CREATE TABLE others (
  id INTEGER PRIMARY KEY, bo BOOLEAN, bl BOOL, j JSON, jb JSONB, jt JSON_TEXT, u UUID, g GUID, ui UNIQUEIDENTIFIER, b5 BIT_TEXT(5), b64 BIT_TEXT(64), b65 BIT_TEXT(65), vb VARBIT_TEXT, vb5 VARBIT_TEXT(5), typeless, st STRING, odd SOMETHING, spaced "Some Thing(3)", e ENUM);
INSERT INTO others VALUES
  (1, 0, 1, '{"b": 1, "a":  2, "b":3}', '{"b": 1, "a":  2, "b":3}', '{"b": 1, "a":  2, "b":3}', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', 'a0eebc999c0b4ef8bb6d6bb9bd380a11', '01010', '0101010101010101010101010101010101010101010101010101010101010101', '01010101010101010101010101010101010101010101010101010101010101010', '', '', 'text', 'text', 'text', 'text', 'text'),
  (2, 'true', 'FALSE', '[1.0, 1.50, 100, 1e2, 123456789012345678901234567890, -0]', 'null', 'true', '00000000-0000-0000-0000-000000000000', x'A0EEBC999C0B4EF8BB6D6BB9BD380A11', '{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}', '11111', NULL, NULL, '1', '01', 1, 1, 1, 1, 1),
  (3, 't', 'f', '"\u00e9 \ud83d\ude00 😀 \\"', '""', '[]', NULL, NULL, NULL, '00000', NULL, NULL, '000000001', '00001', 1.5, 1.5, 0.30000000000000004, 1e20, 9e15),
  (4, NULL, NULL, 1, 1.5, '1.0', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '', '', '', '', ''),
  (5, NULL, NULL, ' {  } ', '[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]', '{"": null}', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, -0.0, '1.0', '0012', '1e2', 9223372036854775807),
  (6, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO others (id, bo) VALUES (11, 2), (12, 'yes'), (13, 1.5), (14, x'01'), (15, '');
INSERT INTO others (id, j) VALUES (21, '{"a": '), (22, 'text'), (23, ''), (24, x'7B7D'), (25, '{''a'': 1}'), (26, 9e999), (27, '"\u0000"'), (28, '[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]'), (29, '{a: 1, /* b */}');
INSERT INTO others (id, u) VALUES (31, 'a0eebc99'), (32, x'00'), (33, 5), (34, '');
INSERT INTO others (id, b5) VALUES (41, '0101'), (42, '010101'), (43, '01012');
INSERT INTO others (id, b5) VALUES (44, x'05');
INSERT INTO others (id, vb5) VALUES (45, '010101');
INSERT INTO others (id, typeless) VALUES (51, x''), (52, x'00FF'), (53, 'a' || char(0)), (54, CAST(x'FF' AS TEXT)), (55, 9e999);
INSERT INTO others (id, st) VALUES (61, x'616263'), (62, -0.0), (63, 9e999);

-- STRICT tables, all their types; and WITHOUT ROWID.

CREATE TABLE strict_types (id INTEGER PRIMARY KEY, i INT, n INTEGER, r REAL, t TEXT, b BLOB, a ANY) STRICT;
INSERT INTO strict_types VALUES
  (1, -9223372036854775808, 9223372036854775807, 0.30000000000000004, '', x'', ''), (2, 0, 9007199254740993, 9007199254740993, '😀', x'00FF', 1), (3, '12', 1.0, 5e-324, 12, x'5C', '0012'), (4, NULL, NULL, NULL, NULL, NULL, 1.0), (5, NULL, NULL, NULL, NULL, NULL, NULL), (6, 1, 1, 1, '1', x'31', '1.0');
INSERT INTO strict_types (id, a) VALUES (11, x''), (12, x'00FF'), (13, -0.0), (14, 'a' || char(0));
INSERT INTO strict_types (id, r) VALUES (21, -0.0), (22, 9e999);

CREATE TABLE no_rowid (id INTEGER PRIMARY KEY, v TEXT, n NUMERIC, b BLOB, typeless) WITHOUT ROWID;
INSERT INTO no_rowid VALUES (-9223372036854775808, 'first', 1.5, x'00', 1), (9223372036854775807, 'last', 1, x'', 'a'), (0, '', 0, NULL, 1.5), (1, NULL, NULL, NULL, NULL);
INSERT INTO no_rowid (id, v) VALUES (11, x'61');

CREATE TABLE strict_no_rowid (id INT PRIMARY KEY, a ANY, t TEXT) STRICT, WITHOUT ROWID;
INSERT INTO strict_no_rowid VALUES (1, 1, 'a'), (2, 1.0, ''), (3, '1.0', NULL), (4, NULL, '😀');

CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT);
INSERT INTO counted VALUES (1, 'a'), (5, 'b'), (9223372036854775806, 'c');

-- Columns that are computed or have defaults.

CREATE TABLE computed (id INTEGER PRIMARY KEY, a INT, doubled INT AS (a * 2) STORED, tripled INT AS (a * 3) VIRTUAL, t TEXT, upper_t TEXT AS (upper(t)) VIRTUAL, sum AS (a + 1), d DECIMAL(10,2) NOT NULL DEFAULT 1.50);
INSERT INTO computed (id, a, t) VALUES (1, 5, 'abc'), (2, NULL, NULL), (3, -1000000, 'ß');
