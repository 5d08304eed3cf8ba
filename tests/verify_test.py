"""Comparing both sides: what is equal is called equal, and each row that differs is named with its columns."""

import signal
from pathlib import Path

import pytest
from check_test import user
from ends.names import quote

assert user  # a fixture

SMALL = ("--page-size", "7", "--jobs", "2")  # many pages of few rows


def verify(rowferry, source, target, *options):
    return rowferry("verify", getattr(source, "url", source), getattr(target, "url", target), *options, "--output", "json")


def found(run):
    """What was said of each row that differs."""
    return sorted((e["what"], e["key"], tuple(e["columns"])) for e in run.events if e["event"] == "difference")


def verdicts(run):
    return {table["verdict"] for table in run.result["tables"]}


TABLE = "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(20), b VARCHAR(20), n INTEGER)"
ROWS = [(i, f"a{i}", f"b{i}", i * 3) for i in range(1, 101)]


@pytest.fixture
def copied(rowferry, pair):
    pair.source.run(TABLE)
    pair.source.insert("t", ROWS)
    rowferry.copy(*pair.urls).expect(0)
    return pair


@pytest.mark.parametrize("options", [(), SMALL], ids=["as it comes", "in small pages"])
def test_a_copy_is_equal(rowferry, copied, options):
    run = verify(rowferry, copied.source, copied.target, *options).expect(0)
    table = run.result["tables"][0]
    by = "buckets" if copied.name in ("postgres-sqlite", "mariadb-sqlite") else "ranges"  # whose key is no rowid
    assert (table["verdict"], table["source_rows"], table["target_rows"], table["by"]) == ("equal", 100, 100, f"{by} of id")
    assert found(run) == []


@pytest.mark.parametrize("options", [(), SMALL], ids=["as it comes", "in small pages"])
def test_each_row_that_differs_is_named_with_its_columns(rowferry, copied, options):
    copied.target.run("DELETE FROM t WHERE id IN (1, 50, 100)")
    copied.target.insert("t", [(-5, "x", "y", 1), (101, "x", "y", 1), (9999, None, None, None)])
    copied.target.run("UPDATE t SET a = 'zz' WHERE id = 20; UPDATE t SET b = NULL, n = 0 WHERE id = 21; UPDATE t SET a = '' WHERE id = 22; UPDATE t SET a = 'a23 ' WHERE id = 23")
    copied.target.run("UPDATE t SET a = 'A24' WHERE id = 24")
    run = verify(rowferry, copied.source, copied.target, *options).expect(1)
    assert found(run) == [
        ("changed", "id=20", ("a",)),
        ("changed", "id=21", ("b", "n")),
        ("changed", "id=22", ("a",)),
        ("changed", "id=23", ("a",)),
        ("changed", "id=24", ("a",)),
        ("only_source", "id=1", ()),
        ("only_source", "id=100", ()),
        ("only_source", "id=50", ()),
        ("only_target", "id=-5", ()),
        ("only_target", "id=101", ()),
        ("only_target", "id=9999", ()),
    ]
    table = run.result["tables"][0]
    assert [table[name] for name in ("source_rows", "target_rows", "only_source", "only_target", "changed", "unreadable")] == [100, 100, 3, 3, 5, 0]


def test_values_swapped_between_rows_or_columns_differ(rowferry, copied):
    copied.target.run("UPDATE t SET a = 'a31' WHERE id = 30; UPDATE t SET a = 'a30' WHERE id = 31; UPDATE t SET a = 'b40', b = 'a40' WHERE id = 40")
    run = verify(rowferry, copied.source, copied.target).expect(1)
    assert found(run) == [("changed", "id=30", ("a",)), ("changed", "id=31", ("a",)), ("changed", "id=40", ("a", "b"))]


def test_null_is_not_the_empty_text(rowferry, copied):
    copied.source.run("UPDATE t SET a = NULL WHERE id = 1; UPDATE t SET a = '' WHERE id = 2")
    copied.target.run("UPDATE t SET a = '' WHERE id = 1; UPDATE t SET a = NULL WHERE id = 2")
    assert found(verify(rowferry, copied.source, copied.target).expect(1)) == [("changed", "id=1", ("a",)), ("changed", "id=2", ("a",))]


