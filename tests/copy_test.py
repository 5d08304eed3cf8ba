"""Whole databases arrive as they are."""

import sqlite3
import subprocess
from pathlib import Path

import pytest
from compare import assert_clean, assert_same

SHOP = Path(__file__).parent / "sample/shop.sql"
CHINOOK_ROWS = 15607
SHOP_ORDERS = 600


def fill_with_shop(path, orders):
    subprocess.run(["sqlite3", path, f".parameter set @orders {orders}", f".read {SHOP}"], check=True, stdout=subprocess.DEVNULL)


@pytest.fixture
def shop_in(rowferry, ends):
    """The sample shop at an end of a kind; a server's is made from SQLite's by the program, which the pair
    from SQLite to it proves first."""

    def fill(end):
        if end.kind == "sqlite":
            return fill_with_shop(end.path, SHOP_ORDERS)
        first = ends.make("sqlite", "source")
        fill_with_shop(first.path, SHOP_ORDERS)
        rowferry.copy(first, end).expect(0)
        assert_same(first, end)

    return fill


def fill_with_chinook(end, folder):
    if end.kind == "sqlite":
        with sqlite3.connect(folder / "Chinook_Sqlite.sqlite") as given, sqlite3.connect(end.path) as copy:
            given.backup(copy)
        return
    name = {"postgres": "Chinook_PostgreSql.sql", "mariadb": "Chinook_MySql.sql"}[end.kind]
    script = (folder / name).read_text(encoding="utf-8-sig")
    lines = [line for line in script.splitlines() if not line.startswith(("\\c", "DROP DATABASE", "CREATE DATABASE", "USE "))]
    end.run_script("\n".join(lines))


@pytest.mark.parametrize("options", [(), ("--page-size", "100", "--jobs", "4")], ids=["as it comes", "in small pages"])
def test_the_shop_arrives_whole(rowferry, pair, shop_in, options):
    shop_in(pair.source)
    result = rowferry.copy(*pair.urls, *options).expect(0).result
    assert_same(pair.source, pair.target)
    assert_clean(pair.target)
    assert result["not_one_point"] == "" and not result["resumed"]
    assert {table["state"] for table in result["tables"]} == {"done"}
    assert sum(t["rows"] for t in result["tables"]) == sum(pair.target.count(name) for name in pair.target.tables())


def test_chinook_arrives_whole(rowferry, pair, chinook):
    fill_with_chinook(pair.source, chinook)
    result = rowferry.copy(*pair.urls, "--page-size", "500").expect(0).result
    assert_same(pair.source, pair.target)
    assert_clean(pair.target)
    assert sum(table["rows"] for table in result["tables"]) == CHINOOK_ROWS


def test_there_and_back_changes_nothing(rowferry, ends):
    """SQLite to PostgreSQL and back again: as stored at first."""
    first, between, last = ends.make("sqlite", "source"), ends.make("postgres", "target"), ends.make("sqlite", "target")
    fill_with_shop(first.path, 200)
    rowferry.copy(first, between).expect(0)
    rowferry.copy(between, last).expect(0)
    from compare import row_faults

    # Decimals and JSON come back as text that means the same.
    faults = [fault for table in ("country", "category", "order line", "Visit Log") for fault in row_faults(between, last, table)]
    assert not faults, faults


def test_an_empty_database_is_copied(rowferry, pair):
    if pair.source.kind == "sqlite":
        pair.source.run("CREATE TABLE t (a INTEGER); DROP TABLE t")
    result = rowferry.copy(*pair.urls)
    assert result.status in (0, 2), str(result)
    assert pair.target.exists() is False or pair.target.tables() == []


def test_empty_tables_are_made_with_their_keys(rowferry, pair):
    pair.source.run(
        "CREATE TABLE a (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
        "CREATE TABLE b (id BIGINT NOT NULL, a_id BIGINT NOT NULL REFERENCES a (id) ON DELETE CASCADE, PRIMARY KEY (id, a_id));"
        "CREATE TABLE keyless (x TEXT, y DOUBLE PRECISION); CREATE INDEX b_a ON b (a_id DESC)"
    )
    rowferry.copy(*pair.urls).expect(0)
    assert_same(pair.source, pair.target)
    assert_clean(pair.target)


