"""Sides that change while they are compared: rows under way are not reported, young ones left alone, and a view that is lost is replaced."""

import threading
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import pytest
from compare import assert_same_rows
from program import wait_until
from rounds.judge import REFUSALS

SETTLING = ["postgres-postgres", "mariadb-mariadb", "sqlite-sqlite", "mariadb-postgres", "sqlite-postgres"]
TABLES = """
CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, n INTEGER);
CREATE TABLE u (k VARCHAR(20) NOT NULL PRIMARY KEY, n INTEGER);
CREATE TABLE k (n INTEGER, word VARCHAR(9));
CREATE TABLE still (id INTEGER NOT NULL PRIMARY KEY, n INTEGER);
"""
NOTES = {  # what the report says of a table, by its code
    "row.young": "4 rows younger than --min-age: left alone",
    "row.in_flight": "5 rows in flight: different at one of two looks only",
    "row.moving": "1 row that the source went on changing",
}
SECOND = 3  # views of the source and the target are the first two that are opened


def fill(end):
    end.insert("t", [(i, i) for i in range(1, 101)])
    end.insert("u", [(f"Key {i}", i) for i in range(1, 101)])
    end.insert("k", [(i, "x") for i in range(1, 51)])
    end.insert("still", [(i, i) for i in range(1, 11)])


@pytest.fixture(params=SETTLING)
def pair(request, pair_of, rowferry):
    pair = pair_of(request.param)
    pair.source.run(TABLES)
    fill(pair.source)
    rowferry.copy(*pair.urls).expect(0)
    return pair


def found(run):
    return sorted((e["source"].split(".")[-1], e["what"], e["key"]) for e in run.events if e["event"] == "difference")


def states(run, what="state"):
    return {table["target"].split(".")[-1]: table[what] for table in run.result["tables"]}


@contextmanager
def between_looks(faulty, tmp_path, verb, pair, *options, jobs=1):
    """The program has looked once, holds no view, and goes on when this ends; then `result` is there."""
    go_on, trace = tmp_path / "go", tmp_path / "trace"
    second = SECOND + (verb == "sync" and "--dry-run" not in options)  # the source is opened anew once the tables are held
    for file in (go_on, trace):
        file.unlink(missing_ok=True)
    held = faulty.with_env(ROWFERRY_FAULT=f"snapshot.open.before:{second}=hold:{go_on}", ROWFERRY_FAULT_TRACE=trace)
    running = held.start(verb, *pair.urls, "--settle=0s", "--jobs", jobs, *options, "--output", "json")
    wait_until(lambda: running.ended() or trace.exists() and trace.read_text().count("snapshot.open.before") >= second)
    assert not running.ended(), running.wait()
    looked = Looked()
    yield looked
    go_on.touch()
    looked.result = running.wait()


class Looked:
    result = None


def disturb(pair):
    """What differs when both sides are looked at first."""
    pair.target.run("UPDATE t SET n = 0 WHERE id IN (1, 2, 3); DELETE FROM t WHERE id IN (10, 11); INSERT INTO t VALUES (500, 1), (501, 1)")
    pair.target.run("UPDATE u SET n = 0 WHERE k IN ('Key 1', 'Key 2', 'Key 3'); DELETE FROM u WHERE k IN ('Key 10', 'Key 11'); INSERT INTO u VALUES ('New 500', 1), ('New 501', 1)")
    pair.source.insert("k", [(1, "x"), (2, "x"), (3, "x")])
    pair.target.insert("k", [(40, "x"), (60, "x"), (61, "x")])


def move_on(pair):
    """Rows 1, 10 and 500 arrive; 3 is changed at the source once more; 20 and 30, which were equal, differ now."""
    pair.target.run("UPDATE t SET n = 1 WHERE id = 1; INSERT INTO t VALUES (10, 10); DELETE FROM t WHERE id = 500")
    pair.target.run("UPDATE u SET n = 1 WHERE k = 'Key 1'; INSERT INTO u VALUES ('Key 10', 10); DELETE FROM u WHERE k = 'New 500'")
    pair.source.run("UPDATE t SET n = 33 WHERE id = 3; UPDATE t SET n = 99 WHERE id = 20; DELETE FROM t WHERE id = 30")
    pair.source.run("UPDATE u SET n = 33 WHERE k = 'Key 3'; UPDATE u SET n = 99 WHERE k = 'Key 20'; DELETE FROM u WHERE k = 'Key 30'")
    pair.target.insert("k", [(1, "x")])  # arrives
    pair.source.insert("k", [(2, "x"), (7, "x")])  # of row 2 there are two too many now, and only one was before
    pair.target.run("DELETE FROM k WHERE n = 60")
    pair.source.insert("k", [(40, "x"), (40, "x")])  # was one too many at the target, and is one too few


