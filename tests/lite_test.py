"""Quick runs: rows past the marks of earlier runs are carried over, nothing is deleted, nothing is proven."""

import pytest
from check_test import user
from compare import assert_same_rows
from program import KILLED
from sync_test import done, states, sync

assert user  # a fixture

MOMENT = {"sqlite": "TIMESTAMP", "postgres": "TIMESTAMP(6)"}
ROWS = [(i, f"a{i}", f"2024-01-01 {i // 60:02}:{i % 60:02}:00") for i in range(1, 101)]
MARK = ROWS[-1][2]


def make(end, rows=ROWS, column="updated_at", name="t"):
    end.run(f"CREATE TABLE {name} (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(40), {column} {MOMENT.get(end.kind, 'DATETIME(6)')})")
    end.insert(name, rows)


def lite(rowferry, pair, *options):
    return sync(rowferry, pair, "--lite", *options)


def looked(run, name="t"):
    """How many of the source's rows were looked at."""
    return next(table["source_rows"] for table in run.result["tables"] if table["target"].split(".")[-1] == name)


def notes(run):
    return [note for table in run.result["tables"] for note in table["notes"]]


def errors(run):
    return [error["code"] for table in run.result["tables"] for error in table["errors"]]


def marks(end):
    name = "rowferry.sync_marks" if end.kind == "postgres" else "_rowferry_sync_marks"
    return sorted(end.query(f"SELECT tbl, last_key, last_time, before_key, before_time FROM {name}"))


@pytest.fixture
def marked(rowferry, pair):
    """A copy with the marks of two runs."""
    make(pair.source)
    rowferry.copy(*pair.urls).expect(0)
    for _ in range(2):
        run = lite(rowferry, pair).expect(0)
        assert states(run) == {"t": "not_proven"} and done(run) == (0, 0, 0) and looked(run) == 100
    return pair


def marked_pair(rowferry, pair, **how):
    make(pair.source, **how)
    rowferry.copy(*pair.urls).expect(0)
    for _ in range(2):
        lite(rowferry, pair).expect(0)
    return pair


def test_new_and_changed_rows_are_carried_over(rowferry, marked):
    run = lite(rowferry, marked).expect(0)
    assert looked(run) == 1  # the one at both marks
    marked.source.run("INSERT INTO t VALUES (101, 'new', '2024-01-02 00:00:00'), (500, NULL, NULL); UPDATE t SET a = 'one', updated_at = '2024-01-02 00:00:00' WHERE id = 1")
    marked.source.run(f"UPDATE t SET a = 'tie', updated_at = '{MARK}' WHERE id = 2; UPDATE t SET a = NULL, updated_at = '2024-01-02 00:00:00.000001' WHERE id = 3")
    dry = lite(rowferry, marked, "--dry-run").expect(1)
    assert sorted((e["what"], e["key"]) for e in dry.events if e["event"] == "difference") == [("changed", "id=1"), ("changed", "id=2"), ("changed", "id=3"), ("only_source", "id=101"), ("only_source", "id=500")]
    before = marks(marked.target)
    run = lite(rowferry, marked).expect(0)
    assert done(run) == (2, 3, 0) and looked(run) == 6
    assert_same_rows(marked.source, marked.target)
    assert before != marks(marked.target)
    assert states(sync(rowferry, marked).expect(0)) == {"t": "identical"}


def test_a_row_that_was_committed_late_is_seen_by_the_run_after(rowferry, marked):
    marked.source.run("UPDATE t SET a = 'x', updated_at = '2024-01-03 00:00:00' WHERE id = 6; INSERT INTO t VALUES (200, 'x', '2024-01-03 00:00:00')")
    assert done(lite(rowferry, marked).expect(0)) == (1, 1, 0)  # its marks are these
    marked.source.run("UPDATE t SET a = 'late', updated_at = '2024-01-02 00:00:00' WHERE id = 5; INSERT INTO t VALUES (150, 'late', NULL)")
    assert done(lite(rowferry, marked).expect(0)) == (1, 1, 0)
    assert_same_rows(marked.source, marked.target)


