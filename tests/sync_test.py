"""Repairing the target: only what differs is changed, and an independent reader finds both sides equal afterwards."""

import re
import shlex

import pytest
from check_test import user
from compare import assert_same_rows
from program import KILLED, wait_until

assert user  # a fixture

TABLE = "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(20), b VARCHAR(20), n INTEGER)"
ROWS = [(i, f"a{i}", f"b{i}", i * 3) for i in range(1, 101)]


NOTES = {  # what the report says of a table, by its code
    "row.kept": ("1 row only at the target: not deleted", "1 row only at the source: not inserted", "1 row that differs: not updated"),
    "identity.unknown": ("column id: the user may not read how far the source has numbered it, and the target stays where it is",),
    "identity.behind": ("new rows of the target may be given numbers that are taken: permission denied for sequence t_id_seq",),
    "trigger.fires": ("triggers of the target fire for rows that are changed there",),
}


def noted(run, code):
    return [text for text in NOTES[code] if text in run.result["tables"][0]["notes"]]


def sync(rowferry, pair, *options):
    return rowferry("sync", *pair.urls, *options, "--output", "json")


def states(run):
    return {table["target"].split(".")[-1]: table["state"] for table in run.result["tables"]}


def done(run, name="t"):
    table = next(table for table in run.result["tables"] if table["target"].split(".")[-1] == name)
    return tuple(table[what] for what in ("inserted", "updated", "deleted"))


def repaired(rowferry, pair, *options):
    """Syncs, looks at both sides independently, and syncs again: then there is nothing left to do."""
    run = sync(rowferry, pair, *options).expect(0)
    assert_same_rows(pair.source, pair.target)
    assert set(states(sync(rowferry, pair).expect(0)).values()) == {"identical"}
    return run


@pytest.fixture
def copied(rowferry, pair):
    pair.source.run(TABLE)
    pair.source.insert("t", ROWS)
    rowferry.copy(*pair.urls).expect(0)
    return pair


def test_rows_that_differ_are_repaired_and_no_others(rowferry, copied):
    copied.target.run("DELETE FROM t WHERE id IN (1, 50, 100); UPDATE t SET a = 'zz' WHERE id = 20; UPDATE t SET b = NULL, n = 0 WHERE id = 21; UPDATE t SET a = 'A24' WHERE id = 24")
    copied.target.run("UPDATE t SET a = '' WHERE id = 22; UPDATE t SET a = 'a23 ' WHERE id = 23")
    copied.target.insert("t", [(-5, "x", "y", 1), (9999, None, None, None)])
    copied.source.run("UPDATE t SET a = NULL WHERE id = 30; UPDATE t SET a = 'a31' WHERE id = 32; UPDATE t SET a = 'a32' WHERE id = 31")
    run = repaired(rowferry, copied)
    assert states(run) == {"t": "repaired"} and done(run) == (3, 8, 2)


def test_a_dry_run_says_what_differs_and_changes_nothing(rowferry, copied):
    copied.target.run("DELETE FROM t WHERE id = 3; UPDATE t SET n = -1 WHERE id = 4")
    before = copied.target.rows("t")
    run = sync(rowferry, copied, "--dry-run").expect(1)
    assert sorted((e["what"], e["key"]) for e in run.events if e["event"] == "difference") == [("changed", "id=4"), ("only_source", "id=3")]
    assert states(run) == {"t": "differs"} and copied.target.rows("t") == before
    repaired(rowferry, copied)
    sync(rowferry, copied, "--dry-run").expect(0)


def test_what_the_user_does_not_want_is_left_and_said(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run(TABLE)
    pair.source.insert("t", ROWS)
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("DELETE FROM t WHERE id = 3; UPDATE t SET n = -1 WHERE id = 4; INSERT INTO t VALUES (1000, 'x', 'y', 1)")
    for option, left in (("--no-delete", {1000}), ("--no-insert", {3}), ("--no-update", {4})):
        pair.target.run("BEGIN; DELETE FROM t WHERE id IN (3, 4, 1000); INSERT INTO t VALUES (4, 'a4', 'b4', -1), (1000, 'x', 'y', 1); COMMIT")
        run = sync(rowferry, pair, option).expect(0)
        assert len(noted(run, "row.kept")) == 1 and states(run) == {"t": "kept"}
        ours = {row[0]: row for row in pair.source.query("SELECT * FROM t")}
        theirs = {row[0]: row for row in pair.target.query("SELECT * FROM t")}
        assert {key for key in ours.keys() | theirs.keys() if ours.get(key) != theirs.get(key)} == left
    repaired(rowferry, pair)


def test_unique_values_that_change_places(rowferry, pair):
    pair.source.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, u VARCHAR(20) NOT NULL UNIQUE, v INTEGER UNIQUE, w INTEGER NOT NULL, UNIQUE (w))")
    rows = [(i, f"u{i}", i, i + 500) for i in range(1, 61)]
    pair.source.insert("t", rows)
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("DELETE FROM t WHERE id <= 40")
    turned = [(i, f"u{i % 20 + 1}", i % 20 + 1, i % 20 + 501) for i in range(1, 21)]  # one circle of twenty
    pairs = [(i, f"u{i + (1 if i % 2 else -1)}", i + (1 if i % 2 else -1), i + 500) for i in range(21, 31)]  # five swaps
    chain = [(i, f"u{i + 1}", i + 1, i + 501) for i in range(31, 40)]  # each waits for the next one; row 40 is missing
    pair.target.insert("t", turned + pairs + chain + [(1000, "u31", 31, 531)])  # which holds what 31 needs, and has to go
    run = repaired(rowferry, pair)
    assert done(run) == (1, 39, 1)


