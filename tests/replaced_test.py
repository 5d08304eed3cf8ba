"""A table whose rows mostly differ is emptied and copied, where nobody else notices more of that than new rows."""

import pytest
from check_test import user
from compare import assert_same_rows
from program import KILLED, wait_until

assert user  # a fixture

ROWS = 60_000
PAIRS = ["sqlite-sqlite", "postgres-postgres", "mariadb-mariadb"]


def filled(pair_of, rowferry, name):
    """Both sides have the rows, and those of the target differ."""
    pair = pair_of(name)
    seed = pair_of("sqlite-sqlite").source
    seed.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(20), n INTEGER)")
    seed.run(f"INSERT INTO t WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < {ROWS}) SELECT n, 'a' || n, n FROM i")
    for end in (pair.source, pair.target):
        rowferry.copy(seed, end).expect(0)
    pair.target.run("UPDATE t SET n = n + 1; INSERT INTO t VALUES (0, 'more', 0); DELETE FROM t WHERE id = 7")
    return pair


def sync(program, pair, *options):
    return program("sync", *pair.urls, "--output", "json", *options)


def notes(run):
    return " ".join(run.result["tables"][0]["notes"])


NOTES = {  # what the report says of a table, by its code
    "table.replaced": "it was emptied and copied whole",
    "table.not_replaced": "it could not be copied whole",
}


def was_copied(run):
    return NOTES["table.replaced"] in notes(run)


@pytest.mark.parametrize("name", PAIRS)
def test_a_table_that_mostly_differs_is_copied(rowferry, pair_of, name):
    pair = filled(pair_of, rowferry, name)
    run = sync(rowferry, pair).expect(0)
    table = run.result["tables"][0]
    assert was_copied(run) and table["state"] == "repaired" and table["inserted"] == ROWS
    assert_same_rows(pair.source, pair.target)
    assert sync(rowferry, pair).expect(0).result["tables"][0]["state"] == "identical"


UNFIT = {
    "few rows differ": ("", "UPDATE t SET n = id WHERE id > 100", ()),
    "a table refers to it": ("", "CREATE TABLE c (t INTEGER REFERENCES t (id))", ("--exclude", "c")),
    "it refers to a table": ("", "ALTER TABLE t ADD COLUMN p INTEGER REFERENCES t (id)", ()),
    "a trigger": ("", "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER g BEFORE DELETE ON t FOR EACH ROW EXECUTE FUNCTION f()", ()),
    "a column of its own": ("", "ALTER TABLE t ADD COLUMN own integer DEFAULT 4", ()),
    "a part is wanted": ("", "", ("--where", "t=id > 10")),
    "no deletes": ("", "", ("--no-delete",)),
    "a row may be refused": ("", "ALTER TABLE t ADD CHECK (n <> 7777777)", ()),
    "rows may be refused for each other": ("", "CREATE UNIQUE INDEX ON t (a)", ()),
    "a column that takes less": ("ALTER TABLE t ALTER a TYPE varchar(30)", "", ()),
    "a column that takes no NULL": ("", "UPDATE t SET a = '' WHERE a IS NULL; ALTER TABLE t ALTER a SET NOT NULL", ()),
    "young rows stay": ("ALTER TABLE t ADD COLUMN at timestamp DEFAULT '2020-01-01'", "ALTER TABLE t ADD COLUMN at timestamp DEFAULT '2020-01-01'", ("--min-age", "at=5m")),
}


@pytest.mark.parametrize("why", UNFIT)
def test_a_table_is_repaired_row_by_row_where_copying_could_lose_something(rowferry, pair_of, why):
    pair = filled(pair_of, rowferry, "postgres-postgres")
    for end, sql in zip((pair.source, pair.target), UNFIT[why]):
        if sql:
            end.run(sql)
    run = sync(rowferry, pair, *UNFIT[why][2])
    assert not was_copied(run) and run.result["tables"][0]["updated"] >= 99, run
    if why == "a column of its own":
        assert pair.target.one("SELECT count(*) FROM t WHERE own = 4") == ROWS


def test_a_dry_run_copies_nothing(rowferry, pair_of):
    pair = filled(pair_of, rowferry, "postgres-postgres")
    before = sorted(pair.target.rows("t"))
    assert "it would be emptied and copied whole" in notes(sync(rowferry, pair, "--dry-run").expect(1))
    assert sorted(pair.target.rows("t")) == before


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("point", ["writer.commit.before:1", "writer.commit.after:1", "writer.commit.after:3"])
def test_one_that_is_killed_is_gone_on_with(rowferry, faulty, pair_of, name, point):
    pair = filled(pair_of, rowferry, name)
    faulty.with_fault(f"{point}=kill")("sync", *pair.urls, "--page-size", "100kB").expect(KILLED)
    # As long as it has not ended, rows that lack are none to be deleted or inserted by anybody's wish.
    assert sync(rowferry, pair, "--no-delete").status in (0, 3)
    run = sync(rowferry, pair).expect(0)
    assert_same_rows(pair.source, pair.target)
    assert sync(rowferry, pair).expect(0).result["tables"][0]["state"] == "identical", run


@pytest.mark.parametrize("name", PAIRS[1:])
def test_what_the_source_changes_meanwhile_is_repaired(rowferry, faulty, pair_of, tmp_path, name):
    pair = filled(pair_of, rowferry, name)
    go_on, trace = tmp_path / "go", tmp_path / "trace"
    held = faulty.with_env(ROWFERRY_FAULT=f"writer.commit.after:1=hold:{go_on}", ROWFERRY_FAULT_TRACE=trace)
    run = held.start("sync", *pair.urls, "--output", "json", "--page-size", "100kB")
    wait_until(lambda: trace.exists() and "writer.commit.after" in trace.read_text())
    pair.source.run("UPDATE t SET n = -1 WHERE id IN (5, 59999); DELETE FROM t WHERE id = 9; INSERT INTO t VALUES (-4, 'new', 1)")
    go_on.touch()
    found = run.wait().expect(0)
    assert was_copied(found) and found.result["tables"][0]["updated"] == 2
    assert_same_rows(pair.source, pair.target)


def test_without_the_privilege_rows_are_repaired_one_by_one(rowferry, pair_of, user):
    pair = filled(pair_of, rowferry, "postgres-postgres")
    writer = user(pair.target, "GRANT SELECT, INSERT, UPDATE, DELETE ON t TO {user}")
    run = rowferry("sync", pair.source.url, writer, "--output", "json").expect(0)
    assert NOTES["table.not_replaced"] in notes(run)
    assert_same_rows(pair.source, pair.target)
