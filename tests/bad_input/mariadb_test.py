"""What only servers of MySQL's family do: LOAD DATA that bends values, packets, logins, settings, engines."""

import os
import threading
import time
import urllib.parse
from contextlib import closing, contextmanager

import pytest
from compare import assert_clean, assert_same, assert_same_rows
from ends import server_command
from held import Held
from program import KILLED
from proxy import Proxy
from tables import PAGES, expect_blocked, expect_error, expect_failed_alone, expect_mended, fill_three
from values_test import rejects_of


@contextmanager
def setting(end, **values):
    """Global variables of the end's server, for a while; connections made meanwhile have them."""
    before = {name: end.one(f"SELECT @@global.{name}") for name in values}
    for name, value in values.items():
        end.query(f"SET GLOBAL {name} = %s", value)
    try:
        yield
    finally:
        for name, value in before.items():
            end.query(f"SET GLOBAL {name} = DEFAULT") if value == "DEFAULT" else end.query(f"SET GLOBAL {name} = %s", value)


# Loading.


def test_a_server_that_refuses_local_is_loaded_by_insert(rowferry, pair_of):
    pair = pair_of("sqlite-mariadb")
    fill_three(pair.source)
    pair.source.insert("bad", [(5000, "tab\there \\N 'quoted' \\", 0.1, "1.25"), (5001, "", None, None)])
    with setting(pair.target, local_infile=0):
        rowferry.copy(*pair.urls, *PAGES).expect(0)
    assert_same(pair.source, pair.target)
    assert_clean(pair.target)


def test_a_row_larger_than_a_packet_where_local_is_refused(rowferry, pair_of):
    pair = pair_of("sqlite-mariadb")
    fill_three(pair.source, 50)
    pair.source.insert("bad", [(777, "x" * 3_000_000, 1, 1)])
    with setting(pair.target, local_infile=0, max_allowed_packet=1 << 20):
        error = expect_failed_alone(rowferry.copy(*pair.urls), "bad", "data", "row.packet")
        assert "max_allowed_packet" in error["hint"]
    expect_mended(rowferry.copy(*pair.urls), pair.source, pair.target)


def test_a_row_larger_than_a_packet_lands_by_load_data(rowferry, pair_of):
    pair = pair_of("sqlite-mariadb")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT, body BLOB)")
    pair.source.insert("t", [(1, "ä" * 2_000_000, b"\x00\t\n\\" * 700_000)])
    with setting(pair.target, max_allowed_packet=1 << 20):
        rowferry.copy(*pair.urls).expect(0)
    assert_same_rows(pair.source, pair.target)


BENT = [
    pytest.param("n", 99_999, "value.range", id="a number that would be clamped"),
    pytest.param("n", "many", "value.storage", id="text in a number column"),
    pytest.param("word", "longer than five", "value.length", id="text that would be cut"),
    pytest.param("day", "2024-02-30", "value.format", id="a day that is not there"),
    pytest.param("price", 1.234, "value.number", id="a decimal that would be rounded"),
    pytest.param("price", 123456789, "value.number", id="a decimal that would be clamped"),
]


@pytest.mark.parametrize("local", [1, 0], ids=["LOAD DATA", "INSERT"])
@pytest.mark.parametrize("column, value, code", BENT)
def test_a_value_that_the_server_would_bend_fails_its_table_alone(rowferry, pair_of, column, value, code, local):
    pair = pair_of("sqlite-mariadb")
    columns = "(id INTEGER NOT NULL PRIMARY KEY, n SMALLINT, word VARCHAR(5), day DATE, price DECIMAL(6,2))"
    pair.source.run(f"CREATE TABLE bad {columns}; CREATE TABLE good {columns}")
    pair.target.run(f"CREATE TABLE bad {columns}; CREATE TABLE good {columns}")
    rows = [(n, n, "word", "2024-02-29", "1.25") for n in range(1000)]
    for table in ("bad", "good"):
        pair.source.insert(table, rows)
    pair.source.query(f"UPDATE bad SET {column} = ? WHERE id = 777", value)
    with setting(pair.target, local_infile=local):
        run = rowferry.copy(*pair.urls, "--data-only", *PAGES)
    expect_failed_alone(run, "bad", "data", code)
    assert [("777" in reject["key"]) for reject in rejects_of(run, "bad")] == [True]
    good = {"n": 1, "word": "word", "day": "2024-02-29", "price": "1.25"}[column]
    pair.source.query(f"UPDATE bad SET {column} = ? WHERE id = 777", good)
    expect_mended(rowferry.copy(*pair.urls, "--data-only", *PAGES), pair.source, pair.target)


