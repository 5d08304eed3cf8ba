-- The zoo of PostgreSQL 15: every type a column can have, with the values that are easily bent. A table holds a
-- family of types; a value is named by table, id and column. A value that some other engine has to refuse stands
-- in a row of its own, so that no other is refused with it.

-- == At both ends: types of users that a copy does not make, and extensions.

SET client_min_messages = warning;
CREATE EXTENSION citext;
CREATE EXTENSION cube;
CREATE EXTENSION hstore;
CREATE EXTENSION isn;
CREATE EXTENSION ltree;
CREATE EXTENSION seg;
CREATE EXTENSION intarray;
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN small_positive AS positive CHECK (VALUE < 100);
CREATE DOMAIN words AS text[];
CREATE TYPE pair AS (a int, b text);
CREATE TYPE nested AS (p pair, q pair[], r numeric(5,2), n positive);
CREATE DOMAIN good_pair AS pair CHECK ((VALUE).a > 0);
CREATE TYPE floats AS RANGE (subtype = float8, subtype_diff = float8mi, multirange_type_name = floatmultirange);

-- == At the source.

CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s, "fine"', 'Ä {x}', 'back\slash', 'a b');
CREATE TYPE "Odd Enum" AS ENUM ('one', '');

-- Whole numbers, truth.

CREATE TABLE whole (
  id int PRIMARY KEY, i2 smallint, i4 integer, i8 bigint, truth boolean, object_id oid, transaction_id xid, transaction_id8 xid8,
  command_id cid, money_amount money);