STEADY = [
    ("k", "only_source", "n=2, word=x"),
    ("k", "only_source", "n=3, word=x"),
    ("k", "only_target", "n=61, word=x"),
    ("t", "changed", "id=2"),
    ("t", "changed", "id=3"),
    ("t", "only_source", "id=11"),
    ("t", "only_target", "id=501"),
    ("u", "changed", "k=Key 2"),
    ("u", "changed", "k=Key 3"),
    ("u", "only_source", "k=Key 11"),
    ("u", "only_target", "k=New 501"),
]


@pytest.mark.parametrize("options", [(), ("--page-size", "7")], ids=["as it comes", "in small pages"])
def test_only_rows_that_differ_at_both_looks_are_reported(faulty, pair, tmp_path, options):
    disturb(pair)
    with between_looks(faulty, tmp_path, "verify", pair, *options) as looked:
        move_on(pair)
    run = looked.result.expect(1)
    assert found(run) == STEADY
    assert states(run, "verdict") == {"t": "different", "u": "different", "k": "different", "still": "equal"}
    assert states(run, "moving") == {"t": 1, "u": 1, "k": 0, "still": 0}
    assert [states(run, what)["u"] for what in ("only_source", "only_target", "changed", "in_flight")] == [1, 1, 2, 5]
    assert {NOTES["row.in_flight"], NOTES["row.moving"]} <= set(states(run, "notes")["u"])
    # 1 and 60, the 40 that went the other way, and two more 2s, 7s and 40s than before.
    assert states(run, "in_flight")["k"] == 6


def test_rows_that_all_arrive_are_equal(faulty, pair, tmp_path):
    pair.target.run("UPDATE t SET n = 0 WHERE id < 50; DELETE FROM u WHERE n > 50; DELETE FROM k WHERE n = 7")
    with between_looks(faulty, tmp_path, "verify", pair) as looked:
        pair.target.run("UPDATE t SET n = id WHERE id < 50")
        pair.target.insert("u", [(f"Key {i}", i) for i in range(51, 101)])
        pair.target.insert("k", [(7, "x")])
    run = looked.result.expect(0)
    assert found(run) == [] and set(states(run, "verdict").values()) == {"equal"}
    assert states(run, "in_flight") == {"t": 49, "u": 50, "k": 1, "still": 0}


def test_what_is_equal_is_looked_at_once(faulty, pair, tmp_path):
    trace = tmp_path / "trace"
    looks = lambda: trace.read_text().count("snapshot.open.before")
    run = faulty.with_env(ROWFERRY_FAULT_TRACE=trace)("verify", *pair.urls, "--settle", "--output", "json").expect(0)
    assert looks() == 2 and not any("again" in e.get("name", "") for e in run.events)
    trace.unlink()
    pair.target.run("UPDATE t SET n = 0 WHERE id = 50")
    run = faulty.with_env(ROWFERRY_FAULT_TRACE=trace)("verify", *pair.urls, "--settle=0s", "--page-size", "10", "--output", "json").expect(1)
    assert looks() == 4
    pages = [e["table"].split(".")[-1] for e in run.events if e["event"] == "page"]
    again = [e for e in run.events if e["event"] in ("phase", "page")]
    again = again[[e.get("name", "") for e in again].index("looking again at what differs") :]
    assert {e["table"].split(".")[-1] for e in again if e["event"] == "page"} == {"t"}
    if pages.count("t") > 10:  # by ranges: of ten pages, one was looked at again
        assert sum(e["rows"] for e in again if e["event"] == "page") < 100


def test_sync_repairs_what_differs_at_both_looks_as_the_second_one_has_it(faulty, rowferry, pair, tmp_path):
    disturb(pair)
    with between_looks(faulty, tmp_path, "sync", pair) as looked:
        move_on(pair)
        pair.source.run("UPDATE t SET n = 22 WHERE id = 2; UPDATE u SET n = 22 WHERE k = 'Key 2'")
    run = looked.result.expect(0)
    assert found(run) == STEADY
    assert set(states(run).values()) == {"identical", "repaired"}
    rowferry("sync", *pair.urls).expect(0)  # what differed for the first time at the second look may have been left
    assert_same_rows(pair.source, pair.target)


def test_sync_without_a_second_look_reports_what_is_in_flight(faulty, pair, tmp_path):
    """The same with one look, so that the tests above are seen to need the second one."""
    disturb(pair)
    run = faulty("verify", *pair.urls, "--output", "json").expect(1)
    assert ("t", "changed", "id=1") in found(run) and ("u", "only_source", "k=Key 10") in found(run)