def test_parents_come_before_children_and_go_after_them(rowferry, pair):
    pair.source.run("CREATE TABLE b_parent (id INTEGER NOT NULL PRIMARY KEY, n INTEGER)")
    pair.source.run("CREATE TABLE a_child (id INTEGER NOT NULL PRIMARY KEY, p INTEGER NOT NULL, FOREIGN KEY (p) REFERENCES b_parent (id))")
    pair.source.run("CREATE TABLE self (id INTEGER NOT NULL PRIMARY KEY, up INTEGER, FOREIGN KEY (up) REFERENCES self (id))")
    pair.source.insert("b_parent", [(i, i) for i in range(1, 11)])
    pair.source.insert("a_child", [(i, i % 10 + 1) for i in range(1, 31)])
    pair.source.insert("self", [(1, None)])
    pair.source.insert("self", [(i, i - 1) for i in range(2, 11)])
    rowferry.copy(*pair.urls).expect(0)
    pair.target.insert("b_parent", [(100, 1), (101, 2)])
    pair.target.insert("a_child", [(1000, 100), (1001, 101)])
    pair.target.insert("self", [(50, 10)])
    pair.target.insert("self", [(51, 50)])
    pair.target.insert("self", [(52, 51)])
    pair.target.run("UPDATE a_child SET p = 100 WHERE id = 5; DELETE FROM a_child WHERE id = 7")
    pair.source.insert("b_parent", [(200, 1)])
    pair.source.insert("a_child", [(2000, 200)])
    pair.source.insert("self", [(61, None)])
    pair.source.insert("self", [(60, 61)])
    repaired(rowferry, pair)


def test_rows_that_others_hang_on_by_cascade_are_not_lost(rowferry, pair):
    pair.source.run("CREATE TABLE p (id INTEGER NOT NULL PRIMARY KEY, n INTEGER)")
    pair.source.run("CREATE TABLE c (id INTEGER NOT NULL PRIMARY KEY, p INTEGER, FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE)")
    pair.source.insert("p", [(1, 1), (2, 2)])
    pair.source.insert("c", [(i, 1) for i in range(1, 11)])
    rowferry.copy(*pair.urls).expect(0)
    pair.target.insert("p", [(9, 9)])
    pair.target.run("UPDATE c SET p = 9 WHERE id > 5")
    repaired(rowferry, pair)
    assert pair.target.count("c") == 10


def test_a_row_that_another_table_hangs_on_by_cascade_is_not_deleted_without_it(rowferry, pair):
    for end in (pair.source, pair.target):
        end.run("CREATE TABLE p (id INTEGER NOT NULL PRIMARY KEY, n INTEGER)")
    pair.source.insert("p", [(1, 1)])
    pair.target.run("CREATE TABLE own (id INTEGER NOT NULL PRIMARY KEY, p INTEGER, FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE)")
    pair.target.insert("p", [(9, 9), (10, 10)])
    pair.target.insert("own", [(1, 9)])
    run = sync(rowferry, pair).expect(1)
    assert states(run) == {"p": "differs"} and done(run, "p") == (1, 0, 1)
    assert [(row["change"], row["key"], row["code"]) for row in run.result["tables"][0]["first_refused"]] == [("delete", "id=9", "row.referenced")]
    assert pair.target.count("own") == 1 and sorted(row[0] for row in pair.target.query("SELECT id FROM p")) == [1, 9]


def test_a_row_whose_going_would_go_on_to_others_by_itself_stays(rowferry, pair):
    """self <- self <- c: rows that both sides have hang on one that only the target has."""
    for end in (pair.source, pair.target):
        end.run("CREATE TABLE self (id INTEGER NOT NULL PRIMARY KEY, p INTEGER, note VARCHAR(9), FOREIGN KEY (p) REFERENCES self (id) ON DELETE CASCADE)")
        end.run("CREATE TABLE c (id INTEGER NOT NULL PRIMARY KEY, s INTEGER, FOREIGN KEY (s) REFERENCES self (id) ON DELETE CASCADE)")
        end.insert("self", [(1, None, "")])
        end.insert("self", [(2, 1, "")])
        end.insert("c", [(10, 2)])
    pair.target.insert("self", [(8, None, "")])
    pair.target.run("UPDATE self SET p = 8, note = 'own' WHERE id = 2; DELETE FROM self WHERE id = 1")
    run = sync(rowferry, pair, "--no-insert", "--no-update").expect(1)
    assert states(run)["self"] == "differs" and pair.target.count("c") == 1 and pair.target.count("self") == 2
    repaired(rowferry, pair)