def test_texts_as_keys_are_compared_whatever_their_order(rowferry, pair):
    pair.source.run("CREATE TABLE t (k VARCHAR(40) NOT NULL PRIMARY KEY, n INTEGER)")
    keys = [f"{word}{i}" for i in range(30) for word in ("Zug", "zug ", "äpfel", "_x", "日本", "b-")]
    pair.source.insert("t", [(key + "." , i) for i, key in enumerate(keys)])
    rowferry.copy(*pair.urls).expect(0)
    run = verify(rowferry, *pair.urls, *SMALL).expect(0)
    assert run.result["tables"][0]["source_rows"] == run.result["tables"][0]["target_rows"] == 180
    pair.target.run("DELETE FROM t WHERE k = 'äpfel7.'; UPDATE t SET n = -1 WHERE k = 'Zug3.'; UPDATE t SET k = 'ZUG4.' WHERE k = 'Zug4.'")
    assert found(verify(rowferry, *pair.urls, *SMALL).expect(1)) == [
        ("changed", "k=Zug3.", ("n",)),
        ("only_source", "k=Zug4.", ()),
        ("only_source", "k=äpfel7.", ()),
        ("only_target", "k=ZUG4.", ()),
    ]


def test_keys_of_several_columns(rowferry, pair):
    pair.source.run("CREATE TABLE t (a INTEGER NOT NULL, b INTEGER NOT NULL, c VARCHAR(9), PRIMARY KEY (b, a))")
    pair.source.insert("t", [(a, b, f"{a}.{b}") for a in range(10) for b in range(10)])
    rowferry.copy(*pair.urls).expect(0)
    verify(rowferry, *pair.urls, *SMALL).expect(0)
    pair.target.run("UPDATE t SET c = 'x' WHERE a = 3 AND b = 7; DELETE FROM t WHERE a = 7 AND b = 3")
    assert found(verify(rowferry, *pair.urls, *SMALL).expect(1)) == [("changed", "b=7, a=3", ("c",)), ("only_source", "b=3, a=7", ())]


def test_a_table_without_a_key_is_a_set_in_which_rows_stand_several_times(rowferry, pair):
    pair.source.run("CREATE TABLE t (a INTEGER, b VARCHAR(9))")
    pair.source.insert("t", [(1, "x")] * 5 + [(2, "y")] * 3 + [(None, None)] * 2 + [(3, "z")])
    rowferry.copy(*pair.urls).expect(0)
    run = verify(rowferry, *pair.urls).expect(0)
    assert run.result["tables"][0]["by"] == "buckets of whole rows"
    pair.target.run("UPDATE t SET b = 'w' WHERE a = 3")
    pair.target.insert("t", [(2, "y"), (None, None)])
    pair.source.insert("t", [(1, "x"), (1, "x")])
    assert found(verify(rowferry, *pair.urls).expect(1)) == [
        ("only_source", "a=1, b=x", ()),
        ("only_source", "a=1, b=x", ()),
        ("only_source", "a=3, b=z", ()),
        ("only_target", "a=2, b=y", ()),
        ("only_target", "a=3, b=w", ()),
        ("only_target", "a=NULL, b=NULL", ()),
    ]


def test_an_empty_table_is_equal_to_an_empty_one(rowferry, pair):
    pair.source.run(TABLE)
    rowferry.copy(*pair.urls).expect(0)
    assert verdicts(verify(rowferry, *pair.urls).expect(0)) == {"equal"}
    pair.target.insert("t", ROWS[:3])
    assert [what for what, _, _ in found(verify(rowferry, *pair.urls).expect(1))] == ["only_target"] * 3


def test_columns_in_another_order_or_only_at_one_side(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT)")
    pair.source.insert("t", [(1, "x", "y")])
    pair.target.run("CREATE TABLE t (b text, extra int, id bigint PRIMARY KEY, a text)")
    pair.target.insert("t", [("y", 7, 1, "x")])
    run = verify(rowferry, *pair.urls).expect(0)
    assert run.result["tables"][0]["notes"] == ["column extra: only at the target"]
    pair.source.run("ALTER TABLE t ADD c TEXT")
    run = verify(rowferry, *pair.urls).expect(1)
    assert "column c: missing at the target" in run.result["tables"][0]["notes"] and verdicts(run) == {"different"}