UNSAID = [
    pytest.param("mariadb", "TIMESTAMP(6)", "'2024-01-01 10:00:00.7'", "DATETIME", "schema", id="fractions of a second"),
    pytest.param("mariadb", "DOUBLE", "1.23456", "DOUBLE(10,2)", "schema", id="digits of a float"),
    pytest.param("mariadb", "VARBINARY(4)", "x'01'", "BINARY(16)", "schema", id="bytes that would be filled up"),
    pytest.param("mariadb", "VARCHAR(10)", "'a '", "CHAR(20)", "schema", id="spaces that would go"),
    pytest.param("mariadb", "INTEGER", "1", "ENUM('a','b')", "schema", id="a number for a label"),
    pytest.param("mariadb", "VARCHAR(10)", "'1'", "ENUM('a','b')", "data", id="the number of a label"),
    pytest.param("sqlite", "TEXT", "'+1'", "ENUM('a','b')", "data", id="the number of a label, with a sign"),
    pytest.param("postgres", "TEXT", "' 2'", "ENUM('a','b')", "data", id="the number of a label, behind a space"),
    pytest.param("mariadb", "VARCHAR(10)", "'B'", "ENUM('a','b')", "data", id="a label but for its case"),
    pytest.param("sqlite", "TEXT", "'b,a'", "SET('a','b')", "data", id="a set in another order"),
    pytest.param("sqlite", "TEXT", "'a,a'", "SET('a','b')", "data", id="a member of a set twice"),
    pytest.param("sqlite", "TIMESTAMP", "NULL", "TIMESTAMP NOT NULL", "data", id="NULL that would become the time"),
    pytest.param("sqlite", "INTEGER", "5", "YEAR", "data", id="a number that would become a year"),
    pytest.param("postgres", "NUMERIC(10,4)", "1.2345", "DECIMAL(10,2), twice DECIMAL(10,2) GENERATED ALWAYS AS (v * 2) STORED", "data", id="a decimal beside a generated column"),
]


@pytest.mark.parametrize("kind, type, value, there, error", UNSAID)
def test_what_a_server_would_change_without_a_word_is_refused(rowferry, pair_of, kind, type, value, there, error):
    pair = pair_of(f"{kind}-mariadb")
    pair.source.run(f"CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, v {type}); INSERT INTO t VALUES (1, {value})")
    pair.target.run(f"CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, v {there})")
    rowferry("check", *pair.urls, "--data-only", "--probe").expect(3)
    run = rowferry.copy(*pair.urls, "--data-only").expect(3)
    if error == "schema":
        expect_blocked(run, "column.misfit")
    else:
        assert run.table("t")["errors"][0]["kind"] == error, str(run)
    assert pair.target.count("t") == 0


def test_a_year_of_zero_stays_zero_beside_a_column_that_changes_its_type(rowferry, pair_of):
    pair = pair_of("mariadb-mariadb")
    pair.source.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, y YEAR, word VARCHAR(10)); INSERT INTO t VALUES (1, 0, 'x'), (2, 2001, 'y')")
    pair.target.run("CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, y YEAR, word VARCHAR(10))")
    rowferry.copy(*pair.urls, "--data-only").expect(0)
    assert [row[1] for row in sorted(pair.target.rows("t"))] == [row[1] for row in sorted(pair.source.rows("t"))]


def test_a_target_table_without_transactions_is_refused(rowferry, pair_of):
    pair = pair_of("sqlite-mariadb")
    fill_three(pair.source, 100)
    pair.target.run("CREATE TABLE last (word TEXT) ENGINE=MyISAM")
    error = expect_failed_alone(rowferry.copy(*pair.urls, "--existing", "append"), "last", "schema", "table.engine")
    assert "InnoDB" in error["hint"]
    assert pair.target.count("last") == 0


