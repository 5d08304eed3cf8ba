-- A shop, for demos and tests: the shapes of table that a copy must get right. The same rows every
-- time. Run by the sqlite3 shell on an empty database; the number of orders sets the size, and all
-- tables together have about six rows and a half an order, a million by default:
--
--   sqlite3 shop.db '.parameter set @orders 1000' '.read tests/sample/shop.sql'
--
-- Every value is also one that a stricter database takes for the declared type: ISO dates, decimals
-- within precision and scale, valid JSON, whole UUIDs, no NUL characters.

PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
BEGIN;

CREATE TEMP TABLE scale AS
WITH given(orders) AS (SELECT coalesce(@orders, 155000))
SELECT orders, max(10, orders / 4) AS customers, max(20, min(5000, orders / 20)) AS products FROM given;

-- Numbers 1..n that later queries draw from, n being the largest of any table.
CREATE TEMP TABLE n (i INTEGER PRIMARY KEY, r INTEGER NOT NULL);
INSERT INTO n
WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < (SELECT max(100, orders) FROM scale))
SELECT i, (i * 48271 + 11) % 2147483647 AS r FROM counted;

-- A text key, names beyond ASCII, no integer in sight.
CREATE TABLE country (
  code CHAR(2) NOT NULL PRIMARY KEY,
  name VARCHAR(60) NOT NULL UNIQUE,
  currency CHAR(3)
);
INSERT INTO country VALUES
  ('AT', 'Österreich', 'EUR'), ('BR', 'Brasil', 'BRL'), ('CI', 'Côte d''Ivoire', 'XOF'),
  ('CN', '中国', 'CNY'), ('CZ', 'Česko', 'CZK'), ('EG', 'مصر', 'EGP'), ('GR', 'Ελλάδα', 'EUR'),
  ('IN', 'भारत', 'INR'), ('JP', '日本', 'JPY'), ('KR', '대한민국', 'KRW'), ('TR', 'Türkiye', NULL),
  ('UA', 'Україна', 'UAH');