def test_columns_that_servers_compute_are_compared(rowferry, pair_of):
    pair = pair_of("postgres-mariadb")
    made = "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, g INTEGER GENERATED ALWAYS AS (id * {}) STORED)"
    pair.source.run(made.format(2) + "; INSERT INTO t (id) VALUES (1)")
    pair.target.run(made.format(3) + "; INSERT INTO t (id) VALUES (1)")
    assert found(verify(rowferry, *pair.urls).expect(1)) == [("changed", "id=1", ("g",))]


def test_a_table_that_is_missing_is_not_compared_and_the_others_are(rowferry, copied):
    copied.source.run("CREATE TABLE more (id INTEGER NOT NULL PRIMARY KEY)")
    run = verify(rowferry, copied.source, copied.target).expect(3)
    assert {table["source"].split(".")[-1]: table["verdict"] for table in run.result["tables"]} == {"t": "equal", "more": "failed"}
    assert "table.missing" in run.text


def test_options_that_choose_are_those_of_copy(rowferry, pair_of):
    pair = pair_of("postgres-sqlite")
    pair.source.run(TABLE + "; CREATE TABLE other (id INTEGER PRIMARY KEY)")
    pair.source.insert("t", ROWS)
    options = ("-t", "t", "--where", "t=id <= 50", "--columns", "t=id,a", "--map", "t=u")
    rowferry.copy(*pair.urls, *options).expect(0)
    run = verify(rowferry, *pair.urls, *options).expect(0)
    assert [(t["target"], t["source_rows"]) for t in run.result["tables"]] == [("u", 50)]
    pair.target.run("UPDATE u SET a = 'x' WHERE id = 9; INSERT INTO u (id, a) VALUES (70, 'outside')")
    assert found(verify(rowferry, *pair.urls, *options).expect(1)) == [("changed", "id=9", ("a",))]


def test_with_the_rules_of_the_copy_the_target_is_equal(rowferry, pair_of):
    pair = pair_of("mariadb-postgres")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, d DATE, b TINYINT(1))")
    pair.source.run("SET sql_mode = ''; INSERT INTO t VALUES (1, '0000-00-00', 1), (2, '2024-02-29', 0)")
    rules = ("--rule", "zero-date=null", "--rule", "tinyint(1)=boolean")
    rowferry.copy(*pair.urls, *rules).expect(0)
    verify(rowferry, *pair.urls, *rules).expect(0)
    run = verify(rowferry, *pair.urls, "--rule", "tinyint(1)=boolean").expect(1)
    assert [what for what, _, _ in found(run)] == ["only_target", "unreadable"]