@pytest.mark.parametrize("existing", ["truncate", "drop"])
def test_rows_that_tables_outside_the_copy_refer_to_do_not_go(rowferry, pair_of, existing):
    pair = pair_of("sqlite-mariadb")
    fill_three(pair.source, 10)
    pair.target.run(
        "CREATE TABLE good (id INTEGER NOT NULL PRIMARY KEY, word TEXT); INSERT INTO good VALUES (99, 'there');"
        "CREATE TABLE child (id INTEGER NOT NULL PRIMARY KEY, good_id INTEGER REFERENCES good (id)); INSERT INTO child VALUES (1, 99)"
    )
    run = rowferry.copy(*pair.urls, "--existing", existing).expect(3)
    assert "table.referenced" in run.out, str(run)
    assert pair.target.query("SELECT id FROM good") == [(99,)]


def test_texts_that_are_labels_arrive(rowferry, pair_of):
    pair = pair_of("postgres-mariadb")
    pair.source.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, e TEXT, s TEXT); INSERT INTO t VALUES (1, 'b', 'a,c'), (2, 'it''s', ''), (3, '', 'c'), (4, NULL, NULL), (5, '1', 'a,b,c')")
    pair.target.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, e ENUM('b','it''s','','1'), s SET('a','b','c'))")
    rowferry.copy(*pair.urls, "--data-only").expect(0)
    assert pair.target.query("SELECT e, s FROM t ORDER BY id") == [("b", "a,c"), ("it's", ""), ("", "c"), (None, None), ("1", "a,b,c")]


def test_a_reader_who_may_only_select_brings_the_foreign_keys(rowferry, pair_of):
    pair = pair_of("mariadb-mariadb")
    pair.source.run(
        "CREATE TABLE p (id INTEGER NOT NULL PRIMARY KEY);"
        "CREATE TABLE c (id INTEGER NOT NULL PRIMARY KEY, p INTEGER, q INTEGER, CONSTRAINT one FOREIGN KEY (p) REFERENCES p (id) ON DELETE SET NULL ON UPDATE CASCADE,"
        " CONSTRAINT two FOREIGN KEY (q) REFERENCES p (id));"
        f"CREATE USER onlooker IDENTIFIED BY 'secret'; GRANT SELECT ON {pair.source.name}.* TO onlooker"
    )
    try:
        rowferry.copy(pair.source.url_of("onlooker"), pair.target).expect(0)
    finally:
        pair.source.run("DROP USER onlooker")
    assert pair.source.foreign_keys("c") == pair.target.foreign_keys("c") and len(pair.target.foreign_keys("c")) == 2


def test_columns_that_the_reader_may_not_see_are_not_left_out(rowferry, pair_of):
    pair = pair_of("mariadb-mariadb")
    fill_three(pair.source, 10)
    pair.source.run(
        "CREATE TABLE t (a INTEGER NOT NULL, b INTEGER NOT NULL, v INTEGER, PRIMARY KEY (a, b));"
        f"CREATE USER onlooker IDENTIFIED BY 'secret'; GRANT SELECT (a) ON {pair.source.name}.t TO onlooker; GRANT SELECT ON {pair.source.name}.good TO onlooker"
    )
    try:
        run = rowferry.copy(pair.source.url_of("onlooker"), pair.target).expect(3)
        expect_blocked(run, "mysql.columns", ".t")
        assert pair.target.tables() == []
        rowferry.copy(pair.source.url_of("onlooker"), pair.target, "--exclude", "t").expect(0)
    finally:
        pair.source.run("DROP USER onlooker")
    assert pair.target.tables() == ["good"]


def test_system_versioned_tables_are_copied_as_they_are_now(rowferry, pair_of):
    pair = pair_of("mariadb-sqlite")
    pair.source.run(
        "CREATE TABLE own (id INTEGER NOT NULL PRIMARY KEY, word TEXT, s TIMESTAMP(6) GENERATED ALWAYS AS ROW START, e TIMESTAMP(6) GENERATED ALWAYS AS ROW END,"
        " PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING; INSERT INTO own (id, word) VALUES (1, 'a'); UPDATE own SET word = 'b';"
        "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, word TEXT) WITH SYSTEM VERSIONING;"
        "INSERT INTO t VALUES (1, 'a'), (2, 'b'); UPDATE t SET word = 'c' WHERE id = 1"
    )
    run = rowferry.copy(*pair.urls).expect(0)
    assert any("history" in what for what in run.table("t")["not_carried"])
    assert sorted(pair.target.rows("t")) == [(1, "c"), (2, "b")]
    assert pair.target.query("SELECT * FROM own") == [(1, "b")]


