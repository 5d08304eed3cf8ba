"""Values that the target cannot hold, and rows that its constraints refuse: the table fails, the rows at
fault are listed, the other tables are done, and nothing of it is lost or doubled after mending."""

import json
import math

import pytest
from compare import assert_same_rows
from tables import PAGES, expect_failed_alone, expect_mended, fill_three

BAD_ID = 777


def rejects_of(run, table):
    path = run.table(table)["reject_file"]
    assert path, str(run)
    with open(path) as lines:
        return [json.loads(line) for line in lines]


def spoil(source, assignment, *values):
    mark = "?" if source.kind == "sqlite" else "%s"
    sql = f"UPDATE bad SET {assignment} WHERE id = {BAD_ID}"
    if source.kind == "sqlite":
        source.query(sql, *values)
    else:
        source.cursor().execute(sql.replace("?", mark), values)


CASES = [
    pytest.param("postgres-sqlite", "size", float("nan"), id="NaN to SQLite"),
    pytest.param("postgres-sqlite", "size", "-0", id="minus zero to SQLite"),
    pytest.param("postgres-mariadb", "size", float("nan"), id="NaN to MariaDB"),
    pytest.param("sqlite-mariadb", "size", float("inf"), id="infinity to MariaDB"),
    pytest.param("sqlite-mariadb", "price", 1.234, id="a decimal too precise for MariaDB"),
    pytest.param("sqlite-mariadb", "price", "a lot", id="text in a decimal column of MariaDB"),
    pytest.param("sqlite-mariadb", "size", "large", id="text in a float column of MariaDB"),
    pytest.param("sqlite-mariadb", "word", b"\xff\x00", id="bytes in a text column of MariaDB"),
    pytest.param("mariadb-postgres", "word", "a\0b", id="NUL in text from MariaDB to PostgreSQL"),
    pytest.param("sqlite-postgres", "word", "a\0b", id="NUL in text to PostgreSQL"),
    pytest.param("sqlite-postgres", "price", 1.234, id="a decimal too precise"),
    pytest.param("sqlite-postgres", "price", 12345678901, id="a decimal too large"),
    pytest.param("sqlite-postgres", "price", "a lot", id="text in a decimal column"),
    pytest.param("sqlite-postgres", "size", "large", id="text in a float column"),
    pytest.param("sqlite-postgres", "word", b"\xff\x00", id="bytes in a text column"),
]


@pytest.mark.parametrize("name, column, value", CASES)
def test_a_value_that_cannot_land_fails_its_table_alone(rowferry, pair_of, name, column, value):
    pair = pair_of(name)
    fill_three(pair.source)
    spoil(pair.source, f"{column} = ?", value)
    run = rowferry.copy(*pair.urls, *PAGES)
    error = expect_failed_alone(run, "bad", "data", run.table("bad")["errors"][0]["code"])
    # PostgreSQL itself finds a NUL, and names no column.
    assert column in error["where"] + error["message"] or "0x00" in error["message"], error
    rejects = rejects_of(run, "bad")
    assert [str(BAD_ID) in reject["key"] for reject in rejects] == [True], rejects
    assert rejects[0]["reason"], rejects

    spoil(pair.source, "word = 'mended', size = 1, price = 1")
    expect_mended(rowferry.copy(*pair.urls, *PAGES), pair.source, pair.target)


def test_values_that_look_odd_and_fit_arrive(rowferry, pair):
    """Next to those above: all of these can be held."""
    fill_three(pair.source, 10)
    infinite = "mariadb" not in (pair.source.kind, pair.target.kind)  # it has no infinity
    odd = [1e308, 5e-324, 0.1, 1 / 3, float(2**53), float(2**53 + 2), -1.5]
    pair.source.insert("bad", [(100 + n, "\U0001f41f\ufffd\u2028 ", size, "0.10") for n, size in enumerate(odd)])
    pair.source.insert("bad", [(200, "", math.inf if infinite else 0.0, None), (201, None, -math.inf if infinite else -0.5, "-99999999.99")])
    rowferry.copy(*pair.urls).expect(0)
    assert_same_rows(pair.source, pair.target)