INSERT INTO whole VALUES
  (1, -32768, -2147483648, -9223372036854775808, false, 0, '0', '0', '0', '-92233720368547758.08'),
  (2, 32767, 2147483647, 9223372036854775807, true, 4294967295, '4294967295', '18446744073709551615', '4294967295', '92233720368547758.07'),
  (3, 0, 0, 0, NULL, 2147483648, '2147483648', '9223372036854775808', '2147483648', '-0.01'),
  (4, -1, -1, 9007199254740993, NULL, 1, '3', '3', '1', '1234567.5'),
  (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- Floats.

CREATE TABLE floating (id int PRIMARY KEY, f4 real, f8 double precision);
INSERT INTO floating VALUES
  (1, 16777216, 0.30000000000000004), (2, 0.1, 0.1), (3, 3.4028235e38, 1.7976931348623157e308), (4, -3.4028235e38, -1.7976931348623157e308),
  (5, 1e-45, 5e-324), (6, -1e-45, -5e-324), (7, 1.17549435e-38, 2.2250738585072014e-308), (8, 1.1754942e-38, 2.225073858507201e-308),
  (9, 0, 0), (10, 16777217, 9007199254740993), (11, 1e15, 1e15), (12, 123456.79, 123456789012345680), (13, 1e-7, 1e-7), (14, 3.1415927, 3.141592653589793),
  (15, 8388608.5, 1e23), (16, 999999.94, 9.5367431640625e-7), (17, NULL, NULL);
INSERT INTO floating (id, f4) VALUES (21, '-0'), (22, 'NaN'), (23, 'Infinity'), (24, '-Infinity');
INSERT INTO floating (id, f8) VALUES (31, '-0'), (32, 'NaN'), (33, 'Infinity'), (34, '-Infinity');

-- Numbers with decimals.

CREATE TABLE numbers (
  id int PRIMARY KEY, free numeric, n9_0 numeric(9,0), n10_2 numeric(10,2), n15_15 numeric(15,15), n16_2 numeric(16,2), n38_10 numeric(38,10),
  n65_30 numeric(65,30), n66_2 numeric(66,2), n60_31 numeric(60,31), n5_neg2 numeric(5,-2), n3_5 numeric(3,5), n1000_0 numeric(1000,0), n1000_999 numeric(1000,999));
INSERT INTO numbers VALUES
  (1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  (2, 1.10, 999999999, 99999999.99, 0.999999999999999, 99999999999999.99, 9999999999999999999999999999.9999999999,
   repeat('9', 35)::numeric + ('0.' || repeat('9', 30))::numeric, repeat('9', 64)::numeric + 0.99, repeat('9', 29)::numeric + ('0.' || repeat('9', 31))::numeric,
   9999900, 0.00999, repeat('9', 1000)::numeric, 9 + ('0.' || repeat('9', 999))::numeric),
  (3, -1.10, -999999999, -99999999.99, -0.999999999999999, -99999999999999.99, -9999999999999999999999999999.9999999999,
   -repeat('9', 35)::numeric - ('0.' || repeat('9', 30))::numeric, -repeat('9', 64)::numeric - 0.99, -repeat('9', 29)::numeric - ('0.' || repeat('9', 31))::numeric,
   -9999900, -0.00999, -repeat('9', 1000)::numeric, -9 - ('0.' || repeat('9', 999))::numeric),
  (4, 0.000, 1, 0.01, 0.000000000000001, 0.01, 0.0000000001, 1e-30, 0.01, 1e-31, 100, 0.00001, 1, ('1e-999')::numeric),
  (5, 18446744073709551616, 10, 0.10, 0.1, 0.10, 0.1, 0.1, 0.1, 0.1, 1200, 0.00010, 10, 0.1),
  (6, 0.30000000000000004, 123456789, 12345678.90, 0.123456789012345, 12345678901234.50, 1, 1, 1, 1, 1234500, 0.00123, 12345678901234567890, 1),
  (7, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO numbers (id, free) VALUES
  (11, repeat('9', 1000)::numeric), (12, ('-0.' || repeat('1234567890', 100))::numeric), (13, 1e131071), (14, 'NaN'), (15, 'Infinity'), (16, '-Infinity'),
  (17, 100000000), (18, 1e-16383), (19, 10000.0001);
INSERT INTO numbers (id, n9_0) VALUES (21, 'NaN');
INSERT INTO numbers (id, n10_2) VALUES (22, 'NaN');
INSERT INTO numbers (id, n15_15) VALUES (23, 'NaN');
INSERT INTO numbers (id, n16_2) VALUES (24, 'NaN');
INSERT INTO numbers (id, n65_30) VALUES (25, 'NaN');
INSERT INTO numbers (id, n66_2) VALUES (26, 'NaN');
INSERT INTO numbers (id, n5_neg2) VALUES (27, 'NaN');
INSERT INTO numbers (id, n3_5) VALUES (28, 'NaN');

-- Texts.

CREATE TABLE texts (
  id int PRIMARY KEY, t text, t_c text COLLATE "C", t_icu text COLLATE "de-x-icu", v varchar, v10 varchar(10),
  c1 char, c5 char(5), c300 char(300), one "char", n name, ci citext, cursor_name refcursor);
INSERT INTO texts VALUES
  (1, '', '', '', '', '', '', '', '', '', '', '', ''),
  (2, 'a', 'A', 'ä', 'b', '0123456789', 'x', 'abcde', repeat('y', 300), 'c', repeat('n', 63), 'Groß', 'cursor'),
  (3, 'trailing  ', 'trailing  ', 'trailing  ', 'v  ', 'v10  ', 'ä', 'ab', '  c', ' ', 'name  ', 'ci  ', 'cursor  '),
  (4, '😀 𐍈 漢字', '😀', '😀', '😀', '😀😀😀😀😀😀😀😀😀😀', '😀', '😀😀😀😀😀', repeat('😀', 300), '1', '😀', '😀', '😀'),
  (5, E'tab\tline\nreturn\rback\\slash quote'' double" \\N \\. \b\f\v', E'\\N', E'\\.', E'\\', E'\n', E'\n', E'a\\b''c', E'\t', E'\n', E'a\\', E'\\N', E'\\'),
  (6, E'\uFFFF\uFFFE\uFEFF\uE000\u200B\u202E', E'e\u0301', E'\u00e9', E'\u0130', E'\U0010FFFF', E'\u00A0', E' \u00A0 ', 'x', E'\\377', E'\u00A0', E'\u00A0', E'\u00A0'),
  (7, 'NULL', 'null', 'NULL', 'NULL', 'NULL', 'N', 'NULL', 'NULL', 'N', 'NULL', 'NULL', 'NULL'),
  (8, (SELECT string_agg(chr(n), '' ORDER BY n) FROM generate_series(1, 300) n), '0x41', '{"a":1}', '1', '001', '0', '1.0', '1.50', '0', '12', '12.0', '1'),
  (9, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

CREATE TABLE long_texts (id int PRIMARY KEY, v16000 varchar(16000), v16001 varchar(16001));
INSERT INTO long_texts VALUES (1, repeat('ö', 16000), repeat('😀', 16001)), (2, '', ''), (3, NULL, NULL);

-- Bytes, bits, identifiers.

CREATE TABLE bytes (id int PRIMARY KEY, b bytea, u uuid, bit1 bit, bit8 bit(8), bit64 bit(64), bit65 bit(65), varbit_free varbit, varbit5 varbit(5), varbit100 varbit(100), lsn pg_lsn, snapshot pg_snapshot, old_snapshot txid_snapshot);
INSERT INTO bytes VALUES
  (1, '', '00000000-0000-0000-0000-000000000000', '0', '00000000', repeat('0', 64)::bit(64), repeat('0', 65)::bit(65), '', '', '', '0/0', '1:1:', '1:1:'),
  (2, (SELECT string_agg(set_byte('\x00', 0, n), ''::bytea ORDER BY n) FROM generate_series(0, 255) n), 'ffffffff-ffff-ffff-ffff-ffffffffffff', '1', '11111111',
   repeat('1', 64)::bit(64), repeat('1', 65)::bit(65), repeat('1', 200)::varbit, '11111', repeat('01', 50)::varbit, 'FFFFFFFF/FFFFFFFF', '10:20:10,14,15', '10:20:10,14,15'),
  (3, '\x00', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', NULL, '00000001', ('1' || repeat('0', 63))::bit(64), ('1' || repeat('0', 64))::bit(65), '1', '0', '0000001', '16/B374D848', NULL, NULL),
  (4, '\x5c780a2700ff', '6ccd780cbaba102695645b8c656024db', NULL, '10000000', (repeat('0', 63) || '1')::bit(64), (repeat('0', 64) || '1')::bit(65), '000000001', '10', '1', NULL, NULL, NULL),
  (5, 'ascii', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (6, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- Days and times. 21 on: what other engines may not hold.

CREATE TABLE times (
  id int PRIMARY KEY, d date, t time, t0 time(0), t3 time(3), tz timetz, tz2 timetz(2), ts timestamp, ts0 timestamp(0), ts3 timestamp(3), tstz timestamptz,
  tstz0 timestamptz(0), tstz4 timestamptz(4));
SET timezone = 'Europe/Berlin';
INSERT INTO times VALUES
  (1, '2024-02-29', '00:00:00', '00:00:00', '00:00:00.001', '00:00:00+15:59', '00:00:00.01-15:59', '2024-02-29 00:00:00', '1999-12-31 23:59:59', '2000-01-01 00:00:00.001', '2024-03-31 01:59:59.999999', '2024-03-31 03:00:00', '2024-10-27 02:30:00.1234+02'),
  (2, '1970-01-01', '23:59:59.999999', '23:59:59', '23:59:59.999', '23:59:59.999999+00', '23:59:59.99+05:30', '1969-12-31 23:59:59.999999', '1970-01-01', '1970-01-01 00:00:00.1', '2024-10-27 02:30:00+01', '1893-03-31 23:53:27+00', '1880-01-01 00:00:00.0001+00'),
  (3, '9999-12-31', '12:34:56.5', '12:34:56', '12:34:56.5', '12:34:56.5+02:00:30', '12:34:56-08', '9999-12-31 23:59:59.999999', '9999-12-31 23:59:59', '9999-12-31 23:59:59.999', '9999-12-31 23:59:59.999999+00', '9999-12-31 23:59:59+00', '9999-12-31 23:59:59.9999+00'),
  (4, '0001-01-01', '00:00:00.000001', '01:02:03', '01:02:03.1', '24:00:00+00', '24:00:00+00', '0001-01-01 00:00:00', '0001-01-01 00:00:00', '0001-01-01 00:00:00', '0001-01-01 00:00:00+00', '0001-01-01 00:00:00+00', '0001-01-01 00:00:00+00'),
  (5, '1582-10-10', '23:59:60', '23:59:60', '12:00:00', '12:00:00+14', '12:00:00-12', '2016-12-31 23:59:60', '1582-10-10 12:00:00', '1000-01-01', '2016-12-31 23:59:60+00', '2038-01-19 03:14:08+00', '1901-12-13 20:45:51+00'),
  (6, '1900-02-28', '24:00:00', '24:00:00', '24:00:00', NULL, NULL, '2023-11-05 01:30:00', NULL, NULL, '2023-11-05 01:30:00 America/New_York', NULL, NULL),
  (7, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO times (id, d) VALUES (21, '0044-03-15 BC'), (22, '4713-01-01 BC'), (23, '10000-01-01'), (24, '5874897-12-31'), (25, 'infinity'), (26, '-infinity'), (27, '0001-12-31 BC');
INSERT INTO times (id, ts) VALUES (31, '0044-03-15 12:00:00.5 BC'), (32, '4713-11-24 00:00:00 BC'), (33, '10000-01-01 00:00:00'), (34, '294276-12-31 23:59:59.999999'), (35, 'infinity'), (36, '-infinity');
INSERT INTO times (id, tstz) VALUES (41, '0044-03-15 12:00:00.5+00 BC'), (42, '4713-11-24 00:00:00+00 BC'), (43, '10000-01-01 00:00:00+00'), (44, '294276-12-31 23:59:59.999999+00'), (45, 'infinity'), (46, '-infinity');
INSERT INTO times (id, ts3) VALUES (51, '2024-01-01 BC'), (52, 'infinity');
INSERT INTO times (id, tstz4) VALUES (53, '2024-01-01 BC'), (54, '-infinity');
RESET timezone;

CREATE TABLE intervals (
  id int PRIMARY KEY, i interval, i0 interval(0), i3 interval(3), years interval year, months interval month, year_month interval year to month,
  days interval day, day_hour interval day to hour, day_second interval day to second, day_second2 interval day to second(2), hours interval hour, minute_second interval minute to second, seconds interval second(1));
INSERT INTO intervals VALUES
  (1, '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0'),
  (2, '1 year -2 mons 3 days -04:05:06.789', '1 year 2 mons 3 days 04:05:07', '-1.234 seconds', '5 years', '7 months', '5 years 7 months', '-3 days', '3 days 4 hours', '3 days 04:05:06.123456', '3 days 04:05:06.12', '100 hours', '05:06.5', '1.5'),
  (3, '178000000 years', '24:00:00', '30 days', '-5 years', '-7 months', '-5 years 7 months', '365 days', '-3 days -4 hours', '-3 days +04:05:06', '0.01', '-1 hour', '-00:00:01', '-0.1'),
  (4, '-178000000 years', '1 mon', '0.001', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (5, '2147483646 mons 2147483647 days 2562047788:00:54.775807', '838:59:59', '-838:59:59.999', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (6, '-2147483648 mons -2147483648 days -2562047788:00:54.775807', '839:00:00', '0.5', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (7, '-00:00:00.000001', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (8, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- Documents and search.

CREATE TABLE documents (id int PRIMARY KEY, j json, jb jsonb, path jsonpath, x xml, vector tsvector, query tsquery);
INSERT INTO documents VALUES
  (1, '{"b": 1, "a":  2, "b":3}', '{"b": 1, "a":  2, "b":3}', '$', '<a>x</a>', '', ''),
  (2, '[1.0, 1.50, 100, 1e2, 0.30000000000000004, 123456789012345678901234567890, -0, -0.0]', '[1.0, 1.50, 100, 1e2, 0.30000000000000004, 123456789012345678901234567890, -0, -0.0]',
   '$.a[*] ? (@.b > 1 && @.c like_regex "^x" flag "i").d', '<?xml version="1.0"?><a b="c">&amp;<!-- d --></a>', $$'a':1A 'fat':2B,4C 'it''s':5D 'x y':16383$$, $$'fat' & ('rat' | !'cat':*AB) <-> 'x''y'$$),
  (3, '"\u00e9 \ud83d\ude00 😀 \/ \\ \" \b\f\n\r\t"', '"\u00e9 \ud83d\ude00 😀 \/ \\ \" \b\f\n\r\t"', 'strict $."a b".type()', 'text only', $$'😀' 'plain'$$, $$'a' <3> 'b'$$),
  (4, 'null', 'null', '$.**{2 to 5}', '<ä>ö</ä>', $$'\\'$$, $$!!'a'$$),
  (5, ' {  } ', ' {  } ', '1 + 2', '', 'a', 'a'),
  (6, '[]', '[]', NULL, NULL, NULL, NULL), (7, 'true', 'true', NULL, NULL, NULL, NULL), (8, '""', '""', NULL, NULL, NULL, NULL), (9, '{"": {"": null}}', '{"": {"": null}}', NULL, NULL, NULL, NULL),
  (10, '1', '1', NULL, NULL, NULL, NULL), (11, '1.0', '1.0', NULL, NULL, NULL, NULL), (12, '9007199254740993', '9007199254740993', NULL, NULL, NULL, NULL),
  (13, (repeat('[', 31) || repeat(']', 31))::json, (repeat('[', 31) || repeat(']', 31))::jsonb, NULL, NULL, NULL, NULL), (14, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO documents (id, j) VALUES
  (21, (repeat('[', 40) || repeat(']', 40))::json), (22, (repeat('{"a":', 1000) || '1' || repeat('}', 1000))::json), (23, '1e400'), (24, ('1' || repeat('0', 1000))::json),
  (25, '"\u0000"'), (26, '"\ud83d"'), (27, '{"a": 1, "a": {"a": 2, "a": [3]}}'), (28, '-1.5E+10'), (29, '0.1000000000000000055511151231257827021181583404541015625');
INSERT INTO documents (id, jb) VALUES (31, (repeat('[', 40) || repeat(']', 40))::jsonb), (32, '1e400'), (33, '{"aa": 1, "b": 2, "é": 3}'), (34, '0.1000000000000000055511151231257827021181583404541015625');

-- Enums, arrays, composite types, domains.

CREATE TABLE labels (id int PRIMARY KEY, m mood, odd "Odd Enum", ms mood[], odds "Odd Enum"[]);
INSERT INTO labels VALUES
  (1, 'sad', 'one', '{}', '{}'), (2, 'it''s, "fine"', '', ARRAY['it''s, "fine"', NULL, 'Ä {x}', 'back\slash']::mood[], ARRAY['', 'one', NULL]::"Odd Enum"[]),
  (3, 'Ä {x}', NULL, '[0:1]={ok,sad}', NULL), (4, 'back\slash', NULL, '{{ok,sad},{NULL,"a b"}}', NULL), (5, NULL, NULL, NULL, NULL);

CREATE TABLE arrays (
  id int PRIMARY KEY, whole int[], small int2[], big int8[], truths bool[], reals float4[], doubles float8[], numbers numeric[], numbers2 numeric(10,2)[], texts text[], lengths varchar(5)[], padded char(3)[],
  names name[], chars "char"[], bytes bytea[], uuids uuid[], dates date[], times time(3)[], moments timestamp[], zoned timestamptz[], timetzs timetz[], intervals interval[], bits bit(3)[], varbits varbit[],
  documents json[], jsonbs jsonb[], xmls xml[], inets inet[], cidrs cidr[], points point[], boxes box[], ranges int4range[], multi int4multirange[], vectors tsvector[], amounts money[], oids oid[], classes regclass[]);
INSERT INTO arrays VALUES
  (1, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}'),
  (2, '{1,NULL,-2147483648}', '{NULL}', '{9223372036854775807}', '{t,f,NULL}', '{NaN,-0,Infinity,16777216,0.1}', '{NaN,-0,-Infinity,0.30000000000000004,5e-324}', '{NaN,Infinity,1.10,1e-30}', '{1.10,NaN}',
   ARRAY['', NULL, 'NULL', 'null', ' a ', 'a,b', '{}', '"q"', 'back\slash', 'it''s', E'line\n', '😀'], ARRAY['a', '', 'abc  '], ARRAY['a', ''], ARRAY['a b', ''], ARRAY['a', ''], ARRAY['\x00ff'::bytea, '', '\x5c'],
   ARRAY['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid], ARRAY['infinity', '0044-03-15 BC', '2024-02-29']::date[], '{12:34:56.789,24:00}', '{infinity,2024-02-29 00:00:00.000001}', '{-infinity,2024-10-27 00:30:00+00}', '{12:00:00+05:30}',
   '{1 year -2 days 00:00:01,0,2147483647 mons 2147483647 days 2562047788:00:54.775807}', '{101,000}', '{1,"",0101}', ARRAY['{"a": 1,  "a": 2}', 'null']::json[], ARRAY['{"a": 1.50}', 'null']::jsonb[], ARRAY['<a b="c"/>'::xml], '{10.0.0.1,::1/64}', '{10.0.0.0/8}', ARRAY['(1,-0)', '(NaN,Infinity)']::point[], '{(1,1),(0,0);(3,3),(2,2)}',
   ARRAY['[1,3)', 'empty', '(,)']::int4range[], ARRAY['{[1,3),[5,7)}', '{}']::int4multirange[], ARRAY[$$'it''s':1A$$]::tsvector[], '{-1.50,2}', '{4294967295}', '{pg_class,0}'),
  (3, '{{1,2},{3,NULL}}', '[0:1]={1,2}', '[-1:0][2:3]={{1,2},{3,4}}', '{{{t}}}', '[5:5]={1}', '{{1},{2}}', '[-3:-2]={1,NULL}', '{{1.5,2}}', '[0:1][0:0]={{a},{NULL}}', '{{a,b}}', '[2:2]={a}', '{{a}}', '{{a}}', '[0:0]={"\\x00"}', '[9:9]={a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}',
   '[-5:-4]={2024-01-01,NULL}', '{{12:00}}', '{{2024-01-01}}', '{{2024-01-01 12:00+02}}', '{{12:00+01}}', '[0:0]={1 day}', '{{101}}', '[0:0]={1}', '[0:0]={"[1, 2]"}', '{{"[1, 2]"}}', '[0:0]={<a/>}', '[0:0]={::}', '{{::/0}}', '[0:0]={"(1,2)"}', '[0:0]={(1,1),(0,0)}', '{{"[1,2)"}}', '[0:0]={"{[1,2)}"}', '{{a}}', '[0:0]={1}', '[0:0]={1}', '[0:0]={pg_type}'),
  (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

CREATE TABLE made (
  id int PRIMARY KEY, p pair, n nested, ps pair[], positive_number positive, small small_positive, positives positive[], list words, good good_pair, goods good_pair[], f floats, fs floats[], fm floatmultirange,
  schema_name information_schema.sql_identifier, yes information_schema.yes_or_no, cardinal information_schema.cardinal_number, stamp information_schema.time_stamp, letters information_schema.character_data);
INSERT INTO made VALUES
  (1, '(1,a)', '("(1,a)","{""(2,b)""}",1.50,5)', ARRAY['(1,"a,b")', '(,)', NULL, '(2,"")']::pair[], 1, 99, '{1,2147483647}', '{a,NULL,"b c"}', '(1,x)', ARRAY['(1,x)']::good_pair[], '[1.5,2.5)', '{"[1,2]",empty}', '{[1,2),(3,4]}', 'a b', 'YES', 1, '2024-10-27 00:30:00.12+00', 'x'),
  (2, '(,)', '(,,,)', '{}', 2147483647, 1, '{}', '{}', '(2,)', '{}', 'empty', '{}', '{}', '', 'NO', 0, '1970-01-01 00:00:00+00', ''),
  (3, ROW(-1, E'quote" comma, (paren) back\\ \n'), ROW(ROW(1, NULL), NULL, 'NaN', NULL), '[0:0]={"(1,\"x\")"}', NULL, NULL, '[0:0]={1}', '[0:0]={a}', NULL, NULL, '(,)', NULL, '{(,)}', NULL, NULL, NULL, NULL, NULL),
  (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- Ranges.

CREATE TABLE ranges (
  id int PRIMARY KEY, r4 int4range, r8 int8range, rn numrange, rts tsrange, rtz tstzrange, rd daterange, m4 int4multirange, m8 int8multirange, mn nummultirange, mts tsmultirange, mtz tstzmultirange, md datemultirange);
INSERT INTO ranges VALUES
  (1, 'empty', 'empty', 'empty', 'empty', 'empty', 'empty', '{}', '{}', '{}', '{}', '{}', '{}'),
  (2, '[1,2]', '(,9223372036854775807)', '[1.10,2.00]', '[2024-01-01,infinity]', '[2024-10-27 02:30+02,2024-10-27 02:30+01)', '[2024-02-29,2024-03-01]', '{[1,2],[5,6)}', '{(,1),(5,)}', '{[1.10,1.10]}', '{[2024-01-01,2024-01-02),[2025-01-01,)}', '{(,2024-10-27 00:30+00]}', '{[2024-01-01,2024-01-02]}'),
  (3, '(,)', '[5,)', '(,)', '(,2024-01-01)', '(,)', '[-infinity,infinity)', '{(,)}', '{(,)}', '{(,0)}', '{(,)}', '{(,)}', '{(,)}'),
  (4, '[-2147483648,2147483647)', '[-9223372036854775808,0]', '[-Infinity,Infinity]', '(0044-03-15 BC,)', '(-infinity,)', '(4713-01-01 BC,)', NULL, NULL, NULL, NULL, NULL, NULL),
  (5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- Network, geometry.

CREATE TABLE places (id int PRIMARY KEY, address inet, net cidr, mac macaddr, mac8 macaddr8, pt point, ln line, seg lseg, bx box, pth path, pol polygon, circ circle);
INSERT INTO places VALUES
  (1, '0.0.0.0', '0.0.0.0/0', '00:00:00:00:00:00', '00:00:00:00:00:00:00:00', '(0,0)', '{1,0,0}', '[(0,0),(1,1)]', '(1,1),(0,0)', '[(0,0),(1,1)]', '((0,0),(1,1),(1,0))', '<(0,0),0>'),
  (2, '255.255.255.255/1', '10.1.2.0/24', 'ff:ff:ff:ff:ff:ff', 'ff:ff:ff:ff:ff:ff:ff:ff', '(-0,1e308)', '{0,-1,0.30000000000000004}', '[(-0,0),(5e-324,1)]', '(3,4),(1,2)', '((0,0),(1,1))', '((0.30000000000000004,-0),(1,1))', '<(1,2),1e300>'),
  (3, '::1', '::/0', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', '(NaN,Infinity)', '{1,2,3}', '[(NaN,0),(Infinity,-Infinity)]', '(Infinity,1),(-Infinity,0)', '[(NaN,NaN)]', '((Infinity,0))', '<(0,0),Infinity>'),
  (4, '2001:db8::ff00:42:8329/64', '2001:db8::/32', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (5, '::ffff:1.2.3.4', '::ffff:1.2.3.0/120', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (6, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- What the server keeps about itself.

CREATE TABLE about (
  id int PRIMARY KEY, row_id tid, proc regproc, procedure regprocedure, oper regoper, operator regoperator, class regclass, type regtype, role regrole, namespace regnamespace, collation_id regcollation,
  config regconfig, dictionary regdictionary, acl aclitem, acls aclitem[], numbers int2vector, oids oidvector);
INSERT INTO about VALUES
  (1, '(0,0)', 'pg_catalog.now', 'pg_catalog.abs(integer)', 'pg_catalog.||/', 'pg_catalog.+(integer,integer)', 'pg_catalog.pg_class', 'integer', 'pg_monitor', 'pg_catalog', '"C"', 'english', 'simple', 'pg_monitor=r*w/pg_monitor', '{pg_monitor=arwdDxt/pg_monitor,=r/pg_monitor}', '1 -2 3', '1 4294967295'),
  (2, '(4294967295,65535)', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '0', '=/pg_monitor', '{}', '', ''),
  (3, '(1,2)', '999999', '999999', '999999', '999999', 'information_schema.columns', 'information_schema.sql_identifier', '999999', 'public', '999999', '999999', '999999', NULL, NULL, '0', '0'),
  (4, NULL, NULL, NULL, NULL, NULL, NULL, 'pg_catalog.timestamptz[]', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- Types of the extensions that come with the server.

CREATE TABLE extensions (
  id int PRIMARY KEY, h hstore, l ltree, lq lquery, ltq ltxtquery, cb cube, sg seg, e13 ean13, i13 isbn13, i10 isbn, issn13 issn13, issn issn, ismn ismn, ismn13 ismn13, upc upc, q query_int, hs hstore[], ls ltree[], cis citext[]);
INSERT INTO extensions VALUES
  (1, '', '', '*', 'a', '(1)', '1', '4006381333931', '9780306406157', '0306406152', '9771436452008', '1436-4522', 'M-2306-7118-7', '9790230671187', '036000291452', '1', '{}', '{}', '{}'),
  (2, '"a"=>"1", "b"=>NULL, "NULL"=>"NULL", "q\"x"=>"it''s, \\ =>", ""=>"", "ä"=>"😀"', 'Top.Science.Astronomy', '*.a{1,3}.!b|c@*', 'a & !b@ | c*', '(1,2,3),(0.30000000000000004,-0,1e300)', '1.5e-10 .. 2.50', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '1&(2|!3)',
   ARRAY['a=>1', NULL, '"x y"=>NULL']::hstore[], ARRAY['a.b', NULL, '']::ltree[], ARRAY['A', 'a', NULL, '']::citext[]),
  (3, NULL, NULL, NULL, NULL, '(1,2),(1,2)', '~6.5', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- Columns that are computed, or not null, or have defaults; a key of text.

CREATE TABLE computed (id int PRIMARY KEY, a int, doubled int GENERATED ALWAYS AS (a * 2) STORED, t text, upper_t text GENERATED ALWAYS AS (upper(t)) STORED, d numeric(10,2) NOT NULL DEFAULT 1.50);
INSERT INTO computed (id, a, t) VALUES (1, 5, 'ä'), (2, NULL, NULL), (3, -1073741824, 'ß');
