"""The data, the same in every run: each value is a function of the row's number."""
import subprocess

from measure import Failed

SETTLE = "VACUUM ANALYZE"

# Four scattered 32-bit numbers of row i.
SCATTER = """i, (i * 2654435761) % 4294967296 AS a, ((i + 7) * 2246822519) % 4294967296 AS b,
    ((i + 13) * 3266489917) % 4294967296 AS c, ((i + 29) * 668265263) % 4294967296 AS d"""


def sqlite_table(rows):
    return f"""
CREATE TABLE measured (
  id bigint PRIMARY KEY NOT NULL,
  tiny smallint NOT NULL, small smallint, medium integer NOT NULL, large bigint,
  price decimal(12,2) NOT NULL, rate decimal(9,4), ratio double NOT NULL,
  day date NOT NULL, created timestamp NOT NULL, changed timestamp,
  code varchar(12) NOT NULL, name varchar(40) NOT NULL, note text, payload blob NOT NULL,
  active boolean NOT NULL, token uuid, detail json NOT NULL);
WITH RECURSIVE number(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < {rows}),
  scattered AS MATERIALIZED (SELECT {SCATTER} FROM number)
INSERT INTO measured SELECT i * 3,
  a % 200 - 100, iif(i % 11 = 0, NULL, b % 60000 - 30000), a % 200000000 - 100000000,
  iif(i % 7 = 0, NULL, b * 300),
  (a % 10000000) / 100.0, iif(i % 13 = 0, NULL, (b % 9000000) / 10000.0), (c - 2147483648) / 1024.0,
  date('1970-01-01', '+' || (a % 20000) || ' days'),
  datetime(b % 1700000000, 'unixepoch') || iif(i % 4 = 0, printf('.%06d', c % 1000000), ''),
  iif(i % 2 = 0, NULL, datetime(c % 1700000000, 'unixepoch')),
  printf('C-%04X', d % 65536), 'name ' || (a % 100000),
  CASE i % 3 WHEN 0 THEN NULL WHEN 1 THEN 'größer' || char(9) ELSE 'line' || char(10) || 'two \\ ' || (c % 100) END,
  CAST(printf('%04x', a % 65536) AS blob), a % 2,
  iif(i % 3 = 0, NULL, printf('%08x-%04x-4%03x-a%03x-%012x', a, b % 65536, c % 4096, d % 4096, b * 65536)),
  '{{"k": [' || (d % 1000) || ']}}'
FROM scattered;"""


def postgres_table(rows):
    return f"""
CREATE TABLE measured (
  id bigint NOT NULL,
  tiny smallint NOT NULL, small smallint, medium integer NOT NULL, large bigint,
  price numeric(12,2) NOT NULL, rate numeric(9,4), ratio double precision NOT NULL,
  day date NOT NULL, created timestamp NOT NULL, changed timestamptz,
  code varchar(12) NOT NULL, name varchar(40) NOT NULL, note text, payload bytea NOT NULL,
  active boolean NOT NULL, token uuid, detail jsonb NOT NULL);
INSERT INTO measured SELECT i * 3,
  a % 200 - 100, CASE WHEN i % 11 > 0 THEN b % 60000 - 30000 END, a % 200000000 - 100000000,
  CASE WHEN i % 7 > 0 THEN b * 300 END,
  (a % 10000000) / 100.0, CASE WHEN i % 13 > 0 THEN (b % 9000000) / 10000.0 END,
  (c - 2147483648) / 1237.0::float8,
  date '1970-01-01' + (a % 20000)::int,
  to_timestamp(b % 1700000000 + CASE WHEN i % 4 = 0 THEN (c % 1000000) / 1e6 ELSE 0 END) AT TIME ZONE 'UTC',
  CASE WHEN i % 2 > 0 THEN to_timestamp(c % 1700000000) END,
  'C-' || to_hex(d % 65536), 'name ' || (a % 100000),
  CASE i % 3 WHEN 1 THEN E'größer\\t' WHEN 2 THEN E'line\\ntwo \\\\ ' || (c % 100) END,
  decode(lpad(to_hex(a), 8, '0'), 'hex'), a % 2 = 1,
  CASE WHEN i % 3 > 0 THEN (lpad(to_hex(a), 8, '0') || lpad(to_hex(b), 8, '0') || lpad(to_hex(c), 8, '0')
    || lpad(to_hex(d), 8, '0'))::uuid END,
  ('{{"k": [' || (d % 1000) || ']}}')::jsonb
FROM (SELECT {SCATTER} FROM generate_series(1::bigint, {rows}) AS i) AS scattered;
ALTER TABLE measured ADD PRIMARY KEY (id)"""


