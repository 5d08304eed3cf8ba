"""`check`: each finding it can make, provoked on real ends; and what `copy` makes of findings."""

import os
import stat
import subprocess
import tempfile
import time
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest
from program import url_of
from small_disk import small_disk


def check(rowferry, source, target, *options, prefix=()):
    return rowferry("check", url_of(source), url_of(target), "--output", "json", *options, prefix=prefix)


def findings(run, code):
    return [event for event in run.events if event["event"] == "finding" and event["code"] == code]


def finding(run, code):
    """The one finding of this code."""
    found = findings(run, code)
    assert len(found) == 1, f"{len(found)} findings {code}\n{run}"
    return found[0]


def expect_finding(run, severity, code, words=""):
    """Some finding of this code has this severity, says these words and says what to do."""
    found = findings(run, code)
    assert any(one["severity"] == severity and words in f"{one['end']} {one['where']}: {one['message']}" for one in found), f"no {severity} {code} '{words}'\n{run}"
    assert severity == "note" or all(one["hint"] for one in found)
    assert run.status == max(status_of(run), 3 if severity == "blocker" else 1 if severity == "warning" else 0)
    return found[0]


def status_of(run):
    severities = {event["severity"] for event in run.events if event["event"] == "finding"}
    return 3 if "blocker" in severities else 1 if "warning" in severities else 0


# Ends.


@pytest.fixture
def user():
    """user(end, grants): a user of that end's server with no other rights; {user} and {database} stand for themselves."""
    made = []

    def make(end, grants):
        name = "user_" + uuid.uuid4().hex[:8]
        word = "PASSWORD" if end.kind == "postgres" else "IDENTIFIED BY"
        end.run_script(f"CREATE USER {name} {word} 'secret'; " + grants.format(user=name, database=end.name))
        made.append((end, name))
        return end.url_of(name)

    yield make
    for end, name in made:
        end.run((f"DROP OWNED BY {name} CASCADE; " if end.kind == "postgres" else "") + f"DROP USER {name}")


@contextmanager
def setting(end, name, value):
    """A global variable of a server of this test run."""
    before = end.one(f"SELECT @@global.{name}")
    end.run_script(f"SET GLOBAL {name} = {value}")
    try:
        yield
    finally:
        end.run_script(f"SET GLOBAL {name} = {before!r}")


def test_nothing_stands_in_the_way(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a INT); INSERT INTO t VALUES (1, 2)")
    run = check(rowferry, pair.source, pair.target, "--probe").expect(0)
    assert (run.result["blockers"], run.result["warnings"], run.result["tables"], run.result["rows_read"]) == (0, 0, 1, 1)
    assert run.result["probed"] and "SQLite" in run.result["source_product"]
    assert findings(run, "file.size")[0]["end"] == "source"
    assert findings(run, "space.free")[0]["end"] == "target"
    assert not pair.target.exists()
    assert "nothing stands in the way" in rowferry("check", *pair.urls).expect(0).out


@pytest.mark.parametrize("name", ["postgres-mariadb", "mariadb-postgres"])
def test_facts_of_servers(rowferry, pair_of, name):
    pair = pair_of(name)
    run = check(rowferry, pair.source, pair.target).expect(0)
    for end in ("source", "target"):
        for code in ("tls.local", "clock.same", "setting.time_zone"):
            assert any(one["end"] == end and one["severity"] == "note" for one in findings(run, code)), f"{code} of {end}\n{run}"
    assert finding(run, "setting.sql_mode")["end"] == name.split("-").index("mariadb") * "target" or "source"
    expect_finding(run, "note", "setting.wal_level" if name.startswith("postgres") else "setting.binlog")


def test_check_leaves_nothing_at_the_target(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x')")
    check(rowferry, pair.source, pair.target, "--probe").expect(0)
    assert pair.target.tables() == []
    assert pair.target.one("SELECT to_regnamespace('rowferry')") is None
    assert rowferry.job_dirs() == []


def test_both_ends_out_of_reach_are_both_named(rowferry, tmp_path):
    run = check(rowferry, f"sqlite:{tmp_path}/none.db", "postgres://nobody@127.0.0.1:1/none").expect(3)
    assert finding(run, "sqlite.open")["end"] == "source"
    assert finding(run, "postgres.unreachable")["end"] == "target"
    text = rowferry("check", f"sqlite:{tmp_path}/none.db", "mysql://nobody@127.0.0.1:1/none").expect(3).out
    assert "mysql.unreachable" in text and "sqlite.open" in text and "2 blockers" in text


def test_a_target_out_of_reach_hides_nothing_of_the_source(rowferry, pair_of, user):
    pair = pair_of("postgres-sqlite")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY)")
    run = check(rowferry, user(pair.source, ""), "mysql://nobody@127.0.0.1:1/none").expect(3)
    expect_finding(run, "blocker", "privilege.missing", "SELECT on public.t")
    expect_finding(run, "blocker", "mysql.unreachable")