@pytest.mark.parametrize("name", ["postgres-sqlite", "mariadb-postgres"])
def test_a_transaction_that_is_open_during_a_run(rowferry, pair_of, name):
    pair = marked_pair(rowferry, pair_of(name))
    with pair.source.connect() as late:
        if name.startswith("postgres"):
            late.autocommit = False
        cursor = late.cursor()
        cursor.execute("BEGIN")
        cursor.execute("UPDATE t SET a = 'late', updated_at = '2024-01-02 00:00:00' WHERE id = 5")
        cursor.execute("INSERT INTO t VALUES (150, 'late', NULL)")
        pair.source.run("UPDATE t SET a = 'x', updated_at = '2024-01-03 00:00:00' WHERE id = 6; INSERT INTO t VALUES (200, 'x', NULL)")
        assert done(lite(rowferry, pair).expect(0)) == (1, 1, 0)
        cursor.execute("COMMIT")
    assert done(lite(rowferry, pair).expect(0)) == (1, 1, 0)
    assert_same_rows(pair.source, pair.target)


def test_deletes_are_not_looked_for_and_that_is_said(rowferry, marked):
    marked.source.run("DELETE FROM t WHERE id = 50")
    marked.target.run("UPDATE t SET a = 'own' WHERE id = 51; INSERT INTO t VALUES (1000, 'own', NULL)")
    run = lite(rowferry, marked).expect(0)
    assert states(run) == {"t": "not_proven"} and done(run) == (0, 0, 0) and marked.target.count("t") == 101
    assert "deleted" in run.result["not_proven"] and "full run" in run.result["not_proven"]
    text = rowferry("sync", *marked.urls, "--lite").expect(0).out
    assert "not proven" in text and "\nnot proven: " in text and "not for deleted rows" in text
    assert done(sync(rowferry, marked).expect(0)) == (0, 1, 2)
    assert sync(rowferry, marked).expect(0).result["not_proven"] == ""


def test_a_time_to_come_does_not_move_the_mark_past_the_clock(rowferry, marked):
    marked.source.run("UPDATE t SET a = 'x', updated_at = '2999-01-01 00:00:00' WHERE id = 7; UPDATE t SET a = 'x', updated_at = '2024-01-05 00:00:00' WHERE id = 8")
    for _ in range(3):
        lite(rowferry, marked).expect(0)
    times = {row[i] for row in marks(marked.target) for i in (2, 4)}
    assert {time[:10] for time in times} == {"2024-01-05"}
    marked.source.run("UPDATE t SET a = 'y', updated_at = '2024-01-06 00:00:00' WHERE id = 9")
    assert done(lite(rowferry, marked).expect(0)) == (0, 1, 0)
    assert_same_rows(marked.source, marked.target)


def test_marks_are_not_taken_from_the_target(rowferry, marked):
    marked.target.run("DELETE FROM t WHERE id > 90")
    before = marks(marked.target)
    run = lite(rowferry, marked).expect(0)
    assert done(run) == (1, 0, 0) and marks(marked.target) == before  # the row at the mark, and no other
    assert done(sync(rowferry, marked).expect(0)) == (9, 0, 0)


def test_without_a_modified_column_only_new_keys_are_looked_for(rowferry, pair):
    marked_pair(rowferry, pair, column="changed")
    pair.source.run("UPDATE t SET a = 'x', changed = '2024-02-01 00:00:00' WHERE id = 1; INSERT INTO t VALUES (101, 'new', NULL)")
    run = lite(rowferry, pair).expect(0)
    assert done(run) == (1, 0, 0) and any("only new keys were looked for, not changed rows" in note for note in notes(run))  # lite.unchanged
    for _ in range(2):  # another column has other marks: all rows are looked at, twice
        run = lite(rowferry, pair, "--modified", "t=changed").expect(0)
        assert any("there are no marks of two earlier runs" in note for note in notes(run))  # lite.first
        assert not any("not changed rows" in note for note in notes(run))
    assert_same_rows(pair.source, pair.target)
    pair.source.run("UPDATE t SET a = 'y', changed = '2024-02-02 00:00:00' WHERE id = 2")
    run = lite(rowferry, pair, "--modified", "CHANGED").expect(0)
    assert done(run) == (0, 1, 0) and looked(run) == 3 and notes(run) == []