ODD = {  # types whose values travel as their text
    "tsvector": ("'fat cat'", "'dog'"), "tsquery": ("'a & b'", "'c'"), "int4multirange": ("'{[1,2]}'", "'{[3,9]}'"), "jsonpath": ("'$.a'", "'$.b'"), "regtype": ("'text'", "'date'"), "regclass": ("'pg_class'", "'pg_proc'"),
    "money": ("'12.5'", "'13'"), "int4range": ("'[1,5)'", "'[2,3)'"), "xid8": ("'5'", "'7'"), "own": ("'good'", "'bad'"), "own[]": ("'{good,bad}'", "'{bad}'"), "tid": ("'(0,1)'", "'(2,3)'"), "pg_lsn": ("'0/1'", "'0/2'"), "point": ("'(1,2)'", "'(3,4)'"),
}


@pytest.mark.parametrize("together", [False, True], ids=["one by one", "in one table"])
def test_values_that_travel_as_text_are_repaired(rowferry, pair_of, together):
    pair = pair_of("postgres-postgres")
    for end in (pair.source, pair.target):
        end.run("CREATE TYPE public.own AS ENUM ('good', 'bad')")
    columns = [f'"{name}" {name}' for name in ODD]
    tables = {"t": columns} if together else {f"t{i}": [column] for i, column in enumerate(columns)}
    for end, place in ((pair.source, 0), (pair.target, 1)):
        values = [ODD[name][place] for name in ODD]
        for i, (table, own) in enumerate(tables.items()):
            end.run(f"CREATE TABLE {table} (id int PRIMARY KEY, {', '.join(own)}); CREATE TABLE k{table} ({', '.join(own)})")
            mine = ", ".join(values if together else [values[i]])
            end.run(f"INSERT INTO {table} VALUES (1, {mine}), ({2 + place}, {mine}); INSERT INTO k{table} VALUES ({mine})")
    sync(rowferry, pair).expect(0)
    for table in [*tables, *(f"k{table}" for table in tables)]:
        mine, theirs = (sorted(end.query(f"SELECT x::text FROM {table} x")) for end in (pair.source, pair.target))
        assert mine == theirs
    assert set(states(sync(rowferry, pair).expect(0)).values()) == {"identical"}


def test_keys_that_wait_for_the_commit_hold_nothing_else_up(rowferry, pair_of):
    for name in ("sqlite-sqlite", "postgres-postgres"):
        pair = pair_of(name)
        for end in (pair.source, pair.target):
            end.run("CREATE TABLE a (id INTEGER NOT NULL PRIMARY KEY); CREATE TABLE b (id INTEGER NOT NULL PRIMARY KEY, a INTEGER REFERENCES a (id) DEFERRABLE INITIALLY DEFERRED); CREATE TABLE z (id INTEGER NOT NULL PRIMARY KEY)")
            end.insert("a", [(1,), (2,)])
        pair.source.insert("b", [(1, 1), (2, 2)])
        pair.source.insert("z", [(1,)])
        pair.target.run("DELETE FROM a WHERE id = 2")
        run = sync(rowferry, pair, "--exclude", "a").expect(1)
        assert done(run, "b") == (1, 0, 0) and done(run, "z") == (1, 0, 0)
        repaired(rowferry, pair)


def test_unique_values_change_places_by_way_of_null(rowferry, pair_of):
    pair = pair_of("mariadb-mariadb")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER UNIQUE, e ENUM('a', 'b') UNIQUE)")
    pair.source.insert("t", [(1, 2147483647, "a"), (2, -2147483648, "b")])
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("UPDATE t SET n = NULL, e = NULL; UPDATE t SET n = -2147483648, e = 'b' WHERE id = 1; UPDATE t SET n = 2147483647, e = 'a' WHERE id = 2")
    assert done(repaired(rowferry, pair)) == (0, 2, 0)


def test_a_table_without_a_key_is_repaired_row_by_row(rowferry, pair):
    pair.source.run("CREATE TABLE t (a INTEGER, b VARCHAR(9))")
    pair.source.insert("t", [(1, "x")] * 5 + [(2, "y")] * 3 + [(None, None)] * 2 + [(3, "z"), (4, "Ä")])
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("UPDATE t SET b = 'w' WHERE a = 3; UPDATE t SET b = 'ä' WHERE a = 4")
    pair.target.insert("t", [(2, "y"), (2, "y"), (None, None), (7, "x")])
    pair.source.insert("t", [(1, "x"), (1, "x")])
    repaired(rowferry, pair)