def test_a_pattern_that_matches_nothing_is_no_finding(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    assert check(rowferry, pair.source, pair.target, "-t", "x").expect(2).error["code"] == "selection.unused"


def test_privileges_on_postgres(rowferry, pair_of, user):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TABLE a (id INT PRIMARY KEY); CREATE TABLE b (id INT PRIMARY KEY); CREATE TABLE hidden (id INT PRIMARY KEY); ALTER TABLE hidden ENABLE ROW LEVEL SECURITY;"
                    "CREATE SCHEMA closed; CREATE TABLE closed.c (id INT PRIMARY KEY)")
    pair.target.run("CREATE TABLE a (id INT PRIMARY KEY); REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    source = user(pair.source, "GRANT SELECT ON a, hidden TO {user}")
    target = user(pair.target, "")
    run = check(rowferry, source, target).expect(3)
    missing = {(one["end"], one["message"]): one["hint"] for one in findings(run, "privilege.missing")}
    reader, writer = source.split("//")[1].split(":")[0], target.split("//")[1].split(":")[0]
    for end, message, hint in (
        ("source", "this user lacks SELECT on public.b", f'GRANT SELECT ON "public"."b" TO {reader}'),
        ("source", "this user lacks USAGE on schema closed", f'GRANT USAGE ON SCHEMA "closed" TO {reader}'),
        ("source", "this user lacks BYPASSRLS: row security hides rows of public.hidden", f"ALTER ROLE {reader} BYPASSRLS"),
        ("target", "this user lacks CREATE on schema public", f'GRANT CREATE ON SCHEMA "public" TO {writer}'),
        ("target", "this user lacks INSERT on public.a", f'GRANT INSERT ON "public"."a" TO {writer}'),
        ("target", "this user lacks the ownership of public.a, to build keys on it or drop it", f'ALTER TABLE "public"."a" OWNER TO {writer}'),
        ("target", f"this user lacks CREATE on database {pair.target.name}, to make schema closed", f"GRANT CREATE ON DATABASE {pair.target.name} TO {writer}"),
    ):
        assert missing.get((end, message)) == hint, f"{message}\n{run}"
    assert any("ledger" in message for _, message in missing)
    assert ("source", "this user lacks SELECT on public.a") not in missing


@pytest.mark.parametrize("end", ["source", "target"])
def test_the_grants_that_are_named_are_enough_on_postgres(rowferry, pair_of, user, end):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TABLE a (id INT PRIMARY KEY); INSERT INTO a VALUES (1)")
    pair.target.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    ends = {"source": pair.source, "target": pair.target}
    urls = {**{name: one.url for name, one in ends.items()}, end: user(ends[end], "")}
    run = check(rowferry, urls["source"], urls["target"]).expect(3)
    for one in findings(run, "privilege.missing"):
        ends[end].run(one["hint"])
    assert check(rowferry, urls["source"], urls["target"]).result["blockers"] == 0
    rowferry.copy(urls["source"], urls["target"]).expect(0)


@pytest.mark.parametrize("end", ["source", "target"])
def test_the_grants_that_are_named_are_enough_on_mariadb(rowferry, pair_of, user, end):
    pair = pair_of("mariadb-mariadb")
    pair.source.run("CREATE TABLE a (id INT PRIMARY KEY, p INT, CONSTRAINT own FOREIGN KEY (p) REFERENCES a (id)); INSERT INTO a VALUES (1, NULL)")
    ends = {"source": pair.source, "target": pair.target}
    # Without any right on the database a user may not even come in, nor see which tables there are.
    first = "GRANT INSERT ON {database}.a TO {user}" if end == "source" else "GRANT SHOW VIEW ON {database}.* TO {user}"
    urls = {**{name: one.url for name, one in ends.items()}, end: user(ends[end], first)}
    run = check(rowferry, urls["source"], urls["target"]).expect(3)
    missing = findings(run, "privilege.missing")
    assert missing and all(one["end"] == end for one in missing)
    for one in missing:
        ends[end].run_script(one["hint"])
    assert check(rowferry, urls["source"], urls["target"]).result["blockers"] == 0
    rowferry.copy(urls["source"], urls["target"]).expect(0)


def test_what_more_readers_would_need_on_mariadb(rowferry, pair_of, user):
    pair = pair_of("mariadb-sqlite")
    pair.source.run("CREATE TABLE a (id INT PRIMARY KEY)")
    source = user(pair.source, "GRANT SELECT ON {database}.* TO {user}")
    run = check(rowferry, source, pair.target).expect(1)
    wanted = expect_finding(run, "warning", "privilege.wanted", "BINLOG MONITOR")
    pair.source.run_script(wanted["hint"])
    assert findings(check(rowferry, source, pair.target).expect(0), "privilege.wanted") == []


def test_roles_count_on_mariadb(rowferry, pair_of, user):
    pair = pair_of("mariadb-sqlite")
    pair.source.run("CREATE TABLE a (id INT PRIMARY KEY)")
    role = "role_" + uuid.uuid4().hex[:8]
    source = user(pair.source, f"CREATE ROLE {role}; GRANT SELECT ON {{database}}.* TO {role}; GRANT BINLOG MONITOR ON *.* TO {role}; GRANT {role} TO {{user}}; SET DEFAULT ROLE {role} FOR {{user}}")
    try:
        check(rowferry, source, pair.target).expect(0)
    finally:
        pair.source.run(f"DROP ROLE {role}")


@contextmanager
def open_directory():
    """One that every user of the system can reach."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as path:
        os.chmod(path, 0o755)
        yield Path(path)


def as_other_user():
    """Words before a command that make it a user's who owns nothing here."""
    name = os.environ.get("ROWFERRY_TEST_SYSTEM_USER")
    if os.geteuid() != 0 or not name or name == "root":
        pytest.skip("only root can become another user")
    return ("setpriv", "--reuid", name, "--regid", "0", "--clear-groups")


@contextmanager
def program_of(rowferry, directory):
    """The program where the other user may run it and keep its jobs."""
    copy = directory / "rowferry"
    copy.write_bytes(Path(rowferry.path).read_bytes())
    copy.chmod(0o755)
    home = directory / "home"
    home.mkdir()
    home.chmod(0o777)
    yield type(rowferry)(copy, home)


def test_a_file_that_may_not_be_written(rowferry, ends):
    prefix = as_other_user()
    with open_directory() as directory, program_of(rowferry, directory) as program:
        for name in ("source.db", "target.db"):
            subprocess.run(["sqlite3", directory / name, "CREATE TABLE t (id INTEGER PRIMARY KEY)"], check=True)
            (directory / name).chmod(0o644)
        for path in program.dir.glob("run-*"):
            path.chmod(0o777)
        run = check(program, f"sqlite:{directory}/source.db", f"sqlite:{directory}/target.db", prefix=prefix).expect(3)
        missing = [one["message"] for one in findings(run, "privilege.missing")]
        assert missing == [
            f"this user lacks the right to write to {directory}/target.db",
            f"this user lacks the right to write in {directory}, for the journal",
        ]
        target = ends.make("postgres", "target")
        run = check(program, f"sqlite:{directory}/source.db", target, prefix=prefix).expect(1)
        expect_finding(run, "warning", "snapshot.limits", "one reader")


def test_a_small_disk(rowferry, ends, tmp_path):
    source = ends.make("sqlite", "source")
    source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a BLOB); INSERT INTO t VALUES (1, zeroblob(3000000))")
    with small_disk(tmp_path / "disk", "1m") as disk:
        run = check(rowferry, source, f"sqlite:{disk.path}/target.db").expect(1)
        expect_finding(run, "warning", "space.low", "target")