def test_a_modified_column_that_is_not_there(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    make(pair.source)
    pair.source.run("CREATE TABLE u (id INTEGER PRIMARY KEY, updated_at TEXT)")
    rowferry.copy(*pair.urls).expect(0)
    assert lite(rowferry, pair, "--modified", "nope").expect(2).error["code"] == "lite.modified"
    assert lite(rowferry, pair, "--modified", "x=updated_at").expect(2).error["code"] == "lite.modified"
    assert sync(rowferry, pair, "--modified", "updated_at").expect(2).error["code"] == "lite.modified"
    run = lite(rowferry, pair, "--modified", "t=nope").expect(3)
    assert states(run) == {"t": "failed", "u": "not_proven"} and errors(run) == ["lite.modified"]
    run = lite(rowferry, pair, "--modified", "updated_at").expect(3)
    assert states(run) == {"t": "not_proven", "u": "failed"}  # a text keeps no time
    run = lite(rowferry, pair).expect(0)
    assert len([note for note in notes(run) if "not changed rows" in note]) == 1  # of u: a usual name of another type


def test_a_key_without_an_order_of_both_sides_is_refused_and_the_others_go_on(rowferry, pair):
    make(pair.source)
    pair.source.run("CREATE TABLE s (k VARCHAR(20) NOT NULL PRIMARY KEY, n INTEGER); CREATE TABLE w (n INTEGER)")
    pair.source.insert("s", [("x", 1)])
    rowferry.copy(*pair.urls).expect(0)
    pair.source.run("INSERT INTO t VALUES (101, 'new', NULL); INSERT INTO s VALUES ('y', 2)")
    run = lite(rowferry, pair).expect(3)
    assert states(run) == {"t": "not_proven", "s": "failed", "w": "failed"} and errors(run) == ["lite.key", "lite.key"]
    assert {"no key" in e["message"] or "no order that both sides share" in e["message"] for table in run.result["tables"] for e in table["errors"]} == {True}
    assert pair.target.count("t") == 101 and pair.target.count("s") == 1


def test_keys_of_two_columns(rowferry, pair):
    for end in (pair.source, pair.target):
        tail = " WITHOUT ROWID" if end.kind == "sqlite" else ""
        end.run(f"CREATE TABLE t (a BIGINT NOT NULL, b BIGINT NOT NULL, n INTEGER, modified_at {MOMENT.get(end.kind, 'DATETIME(6)')}, PRIMARY KEY (a, b)){tail}")
    pair.source.insert("t", [(a, b, 0, MARK) for a in (-3, 1, 2) for b in range(-2, 300)])
    assert done(lite(rowferry, pair).expect(0)) == (906, 0, 0)
    lite(rowferry, pair).expect(0)
    pair.source.run("UPDATE t SET n = 1, modified_at = '2024-03-01 00:00:00' WHERE a < 2; INSERT INTO t VALUES (2, 300, 0, NULL), (3, -9, 0, NULL); DELETE FROM t WHERE a = 2 AND b = 0")
    run = lite(rowferry, pair).expect(0)
    assert done(run) == (2, 604, 0)
    assert done(sync(rowferry, pair).expect(0)) == (0, 0, 1)


@pytest.mark.parametrize("point", ["mender.begin.before:1", "mender.apply.before:1", "mender.apply.after:1", "mender.apply.before:2", "mender.commit.before:1", "mender.commit.after:1", "mender.commit.before:2", "mender.commit.after:2", "mender.remember.before:1", "mender.remember.after:1", "mender.commit.before:3", "mender.commit.after:3", "ledger.marks.after:1"])
@pytest.mark.parametrize("name", ["sqlite-sqlite", "sqlite-postgres", "postgres-mariadb", "mariadb-sqlite"])
def test_a_killed_run_is_made_good_by_later_ones(rowferry, faulty, pair_of, name, point):
    pair = marked_pair(rowferry, pair_of(name))
    for turn in range(1, 3):
        pair.source.run(f"UPDATE t SET a = 'turn {turn}', updated_at = '2024-02-0{turn} 00:00:00' WHERE id % 3 = 1; INSERT INTO t VALUES ({1000 * turn}, 'new', '2024-02-0{turn} 00:00:00')")
        run = faulty.with_fault(f"{point}=kill")("sync", *pair.urls, "--lite")
        assert run.status in (0, KILLED)
    pair.source.run("UPDATE t SET a = 'after' WHERE id = 1; UPDATE t SET updated_at = '2024-03-01 00:00:00' WHERE id = 1")
    lite(rowferry, pair).expect(0)
    assert_same_rows(pair.source, pair.target)
    lite(rowferry, pair).expect(0)
    assert done(lite(rowferry, pair).expect(0)) == (0, 0, 0)


@pytest.mark.parametrize("name", ["sqlite-postgres", "postgres-mariadb", "mariadb-sqlite"])
def test_the_answer_to_a_commit_of_marks_that_is_lost(rowferry, faulty, pair_of, name):
    pair = marked_pair(rowferry, pair_of(name))
    for point in ("mender.commit.after:1=ambiguous", "mender.commit.before:1=ambiguous", "mender.remember.after:1=transient", "mender.commit.before:1=transient"):
        faulty.with_fault(point)("sync", *pair.urls, "--lite").expect(0)
    assert len(marks(pair.target)) == 1


def test_rows_that_are_refused_keep_the_marks(rowferry, pair_of):
    pair = pair_of("postgres-mariadb")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, u INT UNIQUE, updated_at timestamp)")
    pair.source.insert("t", [(i, i, MARK) for i in range(1, 11)])
    rowferry.copy(*pair.urls).expect(0)
    for _ in range(2):
        lite(rowferry, pair).expect(0)
    pair.target.run("INSERT INTO t VALUES (99, 50, NULL)")
    pair.source.run("INSERT INTO t VALUES (20, 50, '2024-02-01 00:00:00'), (21, 51, '2024-02-01 00:00:00')")
    before = marks(pair.target)
    run = lite(rowferry, pair).expect(1)
    assert states(run) == {"t": "differs"} and done(run) == (1, 0, 0) and marks(pair.target) == before
    assert run.result["tables"][0]["first_refused"][0]["key"] == "id=20"
    pair.target.run("DELETE FROM t WHERE id = 99")
    assert done(lite(rowferry, pair).expect(0)) == (1, 0, 0)
    assert_same_rows(pair.source, pair.target)


