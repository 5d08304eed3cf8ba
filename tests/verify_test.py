"""Comparing both sides: what is equal is called equal, and each row that differs is named with its columns."""

import signal
import time
from contextlib import nullcontext
from pathlib import Path

import pytest
from check_test import user
from ends.names import quote
from proxy import Proxy

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


# Digests that servers take, parts of tables, and runs that were stopped.

NUMBERS = {
    "postgres": "CREATE TABLE t (id bigint PRIMARY KEY, x text); INSERT INTO t SELECT i * 7, md5(i::text) || repeat('-', 200) FROM generate_series(1, {n}) AS i",
    "mariadb": "CREATE TABLE t (id bigint PRIMARY KEY, x text); INSERT INTO t SELECT seq * 7, CONCAT(MD5(seq), REPEAT('-', 200)) FROM seq_1_to_{n}",
    "sqlite": "CREATE TABLE t (id INTEGER PRIMARY KEY, x TEXT); WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {n}) INSERT INTO t SELECT i * 7, hex(i * 1234567) || hex(zeroblob(100)) FROM n",
}
RANGED = ["postgres-postgres", "mariadb-mariadb", "sqlite-sqlite", "postgres-mariadb", "mariadb-postgres", "sqlite-postgres"]


def numbers(rowferry, pair, n=20_000):
    pair.source.run(NUMBERS[pair.source.kind].format(n=n))
    rowferry.copy(*pair.urls).expect(0)
    return pair


@pytest.mark.parametrize("options", [(), ("--strong",), ("--zoom", "1000,1"), ("--zoom", "100"), ("--zoom", "5000,100,10"), ("--zoom", "1")], ids=" ".join)
@pytest.mark.parametrize("name", RANGED)
def test_however_pages_are_cut_down_the_same_rows_differ(rowferry, pair_of, name, options):
    n = 300 if options == ("--zoom", "1") else 20_000
    pair = numbers(rowferry, pair_of(name), n)
    pair.target.run(f"UPDATE t SET x = 'a' WHERE id = 7; UPDATE t SET x = 'b' WHERE id = 700; DELETE FROM t WHERE id = {n * 7}")
    pair.target.insert("t", [(-1, "new"), (701, "new"), (n * 8, "new")])
    # Values that change places between rows of a page, and an equal sum of them.
    pair.target.run("UPDATE t SET x = (SELECT v FROM (SELECT x AS v FROM t WHERE id = 1407) AS o) WHERE id = 1400")
    pair.target.run("UPDATE t SET x = (SELECT v FROM (SELECT x AS v FROM t WHERE id = 1421) AS o) WHERE id = 1414")
    run = verify(rowferry, *(end for end in (pair.source, pair.target)), *options).expect(1)
    assert found(run) == sorted([
        ("changed", "id=1400", ("x",)),
        ("changed", "id=1414", ("x",)),
        ("changed", "id=7", ("x",)),
        ("changed", "id=700", ("x",)),
        ("only_source", f"id={n * 7}", ()),
        ("only_target", "id=-1", ()),
        ("only_target", "id=701", ()),
        ("only_target", f"id={n * 8}", ()),
    ])
    table = run.result["tables"][0]
    assert (table["source_rows"], table["target_rows"]) == (n, n + 2)


class Far(Proxy):
    """A server, a round trip to which takes some time."""

    def changed(self, direction, data):
        time.sleep(0.001)
        return data


def test_where_rows_are_digested(rowferry, pair_of):
    """Servers of one kind do it; of different kinds where they are far away, or where that is asked for."""
    for name, far in (("mariadb-mariadb", False), ("postgres-mariadb", False), ("postgres-mariadb", True)):
        pair = numbers(rowferry, pair_of(name), 300)
        with Far(pair.target.url) if far else nullcontext(pair.target) as target:
            how = {where: verify(rowferry, pair.source, target, *where).expect(0).result["tables"][0]["how"] for where in ((), ("--digests", "servers"), ("--digests", "here"))}
        assert how["--digests", "servers"].startswith("both sides: ") and how["--digests", "here"].startswith("both sides are read"), how
        assert how[()].startswith("both sides are read" if name == "postgres-mariadb" and not far else "both sides: "), how