def test_rows_of_a_file_that_nothing_can_name_are_left(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    pair.source.run("CREATE TABLE t (rowid TEXT, _rowid_ TEXT, oid TEXT)")
    pair.source.insert("t", [("a", "b", "c")])
    rowferry.copy(*pair.urls).expect(0)
    pair.target.insert("t", [("x", "y", "z")])
    pair.source.insert("t", [("d", "e", "f")])
    run = sync(rowferry, pair).expect(1)
    assert done(run) == (1, 0, 0) and [row["code"] for row in run.result["tables"][0]["first_refused"]] == ["sync.row_number"]
    assert pair.target.count("t") == 3


def test_texts_as_keys(rowferry, pair):
    pair.source.run("CREATE TABLE t (k VARCHAR(40) NOT NULL PRIMARY KEY, n INTEGER)")
    keys = [f"{word}{i}" for i in range(30) for word in ("Zug", "zag ", "äpfel", "_x", "日本", "b-")]
    pair.source.insert("t", [(key + ".", i) for i, key in enumerate(keys)])
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("DELETE FROM t WHERE k = 'äpfel7.'; UPDATE t SET n = -1 WHERE k = 'Zug3.'; UPDATE t SET k = 'ZUG4.' WHERE k = 'Zug4.'; INSERT INTO t VALUES ('neu', 1)")
    repaired(rowferry, pair)


def test_a_key_that_the_target_takes_for_another_one_is_taken_over(rowferry, pair_of):
    for name in ("sqlite-mariadb", "postgres-mariadb", "mariadb-mariadb"):
        pair = pair_of(name)
        pair.target.run("CREATE TABLE t (k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL PRIMARY KEY, n INTEGER)")
        pair.target.run("CREATE TABLE own (id INTEGER NOT NULL PRIMARY KEY, k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, FOREIGN KEY (k) REFERENCES t (k))")
        pair.target.insert("t", [("abc", 1), ("def", 2), ("x ", 3)])
        pair.target.insert("own", [(1, "abc")])
        pair.source.run("CREATE TABLE t (k VARCHAR(20) NOT NULL PRIMARY KEY, n INTEGER)")
        pair.source.insert("t", [("ABC", 1), ("def", 3), ("x", 3)])
        sync(rowferry, pair).expect(0)
        assert sorted(pair.target.query("SELECT k, n FROM t")) == [("ABC", 1), ("def", 3), ("x", 3)] and pair.target.count("own") == 1


def test_a_table_that_the_target_lacks_is_copied(rowferry, copied):
    copied.source.run("CREATE TABLE fresh (id INTEGER NOT NULL PRIMARY KEY, other INTEGER, FOREIGN KEY (other) REFERENCES t (id))")
    copied.source.insert("fresh", [(i, i) for i in range(1, 51)])
    copied.target.run("DELETE FROM t WHERE id = 10")
    run = sync(rowferry, copied, "--dry-run").expect(1)
    assert states(run) == {"t": "differs", "fresh": "differs"} and "fresh" not in copied.target.tables()
    run = sync(rowferry, copied).expect(0)
    assert states(run) == {"t": "repaired", "fresh": "copied"}
    assert_same_rows(copied.source, copied.target)
    assert copied.target.primary_key("fresh") == ["id"]
    assert states(sync(rowferry, copied).expect(0)) == {"t": "identical", "fresh": "identical"}


@pytest.mark.parametrize("name", ["sqlite-sqlite", "sqlite-postgres", "postgres-mariadb"])
@pytest.mark.parametrize("point", ["ledger.begin.after", "writer.commit.after"])
def test_a_sync_killed_while_it_copies_is_gone_on_with(rowferry, faulty, pair_of, name, point):
    pair = pair_of(name)
    pair.source.run(TABLE + "; CREATE TABLE old (id INTEGER NOT NULL PRIMARY KEY)")
    pair.source.insert("old", [(1,)])
    rowferry.copy(*pair.urls, "-t", "old").expect(0)
    pair.source.insert("t", ROWS)
    options = ("--page-size", "10", "--jobs", "1")
    faulty.with_fault(f"{point}:{2 if point.startswith('writer') else 1}=kill")("sync", *pair.urls, *options).expect(KILLED)
    run = sync(rowferry, pair, *options).expect(0)
    assert states(run)["t"] == "copied"
    assert_same_rows(pair.source, pair.target)
    assert pair.target.ledger_rows() == 0 and set(states(sync(rowferry, pair).expect(0)).values()) == {"identical"}


def test_columns_that_one_side_lacks_are_told_and_the_others_repaired(rowferry, copied):
    copied.source.run("ALTER TABLE t ADD COLUMN extra INTEGER")
    copied.target.run("ALTER TABLE t ADD COLUMN own VARCHAR(9) DEFAULT 'mine'")
    copied.target.run("UPDATE t SET n = 0 WHERE id = 1; DELETE FROM t WHERE id = 2")
    run = sync(rowferry, copied).expect(1)
    assert done(run) == (1, 1, 0) and states(run) == {"t": "differs"}
    assert sorted(run.result["tables"][0]["notes"]) == ["column extra: missing at the target", "column own: only at the target"]
    assert sorted(copied.target.query("SELECT id, n, own FROM t WHERE id < 3")) == [(1, 3, "mine"), (2, 6, "mine")]


def test_columns_in_another_order_and_of_other_types(rowferry, pair):
    pair.source.run(TABLE)
    pair.source.insert("t", ROWS)
    pair.target.run("CREATE TABLE t (n BIGINT, b VARCHAR(90), id BIGINT NOT NULL PRIMARY KEY, a VARCHAR(80))")
    pair.target.insert("t", [(i * 3, f"b{i}", i, f"a{i}") for i in range(1, 101) if i % 7])
    pair.target.run("UPDATE t SET a = 'x' WHERE id % 5 = 0")
    sync(rowferry, pair).expect(0)
    assert sorted(pair.target.query("SELECT id, a, b, n FROM t")) == ROWS


def test_a_value_that_the_target_does_not_take_is_named_and_the_rest_repaired(rowferry, pair_of):
    for name in ("sqlite-postgres", "postgres-mariadb", "sqlite-mariadb"):
        pair = pair_of(name)
        pair.source.run(TABLE)
        pair.source.insert("t", ROWS)
        rowferry.copy(*pair.urls).expect(0)
        pair.target.run("DELETE FROM t WHERE id IN (1, 2, 3); ALTER TABLE t ADD CONSTRAINT few CHECK (n <> 6)")
        run = sync(rowferry, pair).expect(1)
        assert done(run) == (2, 0, 0) and states(run) == {"t": "differs"}
        refused = run.result["tables"][0]["first_refused"]
        assert [(row["change"], row["key"]) for row in refused] == [("insert", "id=2")] and "few" in refused[0]["reason"]


def test_only_some_rows_of_some_tables(rowferry, copied):
    copied.source.run("CREATE TABLE other (id INTEGER NOT NULL PRIMARY KEY)")
    copied.target.run("UPDATE t SET n = 0")
    run = sync(rowferry, copied, "-t", "t", "--where", "t=id <= 10").expect(0)
    assert done(run) == (0, 10, 0) and "other" not in copied.target.tables()
    assert copied.target.one("SELECT count(*) FROM t WHERE n = 0") == 90


@pytest.mark.parametrize("name", ["sqlite-sqlite", "sqlite-postgres", "postgres-mariadb", "mariadb-mariadb"])
def test_a_second_sync_of_a_table_is_refused_or_waits(rowferry, faulty, pair_of, tmp_path, name):
    pair = pair_of(name)
    pair.source.run(TABLE)
    pair.source.insert("t", ROWS)
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("UPDATE t SET n = 0 WHERE id = 1")
    go_on, trace = tmp_path / "go", tmp_path / "trace"
    first = faulty.with_env(ROWFERRY_FAULT=f"mender.apply.before:1=hold:{go_on}", ROWFERRY_FAULT_TRACE=trace).start("sync", *pair.urls)
    wait_until(lambda: trace.exists() and "mender.apply.before" in trace.read_text())
    run = sync(rowferry, pair).expect(3)
    assert run.error["code"] == "sync.running" and "--wait" in run.error["hint"]
    third = rowferry.start("sync", *pair.urls, "--wait", "--output", "json")
    go_on.touch()
    first.wait().expect(0)
    assert states(third.wait().expect(0)) == {"t": "identical"}


def test_triggers_that_change_rows_are_found_out(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run(TABLE)
    pair.source.insert("t", ROWS)
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.n = 7; RETURN NEW; END'")
    pair.target.run("CREATE TRIGGER spoil BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION spoil()")
    sync(rowferry, pair).expect(0)
    pair.target.run("DELETE FROM t WHERE id = 5")
    run = sync(rowferry, pair).expect(1)
    assert states(run) == {"t": "differs"} and noted(run, "trigger.fires")
    assert run.result["tables"][0]["left"] == 1


def test_what_a_server_sets_by_itself_is_set_as_the_source_has_it(rowferry, pair_of):
    pair = pair_of("mariadb-mariadb")
    pair.source.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, n INTEGER, at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)")
    pair.source.run("INSERT INTO t VALUES (1, 1, '2020-01-01 00:00:00'), (2, 2, '2020-01-02 00:00:00')")
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("UPDATE t SET n = 9, at = '2020-01-01 00:00:00' WHERE id = 1")
    run = repaired(rowferry, pair)
    assert done(run) == (0, 1, 0)


def test_numbers_go_on_behind_the_rows_that_came(rowferry, pair):
    number = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT", "postgres": "INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY"}.get(pair.name.split("-")[0], "INTEGER AUTO_INCREMENT PRIMARY KEY")
    pair.source.run(f"CREATE TABLE t (id {number}, a VARCHAR(9))")
    pair.source.run("INSERT INTO t (a) VALUES ('x'), ('y')")
    rowferry.copy(*pair.urls).expect(0)
    pair.source.run("INSERT INTO t (a) VALUES ('p'), ('q'), ('r')")
    repaired(rowferry, pair)
    pair.target.run("INSERT INTO t (a) VALUES ('z')")
    assert pair.target.one("SELECT id FROM t WHERE a = 'z'") == 6


def test_a_killed_sync_leaves_the_numbers_to_the_next_one(rowferry, faulty, pair):
    number = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT", "postgres": "INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY"}.get(pair.name.split("-")[0], "INTEGER AUTO_INCREMENT PRIMARY KEY")
    pair.source.run(f"CREATE TABLE t (id {number}, a VARCHAR(9))")
    pair.source.run("INSERT INTO t (a) VALUES ('x')")
    rowferry.copy(*pair.urls).expect(0)
    pair.source.run("INSERT INTO t (a) VALUES ('p'), ('q'), ('r')")
    pair.source.run("DELETE FROM t WHERE a = 'r'")
    faulty.with_fault("mender.commit.after:1=kill")("sync", *pair.urls).expect(KILLED)
    assert pair.target.count("t") == 3
    assert done(sync(rowferry, pair).expect(0)) == (0, 0, 0)
    pair.target.run("INSERT INTO t (a) VALUES ('z')")
    assert pair.target.one("SELECT id FROM t WHERE a = 'z'") == 5


def test_numbers_that_may_not_be_raised_are_named(rowferry, pair_of, user):
    pair = pair_of("postgres-postgres")
    for end, rows in ((pair.source, 3), (pair.target, 1)):
        end.run("CREATE TABLE t (id INTEGER GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, a INTEGER)")
        end.run(f"INSERT INTO t (a) SELECT generate_series(1, {rows})")
    reader = user(pair.source, "GRANT SELECT ON t TO {user}")
    writer = user(pair.target, "GRANT SELECT, INSERT ON t TO {user}")
    run = rowferry("verify", reader, writer, "--output", "json").expect(1)
    assert run.result["tables"][0]["only_source"] == 2
    run = rowferry("sync", reader, writer, "--output", "json").expect(0)
    assert done(run) == (2, 0, 0) and noted(run, "identity.unknown")
    pair.source.run("INSERT INTO t (a) VALUES (9)")
    run = rowferry("sync", pair.source.url, writer, "--output", "json").expect(0)
    assert done(run) == (1, 0, 0) and noted(run, "identity.behind")
    run = rowferry.copy(reader, pair.target.url, "--existing", "truncate").expect(3)
    assert "sequence.unreadable" in str(run.events) and pair.target.count("t") == 4


def test_an_enum_without_any_of_its_labels_comes_and_goes(rowferry, pair_of):
    pair = pair_of("mariadb-mariadb")
    for end, here, there in ((pair.source, "2", "1"), (pair.target, "1", "3")):
        end.run("CREATE TABLE t (id INTEGER PRIMARY KEY, e ENUM('a', 'b'), f ENUM('ä', '') CHARACTER SET latin1)")
        end.run(f"SET STATEMENT sql_mode = '' FOR INSERT INTO t VALUES (1, 'none', 'ä'), (2, 'a', 'none'), ({there} + 9, 'none', 'none')")
        end.run(f"SET STATEMENT sql_mode = '' FOR UPDATE t SET e = IF(e = 'a', 'none', 'a') WHERE id = {here}")
    run = sync(rowferry, pair).expect(0)
    assert done(run) == (1, 2, 1)
    assert sorted(pair.source.query("SELECT id, e + 0, f + 0 FROM t")) == sorted(pair.target.query("SELECT id, e + 0, f + 0 FROM t"))


def test_labels_beyond_the_basic_plane_are_repaired(rowferry, pair_of):
    pair = pair_of("mariadb-mariadb")
    for end, e, s in ((pair.source, "😀", "b,😀"), (pair.target, "a", "b")):
        end.run("CREATE TABLE t (id INTEGER PRIMARY KEY, e ENUM('a', '😀'), s SET('b', '😀')) CHARACTER SET utf8mb4")
        end.insert("t", [(1, e, s)])
    assert done(repaired(rowferry, pair)) == (0, 1, 0)


KEYS = {"sqlite": "INTEGER PRIMARY KEY", "postgres": "integer PRIMARY KEY", "mariadb": "integer PRIMARY KEY"}


@pytest.mark.parametrize("action", ["CASCADE", "SET NULL"])
@pytest.mark.parametrize("name", ["sqlite-sqlite", "postgres-postgres", "mariadb-mariadb", "sqlite-postgres"])
def test_rows_without_a_key_do_not_take_others_with_them(rowferry, pair_of, name, action):
    """row.followed"""
    pair = pair_of(name)
    pair.source.run("CREATE TABLE p (id integer, n varchar(20)); INSERT INTO p VALUES (1, 'a'), (2, 'new')")
    pair.target.run(f"CREATE TABLE p (id {KEYS[pair.target.kind]}, n varchar(20)); CREATE TABLE k (id {KEYS[pair.target.kind]}, pid integer, FOREIGN KEY (pid) REFERENCES p (id) ON DELETE {action})")
    pair.target.run("INSERT INTO p VALUES (1, 'a'), (2, 'old'), (3, 'gone'); INSERT INTO k VALUES (1, 1), (2, 2), (3, 3)")
    run = sync(rowferry, pair, "-t", "p").expect(3)
    assert run.result["tables"][0]["errors"][0]["code"] == "row.followed", run
    assert sorted(pair.target.query("SELECT * FROM k")) == [(1, 1), (2, 2), (3, 3)] and pair.target.count("p") == 3


@pytest.mark.parametrize("name", ["sqlite-sqlite", "postgres-postgres", "mariadb-mariadb"])
def test_rows_that_follow_a_value_keep_theirs(rowferry, pair_of, name):
    pair = pair_of(name)
    for end, rows in ((pair.source, "(1, 'z'), (2, 'x')"), (pair.target, "(1, 'x')")):
        end.run(f"CREATE TABLE p (id {KEYS[end.kind]}, code varchar(9) NOT NULL UNIQUE); CREATE TABLE k (id {KEYS[end.kind]}, code varchar(9), FOREIGN KEY (code) REFERENCES p (code) ON UPDATE CASCADE); INSERT INTO p VALUES {rows}")
    pair.source.run("INSERT INTO k VALUES (1, 'x'), (3, 'z')")
    pair.target.run("INSERT INTO k VALUES (1, 'x'), (3, 'x')")
    run = sync(rowferry, pair, "-t", "p").expect(3)
    assert run.result["tables"][0]["errors"][0]["code"] == "row.followed", run
    assert sorted(pair.target.query("SELECT * FROM k")) == [(1, "x"), (3, "x")]
    script = rowferry("sync", *pair.urls, "--print-sql")
    assert script.status == 3 and not re.search(r"UPDATE .*[\"`]p[\"`]", script.out), script
    repaired(rowferry, pair)


def test_rows_of_another_database_are_not_taken_along(rowferry, pair_of):
    pair = pair_of("mariadb-mariadb")
    other = pair.target.name + "_o"
    for end in (pair.source, pair.target):
        end.run("CREATE TABLE p (id integer PRIMARY KEY)")
    pair.target.run(f"INSERT INTO p VALUES (1), (2); CREATE DATABASE {other}; CREATE TABLE {other}.k (pid integer, FOREIGN KEY (pid) REFERENCES {pair.target.name}.p (id) ON DELETE CASCADE); INSERT INTO {other}.k VALUES (1)")
    try:
        sync(rowferry, pair).expect(1)
        assert pair.target.one(f"SELECT count(*) FROM {other}.k") == 1 and pair.target.query("SELECT id FROM p") == [(1,)]
    finally:
        pair.target.run(f"DROP DATABASE {other}")


def test_a_row_that_cannot_be_read_keeps_that_of_the_target(rowferry, pair_of):
    """row.unsure"""
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, v varchar(10))")
    pair.source.insert("t", [(1, "a"), (777, "much too long a value")])
    pair.target.run("CREATE TABLE t (id integer PRIMARY KEY, v varchar(10)); INSERT INTO t VALUES (1, 'b'), (777, 'b777'), (800, 'more')")
    run = sync(rowferry, pair).expect(1)
    assert sorted(pair.target.query("SELECT id, v FROM t")) == [(1, "a"), (777, "b777"), (800, "more")]
    assert "are not deleted: rows of the source cannot be read" in str(run.result["tables"][0]["notes"])