def test_the_disk_of_a_server_that_tells(rowferry, pair_of, user):
    pair = pair_of("sqlite-mariadb")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    pair.target.run_script("INSTALL SONAME 'disks'")
    try:
        assert finding(check(rowferry, pair.source, pair.target).expect(0), "space.free")["end"] == "target"
        target = user(pair.target, "GRANT ALL ON {database}.* TO {user}")
        assert findings(check(rowferry, pair.source, target).expect(0), "space.free") == []
    finally:
        pair.target.run_script("UNINSTALL SONAME 'disks'")


def test_a_target_of_postgres_that_takes_no_writes(rowferry, pair_of, user):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    pair.target.run(f"ALTER DATABASE {pair.target.name} SET default_transaction_read_only = on")
    run = check(rowferry, pair.source, pair.target).expect(3)
    expect_finding(run, "blocker", "server.read_only", "default_transaction_read_only")


def test_a_target_of_mariadb_that_takes_no_writes(rowferry, pair_of, user):
    pair = pair_of("sqlite-mariadb")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    target = user(pair.target, "GRANT ALL ON {database}.* TO {user}")
    with setting(pair.target, "read_only", 1):
        expect_finding(check(rowferry, pair.source, target).expect(3), "blocker", "server.read_only")
        assert findings(check(rowferry, pair.source, pair.target), "server.read_only") == []  # may write all the same