def test_a_table_with_more_columns_than_innodb_has(rowferry, pair_of):
    pair = pair_of("sqlite-mariadb")
    fill_three(pair.source, 10)
    pair.source.run(f"CREATE TABLE wide ({', '.join(f'c{n} INTEGER' for n in range(1018))})")
    found = expect_blocked(rowferry.copy(*pair.urls), "name.columns", "wide")
    assert "1018" in found["message"] and "1017" in found["message"]


def test_texts_that_are_too_long_for_one_row_lose_their_limits_and_say_so(rowferry, pair_of):
    pair = pair_of("postgres-mariadb")
    columns = ", ".join(f"c{n} VARCHAR(4000)" for n in range(8))
    pair.source.run(f"CREATE TABLE t (id INTEGER PRIMARY KEY, {columns})")
    pair.source.insert("t", [(1, *(f"{n}" * 4000 for n in range(8)))])
    run = rowferry.copy(*pair.urls).expect(0)
    assert any("its limit of 4000" in what for what in run.table("t")["not_carried"]), str(run)
    assert_same_rows(pair.source, pair.target)


def test_a_server_that_is_read_only(rowferry, pair_of):
    pair = pair_of("sqlite-mariadb")
    fill_three(pair.source, 10)
    pair.target.run("CREATE USER writer IDENTIFIED BY 'secret'; GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, INDEX, ALTER, REFERENCES ON *.* TO writer")
    try:
        with setting(pair.target, read_only=1):
            expect_blocked(rowferry.copy(pair.source, pair.target.url_of("writer")), "server.read_only")
            run = rowferry("schema", pair.source.url, pair.target.url_of("writer"), "--output", "json").expect(3)
        assert run.result["tables"][0]["errors"][0]["code"] == "mysql.read_only", str(run)
        rowferry.copy(pair.source, pair.target.url_of("writer")).expect(0)
    finally:
        pair.target.run("DROP USER writer")
    assert_same_rows(pair.source, pair.target)


# Sessions.


@pytest.mark.parametrize("mode", ["ANSI_QUOTES", "", "NO_ZERO_DATE,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES", "ORACLE"])
def test_the_servers_sql_mode_does_not_matter(rowferry, pair_of, mode):
    pair = pair_of("mariadb-mariadb")
    fill_three(pair.source, 500)
    pair.source.insert("good", [(1000, "back\\slash 'quoted' \"twice\"")])
    with setting(pair.source, sql_mode=mode), setting(pair.target, sql_mode=mode):
        rowferry.copy(*pair.urls, *PAGES).expect(0)
    assert_same(pair.source, pair.target)


def test_sessions_that_the_server_would_end_soon_are_kept(faulty, pair_of, tmp_path):
    pair = pair_of("mariadb-mariadb")
    fill_three(pair.source)
    with setting(pair.source, wait_timeout=1, net_write_timeout=1), setting(pair.target, wait_timeout=1):
        with Held(faulty, tmp_path, "writer.begin.before:3", *pair.urls, *PAGES) as run:
            time.sleep(3)
    run.result.expect(0)
    assert not any("lost" in event.get("text", "") for event in run.result.events), str(run.result)
    assert_same_rows(pair.source, pair.target)


def sessions_of(end):
    return [id for (id,) in end.query("SELECT id FROM information_schema.processlist WHERE db = %s AND id <> connection_id()", end.name)]


def test_a_lost_reader_is_replaced_by_a_spare_of_the_same_snapshot(faulty, pair_of, tmp_path):
    pair = pair_of("mariadb-sqlite")
    fill_three(pair.source)
    with Proxy(pair.source.url, "down", 40_000) as proxy:
        with Held(faulty, tmp_path, "reader.next.after:2", proxy.url, pair.target, *PAGES, "--jobs", "1") as run:
            pair.source.run("UPDATE good SET word = 'later'; UPDATE bad SET word = 'later'; DELETE FROM last")
        assert proxy.cuts == 1
    run.result.expect(0)
    assert run.result.result["not_one_point"] == "", str(run.result)
    assert not pair.target.query("SELECT 1 FROM good WHERE word = 'later' UNION SELECT 1 FROM bad WHERE word = 'later'")
    assert pair.target.count("last") == 2000