def test_columns_without_the_key_delete_nothing(rowferry, pair_of):
    """key.left_out"""
    pair = pair_of("postgres-postgres")
    for end, rows in ((pair.source, "(1, 1, 1), (2, 2, 2)"), (pair.target, "(1, 1, 9), (2, 2, 5)")):
        end.run(f"CREATE TABLE t (id int PRIMARY KEY, a int, b int NOT NULL DEFAULT 5); INSERT INTO t VALUES {rows}")
    run = sync(rowferry, pair, "--columns", "t=a,b").expect(3)
    assert run.result["tables"][0]["errors"][0]["code"] == "key.left_out"
    assert sorted(pair.target.query("SELECT * FROM t")) == [(1, 1, 9), (2, 2, 5)]


def test_a_name_that_is_no_table_comes_and_goes(rowferry, pair_of):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, c regclass); INSERT INTO t VALUES (1, 0), (2, 'pg_class'), (3, 999999)")
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("UPDATE t SET c = 'pg_type'; DELETE FROM t WHERE id = 3")
    assert done(repaired(rowferry, pair)) == (1, 2, 0)


@pytest.mark.parametrize("name", ["sqlite-postgres", "sqlite-mariadb"])
def test_nothing_is_changed_when_the_tables_are_not_held_any_more(rowferry, faulty, pair_of, tmp_path, name):
    pair = pair_of(name)
    pair.source.run(TABLE)
    pair.source.insert("t", ROWS)
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("UPDATE t SET n = 0 WHERE id = 1")
    go_on, trace = tmp_path / "go", tmp_path / "trace"
    run = faulty.with_env(ROWFERRY_FAULT=f"reader.open.before:1=hold:{go_on}", ROWFERRY_FAULT_TRACE=trace).start("sync", *pair.urls, "--output", "json")
    wait_until(lambda: trace.exists() and "reader.open.before" in trace.read_text())
    if pair.target.kind == "postgres":
        pair.target.query("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")
    else:
        for (id,) in pair.target.query("SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()"):
            pair.target.run(f"KILL {id}")
    go_on.touch()
    found = run.wait().expect(3)
    assert found.error["code"] == "sync.hold_lost" and pair.target.one("SELECT n FROM t WHERE id = 1") == 0
    assert states(sync(rowferry, pair).expect(0)) == {"t": "repaired"}