@pytest.mark.parametrize("name", ["postgres-postgres", "mariadb-mariadb", "postgres-mariadb"])
def test_rows_that_are_equal_stay_where_they_are(rowferry, pair_of, name):
    pair = numbers(rowferry, pair_of(name))
    servers = ("--digests", "servers")
    table = verify(rowferry, pair.source, pair.target, *servers).expect(0).result["tables"][0]
    assert (table["verdict"], table["source_rows"], table["bytes"]) == ("equal", 20_000, 0), table["how"]
    pair.target.run("UPDATE t SET x = 'a' WHERE id = 7000")
    table = verify(rowferry, pair.source, pair.target, *servers, "--zoom", "1000,1").expect(1).result["tables"][0]
    assert table["changed"] == 1 and 0 < table["bytes"] < 1000
    assert sum(table["cells"]) == sum(table["cells"][:7]) == 1 and len(table["cells"]) == 60


def test_values_that_change_places_between_rows_of_one_page_are_seen(rowferry, pair_of):
    """A sum of hashes that are sums themselves would not."""
    for name in ("postgres-postgres", "mariadb-mariadb"):
        pair = numbers(rowferry, pair_of(name), 100)
        pair.target.run("CREATE TABLE o AS SELECT * FROM t; UPDATE t SET x = (SELECT o.x FROM o WHERE o.id = 21 - t.id) WHERE id IN (7, 14); DROP TABLE o")
        assert found(verify(rowferry, pair.source, pair.target).expect(1)) == [("changed", "id=14", ("x",)), ("changed", "id=7", ("x",))]


@pytest.mark.parametrize("name", ["postgres-postgres", "mariadb-mariadb"])
def test_a_page_too_large_to_be_put_together_is_read(rowferry, pair_of, name):
    """The source has no row, so that its only page holds all of the target's."""
    pair = pair_of(name)
    for end in (pair.source, pair.target):
        end.run("CREATE TABLE t (id bigint PRIMARY KEY, x text)")
    pair.target.run("SET SESSION group_concat_max_len = 1024" if name.startswith("mariadb") else "SELECT 1")
    filler = {"postgres": "INSERT INTO t SELECT i, repeat('x', 70000) FROM generate_series(1, 1100) AS i", "mariadb": "INSERT INTO t SELECT seq, REPEAT('x', 65000) FROM seq_1_to_1200"}
    pair.target.run(filler[name.partition("-")[0]])
    run = verify(rowferry, pair.source, pair.target, "--strong").expect(1)
    assert run.result["tables"][0]["only_target"] == (1100 if name.startswith("postgres") else 1200)


@pytest.mark.parametrize("name", RANGED)
def test_the_highest_keys_of_either_side(rowferry, pair_of, name):
    pair = numbers(rowferry, pair_of(name), 1000)
    pair.target.run("UPDATE t SET x = 'a' WHERE id IN (7, 6930); DELETE FROM t WHERE id > 6950")
    run = verify(rowferry, pair.source, pair.target, "--last", "10").expect(1)
    table = run.result["tables"][0]
    assert found(run)[0] == ("changed", "id=6930", ("x",)) and table["only_source"] == 8
    pair.target.run("DELETE FROM t")
    assert verify(rowferry, pair.source, pair.target, "--last", "10").expect(1).result["tables"][0]["only_source"] == 1000
    rowferry("sync", *pair.urls).expect(0)
    run = verify(rowferry, pair.source, pair.target, "--last", "10").expect(0)
    assert verdicts(run) == {"not_proven"} and run.result["tables"][0]["source_rows"] == 10


@pytest.mark.parametrize("name", RANGED)
def test_a_sample_is_a_part_and_no_proof(rowferry, pair_of, name):
    pair = numbers(rowferry, pair_of(name))
    run = verify(rowferry, pair.source, pair.target, "--sample", "20%", "--page-size", "200").expect(0)
    table = run.result["tables"][0]
    assert table["verdict"] == "not_proven" and table["notes"] == ["only a part of the rows was looked at"]
    assert table["passed_over"] > 50 and 0 < table["source_rows"] < 10_000
    assert verify(rowferry, pair.source, pair.target, "--sample", "100%").expect(0).result["tables"][0]["verdict"] == "equal"
    pair.target.run("UPDATE t SET x = 'a'")
    assert verify(rowferry, pair.source, pair.target, "--sample", "20%", "--page-size", "200").expect(1).result["tables"][0]["changed"] == table["source_rows"]