class Busy:
    """Changes one row of each table of the source for as long as it is entered."""

    def __init__(self, end):
        self.end, self.stop = end, threading.Event()
        self.thread = threading.Thread(target=self.go_on)

    def go_on(self):
        while not self.stop.wait(0.01):
            for change in ("UPDATE t SET n = n + 1 WHERE id = 5", "UPDATE u SET n = n + 1 WHERE k = 'Key 5'"):
                try:
                    self.end.run(change)
                except REFUSALS:
                    pass  # a file that is being read

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


def test_a_source_that_goes_on_changing_is_said_to(faulty, rowferry, pair):
    pair.target.run("UPDATE t SET n = -5 WHERE id IN (5, 6); UPDATE u SET n = -5 WHERE k IN ('Key 5', 'Key 6')")
    slow = faulty.with_fault("mender.commit.after:*=pause:400")
    with Busy(pair.source):
        run = slow("sync", *pair.urls, "--settle", "--output", "json").expect(1)
        text = slow("sync", *pair.urls, "--settle").expect(1).out
    assert {name: states(run)[name] for name in "tu"} == {"t": "differs", "u": "differs"}
    assert {name: (states(run, "left")[name], states(run, "moving")[name]) for name in "tu"} == {"t": (1, 1), "u": (1, 1)}
    assert "still differs (source kept changing, 1 " in text
    assert pair.target.one("SELECT n FROM t WHERE id = 6") == 6 and pair.target.one("SELECT n FROM t WHERE id = 5") > 5
    rowferry("sync", *pair.urls, "--settle").expect(0)
    assert_same_rows(pair.source, pair.target)


def test_a_target_that_does_not_hold_still_is_not_blamed_on_the_source(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run(TABLES)
    fill(pair.source)
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.n = 7; RETURN NEW; END'")
    pair.target.run("CREATE TRIGGER spoil BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION spoil(); DELETE FROM t WHERE id = 5")
    run = rowferry("sync", *pair.urls, "--settle=0s", "--output", "json").expect(1)
    assert states(run)["t"] == "differs" and (states(run, "left")["t"], states(run, "moving")["t"]) == (1, 0)


def test_rows_that_cannot_be_read_are_told_once(rowferry, pair_of):
    pair = pair_of("mariadb-postgres")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, d DATE)")
    pair.source.run("SET sql_mode = ''; INSERT INTO t VALUES (1, '2024-02-29'), (2, '2024-02-29')")
    rowferry.copy(*pair.urls).expect(0)
    pair.source.run("UPDATE t SET d = '0000-00-00' WHERE id = 1; UPDATE t SET d = '2024-03-01' WHERE id = 2")
    run = rowferry("verify", *pair.urls, "--settle=0s", "--output", "json").expect(1)
    assert found(run) == [("t", "changed", "id=2"), ("t", "only_target", "id=1"), ("t", "unreadable", "id=1")]
    assert states(run, "unreadable") == {"t": 1}


@pytest.mark.parametrize("name", ["sqlite-sqlite"])
def test_two_looks_at_much_that_differs_are_no_matter_of_memory(rowferry, pair_of, name):
    pair = pair_of(name)
    count = 220_000  # more than are kept in memory
    for end, word in ((pair.source, "here"), (pair.target, "there")):
        end.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, word TEXT)")
        end.run(f"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) INSERT INTO t SELECT i, '{word}' FROM n")
    run = rowferry("verify", *pair.urls, "--settle=0s").expect(1)
    assert f"{count:,} rows differ" in run.out and run.peak_memory < 96 << 20


# Ages.

NOW = datetime.now(timezone.utc)
TIMES = {  # of a column of the source, by its engine
    "sqlite": ["DATETIME", "TEXT", "TIMESTAMPTZ"],
    "postgres": ["timestamptz", "timestamp", "date"],
    "mariadb": ["DATETIME(6)", "TIMESTAMP NULL", "DATE"],
}
CASES = [(a, b, kind) for a in TIMES for b in TIMES for kind in TIMES[a]]


def moment(column, ago):
    """As text, in UTC."""
    form = "%Y-%m-%d" if column.lower() == "date" else "%Y-%m-%d %H:%M:%S"
    zone = "+00" if column.lower() == "timestamptz" else ""
    return (NOW - ago).strftime(form) + zone