@pytest.mark.parametrize("name, value, code", [("local_infile", 0, "setting.local_infile"), ("max_allowed_packet", 1 << 20, "setting.max_allowed_packet")])
def test_settings_of_a_target_of_mariadb(rowferry, pair_of, name, value, code):
    pair = pair_of("sqlite-mariadb")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    assert findings(check(rowferry, pair.source, pair.target).expect(0), code) == []
    with setting(pair.target, name, value):
        hint = expect_finding(check(rowferry, pair.source, pair.target), "warning", code)["hint"]
        pair.target.run_script(hint)
        assert findings(check(rowferry, pair.source, pair.target).expect(0), code) == []


def test_clocks_that_are_apart(rowferry, pair_of, user):
    """A session of the server is made to live in another time."""
    pair = pair_of("mariadb-sqlite")
    source = user(pair.source, "GRANT SELECT ON {database}.* TO {user}; GRANT BINLOG MONITOR ON *.* TO {user}")
    with setting(pair.source, "init_connect", f"'SET timestamp = {int(time.time()) - 3600}'"):
        run = check(rowferry, source, pair.target).expect(1)
    assert "behind" in expect_finding(run, "warning", "clock.apart", "source")["message"]


def test_tls_on_and_off(rowferry, pair_of):
    pair = pair_of("sqlite-mariadb")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    run = check(rowferry, pair.source, pair.target.url + "?ssl-mode=required").expect(0)
    assert "TLSv1" in expect_finding(run, "note", "tls.on", "target")["message"]
    # The same server by an address that is not the loopback's.
    away = pair.target.url.replace("127.0.0.1", "0.0.0.0")
    expect_finding(check(rowferry, pair.source, away + "?ssl-mode=disabled").expect(1), "warning", "tls.off", "target")


# Schemas.

LONG = "x" * 64


