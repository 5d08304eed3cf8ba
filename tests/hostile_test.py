"""Nothing depends on what a server gives to sessions that ask for nothing. tests/servers.sh starts servers whose
defaults are odd on purpose, so all tests run under them; these look at what such defaults would bend first."""

import os
import time
import urllib.parse
from contextlib import closing

import psycopg2
import pymysql
import pytest
from bad_input.held import Held
from compare import assert_clean, assert_same, assert_same_rows
from conftest import PAIRS, Pair
from program import KILLED

ROWS = 60
PAGES = ["--page-size", "10"]
MADE = [f"2024-04-06 {n // 4:02}:{n % 4 * 15:02}:00.{n + 100001:06}" for n in range(ROWS)]  # the night that Chatham's summer ends

ODD_POSTGRES = {
    "TimeZone": "Pacific/Chatham",
    "DateStyle": "German, DMY",
    "IntervalStyle": "sql_standard",
    "extra_float_digits": "-15",
    "bytea_output": "escape",
    "client_encoding": "LATIN1",
    "standard_conforming_strings": "off",
    "quote_all_identifiers": "on",
    "array_nulls": "off",
    "xmloption": "document",
    "search_path": "nowhere",
    "default_transaction_isolation": "serializable",
    "statement_timeout": "500",
    "lock_timeout": "10",
    "idle_in_transaction_session_timeout": "1000",
    "idle_session_timeout": "3000",
}
ODD_MARIADB = {
    "time_zone": "Pacific/Chatham",
    "autocommit": 0,
    "completion_type": "CHAIN",
    "default_storage_engine": "Aria",
    "explicit_defaults_for_timestamp": 0,
    "character_set_database": "latin1",
    "group_concat_max_len": 4,
    "max_sort_length": 64,
    "sql_select_limit": 3,
    "sql_quote_show_create": 0,
    "check_constraint_checks": 0,
    "innodb_strict_mode": 0,
}
ODD_MARIADB_ROLES = {
    "mariadb_source": {"sql_mode": "", "tx_isolation": "SERIALIZABLE", "character_set_client": "latin1"},
    "mariadb_target": {"tx_isolation": "READ-COMMITTED"},
}
ODD_MODES = {"ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "PAD_CHAR_TO_FULL_LENGTH", "PIPES_AS_CONCAT"}  # of the target


@pytest.fixture(autouse=True)
def odd_servers():
    if os.environ.get("ROWFERRY_TEST_DEFAULTS") == "plain":
        pytest.skip("these servers were started plain")


# What a client sees that sets nothing.


def postgres_defaults(url):
    """psycopg2 sets DateStyle by itself, so not what is, but what RESET would give."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT name, reset_val FROM pg_settings WHERE name = ANY (%s)", (list(ODD_POSTGRES),))
        return dict(cursor.fetchall())


def mariadb_defaults(url, names):
    parts = urllib.parse.urlsplit(url)
    with closing(pymysql.connect(host=parts.hostname, port=parts.port, user=parts.username, password=parts.password, autocommit=None)) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT " + ", ".join(f"@@session.{name}" for name in names))
        return dict(zip(names, cursor.fetchone()))


def expect_odd(end):
    if end.kind == "postgres":
        assert postgres_defaults(end.url) == ODD_POSTGRES
    elif end.kind == "mariadb":
        wanted = {**ODD_MARIADB, **ODD_MARIADB_ROLES[end.server]}
        assert mariadb_defaults(end.server_url, wanted) == wanted
        modes = set(mariadb_defaults(end.server_url, ["sql_mode"])["sql_mode"].split(","))
        assert end.server == "mariadb_source" or modes >= ODD_MODES


@pytest.mark.parametrize("kind, role", [("postgres", "source"), ("postgres", "target"), ("mariadb", "source"), ("mariadb", "target"), ("postgres18", "source")])
def test_sessions_that_set_nothing_have_odd_defaults(ends, kind, role):
    expect_odd(ends.make(kind, role))


# Rows.

TYPES = {
    "sqlite": {"moment": "TIMESTAMP", "zoned": "TIMESTAMPTZ", "bytes": "BLOB", "f4": "FLOAT4", "f8": "DOUBLE", "word": "TEXT", "price": "DECIMAL(12,4)"},
    "postgres": {"moment": "TIMESTAMP", "zoned": "TIMESTAMPTZ", "bytes": "BYTEA", "f4": "REAL", "f8": "DOUBLE PRECISION", "word": "VARCHAR(200)", "price": "NUMERIC(12,4)"},
    "mariadb": {"moment": "DATETIME(6)", "zoned": "TIMESTAMP(6) NULL", "bytes": "VARBINARY(200)", "f4": "FLOAT", "f8": "DOUBLE", "word": "VARCHAR(200)", "price": "DECIMAL(12,4)"},
}
COLUMNS = [("moment", "moment"), ("zoned", "zoned"), ("day", "DATE"), ("hour", "TIME"), ("f4", "f4"), ("f8", "f8"), ("raw", "bytes"), ("word", "word"), ("price", "price")]
KEYS = ["moment", "zoned", "f8", "raw", "word"]  # bounds of pages are texts of these


def row(n, zone):
    small = [0.30000000000000004, 1e-5, 1.7976931348623157e308, -2.2250738585072014e-308][n % 4] if n < 4 else n + 0.1 + 0.2
    word = "the same beginning " * 5 + "\\" + ("'" if n % 2 else '"') + f"\\\\n{n:03} ö 😀 \t\\"
    raw = b"\\000\\" + bytes([n, 0, 39, 34, 92, 255])
    return [MADE[n], MADE[n] + zone, f"2024-02-{n % 29 + 1:02}", f"{n % 24:02}:59:59.{10 * n + 1:06}", 16777216 if n == 7 else n / 8, small, raw, word, f"{n}.{n + 1000}"]


def fill(end, zone="+00"):
    types = TYPES[end.kind]
    hour = "TIME(6)" if end.kind == "mariadb" else "TIME"
    for key in KEYS:
        columns = [f"{name} {hour if name == 'hour' else types.get(type, type)}{' NOT NULL PRIMARY KEY' if name == key else ''}" for name, type in COLUMNS]
        end.run(f"CREATE TABLE by_{key} ({', '.join(columns)})".replace(" NULL NOT NULL", " NOT NULL"))
        end.insert(f"by_{key}", [[None if name != key and n % 7 == 3 else cell for (name, _), cell in zip(COLUMNS, row(n, zone))] for n in range(ROWS)])
    if end.kind == "postgres":
        fill_more_of_postgres(end)


def fill_more_of_postgres(end):
    end.run("CREATE TABLE spans (span INTERVAL PRIMARY KEY, several INTEGER[], words TEXT[], days DATE[], during TSTZRANGE, doc JSONB, markup XML, tail TIMETZ)")
    end.insert(
        "spans",
        [
            (
                f"{n % 3} years {n} mons {-n} days {'-' if n % 2 else ''}04:05:06.{n:06}",
                [n, None, -n],
                ["a,b", None, "NULL", 'c"d\\', "😀"],
                f"{{2024-02-{n % 29 + 1:02},NULL,infinity}}",
                f"[{MADE[n]}+00,)",
                '{"a": "\\\\ö", "b": 0.30000000000000004}',
                "<a>1</a><b>two roots</b>",
                "10:00:00+12:45",
            )
            for n in range(ROWS)
        ],
    )


@pytest.fixture(params=PAIRS)
def odd_pair(request, ends):
    pair = Pair(request.param, ends)
    expect_odd(pair.source)
    expect_odd(pair.target)
    fill(pair.source, "" if "mariadb" in request.param else "+00")
    return pair


def test_rows_arrive_under_odd_defaults(rowferry, odd_pair):
    run = rowferry.copy(*odd_pair.urls, *PAGES, "--jobs", "3").expect(0)
    assert sum(event["event"] == "page" for event in run.events) >= ROWS // 10 * len(KEYS)
    assert_same_rows(odd_pair.source, odd_pair.target)
    assert_clean(odd_pair.target)


def test_a_killed_copy_goes_on_under_odd_defaults(rowferry, faulty, odd_pair):
    for occurrence in (4, 9):
        faulty.with_fault(f"writer.commit.after:{occurrence}=kill").copy(*odd_pair.urls, *PAGES).expect(KILLED)
    run = rowferry.copy(*odd_pair.urls, *PAGES).expect(0)
    assert run.result["resumed"] and run.result["not_one_point"] == "", str(run)
    assert sum(table["rows_moved"] for table in run.result["tables"]) < sum(table["rows"] for table in run.result["tables"])
    assert_same_rows(odd_pair.source, odd_pair.target)
    assert_clean(odd_pair.target)


# Tables.


def test_what_postgres_prints_of_a_table_is_made_as_it_was(rowferry, pair_of):
    pair = pair_of("postgres-postgres")
    pair.source.run(
        r"""
        CREATE TYPE mood AS ENUM ('so\so', 'it''s');
        CREATE TABLE "Order" (
          "user" text DEFAULT 'a\b''c' CONSTRAINT odd CHECK ("user" <> '\' AND "user" <> E'\n'),
          raw bytea DEFAULT '\x005c27ff', made timestamptz DEFAULT '2024-04-06 14:00:00+00', day date DEFAULT '2024-02-03',
          span interval DEFAULT '1 year 2 mons -3 days 04:05:06', f double precision DEFAULT 0.30000000000000004, several int[] DEFAULT '{1,NULL}',
          feeling mood DEFAULT 'so\so', markup xml DEFAULT 'no root', price money DEFAULT 1.5, id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
          loud text GENERATED ALWAYS AS (upper("user" || '\')) STORED, during tstzrange DEFAULT '[2024-04-06 14:00:00+00,)',
          CHECK (made > '2020-01-01 00:00:00+00' AND span < '3 years' AND raw <> '\x5c'));
        CREATE INDEX late ON "Order" (made) WHERE made > '2024-04-06 14:00:00+00' AND "user" <> '\';
        CREATE INDEX ON "Order" ((raw || '\x27'));
        COMMENT ON TABLE "Order" IS 'back\slash ''quoted'' ö 😀';
        INSERT INTO "Order" ("user") SELECT 'x' || n FROM generate_series(1, 50) n;
        """
    )
    rowferry.copy(*pair.urls, *PAGES).expect(0)
    assert_same(pair.source, pair.target)
    for what in (
        "SELECT column_name, column_default, data_type, generation_expression FROM information_schema.columns WHERE table_name = 'Order' ORDER BY ordinal_position",
        "SELECT conname, contype, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '\"Order\"'::regclass ORDER BY conname",
        "SELECT indexdef FROM pg_indexes WHERE tablename = 'Order' ORDER BY indexname",
        "SELECT obj_description('\"Order\"'::regclass), enum_range(NULL::mood)::text",
    ):
        assert pair.source.query(what) == pair.target.query(what)


def test_what_mariadb_prints_of_a_table_is_made_as_it_was(rowferry, pair_of):
    pair = pair_of("mariadb-mariadb")
    pair.source.run(
        r"""
        CREATE TABLE "order" (
          id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, word VARCHAR(50) NOT NULL DEFAULT 'a\b''c"d', fixed CHAR(9) DEFAULT 'x', ts TIMESTAMP(6) NULL,
          made TIMESTAMP NOT NULL DEFAULT '2024-04-06 14:00:00', seen TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
          both_words VARCHAR(99) AS (CONCAT(word, '\')) STORED, half DOUBLE AS (id / 3e0) VIRTUAL, kind ENUM('a\b', 'it''s') DEFAULT 'a\b',
          doc JSON, CONSTRAINT "back\slash" CHECK (word <> '\' AND NOT word = 'x'), KEY "by ""word" (word DESC, id))
          COMMENT='back\slash ''quoted'' ö';
        INSERT INTO "order" (fixed, ts) SELECT 'y', '2024-04-06 14:00:00.123456' + INTERVAL seq MINUTE FROM seq_1_to_50
        """
    )
    rowferry.copy(*pair.urls, *PAGES).expect(0)
    assert_same(pair.source, pair.target)
    assert pair.source.query('SHOW CREATE TABLE "order"') == pair.target.query('SHOW CREATE TABLE "order"')


def test_quotients_that_are_stored_are_computed_as_they_were(rowferry, pair_of):
    pair = pair_of("mariadb-mariadb")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, q DECIMAL(20,8) AS (id / 7) STORED); INSERT INTO t (id) SELECT seq FROM seq_1_to_20")
    rowferry.copy(*pair.urls).expect(0)
    assert pair.target.query("SELECT id, q FROM t ORDER BY id") == pair.source.query("SELECT id, q FROM t ORDER BY id")


@pytest.mark.parametrize("source", ["postgres", "sqlite"])
def test_tables_made_on_mariadb_are_innodb_whatever_its_default(rowferry, pair_of, source):
    pair = pair_of(f"{source}-mariadb")
    pair.source.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, at TIMESTAMP, until TIMESTAMP)")
    pair.source.insert("t", [(n, None, MADE[n]) for n in range(ROWS)])
    rowferry.copy(*pair.urls, *PAGES).expect(0)
    assert_same_rows(pair.source, pair.target)
    assert pair.target.query("SELECT engine, table_collation FROM information_schema.tables WHERE table_schema = database() AND table_name = 't'") == [("InnoDB", "utf8mb4_nopad_bin")]
    assert pair.target.not_null("t") == {"id"}


# Users and databases with defaults of their own.


@pytest.fixture
def ordinary(pair_of):
    """A pair of MariaDB servers and URLs of users who are no administrators: init_connect acts on them."""
    pair = pair_of("mariadb-mariadb")
    for end in (pair.source, pair.target):
        end.run(f"CREATE USER ordinary IDENTIFIED BY 'secret'; GRANT ALL ON {end.name}.* TO ordinary; GRANT BINLOG MONITOR ON *.* TO ordinary")
    yield pair
    for end in (pair.source, pair.target):
        end.run("DROP USER ordinary")


def test_what_init_connect_sets_does_not_matter(rowferry, faulty, ordinary):
    urls = [end.url_of("ordinary") for end in (ordinary.source, ordinary.target)]
    names = ["autocommit", "sql_mode", "sql_select_limit", "time_zone"]
    assert mariadb_defaults(urls[0], names)["sql_select_limit"] == 2
    assert "ORACLE" in mariadb_defaults(urls[0], names)["sql_mode"]
    assert mariadb_defaults(urls[1], names) == {"autocommit": 0, "sql_mode": "NO_BACKSLASH_ESCAPES", "sql_select_limit": 3, "time_zone": "-11:30"}
    fill(ordinary.source, "")
    faulty.with_fault("writer.commit.after:9=kill").copy(*urls, *PAGES).expect(KILLED)
    rowferry.copy(*urls, *PAGES).expect(0)
    assert_same_rows(ordinary.source, ordinary.target)
    assert_clean(ordinary.target)


def test_a_source_database_that_is_read_only_by_default_is_read(rowferry, pair_of):
    pair = pair_of("postgres-postgres")
    fill(pair.source)
    pair.source.run(f"ALTER DATABASE {pair.source.name} SET default_transaction_read_only = on; ALTER DATABASE {pair.source.name} SET row_security = off")
    rowferry.copy(*pair.urls, *PAGES).expect(0)
    assert_same_rows(pair.source, pair.target)


def test_sessions_of_postgres_outlive_its_timeouts(faulty, pair_of, tmp_path):
    pair = pair_of("postgres-postgres")
    expect_odd(pair.source)
    fill(pair.source)
    with Held(faulty, tmp_path, "writer.begin.before:3", *pair.urls, *PAGES) as run:
        time.sleep(4)  # longer than any of them
    run.result.expect(0)
    assert not any("lost" in event.get("text", "") for event in run.result.events), str(run.result)
    assert_same_rows(pair.source, pair.target)