def test_a_table_of_1500_columns_is_copied(rowferry, pair):
    if "mariadb" in (pair.source.kind, pair.target.kind):
        pytest.skip("InnoDB's tables have 1,017 columns at most")
    columns = ", ".join(f"c{i} INTEGER" for i in range(1500))
    pair.source.run(f"CREATE TABLE wide (id BIGINT NOT NULL PRIMARY KEY, {columns})")
    # Whole numbers of 8 bytes in each would be too much for a row of PostgreSQL.
    pair.source.insert("wide", [(n, *(i if i % 3 == n else None for i in range(1500))) for n in range(3)])
    rowferry.copy(*pair.urls).expect(0)
    assert_same(pair.source, pair.target)


def test_rows_of_the_moment_the_copy_began_arrive(faulty, pair, tmp_path):
    """What is committed after the snapshot is not in the copy, in no table."""
    from program import wait_until

    pair.source.run("CREATE TABLE a (id BIGINT NOT NULL PRIMARY KEY, v BIGINT); CREATE TABLE b (v BIGINT)")
    if pair.source.kind == "sqlite":
        pair.source.run("PRAGMA journal_mode = WAL")
    pair.source.insert("a", [(i, 0) for i in range(1000)])
    pair.source.insert("b", [(i,) for i in range(1000)])
    before = [sorted(pair.source.rows(table)) for table in ("a", "b")]
    trace, go = tmp_path / "trace", tmp_path / "go"
    run = faulty.with_env(ROWFERRY_FAULT=f"snapshot.open.after:1=hold:{go}", ROWFERRY_FAULT_TRACE=trace).start_copy(
        *pair.urls, "--page-size", "100"
    )
    wait_until(lambda: trace.exists() and "snapshot.open.after" in trace.read_text())
    pair.source.run("UPDATE a SET v = 1; UPDATE a SET id = id + 5000 WHERE id < 500; DELETE FROM b WHERE v < 300; INSERT INTO b VALUES (7), (8)")
    go.touch()
    run.wait().expect(0)
    for table, rows in zip(("a", "b"), before):
        assert sorted(tuple(map(str, row)) for row in pair.target.rows(table)) == sorted(tuple(map(str, row)) for row in rows)


@pytest.mark.parametrize("key", ["id", "grp, id", "word"])
def test_planning_reads_little_of_a_large_table(rowferry, pair_of, key):
    """Pages are cut by the server's estimates; only a key that begins with text is counted along."""
    pair = pair_of("mariadb-sqlite")
    rows = 60_000
    pair.source.run(
        f"CREATE TABLE t (id BIGINT NOT NULL, grp INT NOT NULL, word VARCHAR(40) NOT NULL, body VARCHAR(400), PRIMARY KEY ({key}));"
        f"INSERT INTO t SELECT seq * 7, IF(seq % 3 = 0, seq, 5), CONCAT('w', seq), REPEAT('x', 300) FROM seq_1_to_{rows}; ANALYZE TABLE t"
    )
    counts = "SHOW GLOBAL STATUS WHERE variable_name IN ('handler_read_next', 'handler_read_prev', 'handler_read_first', 'handler_read_key')"
    read = lambda: sum(int(count) for _, count in pair.source.query(counts))
    before = read()
    shown = rowferry("copy", *pair.urls, "--page-size", "256KiB", "--dry-run").expect(0).out
    touched = read() - before
    assert key == "word" or touched < rows / 10, f"{touched} rows read for\n{shown}"
    run = rowferry.copy(*pair.urls, "--page-size", "256KiB").expect(0)
    pages = [event for event in run.events if event["event"] == "page"]
    assert 40 <= len(pages) <= 250, f"{len(pages)} pages"
    assert max(page["rows"] for page in pages) < rows / 15
    assert_same(pair.source, pair.target)


def test_a_partition_that_lies_elsewhere_is_read_and_named(rowferry, pair_of, tmp_path):
    pair = pair_of("postgres-sqlite")
    pair.source.run_script(
        """CREATE EXTENSION file_fdw; CREATE SERVER elsewhere FOREIGN DATA WRAPPER file_fdw;
        CREATE TABLE t (id int, v text) PARTITION BY LIST (id); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
        CREATE FOREIGN TABLE t2 PARTITION OF t FOR VALUES IN (2) SERVER elsewhere OPTIONS (program 'echo 2,x', format 'csv');
        INSERT INTO t VALUES (1, 'a')"""
    )
    run = rowferry.copy(*pair.urls).expect(0)
    assert sorted(pair.target.query("SELECT id, v FROM t")) == [(1, "a"), (2, "x")]
    assert "partition t2: a foreign table, which is read outside the snapshot" in run.table("t")["not_carried"]