-- Capitals and spaces in names; a sequence of its own; dates, JSON and NULLs.
CREATE TABLE "Customer" (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  "public id" UUID NOT NULL UNIQUE,
  "Full Name" VARCHAR(80) NOT NULL,
  email VARCHAR(120),
  born DATE,
  country CHAR(2) NOT NULL REFERENCES country(code),
  balance DECIMAL(12,2) NOT NULL DEFAULT 0,
  settings JSON,
  active BOOLEAN NOT NULL DEFAULT 1,
  created TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO "Customer"
SELECT i,
  printf('%08x-%04x-4%03x-a%03x-%012x', r, i % 65536, i % 4096, r % 4096, r * 31 + i),
  CASE i % 7 WHEN 0 THEN 'José Ñandú ' WHEN 1 THEN 'Zoë O''Brien ' WHEN 2 THEN '山田 太郎 ' WHEN 3 THEN 'Łukasz "Wuja" '
    WHEN 4 THEN 'Ann-Kathrin Groß ' WHEN 5 THEN 'back\slash % ' ELSE 'Mia 🐟 ' END || i,
  CASE WHEN i % 11 = 0 THEN NULL ELSE 'user' || i || '@example.com' END,
  CASE WHEN i % 5 = 0 THEN NULL ELSE date('1940-01-01', '+' || (r % 25000) || ' days') END,
  substr('ATBRCICNCZEGGRINJPKRTRUA', i % 12 * 2 + 1, 2),
  (r % 2000000 - 500000) / 100.0,
  CASE WHEN i % 3 = 0 THEN NULL
    ELSE json_object('theme', CASE i % 2 WHEN 0 THEN 'dark' ELSE 'hell & freundlich' END, 'size', i % 9, 'tags', json_array('a', NULL, i % 4)) END,
  i % 13 <> 0,
  datetime('2015-01-01', '+' || (r % 300000000) || ' seconds')
FROM n WHERE i <= (SELECT customers FROM scale);
CREATE INDEX "Customer by name" ON "Customer" ("Full Name", born);
CREATE UNIQUE INDEX customer_email ON "Customer" (email);

-- A composite key of which one part is text.
CREATE TABLE address (
  customer_id INTEGER NOT NULL REFERENCES "Customer"(id),
  kind VARCHAR(10) NOT NULL,
  street VARCHAR(100) NOT NULL,
  city VARCHAR(60) NOT NULL,
  postcode VARCHAR(12),
  latitude DOUBLE PRECISION,
  longitude DOUBLE PRECISION,
  PRIMARY KEY (customer_id, kind)
);
INSERT INTO address
SELECT i, k.kind, 'Straße des ' || (r % 31 + 1) || '. Mai ' || (i % 200), CASE i % 3 WHEN 0 THEN 'Köln' WHEN 1 THEN 'São Paulo' ELSE 'Αθήνα' END,
  CASE WHEN i % 4 = 0 THEN NULL ELSE printf('%05d', r % 100000) END,
  CASE WHEN i % 6 = 0 THEN NULL ELSE (r % 180000000) / 1000000.0 - 90.0 END,
  CASE WHEN i % 6 = 0 THEN NULL ELSE (r % 360000000) / 1000000.0 - 180.0 END
FROM n JOIN (SELECT 'billing' AS kind, 1 AS every UNION ALL SELECT 'shipping', 2) AS k ON i % k.every = 0
WHERE i <= (SELECT customers FROM scale);

-- Rows that refer to rows of the same table.
CREATE TABLE category (
  id INTEGER PRIMARY KEY,
  parent_id INTEGER REFERENCES category(id),
  title TEXT NOT NULL
);
INSERT INTO category SELECT i, CASE WHEN i <= 5 THEN NULL ELSE i / 5 END, 'Kategorie №' || i FROM n WHERE i <= 60;

-- Binary values; decimals with many digits behind the point; floats.
CREATE TABLE product (
  sku VARCHAR(20) NOT NULL PRIMARY KEY,
  category_id INTEGER NOT NULL REFERENCES category(id),
  title VARCHAR(80) NOT NULL,
  price DECIMAL(10,2) NOT NULL,
  "tax rate" DECIMAL(7,4) NOT NULL,
  weight REAL,
  picture BLOB,
  attributes JSON NOT NULL,
  CHECK (price >= 0)
);
INSERT INTO product
SELECT printf('SKU-%06d', i), r % 60 + 1, 'Produkt ' || i || CASE i % 3 WHEN 0 THEN ' ¼"' WHEN 1 THEN ' – größer' ELSE '' END,
  (r % 100000) / 100.0, CASE i % 3 WHEN 0 THEN 0.19 WHEN 1 THEN 0.0725 ELSE 0 END,
  CASE WHEN i % 9 = 0 THEN NULL ELSE (r % 100000) / 8.0 END,
  CASE i % 10 WHEN 0 THEN NULL WHEN 1 THEN x'' WHEN 2 THEN x'00ff00ff0a0d5c' ELSE CAST(printf('%.*c', r % 900, 'p') || i AS BLOB) END,
  json_object('colour', CASE i % 2 WHEN 0 THEN 'grün' ELSE 'rot' END, 'sizes', json_array(i % 5, i % 7))
FROM n WHERE i <= (SELECT products FROM scale);

-- A name that is a reserved word; a partial index; a check on a list of words.
CREATE TABLE "order" (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES "Customer"(id),
  status VARCHAR(10) NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'paid', 'sent', 'returned')),
  ordered TIMESTAMP NOT NULL,
  deliver DATE,
  note TEXT
);
INSERT INTO "order"
SELECT i * 3, r % (SELECT customers FROM scale) + 1,
  CASE r % 4 WHEN 0 THEN 'new' WHEN 1 THEN 'paid' WHEN 2 THEN 'sent' ELSE 'returned' END,
  strftime('%Y-%m-%d %H:%M:%S', '2020-02-29', '+' || (r % 150000000) || ' seconds') || printf('.%02d%d', r % 100, r % 9 + 1),
  CASE WHEN i % 3 = 0 THEN NULL ELSE date('2020-03-01', '+' || (r % 1800) || ' days') END,
  CASE i % 8 WHEN 0 THEN '' WHEN 1 THEN 'please ring' || char(10) || 'twice' WHEN 2 THEN 'tab' || char(9) || 'and \N and ''quotes''' ELSE NULL END
FROM n WHERE i <= (SELECT orders FROM scale);
CREATE INDEX order_customer ON "order" (customer_id, ordered DESC);
CREATE INDEX order_new ON "order" (ordered) WHERE status = 'new';

