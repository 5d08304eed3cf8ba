"""The source's or the target's schema changes while a copy runs."""

import pytest
from compare import assert_clean, assert_same_rows
from held import Held
from program import KILLED
from tables import PAGES, expect_failed_alone, fill_three

BEFORE_ROWS = "pager.cut.before:1"


@pytest.mark.parametrize(
    "statement, code",
    [
        ("DROP TABLE bad", "table.missing"),
        ("ALTER TABLE bad RENAME TO elsewhere", "table.missing"),
        ("ALTER TABLE bad DROP COLUMN size", "column.missing"),
        ("ALTER TABLE bad RENAME COLUMN size TO width", "column.missing"),
        ("TRUNCATE TABLE bad", "table.rewritten"),
    ],
)
@pytest.mark.parametrize("name", ["postgres-sqlite", "postgres-postgres", "mariadb-sqlite"])
def test_a_source_table_goes_or_changes(faulty, rowferry, pair_of, tmp_path, name, statement, code):
    pair = pair_of(name)
    fill_three(pair.source)
    with Held(faulty, tmp_path, BEFORE_ROWS, *pair.urls, *PAGES) as run:
        pair.source.run(statement)
    expect_failed_alone(run.result, "bad", "schema", code)
    assert_same_rows(pair.source, pair.target, ["good", "last"])


def test_a_table_of_a_sqlite_source_is_read_as_it_was(faulty, pair_of, tmp_path):
    pair = pair_of("sqlite-sqlite")
    fill_three(pair.source, 500)
    pair.source.run("PRAGMA journal_mode = WAL")
    before = sorted(pair.source.rows("bad"))
    with Held(faulty, tmp_path, BEFORE_ROWS, *pair.urls, *PAGES) as run:
        pair.source.run("DROP TABLE bad")
    run.result.expect(0)
    assert sorted(pair.target.rows("bad")) == before


@pytest.mark.parametrize("statement, code", [("DROP TABLE bad", "table.missing"), ("ALTER TABLE bad RENAME COLUMN word TO words", "column.missing")])
def test_a_target_table_goes_or_changes(faulty, rowferry, pair, tmp_path, statement, code):
    if pair.target.kind == "sqlite":
        pytest.skip("a SQLite target is locked while a page is written")
    fill_three(pair.source)
    with Held(faulty, tmp_path, BEFORE_ROWS, *pair.urls, *PAGES) as run:
        pair.target.run(statement)
    expect_failed_alone(run.result, "bad", "schema", code)
    assert_same_rows(pair.source, pair.target, ["good", "last"])
    pair.target.run("DROP TABLE IF EXISTS bad")
    again = rowferry.copy(*pair.urls, *PAGES, "--restart", "--existing", "drop").expect(0)
    assert again.result["not_one_point"] == ""
    assert_same_rows(pair.source, pair.target)
    assert_clean(pair.target)


def test_rows_that_somebody_else_puts_into_the_target_are_noticed(faulty, rowferry, pair):
    """Between two runs of the job: the count does not fit what has landed."""
    fill_three(pair.source)
    command = [*pair.urls, *PAGES]
    faulty.with_fault("writer.commit.after:4=kill").copy(*command).expect(KILLED)
    begun = next(table for table in ("bad", "good", "last") if pair.target.count(table))
    # A row whose key no page brings.
    values = {"bad": "(1000001, 'x', 1, 1)", "good": "(1000001, 'x')", "last": "('x')"}[begun]
    pair.target.run(f"INSERT INTO {begun} VALUES {values}")
    error = expect_failed_alone(rowferry.copy(*command), begun, "conflict", "rows.count")
    assert "--restart" in error["hint"]
    rowferry.copy(*command, "--restart", "--existing", "truncate").expect(0)
    assert_same_rows(pair.source, pair.target)


def test_a_table_of_the_target_that_is_gone_when_resuming(faulty, rowferry, pair):
    fill_three(pair.source)
    command = [*pair.urls, *PAGES]
    faulty.with_fault("writer.commit.after:4=kill").copy(*command).expect(KILLED)
    pair.target.run("DROP TABLE bad")
    error = expect_failed_alone(rowferry.copy(*command), "bad", "conflict", "table.gone")
    assert "--restart" in error["hint"]
    rowferry.copy(*command, "--restart", "--existing", "truncate").expect(0)
    assert_same_rows(pair.source, pair.target)


def test_a_schema_of_the_target_goes(faulty, pair_of, tmp_path):
    pair = pair_of("sqlite-postgres")
    fill_three(pair.source, 100)
    pair.target.run("CREATE SCHEMA shop")
    with Held(faulty, tmp_path, "writer.begin.before:1", *pair.urls, "--map", "*=shop.*", "--jobs", "1") as run:
        pair.target.run("DROP SCHEMA shop CASCADE")
    error = run.result.expect(3).error
    assert (error["code"], error["native"]) == ("postgres.schema", "3F000") and "shop" in error["message"], error


def test_rows_without_a_key_that_others_have_appended_to_are_not_told_apart(faulty, rowferry, pair_of):
    """The source's rows have moved meanwhile, so that the table would have to be loaded again."""
    pair = pair_of("postgres-postgres")
    fill_three(pair.source)
    command = [*pair.urls, "-t", "last", "--existing", "append", *PAGES, "--jobs", "1"]
    faulty.with_fault("writer.commit.after:2=kill").copy(*command).expect(KILLED)
    pair.source.run("UPDATE last SET word = word || '!'")
    pair.target.run("INSERT INTO last VALUES ('another')")
    error = expect_failed_alone(rowferry.copy(*command), "last", "conflict", "resume.moved")
    assert "cleanup" in error["hint"]
    assert pair.target.count("last") > 1, "nothing was taken away"