def test_being_allowed_to_select_is_enough(rowferry, pair_of, user):
    pair = pair_of("mariadb-postgres")
    pair.source.run(TABLE)
    pair.source.insert("t", ROWS)
    rowferry.copy(*pair.urls).expect(0)
    source = user(pair.source, "GRANT SELECT ON {database}.* TO {user}")
    target = user(pair.target, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {user}")
    assert verdicts(verify(rowferry, source, target).expect(0)) == {"equal"}


def test_what_differs_is_no_matter_of_memory(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    count = 300_000
    for end, value in ((pair.source, "i"), (pair.target, "-i")):
        end.run("CREATE TABLE k (id INTEGER PRIMARY KEY, v INTEGER); CREATE TABLE w (v INTEGER, x TEXT)")
        series = f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
        end.run(f"{series} INSERT INTO k SELECT i, {value} FROM n; {series} INSERT INTO w SELECT {value}, hex(randomblob(20)) FROM n")
    run = rowferry("verify", *pair.urls).expect(1)
    assert f"{count:,} rows differ" in run.out and f"{count:,} rows only at the source, {count:,} rows only at the target" in run.out
    assert run.peak_memory < 64 << 20


def test_people_are_told_in_words(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    for end in (pair.source, pair.target):
        end.run(TABLE)
        end.insert("t", ROWS)
    pair.target.run("UPDATE t SET a = 'x' WHERE id < 20; DELETE FROM t WHERE id = 50")
    run = rowferry("verify", *pair.urls, "--show", "2").expect(1)
    lines = [" ".join(line.split()) for line in run.out.splitlines()]
    assert lines[0] == "table verdict rows differ compare s fetch s read compared by"
    assert lines[1].startswith("t different 100 / 99 20 ") and lines[1].endswith("ranges of id")
    assert lines[2].startswith("total: 1 table (1 different), 100 rows, ")
    assert lines[4:] == ["different:", "t: 1 row only at the source, 19 rows differ", "differs: id=1 (a)", "differs: id=2 (a)", "and 18 more"]


def test_nothing_is_written(rowferry, copied):
    before = [sorted(end.query(f"SELECT * FROM {quote('t')}")) for end in (copied.source, copied.target)]
    tables = [sorted(end.tables()) for end in (copied.source, copied.target)]
    copied.target.run("DELETE FROM t WHERE id = 1")
    before[1] = before[1][1:]
    verify(rowferry, copied.source, copied.target).expect(1)
    assert [sorted(end.query(f"SELECT * FROM {quote('t')}")) for end in (copied.source, copied.target)] == before
    assert [sorted(end.tables()) for end in (copied.source, copied.target)] == tables


def test_rows_that_differ_need_a_place_until_they_are_compared(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    for end, value in ((pair.source, 1), (pair.target, 2)):
        end.run(f"CREATE TABLE a (v INTEGER); INSERT INTO a VALUES ({value}); CREATE TABLE b (id INTEGER PRIMARY KEY); INSERT INTO b VALUES (1)")
    run = verify(rowferry.with_env(TMPDIR="/nowhere"), *pair.urls).expect(3)
    table = next(t for t in run.result["tables"] if t["source"] == "a")
    assert [error["code"] for error in table["errors"]] == ["spool.write"] and "/nowhere" in table["errors"][0]["where"]
    assert verdicts(run) == {"failed", "equal"}
    assert len(found(verify(rowferry, *pair.urls).expect(1))) == 2


def test_values_of_one_kind_of_server_are_compared_as_they_lie(rowferry, pair_of):
    pair = pair_of("mariadb-mariadb")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, d DATE, f FLOAT, e ENUM('a', 'b'), w VARCHAR(9) CHARACTER SET ucs2)")
    pair.source.run("SET sql_mode = ''; INSERT INTO t VALUES (1, '0000-00-00', 16777216, '', x'D83D'), (2, '2024-02-30', 1.1, 'a', 'x')")
    rowferry.copy(*pair.urls).expect(0)
    verify(rowferry, *pair.urls).expect(0)
    pair.target.run("SET sql_mode = ''; UPDATE t SET d = '0000-01-00', f = 16777218 WHERE id = 1; UPDATE t SET e = 'b' WHERE id = 2")
    assert found(verify(rowferry, *pair.urls).expect(1)) == [("changed", "id=1", ("d", "f")), ("changed", "id=2", ("e",))]


@pytest.mark.parametrize("name", ["mariadb-postgres", "postgres-mariadb"])
def test_what_somebody_may_not_read_is_not_called_equal(rowferry, pair_of, user, name):
    pair = pair_of(name)
    pair.source.run(TABLE)
    pair.source.insert("t", ROWS)
    rowferry.copy(*pair.urls).expect(0)
    nobody = user(pair.target, "SELECT 1")
    assert verify(rowferry, pair.source.url, nobody).status == 3


def test_an_interrupted_comparison_says_so(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    for end in (pair.source, pair.target):
        end.run("CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) INSERT INTO t SELECT i, hex(randomblob(100)) FROM n")
    running = rowferry.start("verify", *pair.urls, "--output", "json")
    while '"page"' not in Path(running.out.name).read_text():
        assert not running.ended()
    running.send(signal.SIGINT)
    run = running.wait()
    assert run.status == 130 and (run.result["interrupted"], verdicts(run)) == (True, {"unfinished"})