def test_a_snapshot_that_is_lost_whole_is_said(faulty, pair_of, tmp_path):
    pair = pair_of("mariadb-sqlite")
    fill_three(pair.source)
    with Held(faulty, tmp_path, "reader.next.after:5", *pair.urls, *PAGES) as run:
        pair.source.run("UPDATE good SET word = 'later'")
        for id in sessions_of(pair.source):
            pair.source.run(f"KILL {id}")
    run.result.expect(1)
    assert "not all of one point" in run.result.result["not_one_point"], str(run.result)
    assert {name: pair.target.count(name) for name in ("good", "bad", "last")} == {"good": 2000, "bad": 2000, "last": 2000}


# Nobody else is held up.


def test_other_clients_of_the_source_go_on(rowferry, pair_of):
    """Beside a statement that runs long and a transaction that stays open, where a global lock would wait
    and make all others wait behind it."""
    pair = pair_of("mariadb-sqlite")
    fill_three(pair.source)
    slowest, stop = [0.0], threading.Event()

    def work():
        with closing(pair.source.connect()) as connection:
            number = 10_000
            while not stop.is_set():
                begun = time.monotonic()
                cursor = connection.cursor()
                cursor.execute(f"INSERT INTO good VALUES ({number}, 'beside')")
                cursor.execute("SELECT count(*) FROM bad")
                slowest[0] = max(slowest[0], time.monotonic() - begun)
                number += 1
                time.sleep(0.01)

    with closing(pair.source.connect()) as long, closing(pair.source.connect()) as open_one:
        open_one.cursor().execute("BEGIN")
        open_one.cursor().execute("UPDATE bad SET word = 'open' WHERE id = 1")
        sleeper = threading.Thread(target=lambda: long.cursor().execute("SELECT count(*), SLEEP(5) FROM good LIMIT 1"))
        worker = threading.Thread(target=work)
        for thread in (sleeper, worker):
            thread.start()
        run = rowferry.copy(*pair.urls, *PAGES)
        stop.set()
        for thread in (worker, sleeper):
            thread.join()
        open_one.cursor().execute("ROLLBACK")
    run.expect(0)
    assert run.result["not_one_point"] == ""
    assert slowest[0] < 2, f"another client waited {slowest[0]:.1f} s"


# Snapshots that cannot be had.


def notes(run):
    return " ".join(event.get("text", "") for event in run.events)


def test_without_the_right_to_look_one_session_reads_all(rowferry, pair_of):
    pair = pair_of("mariadb-sqlite")
    fill_three(pair.source)
    pair.source.run(f"CREATE USER reader IDENTIFIED BY 'secret'; GRANT SELECT ON {pair.source.name}.* TO reader")
    try:
        run = rowferry.copy(pair.source.url_of("reader"), pair.target, *PAGES, "--jobs", "4").expect(0)
        assert "one session reads everything" in notes(run) and run.result["not_one_point"] == ""
        run = rowferry.copy(pair.source.url_of("reader"), pair.target, *PAGES, "--jobs", "4", "--allow-inconsistent", "--restart", "--existing", "truncate")
        run.expect(1)
        assert "may see different states" in run.result["not_one_point"]
    finally:
        pair.source.run("DROP USER reader")
    assert_same_rows(pair.source, pair.target)


def test_tables_outside_the_snapshot_are_named(rowferry, pair_of):
    pair = pair_of("mariadb-mariadb")
    fill_three(pair.source, 100)
    pair.source.run("CREATE TABLE old (id INTEGER NOT NULL PRIMARY KEY, word TEXT) ENGINE=MyISAM; INSERT INTO old VALUES (1, 'x')")
    shown = rowferry("copy", *pair.urls, "--dry-run").expect(0)
    assert "engine MyISAM is not kept" in shown.out
    run = rowferry.copy(*pair.urls).expect(0)
    assert any("MyISAM" in what for what in run.table("old")["not_carried"])
    assert pair.target.one("SELECT engine FROM information_schema.tables WHERE table_schema = %s AND table_name = 'old'", pair.target.name) == "InnoDB"
    assert_same(pair.source, pair.target)


# Coming in.


def file_url(end):
    parts = urllib.parse.urlsplit(end.url)
    return f"mysql://{parts.hostname}:{parts.port}{parts.path}"