-- A composite key of integers with gaps; a generated column.
CREATE TABLE "order line" (
  order_id INTEGER NOT NULL REFERENCES "order"(id),
  "line no" INTEGER NOT NULL,
  sku VARCHAR(20) NOT NULL REFERENCES product(sku),
  quantity INTEGER NOT NULL CHECK (quantity > 0),
  cents INTEGER NOT NULL,
  "total cents" INTEGER GENERATED ALWAYS AS (quantity * cents) STORED,
  discount DECIMAL(5,3),
  PRIMARY KEY (order_id, "line no")
);
INSERT INTO "order line" (order_id, "line no", sku, quantity, cents, discount)
SELECT i * 3, l.k * 10, printf('SKU-%06d', (r + l.k * 7) % (SELECT products FROM scale) + 1), r % 9 + 1, (r + l.k) % 20000,
  CASE WHEN (i + l.k) % 4 = 0 THEN ((r + l.k) % 1000) / 1000.0 ELSE NULL END
FROM n JOIN (SELECT i AS k FROM n WHERE i <= 5) AS l ON l.k <= r % 5 + 1
WHERE i <= (SELECT orders FROM scale);

-- A key that is not a number and comes in no order.
CREATE TABLE payment (
  id UUID NOT NULL PRIMARY KEY,
  order_id INTEGER NOT NULL REFERENCES "order"(id),
  amount DECIMAL(14,4) NOT NULL,
  method VARCHAR(12) NOT NULL,
  paid TIMESTAMP NOT NULL
);
INSERT INTO payment
SELECT printf('%08x-%04x-4%03x-b%03x-%012x', r, i / 65536, i % 4096, r % 4096, i), i * 3, (r % 900000000) / 10000.0,
  CASE r % 3 WHEN 0 THEN 'card' WHEN 1 THEN 'Überweisung' ELSE 'cash' END,
  datetime('2020-03-01', '+' || (r % 150000000) || ' seconds')
FROM n WHERE i <= (SELECT orders FROM scale) AND i % 5 <> 0;
CREATE INDEX payment_order ON payment (order_id);

-- No key at all, and rows that are the same in every column.
CREATE TABLE "Visit Log" (
  at TIMESTAMP NOT NULL,
  path TEXT NOT NULL,
  customer_id INTEGER,
  seconds DOUBLE PRECISION
);
INSERT INTO "Visit Log"
SELECT datetime('2024-01-01', '+' || (r % 100000) || ' seconds'), '/p/' || (r % 500),
  CASE WHEN i % 2 = 0 THEN NULL ELSE r % (SELECT customers FROM scale) + 1 END, (r % 1000) / 64.0
FROM n WHERE i <= (SELECT orders FROM scale)
UNION ALL
SELECT '2024-02-29 12:00:00', '/', NULL, 0.1 FROM n WHERE i <= (SELECT orders / 50 FROM scale);

-- Names that need quoting inside the quotes; letters beyond ASCII in table and columns; all of the
-- key columns at once, so that nothing but the key is left.
CREATE TABLE "Lager ""größte"" Größe" (
  "größe" VARCHAR(8) NOT NULL,
  "it's" VARCHAR(20) NOT NULL REFERENCES product(sku),
  PRIMARY KEY ("größe", "it's")
);
INSERT INTO "Lager ""größte"" Größe"
SELECT s.size, printf('SKU-%06d', i) FROM n JOIN (SELECT 'XS' AS size UNION ALL SELECT 'XL' UNION ALL SELECT 'ß') AS s
WHERE i <= (SELECT products FROM scale);

-- A few rows, each as large as a page of other tables.
CREATE TABLE document (
  id INTEGER PRIMARY KEY,
  title TEXT,
  body BLOB,
  digits DECIMAL(15,6)
);
INSERT INTO document
SELECT i, CASE i % 4 WHEN 0 THEN NULL ELSE 'Vertrag §' || i END, CAST(printf('%.*c', i * min(40000, 20 * (SELECT orders FROM scale)), char(64 + i)) AS BLOB),
  CASE i % 3 WHEN 0 THEN NULL ELSE i * 1234567 + 0.5 END
FROM n WHERE i <= 24;

-- Nothing in it.
CREATE TABLE "return" (
  order_id INTEGER NOT NULL PRIMARY KEY REFERENCES "order"(id),
  reason TEXT NOT NULL,
  refund DECIMAL(12,2) NOT NULL DEFAULT 0
);

COMMIT;
DROP TABLE temp.n;
DROP TABLE temp.scale;