def test_a_user_who_may_only_read_the_target_is_told(rowferry, pair_of, user):
    pair = pair_of("sqlite-postgres")
    pair.source.run(TABLE)
    pair.source.insert("t", ROWS)
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("DELETE FROM t WHERE id = 1")
    reader = user(pair.target, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {user}")
    run = rowferry("sync", pair.source.url, reader, "--output", "json").expect(3)
    assert "permission denied" in str(run.events)
    assert pair.target.count("t") == 99


def test_a_table_that_may_not_be_changed_keeps_no_other_from_it(rowferry, pair_of, user):
    pair = pair_of("sqlite-postgres")
    for end, n in ((pair.source, 1), (pair.target, 2)):
        end.run("CREATE TABLE a (id INTEGER PRIMARY KEY, n INTEGER); CREATE TABLE b (id INTEGER PRIMARY KEY, n INTEGER)")
        for table in "ab":
            end.insert(table, [(1, n)])
    writer = user(pair.target, "GRANT SELECT ON a, b TO {user}; GRANT UPDATE ON b TO {user}")
    run = rowferry("sync", pair.source.url, writer, "--output", "json").expect(3)
    assert states(run) == {"a": "failed", "b": "repaired"} and pair.target.one("SELECT n FROM b") == 1


def test_a_table_that_cannot_be_made_says_why(rowferry, pair_of):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TABLE none (); CREATE TABLE a (id int PRIMARY KEY)")
    run = sync(rowferry, pair).expect(3)
    assert "no columns" in str([table["errors"] for table in run.result["tables"]])


@pytest.mark.parametrize("name", ["sqlite-sqlite", "sqlite-postgres", "postgres-mariadb", "mariadb-mariadb"])
@pytest.mark.parametrize("point", ["mender.apply.after", "mender.commit.before", "mender.commit.after"])
def test_a_killed_sync_is_finished_by_the_next_one(rowferry, faulty, pair_of, name, point):
    pair = pair_of(name)
    pair.source.run(TABLE + "; CREATE TABLE k (a INTEGER)")
    pair.source.insert("t", ROWS)
    pair.source.insert("k", [(1,), (1,), (2,)])
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("DELETE FROM t WHERE id % 3 = 0; UPDATE t SET n = 0 WHERE id % 5 = 1; INSERT INTO t VALUES (500, 'x', 'y', 1); DELETE FROM k WHERE a = 2; INSERT INTO k VALUES (1)")
    for number in (1, 2, 3):
        run = faulty.with_fault(f"{point}:{number}=kill")("sync", *pair.urls)
        assert run.status in (0, KILLED)
    repaired(rowferry, pair)


@pytest.mark.parametrize("name", ["sqlite-postgres", "postgres-mariadb"])
def test_a_connection_that_is_cut_while_repairing(rowferry, faulty, pair_of, name):
    pair = pair_of(name)
    pair.source.run(TABLE + "; CREATE TABLE k (a INTEGER)")
    pair.source.insert("t", ROWS)
    pair.source.insert("k", [(1,), (1,), (2,)])
    rowferry.copy(*pair.urls).expect(0)
    for point in ("mender.apply.after:2=transient", "mender.commit.before:1=transient", "mender.commit.after:1=ambiguous", "mender.commit.before:2=ambiguous"):
        pair.target.run("DELETE FROM t WHERE id % 3 = 0; UPDATE t SET n = 0 WHERE id % 5 = 1; DELETE FROM k WHERE a = 2; INSERT INTO k VALUES (1)")
        faulty.with_fault(point)("sync", *pair.urls).expect(0)
        assert_same_rows(pair.source, pair.target)


def test_a_table_that_a_copy_is_still_loading_is_left_alone(rowferry, faulty, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run(TABLE)
    pair.source.insert("t", ROWS)
    faulty.with_fault("writer.commit.after:1=kill").copy(*pair.urls).expect(KILLED)
    run = sync(rowferry, pair).expect(3)
    assert run.result["tables"][0]["errors"][0]["code"] == "copy.unfinished"
    rowferry.copy(*pair.urls).expect(0)
    assert states(sync(rowferry, pair).expect(0)) == {"t": "identical"}


@pytest.mark.parametrize("options", [(), ("--where", "/^t/=id > 0", "--map", "t=u*", "--rule", "zero-date=null")], ids=["", "with a selection"])
def test_a_copy_of_a_changed_source_names_the_sync_that_closes_the_gap(rowferry, faulty, pair_of, options):
    pair = pair_of("sqlite-sqlite")
    pair.source.run(TABLE + "; CREATE TABLE still (id INTEGER PRIMARY KEY)")
    pair.source.insert("t", ROWS)
    options = ["--page-size", "10", "--jobs", "1", *options]
    faulty.with_fault("writer.commit.after:3=kill").copy(*pair.urls, *options).expect(KILLED)
    pair.source.run("UPDATE t SET n = n + 1; DELETE FROM t WHERE id = 2; INSERT INTO t VALUES (0, 'new', '', 0), (500, 'new', '', 0)")
    run = rowferry.copy(*pair.urls, *options).expect(1)
    commands = [shlex.split(command) for command in run.result["sync_commands"]]
    assert [command[:2] for command in commands] == [["rowferry", "sync"]] and "-t t" in " ".join(commands[0])
    rowferry(*commands[0][1:]).expect(0)
    there = "u*" if "--map" in options else "t"
    assert pair.target.rows(there) == pair.source.rows("t") if not there == "u*" else sorted(pair.target.query('SELECT * FROM "u*"')) == sorted(pair.source.query("SELECT * FROM t WHERE id > 0"))


def test_the_same_database_is_refused(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    pair.source.run(TABLE)
    run = rowferry("sync", pair.source.url, pair.source.url, "--output", "json").expect(2)
    assert run.error["code"] == "ends.same"


def test_the_report_for_people(rowferry, copied):
    copied.target.run("DELETE FROM t WHERE id = 3; UPDATE t SET n = -1 WHERE id = 4")
    text = rowferry("sync", *copied.urls, "--dry-run").expect(1).out
    assert "2 rows" not in text and "only at the source: id=3" in text and "differs: id=4 (n)" in text
    text = rowferry("sync", *copied.urls).expect(0).out
    assert "1 repaired" in text and "2 rows changed" in text