def test_users_and_passwords_of_my_cnf(rowferry, pair_of):
    pair = pair_of("mariadb-sqlite")
    fill_three(pair.source, 100)
    (rowferry.dir / ".my.cnf").write_text(f"[client]\nuser = rowferry\npassword = {os.environ['ROWFERRY_TEST_PASSWORD']}\n")
    rowferry.copy(file_url(pair.source), pair.target).expect(0)
    assert_same_rows(pair.source, pair.target)


def test_a_password_of_mysql_pwd(rowferry, pair_of):
    pair = pair_of("mariadb-sqlite")
    fill_three(pair.source, 100)
    url = file_url(pair.source).replace("mysql://", "mysql://rowferry@")
    rowferry.copy(url, pair.target).expect(3)
    rowferry.with_env(MYSQL_PWD=os.environ["ROWFERRY_TEST_PASSWORD"]).copy(url, pair.target).expect(0)
    assert_same_rows(pair.source, pair.target)


def test_a_socket(rowferry, pair_of):
    pair = pair_of("mariadb-sqlite")
    fill_three(pair.source, 100)
    socket = f"{os.environ['ROWFERRY_TEST_SERVERS_DIR']}/sockets/{pair.source.server}"
    url = f"mariadb://rowferry:{os.environ['ROWFERRY_TEST_PASSWORD']}@/{pair.source.name}?socket={socket}"
    rowferry.copy(url, pair.target).expect(0)
    assert_same_rows(pair.source, pair.target)


def test_a_user_of_ed25519(rowferry, pair_of):
    pair = pair_of("mariadb-sqlite")
    fill_three(pair.source, 100)
    if not pair.source.one("SELECT count(*) FROM information_schema.plugins WHERE plugin_name = 'ed25519'"):
        pair.source.run("INSTALL SONAME 'auth_ed25519'")
    pair.source.run("CREATE USER ed IDENTIFIED VIA ed25519 USING PASSWORD('secret'); GRANT ALL ON *.* TO ed")
    try:
        rowferry.copy(pair.source.url_of("ed"), pair.target).expect(0)
        expect_error(rowferry.copy(pair.source.url_of("ed", "wr0ng"), pair.target).expect(3).error, "auth", "mysql.password")
    finally:
        pair.source.run("DROP USER ed")


class Listening(Proxy):
    """Keeps what the client sends."""

    def __init__(self, url):
        super().__init__(url)
        self.sent = b""

    def seen(self, direction, data):
        if direction == "up":
            self.sent += data


@pytest.mark.parametrize("option", ["ssl-mode=required", "ssl-mode=verify_ca", "ssl-mode=verify_identity", "ssl-ca=/etc/ssl/certs/ca-certificates.crt", "ssl-cert=/nowhere.pem"])
def test_tls_that_the_server_has_not_is_never_gone_without(rowferry, pair_of, option):
    """The tests' source server has no TLS. Nothing is sent to it, least of all a password."""
    pair = pair_of("mariadb-sqlite")
    fill_three(pair.source, 10)
    with Listening(pair.source.url) as proxy:
        run = rowferry.copy(f"{proxy.url}?{option}", pair.target).expect(3)
        assert proxy.sent == b""
    expect_error(run.error, "auth", "mysql.tls")


@pytest.mark.parametrize("option", ["ssl", "ssl=1", "loose-ssl", "enable-ssl", "ssl-mode=REQUIRED", "ssl_ca=/etc/ssl/certs/ca-certificates.crt", "ssl-verify-server-cert"])
def test_tls_that_my_cnf_asks_for_is_never_gone_without(rowferry, pair_of, option):
    pair = pair_of("mariadb-sqlite")
    fill_three(pair.source, 10)
    (rowferry.dir / ".my.cnf").write_text(f"[mysqld]\nport=1\n\n[client]\n# so\n{option}\n")
    with Listening(pair.source.url) as proxy:
        run = rowferry.copy(proxy.url, pair.target).expect(3)
        assert proxy.sent == b""
    expect_error(run.error, "auth", "mysql.tls")