@pytest.mark.parametrize(
    "code, severity, pair, source, target, options",
    [
        ("type.loses", "warning", "postgres-sqlite", "CREATE TABLE t (id INT PRIMARY KEY, a INET)", "", ()),
        ("type.left_out", "warning", "postgres-sqlite", "CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (id INT PRIMARY KEY, m mood)", "", ()),
        ("column.default", "warning", "postgres-sqlite", "CREATE TABLE t (id INT PRIMARY KEY, a FLOAT DEFAULT random())", "", ()),
        ("column.on_update", "warning", "mariadb-postgres", "CREATE TABLE t (id INT PRIMARY KEY, a TIMESTAMP NULL ON UPDATE CURRENT_TIMESTAMP)", "", ()),
        ("column.generated", "warning", "postgres-sqlite", "CREATE TABLE t (id INT PRIMARY KEY, a TEXT GENERATED ALWAYS AS (md5('x')) STORED)", "", ()),
        ("column.identity", "warning", "postgres-sqlite", "CREATE TABLE t (id INT PRIMARY KEY, n INT GENERATED ALWAYS AS IDENTITY)", "", ()),
        ("column.collation", "warning", "postgres-sqlite", 'CREATE TABLE t (id INT PRIMARY KEY, a TEXT COLLATE "C")', "", ()),
        ("column.shorter", "warning", "postgres-mariadb", "CREATE TABLE t (id TEXT PRIMARY KEY)", "", ()),
        ("column.limit", "warning", "postgres-mariadb", "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(10000), b VARCHAR(10000))", "", ()),
        ("column.at_target", "note", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY)", "CREATE TABLE t (id BIGINT PRIMARY KEY, more INT)", ("--data-only",)),
        ("column.normalised", "warning", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY, a JSON)", "CREATE TABLE t (id BIGINT PRIMARY KEY, a JSONB)", ("--data-only",)),
        ("primary_key.changed", "warning", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT)", "", ("--columns", "t=a")),
        ("index.left_out", "warning", "postgres-sqlite", "CREATE TABLE t (id INT PRIMARY KEY, a INT[]); CREATE INDEX i ON t USING gin (a)", "", ()),
        ("index.changed", "warning", "postgres-sqlite", "CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT); CREATE INDEX i ON t (a) INCLUDE (b)", "", ()),
        ("check.left_out", "warning", "postgres-sqlite", "CREATE TABLE t (id INT PRIMARY KEY CHECK (id % 2 = 0))", "", ()),
        ("foreign_key.leaves", "warning", "sqlite-sqlite", "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (id INTEGER PRIMARY KEY REFERENCES p (id))", "", ("-t", "t")),
        ("foreign_key.left_out", "warning", "sqlite-sqlite", "CREATE TABLE t (id INTEGER PRIMARY KEY, p INT REFERENCES t (id))", "", ("--columns", "t=id")),
        ("foreign_key.changed", "warning", "postgres-mariadb", "CREATE TABLE t (id INT PRIMARY KEY, p INT REFERENCES t (id) DEFERRABLE)", "", ()),
        ("foreign_key.stays", "warning", "postgres-postgres", "CREATE TABLE t (id INT PRIMARY KEY, p INT, CONSTRAINT f FOREIGN KEY (p) REFERENCES t (id))",
         "CREATE TABLE t (id INT PRIMARY KEY, p INT, CONSTRAINT f FOREIGN KEY (p) REFERENCES t (id) ON DELETE CASCADE)", ()),
        ("trigger.aside", "note", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY)",
         "CREATE TABLE t (id BIGINT PRIMARY KEY); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", ()),
        ("trigger.always", "blocker", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY)",
         "CREATE TABLE t (id BIGINT PRIMARY KEY); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();"
         " ALTER TABLE t ENABLE ALWAYS TRIGGER g", ()),
        ("comment.left_out", "warning", "postgres-sqlite", "CREATE TABLE t (id INT PRIMARY KEY); COMMENT ON TABLE t IS 'x'", "", ()),
        ("sequence.left_out", "warning", "postgres-sqlite", "CREATE TABLE t (id INT PRIMARY KEY); CREATE SEQUENCE s", "", ()),
        ("object.left_out", "warning", "sqlite-sqlite", "CREATE TABLE t (id INTEGER PRIMARY KEY); CREATE VIEW v AS SELECT 1", "", ()),
        ("table.note", "warning", "postgres-sqlite", "CREATE UNLOGGED TABLE t (id INT PRIMARY KEY)", "", ()),
        ("row.too_wide", "warning", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY, " + ", ".join(f"c{i} BIGINT" for i in range(1100)) + ")", "", ()),
        ("row.too_wide", "warning", "sqlite-mariadb", "CREATE TABLE t (id INTEGER PRIMARY KEY, " + ", ".join(f"c{i} TEXT" for i in range(400)) + ")", "", ()),
        ("name.reserved", "warning", "mariadb-postgres", 'CREATE TABLE t (id INT PRIMARY KEY, "user" INT)', "", ()),
        ("name.reserved", "warning", "postgres-mariadb", "CREATE TABLE usage (id INT PRIMARY KEY)", "", ()),
        ("name.shortened", "warning", "mariadb-postgres", f"CREATE TABLE t (id INT PRIMARY KEY, a INT, KEY {LONG} (a))", "", ()),
        ("name.shortened", "warning", "sqlite-mariadb", f"CREATE TABLE t (id INTEGER PRIMARY KEY, a INT); CREATE INDEX {LONG}y ON t (a)", "", ()),
        ("name.too_long", "blocker", "sqlite-postgres", f"CREATE TABLE {LONG} (id INTEGER PRIMARY KEY)", "", ()),
        ("name.too_long", "blocker", "sqlite-mariadb", f"CREATE TABLE t (id INTEGER PRIMARY KEY, {LONG}y INT)", "", ()),
        ("name.case", "blocker", "postgres-sqlite", 'CREATE TABLE t (id INT PRIMARY KEY, "A" INT, a INT)', "", ()),
        ("name.clash", "blocker", "sqlite-sqlite", "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id INTEGER PRIMARY KEY)", "", ("--map", "a=b")),
        ("name.columns", "blocker", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY, " + ", ".join(f"c{i} INT2" for i in range(1600)) + ")", "", ()),
        ("table.no_columns", "blocker", "postgres-sqlite", "CREATE TABLE t ()", "", ()),
        ("table.missing", "blocker", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY)", "", ("--data-only",)),
        ("column.misfit", "blocker", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT)", "CREATE TABLE t (id BIGINT PRIMARY KEY)", ("--data-only",)),
        ("key.differs", "blocker", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT)", "CREATE TABLE t (id BIGINT, a BIGINT PRIMARY KEY)", ()),
        ("target.not_empty", "blocker", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY)", "CREATE TABLE t (id BIGINT PRIMARY KEY); INSERT INTO t VALUES (1)", ()),
    ],
)
def test_of_the_schema(rowferry, pair_of, code, severity, pair, source, target, options):
    pair = pair_of(pair)
    pair.source.run(source)
    if target:
        pair.target.run(target)
    found = expect_finding(check(rowferry, pair.source, pair.target, *options), severity, code)
    assert code in ("object.left_out", "sequence.left_out", "type.left_out") or "table" in found["where"]
    if severity != "blocker":
        assert rowferry.copy(pair.source, pair.target, *options).status in (0, 3)


