"""Names that the target takes otherwise, and many tables."""

import pytest
from compare import assert_clean, assert_same_rows
from conftest import ALL, PAIRS
from tables import expect_blocked, fill_three

LONG = "a_name_of_more_than_sixty_three_bytes_" + "x" * 40


def test_a_table_name_that_is_too_long(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    fill_three(pair.source, 10)
    pair.source.run(f"CREATE TABLE {LONG} (id INTEGER PRIMARY KEY)")
    assert "--map" in expect_blocked(rowferry.copy(*pair.urls), "name.too_long", LONG)["hint"]
    rowferry.copy(*pair.urls, "--exclude", LONG).expect(0)
    assert_same_rows(pair.source, pair.target, ["good", "bad", "last"])
    rowferry.copy(*pair.urls, "-t", LONG, "--map", f"{LONG}=short").expect(0)
    assert "short" in pair.target.tables()


def test_two_long_names_with_one_beginning(rowferry, pair_of):
    """Index names are cut to fit and stay apart."""
    pair = pair_of("sqlite-postgres")
    pair.source.run(f"CREATE TABLE t (a INTEGER, b INTEGER); CREATE INDEX {LONG}_1 ON t (a); CREATE INDEX {LONG}_2 ON t (b)")
    rowferry.copy(*pair.urls).expect(0)
    assert pair.target.one("SELECT count(*) FROM pg_indexes WHERE tablename = 't'") == 2


def test_a_column_name_that_is_too_long(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    fill_three(pair.source, 10)
    pair.source.run(f"CREATE TABLE t (id INTEGER PRIMARY KEY, {LONG} INTEGER)")
    assert LONG in expect_blocked(rowferry.copy(*pair.urls), "name.too_long", "table t")["message"]
    rowferry.copy(*pair.urls, "--exclude", "t").expect(0)
    assert_same_rows(pair.source, pair.target, ["good", "bad", "last"])


def test_tables_whose_names_differ_in_case_only(rowferry, pair_of):
    pair = pair_of("postgres-sqlite")
    fill_three(pair.source, 10)
    pair.source.run('CREATE TABLE "Orders" (a INTEGER); CREATE TABLE orders (a INTEGER); INSERT INTO orders VALUES (1)')
    expect_blocked(rowferry.copy(*pair.urls), "name.clash", "rders")
    rowferry.copy(*pair.urls, "--exclude", "Orders").expect(0)
    assert_same_rows(pair.source, pair.target, ["good", "bad", "last"])


def test_columns_whose_names_differ_in_case_only(rowferry, pair_of):
    pair = pair_of("postgres-sqlite")
    fill_three(pair.source, 10)
    pair.source.run('CREATE TABLE t ("Id" INTEGER, id INTEGER)')
    expect_blocked(rowferry.copy(*pair.urls), "name.case", "table public.t")
    rowferry.copy(*pair.urls, "--exclude", "t").expect(0)
    assert_same_rows(pair.source, pair.target, ["good", "bad", "last"])


def test_names_of_every_kind_of_sign(rowferry, pair):
    names = ["select", "a b", 'a"b', "a.b", "a'b", "größe", "表", "%s", "$1", "a\\b", "-x", "a;b"]
    pair.source.run("\n".join(f"CREATE TABLE {quoted(name)} ({quoted(name)} INTEGER PRIMARY KEY, {quoted(name + '2')} TEXT);" for name in names))
    for name in names:
        pair.source.run(f"INSERT INTO {quoted(name)} VALUES (1, 'x'), (2, NULL)")
    rowferry.copy(*pair.urls).expect(0)
    assert_same_rows(pair.source, pair.target)


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


@pytest.mark.parametrize("name", PAIRS if ALL else ["sqlite-postgres", "postgres-sqlite"])
def test_many_tables(rowferry, pair_of, name):
    pair = pair_of(name)
    count = 10_000 if ALL else 500
    step = 200
    for first in range(0, count, step):
        pair.source.run(
            "BEGIN;"
            + "".join(
                f"CREATE TABLE t{n} (id INTEGER NOT NULL PRIMARY KEY, word TEXT NOT NULL UNIQUE); INSERT INTO t{n} VALUES (1, 'x'), (2, 'y');"
                for n in range(first, min(first + step, count))
            )
            + "COMMIT;"
        )
    run = rowferry.copy(*pair.urls, "--jobs", "4", timeout=1200).expect(0)
    assert len(run.result["tables"]) == count
    assert sum(t["rows"] for t in run.result["tables"]) == 2 * count
    assert_same_rows(pair.source, pair.target, [f"t{n}" for n in range(0, count, 37)])
    assert len(pair.target.tables()) == count
    assert_clean(pair.target)