def test_tls_that_the_server_has_is_used_and_verified(rowferry, pair_of):
    pair = pair_of("sqlite-mariadb")
    fill_three(pair.source, 100)
    folder = f"{os.environ['ROWFERRY_TEST_SERVERS_DIR']}/tls"
    with Listening(pair.target.url) as proxy:
        rowferry.copy(pair.source, f"{proxy.url}?ssl-mode=required").expect(0)
        assert b"good" not in proxy.sent and proxy.sent
    rowferry.copy(pair.source, f"{pair.target.url}?ssl-mode=verify_ca&ssl-ca={folder}/ca.pem", "--restart", "--existing", "truncate").expect(0)
    run = rowferry.copy(pair.source, f"{pair.target.url}?ssl-mode=verify_ca&ssl-ca={folder}/other.pem", "--restart", "--existing", "truncate").expect(3)
    expect_error(run.error, "auth", "mysql.tls")
    assert_same_rows(pair.source, pair.target)


@pytest.fixture
def folding_target(pair_of):
    """A target whose server keeps names of tables in lower case."""
    pair = pair_of("sqlite-mariadb")
    config = f"{os.environ['ROWFERRY_TEST_SERVERS_DIR']}/{pair.target.server}/my.cnf"
    before = open(config).read()
    with open(config, "a") as file:
        file.write("lower_case_table_names = 1\n")
    server_command("restart", pair.target.server)
    yield pair
    with open(config, "w") as file:
        file.write(before)
    server_command("restart", pair.target.server)


def test_a_server_that_keeps_names_of_tables_in_lower_case(rowferry, faulty, folding_target):
    pair = folding_target
    pair.source.run("CREATE TABLE Customer (Id INTEGER NOT NULL PRIMARY KEY, Name TEXT); CREATE TABLE Bill (Id INTEGER NOT NULL PRIMARY KEY, Of INTEGER REFERENCES Customer (Id))")
    pair.source.insert("Customer", [(n, f"name {n}") for n in range(1000)])
    pair.source.insert("Bill", [(n, n) for n in range(1000)])
    faulty.with_fault("writer.commit.after:3=kill").copy(*pair.urls, *PAGES)
    run = rowferry.copy(*pair.urls, *PAGES).expect(0)
    assert run.result["resumed"] and run.result["not_one_point"] == ""
    assert pair.target.tables() == ["bill", "customer"]
    assert pair.target.count("customer") == pair.target.count("bill") == 1000
    assert pair.target.foreign_keys("bill")
    assert_clean(pair.target)


# Settings that hide rows, and positions that come again.


@pytest.mark.parametrize("hidden", [{"sql_select_limit": 50}, {"system_versioning_asof": "2020-01-01 00:00:00"}], ids=["a limit", "a moment"])
def test_settings_of_the_source_hide_no_rows(rowferry, pair_of, hidden):
    pair = pair_of("mariadb-mariadb")
    for table in ("a", "b"):
        pair.source.run(f"CREATE TABLE {table} (id INTEGER NOT NULL PRIMARY KEY, n INTEGER) WITH SYSTEM VERSIONING")
        pair.source.insert(table, [(n, n) for n in range(200)])
    with setting(pair.source, **hidden):
        run = rowferry.copy(*pair.urls).expect(0)
    assert [table["rows"] for table in run.result["tables"]] == [200, 200]
    assert [pair.target.count(table) for table in ("a", "b")] == [200, 200]


def test_checks_hold_where_the_target_has_put_them_off(rowferry, pair_of):
    pair = pair_of("sqlite-mariadb")
    pair.source.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, n INTEGER); INSERT INTO t VALUES (1, -5)")
    pair.target.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, n INTEGER CHECK (n > 0))")
    with setting(pair.target, check_constraint_checks=0):
        rowferry.copy(*pair.urls, "--data-only").expect(3)
    assert pair.target.count("t") == 0


def test_a_log_that_begins_anew_is_another_position(faulty, rowferry, pair_of):
    pair = pair_of("mariadb-mariadb")
    pair.source.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, n INTEGER)")
    pair.source.insert("t", [(n, 1) for n in range(1000)])
    pair.source.run("RESET MASTER")
    faulty.with_fault("writer.commit.after:4=kill").copy(*pair.urls, *PAGES).expect(KILLED)
    pair.source.run("UPDATE t SET n = 2 WHERE id IN (0, 999); RESET MASTER")
    run = rowferry.copy(*pair.urls, *PAGES).expect(1)
    assert run.table("t")["state"] == "not_one_point"