# PostgreSQL's words for the columns that rowferry makes of the table below.
MARIADB_TYPES = [("id", "bigint"), ("tiny", "smallint"), ("small", "smallint"), ("medium", "integer"),
                 ("large", "bigint"), ("price", "numeric(12,2)"), ("rate", "numeric(9,4)"),
                 ("ratio", "double precision"), ("day", "date"), ("created", "timestamp(6)"),
                 ("changed", "timestamp(0)"), ("code", "text"), ("name", "text"), ("note", "text"),
                 ("payload", "bytea"), ("active", "smallint"), ("token", "text"), ("detail", "json")]


def mariadb_table(rows, divisor="1024e0"):
    """The divisor says how many digits the column `ratio` needs: 1024 up to 17, 1000 at most 10."""
    return f"""
CREATE TABLE measured (
  id bigint NOT NULL PRIMARY KEY,
  tiny smallint NOT NULL, small smallint, medium int NOT NULL, large bigint,
  price decimal(12,2) NOT NULL, rate decimal(9,4), ratio double NOT NULL,
  day date NOT NULL, created datetime(6) NOT NULL, changed datetime,
  code varchar(12) NOT NULL, name varchar(40) NOT NULL, note text, payload varbinary(16) NOT NULL,
  active tinyint(1) NOT NULL, token char(36), detail json NOT NULL);
INSERT INTO measured SELECT i * 3,
  a % 200 - 100, IF(i % 11 = 0, NULL, b % 60000 - 30000), a % 200000000 - 100000000,
  IF(i % 7 = 0, NULL, b * 300),
  (a % 10000000) / 100, IF(i % 13 = 0, NULL, (b % 9000000) / 10000), (c - 2147483648) / {divisor},
  date '1970-01-01' + INTERVAL a % 20000 DAY,
  timestamp '1970-01-01 00:00:00' + INTERVAL b % 1700000000 SECOND
    + INTERVAL IF(i % 4 = 0, c % 1000000, 0) MICROSECOND,
  IF(i % 2 = 0, NULL, timestamp '1970-01-01 00:00:00' + INTERVAL c % 1700000000 SECOND),
  CONCAT('C-', HEX(d % 65536)), CONCAT('name ', a % 100000),
  CASE i % 3 WHEN 1 THEN CONCAT('größer', CHAR(9)) WHEN 2 THEN CONCAT('line', CHAR(10), 'two ', CHAR(92), ' ', c % 100) END,
  UNHEX(LPAD(HEX(a), 8, '0')), a % 2,
  IF(i % 3 = 0, NULL, LOWER(CONCAT_WS('-', LPAD(HEX(a), 8, '0'), LPAD(HEX(b % 65536), 4, '0'),
    CONCAT('4', LPAD(HEX(c % 4096), 3, '0')), CONCAT('a', LPAD(HEX(d % 4096), 3, '0')),
    LPAD(HEX(b * 65536), 12, '0')))),
  CONCAT('{{"k": [', d % 1000, ']}}')
FROM (SELECT {SCATTER} FROM (SELECT CAST(seq AS SIGNED) AS i FROM seq_1_to_{rows}) AS numbers) AS scattered;
ANALYZE TABLE measured"""


# One sum over the rows of postgres_table, written for each server: of the first 48 bits of each row's MD5.
ROWS_IN_POSTGRES = """SELECT count(*), sum(('x' || left(md5(concat_ws(',', id, tiny, coalesce(small::text, 'n'), medium,
  coalesce(large::text, 'n'), price, coalesce(rate::text, 'n'), ratio, day, to_char(created, 'YYYY-MM-DD HH24:MI:SS.US'),
  coalesce(to_char(changed AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), 'n'), code, name, coalesce(note, 'n'),
  upper(encode(payload, 'hex')), active::int, coalesce(token::text, 'n'), detail::text)), 12))::bit(48)::bigint::numeric)
FROM measured"""
ROWS_IN_MARIADB = """SELECT COUNT(*), SUM(CAST(CONV(LEFT(MD5(CONCAT_WS(',', id, tiny, IFNULL(small, 'n'), medium,
  IFNULL(large, 'n'), price, IFNULL(rate, 'n'), ratio, day, created, IFNULL(changed, 'n'), BINARY code, BINARY name,
  IFNULL(BINARY note, 'n'), HEX(payload), active, IFNULL(BINARY token, 'n'), BINARY detail)), 12), 16, 10) AS UNSIGNED))
FROM measured"""