def with_ages(rowferry, pair, column):
    """Rows that differ in each way, and are old or young: at the target first, then the source is made to differ."""
    old, young = (f"'{moment(column, ago)}'" for ago in (timedelta(days=3), timedelta(minutes=2)))
    there = {3: old, 4: young, 5: old, 6: old, 7: young, 8: "NULL", 9: old, 10: young}
    for table, key, kind in (("t", "", "INTEGER"), ("u", "k", "VARCHAR(9)")):
        name = lambda i: f"'{key}{i}'" if key else i
        pair.source.run(f"CREATE TABLE {table} (id {kind} NOT NULL PRIMARY KEY, n INTEGER, at {column})")
        pair.source.run(f"INSERT INTO {table} VALUES " + ", ".join(f"({name(i)}, {i}, {at})" for i, at in there.items()))
    rowferry.copy(*pair.urls).expect(0)
    for table, key in (("t", ""), ("u", "k")):
        name = lambda i: f"'{key}{i}'" if key else i
        pair.source.run(f"INSERT INTO {table} VALUES ({name(1)}, 1, {old}), ({name(2)}, 2, {young}); DELETE FROM {table} WHERE n IN (3, 4)")
        pair.source.run(f"UPDATE {table} SET at = {young} WHERE n = 6; UPDATE {table} SET at = {old} WHERE n = 7")
        pair.target.run(f"UPDATE {table} SET n = -1 WHERE n IN (5, 6, 7, 8)")


def rows(end, table):
    return {int(str(key).lstrip("k")): n for key, n in end.query(f"SELECT id, n FROM {table}")}


@pytest.mark.parametrize("source,target,column", CASES, ids=[f"{a}-{b} {kind}" for a, b, kind in CASES])
def test_young_rows_are_left_alone_and_old_ones_repaired(rowferry, pair_of, source, target, column):
    pair = pair_of(f"{source}-{target}")
    with_ages(rowferry, pair, column)
    ages = ("--min-age", "at=1h", "--output", "json")
    run = rowferry("verify", *pair.urls, *ages).expect(1)
    assert [(what, key) for table, what, key in found(run) if table == "t"] == [("changed", "id=5"), ("changed", "id=8"), ("only_source", "id=1"), ("only_target", "id=3")]
    assert states(run, "left_alone") == {"t": 4, "u": 4}
    run = rowferry("sync", *pair.urls, *ages).expect(0)
    assert states(run) == {"t": "not_proven", "u": "not_proven"} and states(run, "left_alone") == {"t": 4, "u": 4}
    for table in run.result["tables"]:
        assert [table[what] for what in ("inserted", "updated", "deleted")] == [1, 2, 1]
        assert NOTES["row.young"] in table["notes"]
    for table in "tu":
        assert rows(pair.target, table) == {1: 1, 4: 4, 5: 5, 6: -1, 7: -1, 8: 8, 9: 9, 10: 10}
    run = rowferry("verify", *pair.urls, *ages).expect(0)
    assert states(run, "verdict") == {"t": "not_proven", "u": "not_proven"}
    if column.lower() != "date":  # of which a day is the end
        rowferry("sync", *pair.urls, "--min-age", "t.at=1s", "--min-age", "u.at=10s").expect(0)
        assert_same_rows(pair.source, pair.target)


def test_ages_and_two_looks(faulty, rowferry, pair_of, tmp_path):
    pair = pair_of("postgres-mariadb")
    with_ages(rowferry, pair, "timestamp")
    with between_looks(faulty, tmp_path, "sync", pair, "--min-age", "at=1h") as looked:
        pair.target.run("UPDATE t SET n = 5 WHERE id = 5")
    run = looked.result.expect(0)
    assert states(run, "left_alone") == {"t": 4, "u": 4} and rows(pair.target, "t") == {1: 1, 4: 4, 5: 5, 6: -1, 7: -1, 8: 8, 9: 9, 10: 10}
    assert states(run) == {"t": "not_proven", "u": "not_proven"}