def test_with_rows_that_the_user_wants_left(rowferry, pair_of):
    pair = marked_pair(rowferry, pair_of("sqlite-postgres"))
    change = "UPDATE t SET a = 'x', updated_at = '2024-02-01 00:00:00' WHERE id = 1; INSERT INTO t VALUES (101, 'new', NULL)"
    pair.source.run(change)
    for _ in range(3):
        run = lite(rowferry, pair, "--no-insert", "--no-delete").expect(0)
        assert states(run) == {"t": "not_proven"}
    assert any("1 row only at the source: not inserted" in note for note in notes(run))
    assert pair.target.count("t") == 100
    assert done(lite(rowferry, pair, "--no-update").expect(0)) == (1, 0, 0)
    pair.source.run("UPDATE t SET a = 'y' WHERE id = 2; UPDATE t SET updated_at = '2024-02-02 00:00:00' WHERE id = 2")
    assert done(lite(rowferry, pair).expect(0)) == (0, 1, 0)  # runs without these options have marks of their own
    assert_same_rows(pair.source, pair.target)


def test_a_dry_run_keeps_no_marks(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    make(pair.source)
    rowferry.copy(*pair.urls).expect(0)
    for _ in range(2):
        lite(rowferry, pair, "--dry-run").expect(0)
    assert pair.target.query("SELECT name FROM sqlite_schema WHERE name LIKE '%marks'") == []


def test_only_some_rows(rowferry, pair_of):
    pair = pair_of("mariadb-postgres")
    make(pair.source)
    rowferry.copy(*pair.urls).expect(0)
    some = ("--where", "t=id % 2 = 0")
    for _ in range(2):
        lite(rowferry, pair, *some).expect(0)
    pair.source.run("UPDATE t SET a = 'x', updated_at = '2024-02-01 00:00:00' WHERE id < 5; INSERT INTO t VALUES (101, 'n', NULL), (102, 'n', NULL)")
    assert done(lite(rowferry, pair, *some).expect(0)) == (1, 2, 0)
    assert sorted(row[0] for row in pair.target.query("SELECT id FROM t WHERE a = 'x'")) == [2, 4]


def test_a_table_that_the_target_lacks_is_copied(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    make(pair.source)
    assert states(lite(rowferry, pair).expect(0)) == {"t": "copied"}
    assert states(lite(rowferry, pair).expect(0)) == {"t": "not_proven"}
    assert_same_rows(pair.source, pair.target)


@pytest.mark.parametrize("name", ["postgres-mariadb", "mariadb-postgres"])
@pytest.mark.parametrize("type, values", [("date", ("2024-01-01", "2024-01-02")), ("zoned", ("2024-01-01 10:00:00", "2024-01-02 10:00:00"))])
def test_columns_of_dates_and_of_times_with_a_zone(rowferry, pair_of, name, type, values):
    pair = pair_of(name)
    zoned = "timestamptz" if name.startswith("postgres") else "timestamp(6) NULL DEFAULT NULL"
    pair.source.run(f"CREATE TABLE t (id INT PRIMARY KEY, a INT, last_modified {zoned if type == 'zoned' else 'date'})")
    pair.source.insert("t", [(i, i, values[0]) for i in range(1, 6)])
    rowferry.copy(*pair.urls).expect(0)
    for _ in range(2):
        lite(rowferry, pair).expect(0)
    pair.source.run(f"UPDATE t SET a = 0, last_modified = '{values[1]}' WHERE id = 2; UPDATE t SET a = 0 WHERE id = 3; UPDATE t SET last_modified = '2037-01-01' WHERE id = 4")
    assert done(lite(rowferry, pair).expect(0)) == (0, 3, 0)  # 3 at the mark itself
    assert_same_rows(pair.source, pair.target)


def test_times_of_a_file_in_whatever_form(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, updated_at TIMESTAMP)")
    forms = ["2024-01-01T10:00:00", "2024-01-01 10:00:00", 1704103200, 2460311.0, "soon", None, "2024-01-01T12:00:00+02:00", b"x"]
    pair.source.insert("t", [(i, "a", form) for i, form in enumerate(forms)])
    pair.source.insert("t", [(100, "a", "2024-01-01T10:00:00")])
    rowferry.copy(*pair.urls).expect(0)
    for _ in range(2):
        lite(rowferry, pair).expect(0)
    later = ["2024-01-02T10:00:00", "2024-01-02 10:00:00", 1704189600, 2460312.0, "later", None, "2024-01-02T12:00:00+02:00", b"y"]
    for i, form in enumerate(later):
        with pair.source.connect() as file:
            file.execute("UPDATE t SET a = 'b', updated_at = ? WHERE id = ?", (form, i))
    assert done(lite(rowferry, pair).expect(0)) == (0, 7, 0)  # all but the one without a time
    assert marks(pair.target)[0][2] == "2024-01-02 12:00:00.000"


def test_many_changed_rows_below_the_mark(rowferry, pair):
    marked_pair(rowferry, pair, rows=[(i, "a", MARK) for i in range(1, 1502)])
    pair.source.run("UPDATE t SET a = 'b', updated_at = '2024-02-01 00:00:00' WHERE id % 2 = 0")
    assert done(lite(rowferry, pair).expect(0)) == (0, 750, 0)
    assert_same_rows(pair.source, pair.target)


def test_numbers_go_on_behind_the_rows_that_came(rowferry, faulty, pair_of):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TABLE t (id INT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, a INT); INSERT INTO t (a) SELECT 1 FROM generate_series(1, 10)")
    rowferry.copy(*pair.urls).expect(0)
    for _ in range(2):
        lite(rowferry, pair).expect(0)
    pair.source.run("INSERT INTO t (a) VALUES (2), (3)")
    faulty.with_fault("mender.commit.after:1=kill")("sync", *pair.urls, "--lite").expect(KILLED)
    lite(rowferry, pair).expect(0)
    pair.target.run("INSERT INTO public.t (a) VALUES (4)")
    assert pair.target.one("SELECT max(id) FROM public.t") == 13


def test_where_the_schema_of_the_ledger_may_not_be_made(rowferry, pair_of, user):
    pair = pair_of("sqlite-postgres")
    make(pair.source)
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("DROP SCHEMA IF EXISTS rowferry CASCADE")
    url = user(pair.target, "GRANT SELECT, INSERT, UPDATE, DELETE ON public.t TO {user}; GRANT CREATE ON SCHEMA public TO {user}; GRANT SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {user}")
    for _ in range(2):
        rowferry("sync", pair.source.url, url, "--lite").expect(0)
    assert pair.target.one("SELECT count(*) FROM public._rowferry_sync_marks") == 1
    assert pair.target.one("SELECT to_regclass('rowferry.sync_marks') IS NULL")


def test_a_cleanup_leaves_marks_and_works_beside_them(rowferry, faulty, pair_of):
    pair = marked_pair(rowferry, pair_of("sqlite-postgres"))
    pair.source.run("CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT)")
    pair.source.insert("n", [(1, "")])
    faulty.with_fault("writer.commit.after:1=kill").copy(*pair.urls, "-t", "n").expect(KILLED)
    rowferry("cleanup", rowferry.job_dirs()[-1].name, pair.target.url, "--yes").expect(0)
    for job in [path.name for path in rowferry.job_dirs()]:
        rowferry("cleanup", job, pair.target.url, "--yes").expect(0)
    assert len(marks(pair.target)) == 1
