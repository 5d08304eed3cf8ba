"""Values that the target cannot hold, and rows that its constraints refuse: the table fails, the rows at
fault are listed, the other tables are done, and nothing of it is lost or doubled after mending."""

import json
import math
from pathlib import Path

import pytest
from compare import assert_same_rows
from held import Held
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
    pytest.param("postgres-sqlite", "size", float("nan"), "value.nan", id="NaN to SQLite"),
    pytest.param("postgres-sqlite", "size", "-0", "value.negative_zero", id="minus zero to SQLite"),
    pytest.param("postgres-mariadb", "size", float("nan"), "row.value", id="NaN to MariaDB"),
    pytest.param("sqlite-mariadb", "size", float("inf"), "row.value", id="infinity to MariaDB"),
    pytest.param("sqlite-mariadb", "price", 1.234, "value.number", id="a decimal too precise for MariaDB"),
    pytest.param("sqlite-mariadb", "price", "a lot", "value.number", id="text in a decimal column of MariaDB"),
    pytest.param("sqlite-mariadb", "size", "large", "value.storage", id="text in a float column of MariaDB"),
    pytest.param("sqlite-mariadb", "word", b"\xff\x00", "value.storage", id="bytes in a text column of MariaDB"),
    pytest.param("mariadb-postgres", "word", "a\0b", "row.value", id="NUL in text from MariaDB to PostgreSQL"),
    pytest.param("sqlite-postgres", "word", "a\0b", "value.nul", id="NUL in text to PostgreSQL"),
    pytest.param("sqlite-postgres", "price", 1.234, "value.number", id="a decimal too precise"),
    pytest.param("sqlite-postgres", "price", 12345678901, "value.number", id="a decimal too large"),
    pytest.param("sqlite-postgres", "price", "a lot", "value.number", id="text in a decimal column"),
    pytest.param("sqlite-postgres", "size", "large", "value.storage", id="text in a float column"),
    pytest.param("sqlite-postgres", "word", b"\xff\x00", "value.storage", id="bytes in a text column"),
]


@pytest.mark.parametrize("name, column, value, code", CASES)
def test_a_value_that_cannot_land_fails_its_table_alone(rowferry, pair_of, name, column, value, code):
    pair = pair_of(name)
    fill_three(pair.source)
    spoil(pair.source, f"{column} = ?", value)
    run = rowferry.copy(*pair.urls, *PAGES)
    error = expect_failed_alone(run, "bad", "data", code)
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
    expect_failed_alone(run, "n", "data", "value.storage")
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
    expect_failed_alone(run, "child", "data", "row.constraint" if target == "postgres" else "row.orphan")
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


DROP_ONE = """
CREATE FUNCTION drop_one() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN IF NEW.id = 77 THEN RETURN NULL; END IF; RETURN NEW; END$$;
CREATE TRIGGER drop_one BEFORE INSERT ON bad FOR EACH ROW EXECUTE FUNCTION drop_one();
"""


def test_a_row_that_a_trigger_drops_unsaid_has_not_landed(faulty, rowferry, pair_of, tmp_path):
    """It comes up after the copy has looked for triggers."""
    pair = pair_of("sqlite-postgres")
    fill_three(pair.source, 300)
    with Held(faulty, tmp_path, "writer.begin.before:1", *pair.urls, "--jobs", "1") as run:
        pair.target.run(DROP_ONE)
    error = expect_failed_alone(run.result, "bad", "data", "rows.taken")
    assert "299 of 300" in error["message"], error
    assert [reject["key"] for reject in rejects_of(run.result, "bad")] == ["id=77"]
    pair.target.run("DROP TRIGGER drop_one ON bad")
    expect_mended(rowferry.copy(*pair.urls), pair.source, pair.target)


def test_a_row_that_becomes_longer_than_sqlite_takes(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    fill_three(pair.source, 300)
    pair.source.run("UPDATE bad SET size = 2000000000 WHERE id = 77")
    pair.target.run("CREATE TABLE bad (id INTEGER NOT NULL PRIMARY KEY, word TEXT, size DOUBLE PRECISION, price DECIMAL(10,2), body BLOB AS (zeroblob(size)) STORED)")
    run = rowferry.copy(*pair.urls)
    expect_failed_alone(run, "bad", "data", "value.too_big")
    assert [reject["key"] for reject in rejects_of(run, "bad")] == ["id=77"]


# Rows left out by leave.


def spoil_some(pair, ids):
    """Rows that the target's check refuses, spread over the pages."""
    pair.source.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, word TEXT, n INTEGER); CREATE TABLE good (id INTEGER NOT NULL PRIMARY KEY)")
    pair.source.insert("t", [(n, f"word {n}", -n if n in ids else n) for n in range(1000)])
    pair.source.insert("good", [(n,) for n in range(1000)])
    pair.target.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, word TEXT, n INTEGER CHECK (n >= 0)); CREATE TABLE good (id INTEGER NOT NULL PRIMARY KEY)")
    return [*pair.urls, "--data-only", *PAGES]


