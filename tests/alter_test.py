"""Columns of the target that `sync --alter` adds and widens before it compares."""

import pytest
from check_test import user
from print_sql_test import run_script
from program import KILLED

assert user  # a fixture

WIDE = "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(50), n BIGINT, d DECIMAL(10,2) DEFAULT 7.5 NOT NULL, e VARCHAR(9) NOT NULL)"
NARROW = "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(3), n SMALLINT)"
ROWS = [(i, f"a{i}" * (1 + i % 9), i * (10**12 if i % 3 == 0 else 1), i / 4, f"e{i}") for i in range(1, 41)]

NOTES = {  # what the report says of a column, by its code
    "column.altered": "column e: NOT NULL is left out",
    "column.not_altered": "column a: not altered: ",
}


def sync(rowferry, pair, *options):
    return rowferry("sync", *pair.urls, *options, "--output", "json")


def table(run):
    return run.result["tables"][0]


def rows(end):
    return [(id, a, n, float(d), e) for id, a, n, d, e in sorted(end.query("SELECT id, a, n, d, e FROM t"))]


@pytest.fixture
def unlike(pair):
    """The target lacks two columns, and holds less in two others."""
    pair.source.run(WIDE)
    pair.source.insert("t", ROWS)
    pair.target.run(NARROW)
    pair.target.insert("t", [(1, "a1", 1), (2, "xx", 5), (99, "z", 1)])
    return pair


def widened_of(pair):
    """How many columns become wider: a file's whole numbers have 64 bits whatever they are called, so that its key is one of them."""
    return 0 if pair.target.kind == "sqlite" else 3 if pair.source.kind == "sqlite" else 2


def test_columns_are_added_and_widened_and_rows_repaired(rowferry, unlike):
    run = sync(rowferry, unlike, "--alter").expect(0)
    assert table(run)["state"] == "repaired" and rows(unlike.target) == ROWS
    added = [sql for sql in table(run)["altered"] if " ADD COLUMN " in sql]
    widened = [sql for sql in table(run)["altered"] if " ADD COLUMN " not in sql]
    assert len(added) == 2 and len(widened) == widened_of(unlike)
    assert any(NOTES["column.altered"] in note for note in table(run)["notes"])
    again = sync(rowferry, unlike, "--alter").expect(0)
    assert table(again)["altered"] == [] and table(again)["state"] == "identical"


def test_a_default_comes_with_its_column(rowferry, unlike):
    sync(rowferry, unlike, "--alter").expect(0)
    unlike.target.run("INSERT INTO t (id) VALUES (1000)")
    assert float(unlike.target.one("SELECT d FROM t WHERE id = 1000")) == 7.5


def test_a_dry_run_and_a_script_say_what_would_be_run(rowferry, unlike):
    before = unlike.target.columns("t")
    run = sync(rowferry, unlike, "--alter", "--dry-run").expect(1)
    assert len(table(run)["altered"]) == 2 + widened_of(unlike) and unlike.target.columns("t") == before
    run = rowferry("sync", *unlike.urls, "--alter", "--print-sql", "--no-insert").expect(1)
    assert unlike.target.columns("t") == before and "print another one" in run.err and "-- end of the script" in run.out
    run_script(unlike.target, run.out)
    run = rowferry("sync", *unlike.urls, "--alter", "--print-sql").expect(1)
    assert "ALTER" not in run.out
    run_script(unlike.target, run.out)
    assert rows(unlike.target) == ROWS


def test_nothing_is_dropped_or_narrowed(rowferry, pair):
    pair.source.run(NARROW)
    pair.source.insert("t", [(1, "a", 1)])
    pair.target.run("CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, a VARCHAR(80), n BIGINT, own VARCHAR(9))")
    before = pair.target.columns("t")
    run = sync(rowferry, pair, "--alter").expect(0)
    if pair.name in ("sqlite-postgres", "sqlite-mariadb"):  # texts of a file have no limit, so that this one becomes wider
        (only,) = table(run)["altered"]
        before = [(name, "text" if name == "a" and pair.target.kind == "postgres" else "longtext" if name == "a" else type) for name, type in before]
        assert "text" in only
    else:
        assert table(run)["altered"] == []
    assert pair.target.columns("t") == before
    assert "column own: only at the target" in table(run)["notes"]