def test_a_part_of_a_table_without_an_order_is_not_looked_at(rowferry, pair_of):
    """table.not_sampled, table.sampled"""
    pair = pair_of("postgres-sqlite")
    pair.source.run("CREATE TABLE t (id text PRIMARY KEY)")
    pair.source.insert("t", [("a",)])
    rowferry.copy(*pair.urls).expect(0)
    for options in (("--sample", "50%"), ("--last", "5")):
        table = verify(rowferry, pair.source, pair.target, *options).expect(0).result["tables"][0]
        assert table["verdict"] == "not_proven" and "not looked at" in table["notes"][0] and table["source_rows"] == 0


@pytest.mark.parametrize("options", [("--sample", "0%"), ("--sample", "5"), ("--sample", "101%"), ("--last", "0"), ("--zoom", "10,10"), ("--zoom", "0"), ("--zoom", "a"), ("--zoom", "10", "--page-size", "5"), ("--sample", "5%", "--last", "3")], ids=" ".join)
def test_options_that_make_no_sense_are_refused(rowferry, options):
    rowferry("verify", "sqlite:a", "sqlite:b", *options).expect(2)


@pytest.mark.parametrize("name", RANGED)
def test_a_killed_comparison_is_gone_on_with(rowferry, faulty, pair_of, name):
    """verify.state stands for a file that cannot be written."""
    pair = numbers(rowferry, pair_of(name))
    options = ("--zoom", "100", "--jobs", "1", "--digests", "servers", "--output", "json")
    point = "reader.open.before:60=kill" if name == "sqlite-sqlite" else "digester.pages.before:3=kill"
    faulty.with_fault(point)("verify", *pair.urls, *options)
    run = rowferry("verify", *pair.urls, *options).expect(0)
    table = run.result["tables"][0]
    assert table["verdict"] == "equal" and table["source_rows"] == 20_000
    assert 0 < table["earlier_rows"] < 20_000
    assert rowferry("verify", *pair.urls, *options).expect(0).result["tables"][0]["earlier_rows"] == 0


def test_what_differs_is_found_by_the_run_that_goes_on(rowferry, faulty, pair_of):
    pair = numbers(rowferry, pair_of("postgres-postgres"))
    pair.target.run("UPDATE t SET x = 'a' WHERE id IN (7, 140000)")
    options = ("--zoom", "100", "--jobs", "1", "--output", "json")
    faulty.with_fault("digester.pages.before:2=kill")("verify", *pair.urls, *options)
    assert found(rowferry("verify", *pair.urls, *options).expect(1)) == [("changed", "id=140000", ("x",)), ("changed", "id=7", ("x",))]


def test_a_digest_that_the_server_refuses_is_no_end(rowferry, faulty, pair_of):
    """digest.md5 is the same on this side."""
    pair = numbers(rowferry, pair_of("mariadb-mariadb"))
    run = faulty.with_fault("digester.pages.before:1=unsupported")("verify", *pair.urls, "--output", "json").expect(0)
    assert run.result["tables"][0]["verdict"] == "equal" and run.result["tables"][0]["bytes"] > 0
    assert "rows are read instead of digested in the server" in run.out


HASH_ALIKE = {
    "bigint": ("1", "4294967296"),
    "numeric(9,2)": ("5.00", "-5.00"),
    "numeric": ("1.0", "1.00"),
    "numeric(5,0)": ("'NaN'", "NULL"),
    "double precision": ("0", "'-0'"),
    "timestamp": ("'2000-01-01 00:00:00.000001'", "'2000-01-01 01:11:34.967296'"),
    "timestamptz": ("'2000-01-01 00:00:00.000001Z'", "'2000-01-01 01:11:34.967296Z'"),
    "time": ("'00:00:00.000001'", "'01:11:34.967296'"),
    "interval": ("'1 month'", "'30 days'"),
    "char(5)": ("'a'", "NULL"),
    'text COLLATE "C"': ("'a'", "'A'"),
    "int[]": ("'{}'", "NULL"),
    "numeric[]": ("'{1.0}'", "'{1.00}'"),
}


@pytest.mark.parametrize("strong", ["", "--strong"])
def test_values_that_postgresql_hashes_alike_are_told_apart(rowferry, pair_of, strong):
    pair = pair_of("postgres-postgres")
    names = [f"c{n}" for n in range(len(HASH_ALIKE))]
    pair.source.run("CREATE TABLE t (id int PRIMARY KEY, " + ", ".join(f"{name} {type}" for name, type in zip(names, HASH_ALIKE)) + "); INSERT INTO t VALUES (1, " + ", ".join(one for one, _ in HASH_ALIKE.values()) + ")")
    rowferry.copy(*pair.urls).expect(0)
    table = verify(rowferry, pair.source, pair.target, *strong.split()).expect(0).result["tables"][0]
    assert table["statements"] == 1 and table["how"].startswith("both sides: "), table["how"]
    for name, (one, other) in zip(names, HASH_ALIKE.values()):
        pair.target.run(f"UPDATE t SET {name} = {other}")
        assert found(verify(rowferry, pair.source, pair.target, *strong.split()).expect(1)) == [("changed", "id=1", (name,))]
        pair.target.run(f"UPDATE t SET {name} = {one}")