def test_pages_beside_one_that_cannot_land_go_on(rowferry, pair):
    if pair.target.kind == "tidb":
        pytest.skip("keeps no checks")
    command = spoil_some(pair, {5, 6, 450})
    run = rowferry.copy(*command).expect(3)
    assert 0 < pair.target.count("t") < 997 and pair.target.count("good") == 1000
    pages = {reject["page"] for reject in rejects_of(run, "t")}
    assert len(pages) == 2 and pair.target.query("SELECT id FROM t WHERE id > 900") != []
    assert sorted(reject["key"] for reject in rejects_of(run, "t")) == ["id=450", "id=5", "id=6"]
    assert run.table("t")["rejects"] == 3 and run.table("t")["left_out"] == 0
    pair.source.run("UPDATE t SET n = id")
    expect_mended(rowferry.copy(*command), pair.source, pair.target)


def test_rows_within_the_limit_are_left_out_and_listed(rowferry, pair):
    if pair.target.kind == "tidb":
        pytest.skip("keeps no checks")
    ids = {5, 6, 450}
    command = spoil_some(pair, ids)
    run = rowferry.copy(*command, "--max-rejects", "3").expect(1)
    assert run.table("t")["left_out"] == 3 and run.table("t")["state"] == "done"
    rows = [reject["row"] for reject in rejects_of(run, "t")]
    assert sorted((row["id"], row["word"], row["n"]) for row in rows) == sorted((str(n), f"word {n}", str(-n)) for n in ids)
    assert pair.target.query("SELECT count(*), min(id), max(id) FROM t") == [(997, 0, 999)]
    assert pair.target.query("SELECT id FROM t WHERE id IN (5, 6, 450)") == []


def test_one_row_more_than_the_limit_keeps_its_page_open(rowferry, pair):
    if pair.target.kind == "tidb":
        pytest.skip("keeps no checks")
    command = spoil_some(pair, {5, 6, 450})
    run = rowferry.copy(*command, "--max-rejects", "2", "--jobs", "1").expect(3)
    table = run.table("t")
    assert (table["left_out"], table["rejects"]) in [(2, 1), (1, 2)], table
    assert len(rejects_of(run, "t")) == 3
    run = rowferry.copy(*command, "--max-rejects", "3").expect(1)
    assert run.table("t")["left_out"] == 3
    assert sorted(reject["key"] for reject in rejects_of(run, "t")) == ["id=450", "id=5", "id=6"]
    assert pair.target.count("t") == 997


@pytest.mark.parametrize("point", ["writer.commit.before", "writer.commit.after"])
def test_a_run_killed_beside_a_rejected_row_knows_it_still(rowferry, faulty, pair_of, point):
    pair = pair_of("sqlite-sqlite")
    command = [*spoil_some(pair, {5, 450}), "--max-rejects", "5", "--jobs", "1"]
    for times in (1, 2, 3, 5, 8):
        faulty.with_fault(f"{point}:{times}=kill").copy(*command)
    run = rowferry.copy(*command).expect(1)
    assert run.result["finished_short"].startswith("2 rows were left out") or run.table("t")["left_out"] == 2
    again = rowferry.copy(*command).expect(1).result
    assert again["finished_before"] and again["finished_short"].startswith("2 rows were left out")
    listed = [json.loads(line)["key"] for line in (Path(again["dir"]) / "rejects/t.jsonl").read_text().splitlines()]
    assert sorted(listed) == ["id=450", "id=5"]
    assert pair.target.count("t") == 998


def test_a_value_that_cannot_be_read_whole_is_listed_with_its_row(rowferry, pair_of):
    pair = pair_of("mariadb-postgres")
    pair.source.run("CREATE TABLE z (d DATE NOT NULL PRIMARY KEY, b BLOB, word VARCHAR(20))")
    pair.source.run("SET sql_mode = ''; INSERT INTO z VALUES ('0000-00-00', x'00ff', NULL), ('2024-02-29', NULL, 'kept'), ('2024-00-00', NULL, 'é')")
    run = rowferry.copy(*pair.urls, "--max-rejects", "9").expect(1)
    found = sorted((reject["key"], reject["column"], tuple(map(str, reject["row"].values()))) for reject in rejects_of(run, "z"))
    assert found == [("d=0000-00-00", "d", ("0000-00-00", "{'hex': '00ff'}", "None")), ("d=2024-00-00", "d", ("2024-00-00", "None", "é"))]
    assert pair.target.query("SELECT word FROM z") == [("kept",)]