def test_rows_in_the_way_may_be_added_to(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    pair.target.run("CREATE TABLE t (id BIGINT PRIMARY KEY); INSERT INTO t VALUES (1)")
    for fate in ("append", "truncate", "drop"):
        check(rowferry, pair.source, pair.target, "--existing", fate).expect(0)


def test_words_that_the_source_reserves_too_are_no_finding(rowferry, pair_of):
    pair = pair_of("postgres-mariadb")
    pair.source.run('CREATE TABLE t (id INT PRIMARY KEY, "order" INT)')
    check(rowferry, pair.source, pair.target).expect(0)


# Rows.


@pytest.mark.parametrize(
    "code, column, pair, source, target, count",
    [
        ("value.zero_date", "d", "mariadb-postgres", "CREATE TABLE t (id INT PRIMARY KEY, d DATE); SET sql_mode = ''; INSERT INTO t VALUES (1, '0000-00-00'), (2, '2024-02-00'), (3, '2024-02-01')", "", 2),
        ("value.date", "d", "postgres-mariadb", "CREATE TABLE t (id INT PRIMARY KEY, d DATE); INSERT INTO t VALUES (1, '10000-01-01'), (2, 'infinity'), (3, '9999-12-31'), (4, '0001-01-01 BC')", "", 3),
        ("value.date", "d", "postgres-mariadb", "CREATE TABLE t (id INT PRIMARY KEY, d TIMESTAMP(3)); INSERT INTO t VALUES (1, '10000-01-01'), (2, '-infinity'), (3, '9999-12-31 23:59:59.999')", "", 2),
        ("value.nul", "a", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x' || char(0) || 'y'), (2, 'x')", "", 1),
        ("value.utf8", "a", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, CAST(x'ff' AS TEXT)), (2, 'ä')", "", 1),
        ("value.unicode", "a", "mariadb-postgres", "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(10) CHARACTER SET cp1250); INSERT INTO t VALUES (1, 'why?'), (2, x'8183')", "", 1),
        ("value.length", "a", "postgres-mariadb", "CREATE TABLE t (a TEXT PRIMARY KEY); INSERT INTO t VALUES (repeat('ä', 769)), (repeat('ä', 768))", "", 1),
        ("value.length", "a", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'abcd'), (2, 'äöü')", "CREATE TABLE t (id BIGINT PRIMARY KEY, a VARCHAR(3))", 1),
        ("value.range", "a", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT4); INSERT INTO t VALUES (1, 3000000000), (2, 1)", "", 1),
        ("value.range", "a", "postgres-mariadb", "CREATE TABLE t (id INT PRIMARY KEY, a INTERVAL); INSERT INTO t VALUES (1, '900 hours'), (2, '838 hours'), (3, '1 day')", "CREATE TABLE t (id INT PRIMARY KEY, a TIME(6))", 2),
        ("value.number", "a", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY, a DECIMAL(4,2)); INSERT INTO t VALUES (1, 123.4), (2, 1.25), (3, 1.125)", "", 2),
        ("value.precision", "a", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY, a FLOAT4); INSERT INTO t VALUES (1, 0.1), (2, 0.5)", "", 1),
        ("value.nan", "a", "postgres-mariadb", "CREATE TABLE t (id INT PRIMARY KEY, a FLOAT8); INSERT INTO t VALUES (1, 'NaN'), (2, 'infinity'), (3, 1)", "", 2),
        ("value.nan", "a", "postgres-sqlite", "CREATE TABLE t (id INT PRIMARY KEY, a FLOAT4); INSERT INTO t VALUES (1, 'NaN'), (2, 'infinity'), (3, 1)", "", 1),
        ("value.negative_zero", "a", "postgres-mariadb", "CREATE TABLE t (id INT PRIMARY KEY, a FLOAT8); INSERT INTO t VALUES (1, '-0'), (2, 0)", "", 1),
        ("value.label", "a", "sqlite-mariadb", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x'), (2, 'X'), (3, 'z')", "CREATE TABLE t (id BIGINT PRIMARY KEY, a ENUM('x','y'))", 2),
        ("value.format", "a", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY, a DATE); INSERT INTO t VALUES (1, 'soon'), (2, '2024-01-01')", "", 1),
        ("value.storage", "a", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY, a BLOB); INSERT INTO t VALUES (1, 'text'), (2, x'00')", "", 1),
        ("value.null", "a", "sqlite-postgres", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, NULL), (2, 'x')", "CREATE TABLE t (id BIGINT PRIMARY KEY, a TEXT NOT NULL)", 1),
    ],
)
def test_of_the_rows(rowferry, pair_of, code, column, pair, source, target, count):
    pair = pair_of(pair)
    pair.source.run_script(source) if "sql_mode" in source else pair.source.run(source)
    if target:
        pair.target.run_script(target) if pair.target.kind == "mariadb" else pair.target.run(target)
    assert findings(check(rowferry, pair.source, pair.target), code) == []
    run = check(rowferry, pair.source, pair.target, "--probe").expect(3)
    found = expect_finding(run, "blocker", code, f"column {column}")
    assert (found["count"], len(found["keys"])) == (count, count)
    assert len([event for event in run.events if event["event"] == "finding" and event["severity"] == "blocker"]) == 1
    # The copy refuses the very same rows.
    rowferry.copy(pair.source, pair.target).expect(3)
    run = rowferry.copy(pair.source, pair.target, "--max-rejects", "100")
    assert run.table("t")["left_out"] == count, run


def test_duplicates_under_the_collation_of_the_target(rowferry, pair_of):
    pair = pair_of("sqlite-mariadb")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, n INT, a TEXT, UNIQUE (n, a))")
    pair.source.insert("t", [(1, 1, "Ä"), (2, 1, "a"), (3, 2, "a"), (4, 1, "b"), (5, 1, "b "), (6, 1, None), (7, 1, None)])
    pair.target.run_script("CREATE TABLE t (id BIGINT PRIMARY KEY, n BIGINT, a VARCHAR(50) COLLATE utf8mb4_general_ci, UNIQUE KEY both_of (n, a))")
    found = expect_finding(check(rowferry, pair.source, pair.target, "--probe").expect(3), "blocker", "key.collides", "key both_of")
    assert found["count"] == 2
    assert found["keys"] == ["id=2 and id=1", "id=5 and id=4"]
    pair.target.run_script("ALTER TABLE t MODIFY a VARCHAR(50) COLLATE utf8mb4_nopad_bin")
    assert findings(check(rowferry, pair.source, pair.target, "--probe"), "key.collides") == []


def test_duplicates_are_found_across_batches(rowferry, pair_of):
    pair = pair_of("sqlite-mariadb")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT UNIQUE)")
    pair.source.insert("t", [(i, f"word {i}") for i in range(2000)] + [(2000, "WORD 7")])
    pair.target.run_script("CREATE TABLE t (id BIGINT PRIMARY KEY, a VARCHAR(50) COLLATE utf8mb4_general_ci UNIQUE)")
    found = finding(check(rowferry, pair.source, pair.target, "--probe").expect(3), "key.collides")
    assert (found["count"], found["keys"]) == (1, ["id=2000 and id=7"])


@pytest.mark.parametrize("name", ["sqlite-postgres", "mariadb-sqlite"])
def test_orphans(rowferry, pair_of, name):
    pair = pair_of(name)
    before = "SET foreign_key_checks = 0;" if name.startswith("mariadb") else ""
    pair.source.run(f"{before} CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (id INTEGER PRIMARY KEY, p INT, CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id))")
    pair.source.run(f"{before} INSERT INTO p VALUES (1); INSERT INTO t VALUES (1, 1), (2, NULL), " + ", ".join(f"({i}, {i})" for i in range(3, 10)))
    assert findings(check(rowferry, *pair.urls), "key.orphan") == []
    found = expect_finding(check(rowferry, *pair.urls, "--probe").expect(3), "blocker", "key.orphan", "table ")
    assert found["count"] == 7
    assert found["keys"] == [f"id={i}, p={i}" for i in range(3, 8)]
    # A selection may leave the rows out that are named, or those that name them.
    assert finding(check(rowferry, *pair.urls, "--probe", "--where", "p=id > 1"), "key.orphan")["count"] == 8
    assert findings(check(rowferry, *pair.urls, "--probe", "--where", "t=id < 3"), "key.orphan") == []


def test_many_values_are_counted_and_few_are_shown(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a DATE, b INT4)")
    pair.source.insert("t", [(i, "never", 1 << 40) for i in range(3000)])
    run = check(rowferry, pair.source, pair.target, "--probe").expect(3)
    assert run.result["rows_read"] == 3000
    found = finding(run, "value.format")
    assert (found["count"], found["keys"]) == (3000, [f"id={i}" for i in range(5)])
    text = rowferry("check", *pair.urls, "--probe").expect(3).out
    assert "(3,000)" in text and "id=0; id=1; id=2; id=3; id=4; …" in text
    assert text.endswith("1 blocker, 0 warnings\n")


def test_all_problems_at_once(rowferry, pair_of, user):
    pair = pair_of("mariadb-postgres")
    pair.source.run_script("CREATE TABLE a (id INT PRIMARY KEY, d DATE, e ENUM('x')); SET sql_mode = ''; INSERT INTO a VALUES (1, '0000-00-00', 'x'); CREATE VIEW v AS SELECT 1")
    pair.target.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    source = user(pair.source, "GRANT SELECT ON {database}.* TO {user}")
    run = check(rowferry, source, user(pair.target, ""), "--probe").expect(3)
    codes = {event["code"] for event in run.events if event["event"] == "finding"}
    assert {"privilege.wanted", "privilege.missing", "type.loses", "value.zero_date"} <= codes


def test_blockers_stand_first_and_quiet_says_little(rowferry, pair_of):
    pair = pair_of("postgres-sqlite")
    pair.source.run('CREATE TABLE t (id INT PRIMARY KEY, "A" INT, a INT, i INET)')
    text = rowferry("check", *pair.urls).expect(3).out
    assert text.index("\nblockers:\n  name.case\n") < text.index("\nwarnings:\n  type.loses\n")
    assert "1 table; rows were not read (--probe)\n1 blocker, 1 warning\n" in text
    quiet = rowferry("check", *pair.urls, "--quiet").expect(3).out
    assert "name.case" in quiet and "type.loses" not in quiet and quiet.endswith("1 blocker, 1 warning\n")


# Before a copy.


def test_blockers_end_a_copy_before_anything_is_touched(rowferry, pair_of, user):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TABLE a (id INT PRIMARY KEY); CREATE TABLE b (id INT PRIMARY KEY)")
    source = user(pair.source, "GRANT SELECT ON a TO {user}")
    run = rowferry.copy(source, pair.target).expect(3)
    assert expect_finding(run, "blocker", "privilege.missing")["where"] == "table public.b"
    assert (run.result["blockers"], run.result["tables"]) == (1, [])
    assert pair.target.tables() == [] and pair.target.one("SELECT to_regnamespace('rowferry')") is None
    text = rowferry("copy", source, pair.target.url).expect(3).out
    assert "privilege.missing" in text and text.endswith("1 blocker: nothing was touched\n")
    pair.source.run(f"GRANT SELECT ON b TO {source.split('//')[1].split(':')[0]}")
    rowferry.copy(source, pair.target).expect(0)


def test_warnings_before_a_copy_are_one_line(rowferry, pair_of):
    pair = pair_of("postgres-sqlite")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, a INET, b INET); CREATE TABLE u (id INT PRIMARY KEY, a INET)")
    run = rowferry("copy", *pair.urls, "-t", "t").expect(0)
    told = [line for line in run.err.splitlines() if "warnings" in line]
    assert len(told) == 1 and "2 warnings" in told[0]
    command = told[0].partition(": ")[2]
    assert command.startswith("rowferry check ") and command.endswith(" -t t")