NEAR_IN_MARIADB = [
    ("double", "0.1e0", "0.10000000000000002e0"),
    ("double", "0.001953125e0", "0.0019531250000000004e0"),
    ("double", "0.0019531249999999998e0", "0.001953125e0"),
    ("double", "4611686018427387904e0", "4611686018427388928e0"),
    ("double", "-2251799813685249.5e0", "-2251799813685250e0"),
    ("double", "1e-310", "2e-310"),
    ("double", "1.7976931348623157e308", "NULL"),
    ("float", "0.1e0", "0.10000001e0"),
    ("varchar(9)", "''", "NULL"),
    ("varchar(9) CHARACTER SET latin1", "'ä'", "'a'"),
    ("varbinary(9)", "x'FF2C'", "x'2CFF'"),
    ("blob", "x'FF'", "x'FFFF'"),
    ("bit(3)", "b'010'", "b'011'"),
    ("time(6)", "'00:00:00.000001'", "'00:00:00.000010'"),
    ("decimal(9,2)", "5.00", "-5.00"),
]


@pytest.mark.parametrize("strong", ["", "--strong"])
def test_values_that_are_near_each_other_are_told_apart_in_mariadb(rowferry, pair_of, strong):
    pair = pair_of("mariadb-mariadb")
    names = [f"c{n}" for n in range(len(NEAR_IN_MARIADB))]
    pair.source.run("CREATE TABLE t (id int PRIMARY KEY, " + ", ".join(f"{name} {type}" for name, (type, _, _) in zip(names, NEAR_IN_MARIADB)) + ")")
    for id in (1, 2):
        pair.source.run(f"INSERT INTO t VALUES ({id}, " + ", ".join(one for _, one, _ in NEAR_IN_MARIADB) + ")")
    rowferry.copy(*pair.urls).expect(0)
    table = verify(rowferry, pair.source, pair.target, *strong.split()).expect(0).result["tables"][0]
    assert table["statements"] == 1 and table["how"].startswith("both sides: MD5" if strong else "both sides: summed up"), table["how"]
    for name, (_, one, other) in zip(names, NEAR_IN_MARIADB):
        pair.target.run(f"UPDATE t SET {name} = {other} WHERE id = 1")
        assert found(verify(rowferry, pair.source, pair.target, *strong.split()).expect(1)) == [("changed", "id=1", (name,))]
        # The same values, in other rows.
        pair.source.run(f"UPDATE t SET {name} = {other} WHERE id = 2")
        assert found(verify(rowferry, pair.source, pair.target, *strong.split()).expect(1)) == [("changed", "id=1", (name,)), ("changed", "id=2", (name,))]
        pair.source.run(f"UPDATE t SET {name} = {one} WHERE id = 2")
        pair.target.run(f"UPDATE t SET {name} = {one} WHERE id = 1")


@pytest.mark.parametrize("name", ["postgres-postgres", "mariadb-mariadb", "postgres-mariadb", "mariadb-postgres", "sqlite-postgres"])
def test_null_is_not_empty_bytes(rowferry, pair_of, name):
    pair = pair_of(name)
    type = {"postgres": "bytea", "mariadb": "blob", "sqlite": "BLOB"}[pair.source.kind]
    pair.source.run(f"CREATE TABLE t (id {'INTEGER' if pair.source.kind == 'sqlite' else 'int'} PRIMARY KEY, b {type})")
    pair.source.insert("t", [(1, b""), (2, None)])
    rowferry.copy(*pair.urls).expect(0)
    assert verify(rowferry, pair.source, pair.target, "--strong", "--digests", "servers").expect(0).result["tables"][0]["statements"] == 1
    pair.target.run("UPDATE t SET b = NULL WHERE id = 1; UPDATE t SET b = '' WHERE id = 2")
    for options in ((), ("--strong",), ("--digests", "servers")):
        assert found(verify(rowferry, pair.source, pair.target, *options).expect(1)) == [("changed", "id=1", ("b",)), ("changed", "id=2", ("b",))]