def small_tables(tables, rows):
    return ";".join(f"""
CREATE TABLE t_{n} (id int NOT NULL PRIMARY KEY, name varchar(40) NOT NULL, amount decimal(12,2), made datetime);
INSERT INTO t_{n} SELECT seq, CONCAT('row ', seq), seq / 7, timestamp '2024-01-01 00:00:00' + INTERVAL seq MINUTE
  FROM seq_1_to_{rows}""" for n in range(tables))


def narrow_rows(rows):
    return [f"CREATE TABLE narrow AS SELECT i AS id, i * 7 AS value FROM generate_series(1, {rows}) AS i",
            "ALTER TABLE narrow ADD PRIMARY KEY (id)"]


def wide_rows(rows, width):
    return ["CREATE TABLE wide (id integer PRIMARY KEY, payload bytea NOT NULL)",
            "ALTER TABLE wide ALTER payload SET STORAGE EXTERNAL",
            f"INSERT INTO wide SELECT i, convert_to(repeat(lpad(to_hex(i), 8, '0'), {width // 8}), 'UTF8')"
            f" FROM generate_series(1, {rows}) AS i"]


def wide_sqlite(rows, width):
    """The same rows as wide_rows."""
    return f"""
CREATE TABLE wide (id integer PRIMARY KEY, payload blob NOT NULL);
WITH RECURSIVE number(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM number WHERE i < {rows})
INSERT INTO wide SELECT i, CAST(replace(hex(zeroblob({width // 8})), '00', printf('%08x', i)) AS blob)
FROM number;"""


def many_tables(tables, rows):
    step = 500  # created in one transaction: each holds a lock
    return [f"""DO $$ BEGIN FOR n IN {first} .. {min(first + step - 1, tables)} LOOP
      EXECUTE format('CREATE TABLE t_%s AS SELECT i AS id, ''row '' || i AS name FROM generate_series(1, {rows}) i', n);
      EXECUTE format('ALTER TABLE t_%s ADD PRIMARY KEY (id)', n);
    END LOOP; END $$""" for first in range(1, tables + 1, step)]


def fill_sqlite(path, script):
    settings = "PRAGMA journal_mode = off;\nPRAGMA synchronous = off;\n"
    made = subprocess.run(["sqlite3", "-bail", path], input=settings + script, text=True,
                          stdout=subprocess.DEVNULL)
    if made.returncode != 0:
        raise Failed(f"sqlite3 could not fill {path}")


# As sqlite3 prints them for COPY: all digits of a double, bytes as hexadecimal digits.
PRINTED = {"ratio": "printf('%!.17g', ratio)", "payload": "'\\x' || hex(payload)"}
TYPES = [("id", "bigint"), ("tiny", "bigint"), ("small", "bigint"), ("medium", "bigint"),
         ("large", "bigint"), ("price", "numeric(12,2)"), ("rate", "numeric(9,4)"),
         ("ratio", "double precision"), ("day", "date"), ("created", "timestamp"),
         ("changed", "timestamp"), ("code", "text"), ("name", "text"), ("note", "text"),
         ("payload", "bytea"), ("active", "boolean"), ("token", "uuid"), ("detail", "json")]


def load_reference(server, path):
    """Loads the SQLite table without any of the contenders: sqlite3's CSV into psql. Returns its proof."""
    columns = ", ".join(f"{name} {type}" for name, type in TYPES)
    server.run("reference", f"CREATE TABLE measured ({columns})")
    query = "SELECT " + ", ".join(PRINTED.get(name, name) for name, _ in TYPES) + " FROM measured"
    reading = subprocess.Popen(["sqlite3", "-csv", path, query], stdout=subprocess.PIPE)
    writing = subprocess.run(["psql", "-Xq", server.url("reference"), "-c",
                              "COPY measured FROM STDIN (FORMAT csv)"], stdin=reading.stdout)
    reading.stdout.close()
    if reading.wait() != 0 or writing.returncode != 0:
        raise Failed("the reference could not be loaded")
    server.run("reference", "ALTER TABLE measured ADD PRIMARY KEY (id)")
    proof = server.proof("reference", "measured")
    server.drop("reference")
    return proof