@pytest.mark.parametrize("name", ["sqlite-sqlite", "sqlite-postgres", "postgres-mariadb", "mariadb-mariadb"])
@pytest.mark.parametrize("point", ["catalog.execute.before:2", "catalog.execute.after:1", "mender.commit.before:1"])
def test_a_kill_in_between(rowferry, faulty, pair_of, name, point):
    pair = pair_of(name)
    pair.source.run(WIDE)
    pair.source.insert("t", ROWS)
    pair.target.run(NARROW)
    faulty.with_fault(f"{point}=kill")("sync", *pair.urls, "--alter").expect(KILLED)
    sync(rowferry, pair, "--alter").expect(0)
    assert rows(pair.target) == ROWS


def test_what_a_server_refuses_is_told(rowferry, pair_of):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TABLE t (id int PRIMARY KEY, a varchar(50), b int)")
    pair.source.insert("t", [(1, "short", 1)])
    pair.target.run("CREATE TABLE t (id int PRIMARY KEY, a varchar(5)); CREATE VIEW public.v AS SELECT a FROM t")
    run = sync(rowferry, pair, "--alter").expect(3)  # values of 50 signs do not fit
    assert [note for note in table(run)["notes"] if note.startswith(NOTES["column.not_altered"]) and "view" in note]
    assert len(table(run)["altered"]) == 1 and dict(pair.target.columns("t"))["a"] == "character varying(5)"
    assert pair.target.count("t") == 0
    pair.target.run("DROP VIEW public.v")
    sync(rowferry, pair, "--alter").expect(0)
    assert pair.target.query("SELECT * FROM t") == [(1, "short", 1)]


def test_types_that_do_not_hold_each_other_stay(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, u BLOB)")
    pair.source.insert("t", [(1, b"x")])
    pair.target.run("CREATE TABLE t (id bigint PRIMARY KEY, u uuid[])")
    run = sync(rowferry, pair, "--alter")
    assert any(note.startswith("column u: not altered: uuid[]") for note in table(run)["notes"]) and table(run)["altered"] == []
    assert dict(pair.target.columns("t"))["u"] == "uuid[]"


def test_a_file_changes_no_type_and_says_so(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a BLOB)")
    pair.source.insert("t", [(1, "12")])
    pair.target.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER)")
    run = sync(rowferry, pair, "--alter")
    assert any("changes no column's type" in note for note in table(run)["notes"])


def test_what_else_a_column_has_stays(rowferry, pair_of):
    pair = pair_of("mariadb-mariadb")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(50) NOT NULL DEFAULT 'x', e ENUM('a','b','c'), u INT UNSIGNED, w TEXT)")
    pair.source.run("INSERT INTO t VALUES (1, 'long enough', 'c', 4000000000, 'w')")
    pair.target.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(3) CHARACTER SET latin1 COLLATE latin1_swedish_ci NOT NULL DEFAULT 'y' COMMENT 'mine', e ENUM('b','a'), u SMALLINT UNSIGNED, w TINYTEXT)")
    pair.target.run("INSERT INTO t VALUES (1, 'abc', 'b', 3, 'v'), (2, 'def', 'a', 4, 'q')")
    run = sync(rowferry, pair, "--alter", "--no-delete").expect(0)
    assert len(table(run)["altered"]) == 4
    assert pair.target.query("SELECT column_type, collation_name, is_nullable, column_default, column_comment FROM information_schema.columns WHERE table_schema = %s AND table_name = 't' AND column_name = 'a'", pair.target.name) == [("varchar(50)", "latin1_swedish_ci", "NO", "'y'", "mine")]
    assert sorted(pair.target.query("SELECT * FROM t")) == [(1, "long enough", "c", 4000000000, "w"), (2, "def", "a", 4, "q")]


def test_a_user_who_may_not_alter_is_told(rowferry, pair_of, user):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)")
    pair.source.insert("t", [(1, 1)])
    pair.target.run("CREATE TABLE t (id bigint PRIMARY KEY)")
    writer = user(pair.target, "GRANT SELECT, INSERT, UPDATE, DELETE ON t TO {user}")
    run = rowferry("sync", pair.source.url, writer, "--alter", "--output", "json").expect(1)
    assert any(note.startswith("column n: not altered: ") for note in table(run)["notes"])
    assert table(run)["state"] == "differs" and pair.target.count("t") == 1