def test_a_table_whose_rows_are_equal_is_equal_whatever_their_age(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    pair.source.run(f"CREATE TABLE t (id INTEGER PRIMARY KEY, at DATETIME); INSERT INTO t VALUES (1, '{moment('', timedelta())}')")
    rowferry.copy(*pair.urls).expect(0)
    run = rowferry("verify", *pair.urls, "--min-age", "at=1h", "--output", "json").expect(0)
    assert states(run, "verdict") == {"t": "equal"}
    assert states(rowferry("sync", *pair.urls, "--min-age", "at=1h", "--output", "json").expect(0)) == {"t": "identical"}


@pytest.mark.parametrize("verb", ["verify", "sync"])
@pytest.mark.parametrize(
    "option,code",
    [
        (("--min-age", "nope=5m"), "selection.unused"),
        (("--min-age", "other.at=5m"), "selection.unused"),
        (("--min-age", "n=5m"), "age.column"),
        (("--min-age", "at=5"), "option.value"),
        (("--min-age", "at=5x"), "option.value"),
        (("--min-age", "at=-5m"), "option.value"),
        (("--min-age", "at=99999999999999999999d"), "option.value"),
        (("--min-age", "at"), "option.value"),
        (("--min-age", "at=5m", "--min-age", "at=6m"), "option.twice"),
        (("--settle=soon",), "option.value"),
        (("--settle=10",), "option.value"),
    ],
)
def test_what_cannot_be_meant_is_refused(rowferry, pair_of, verb, option, code):
    pair = pair_of("sqlite-sqlite")
    for end in (pair.source, pair.target):
        end.run("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, at DATETIME)")
    run = rowferry(verb, *pair.urls, *option, "--output", "json").expect(2)
    assert run.error["code"] == code


def test_rows_without_a_key_have_no_age(rowferry, pair_of):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TABLE k (n integer, at timestamptz); CREATE TABLE t (id integer PRIMARY KEY, at timestamptz); CREATE TABLE u (id integer PRIMARY KEY)")
    pair.source.run("INSERT INTO k VALUES (1, '2020-01-01')")
    rowferry.copy(*pair.urls).expect(0)
    pair.source.run("UPDATE k SET n = 2, at = now()")
    run = rowferry("sync", *pair.urls, "--min-age", "at=1h", "--output", "json").expect(3)
    assert states(run) == {"k": "failed", "t": "identical", "u": "identical"} and "age.key" in str(run.events)
    assert pair.target.query("SELECT n FROM k") == [(1,)]
    run = rowferry("verify", *pair.urls, "--min-age", "at=1h", "--output", "json").expect(3)
    assert states(run, "verdict") == {"k": "failed", "t": "equal", "u": "equal"}


# Views that are lost.


def end_sessions(end):
    """Of the program, at one end."""
    if end.kind == "postgres":
        end.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        return
    for (number,) in end.query(f"SELECT id FROM information_schema.processlist WHERE db = '{end.name}' AND id <> connection_id()"):
        try:
            end.run(f"KILL {number}")
        except REFUSALS:
            pass  # it has ended by itself


@pytest.mark.parametrize("name", ["postgres-sqlite", "mariadb-postgres"])
@pytest.mark.parametrize("settle", [(), ("--settle=0s",)], ids=["one look", "two looks"])
def test_sync_goes_on_when_the_source_loses_its_view(faulty, pair_of, tmp_path, name, settle):
    pair = pair_of(name)
    pair.source.run(TABLES)
    fill(pair.source)
    faulty.copy(*pair.urls).expect(0)
    pair.target.run("UPDATE t SET n = 0 WHERE id < 20; DELETE FROM u WHERE n > 50; DELETE FROM k WHERE n = 7; UPDATE still SET n = 0")
    go_on, trace = tmp_path / "go", tmp_path / "trace"
    held = faulty.with_env(ROWFERRY_FAULT=f"reader.open.before:9=hold:{go_on}", ROWFERRY_FAULT_TRACE=trace)
    running = held.start("sync", *pair.urls, "--jobs", "1", "--page-size", "10", *settle, "--output", "json")
    wait_until(lambda: running.ended() or trace.exists() and trace.read_text().count("reader.open.before") >= 9)
    end_sessions(pair.source)
    go_on.touch()
    run = running.wait().expect(0)
    assert any("snapshot" in e["text"] and "under a new one" in e["text"] for e in run.events if e["event"] == "note")
    assert set(states(run).values()) <= {"repaired", "identical"}
    assert_same_rows(pair.source, pair.target)


def test_views_that_are_lost_again_and_again_end_a_sync(faulty, pair_of, tmp_path):
    pair = pair_of("postgres-sqlite")
    pair.source.run(TABLES)
    fill(pair.source)
    faulty.copy(*pair.urls).expect(0)
    pair.target.run("UPDATE t SET n = 0 WHERE id < 20")
    stop = threading.Event()

    def cut():
        while not stop.wait(0.05):
            end_sessions(pair.source)

    held = faulty.with_fault("reader.open.before:*=pause:300")
    thread = threading.Thread(target=cut)
    running = held.start("sync", *pair.urls, "--retries", "1", "--output", "json")
    thread.start()
    try:
        run = running.wait()
    finally:
        stop.set()
        thread.join()
    assert run.status == 3 and run.error["kind"] == "transient"