def test_text_in_an_integer_column_is_refused(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    fill_three(pair.source, 50)
    pair.source.run("CREATE TABLE n (id BIGINT NOT NULL PRIMARY KEY, n BIGINT); INSERT INTO n VALUES (1, 1), (2, 'two'), (3, 3.5), (4, 4)")
    run = rowferry.copy(*pair.urls)
    expect_failed_alone(run, "n", "data", run.table("n")["errors"][0]["code"])
    assert len(rejects_of(run, "n")) == 2
    assert pair.target.count("n") == 0
    pair.source.run("UPDATE n SET n = 2 WHERE id IN (2, 3)")
    expect_mended(rowferry.copy(*pair.urls), pair.source, pair.target)


def test_sqlite_keeps_what_only_sqlite_holds(rowferry, pair_of):
    """Text in an integer column, NUL in text: from SQLite to SQLite they pass."""
    pair = pair_of("sqlite-sqlite")
    fill_three(pair.source, 50)
    pair.source.run("CREATE TABLE n (n BIGINT)")
    pair.source.insert("n", [(1,), ("two",), (3.5,), (b"\x00\xff",), (None,), ("a\0b",)])
    rowferry.copy(*pair.urls).expect(0)
    assert_same_rows(pair.source, pair.target)


CHECKED = """
CREATE TABLE good (id INTEGER NOT NULL PRIMARY KEY, word TEXT);
CREATE TABLE bad (id INTEGER NOT NULL PRIMARY KEY, word TEXT CHECK (word <> 'forbidden'), size DOUBLE PRECISION, price DECIMAL(10,2));
CREATE TABLE last (word TEXT);
"""


def test_a_row_that_a_constraint_of_the_target_refuses(rowferry, pair):
    fill_three(pair.source)
    spoil(pair.source, "word = 'forbidden'")
    pair.target.run(CHECKED)
    command = [*pair.urls, "--data-only", *PAGES]
    run = rowferry.copy(*command)
    expect_failed_alone(run, "bad", "data", "row.constraint")
    assert [str(BAD_ID) in reject["key"] for reject in rejects_of(run, "bad")] == [True]
    spoil(pair.source, "word = 'allowed'")
    expect_mended(rowferry.copy(*command), pair.source, pair.target)


def test_a_row_twice_for_a_unique_index_of_the_target(rowferry, pair):
    fill_three(pair.source, 500)
    spoil_id, twin = 300, 10
    pair.source.run(f"UPDATE bad SET word = 'word {twin}' WHERE id = {spoil_id}")
    pair.target.run(CHECKED + "CREATE UNIQUE INDEX bad_word ON bad (word);")
    command = [*pair.urls, "--data-only", "--page-size", "100000"]
    run = rowferry.copy(*command)
    expect_failed_alone(run, "bad", "data", "row.constraint")
    assert pair.target.count("bad") == 0
    assert len(rejects_of(run, "bad")) == 1
    pair.source.run(f"UPDATE bad SET word = 'word {spoil_id}' WHERE id = {spoil_id}")
    expect_mended(rowferry.copy(*command), pair.source, pair.target)


@pytest.mark.parametrize("target", ["sqlite", "postgres", "mariadb"])
def test_an_orphan_is_found_when_its_foreign_key_is_added(rowferry, pair_of, target):
    pair = pair_of(f"sqlite-{target}")
    fill_three(pair.source, 300)
    pair.source.run("CREATE TABLE child (id INTEGER NOT NULL PRIMARY KEY, good_id INTEGER NOT NULL REFERENCES good (id))")
    pair.source.insert("child", [(n, n) for n in range(300)])
    pair.source.run("UPDATE child SET good_id = 4242 WHERE id = 7")
    run = rowferry.copy(*pair.urls)
    expect_failed_alone(run, "child", "data", run.table("child")["errors"][0]["code"])
    rejects = rejects_of(run, "child")
    assert len(rejects) == 1 and "4242" in rejects[0]["key"] and "violates" in rejects[0]["reason"], rejects
    assert pair.target.count("child") == 300, "rows stay where they landed"

    pair.source.run("UPDATE child SET good_id = 0 WHERE id = 7")
    rowferry.copy(*pair.urls, "--restart").expect(0)
    expect_mended(rowferry.copy(*pair.urls), pair.source, pair.target)


def test_duplicates_are_found_when_a_unique_index_is_added(rowferry, pair_of):
    """A key of the source's that the target cannot keep: two texts that are one to it."""
    pair = pair_of("sqlite-postgres")
    fill_three(pair.source, 50)
    pair.source.run("CREATE TABLE u (id INTEGER NOT NULL PRIMARY KEY, a DOUBLE PRECISION)")
    pair.source.insert("u", [(n, n / 2) for n in range(50)])
    pair.source.run("UPDATE u SET a = 1.0 WHERE id = 9")
    pair.target.run("CREATE TABLE u (id INTEGER NOT NULL PRIMARY KEY, a DOUBLE PRECISION UNIQUE)")
    run = rowferry.copy(*pair.urls)
    error = expect_failed_alone(run, "u", "data", "row.constraint")
    assert "u" in error["where"]
    assert len(rejects_of(run, "u")) == 1
