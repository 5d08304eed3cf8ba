"""The journal is a story: what has landed is known to the target."""

import json
import shutil
import sqlite3

import pytest
from compare import assert_clean, assert_same_rows
from conftest import ALL, PAIRS, Pair
from program import KILLED
from tables import PAGES, expect_error, fill_three


@pytest.fixture(params=PAIRS if ALL else ["sqlite-postgres", "postgres-sqlite"])
def pair(request, ends):
    return Pair(request.param, ends)


@pytest.fixture
def half_done(faulty, pair):
    """A copy that was killed after some pages; what command goes on with it."""
    fill_three(pair.source)
    command = [*pair.urls, *PAGES]
    faulty.with_fault("writer.commit.after:8=kill").copy(*command).expect(KILLED)
    return command


def journal(rowferry):
    return rowferry.job_dirs()[0] / "journal.db"


def expect_gone_on(run, pair):
    run.expect(0)
    assert run.result["resumed"] and run.result["not_one_point"] == ""
    assert sum(t["rows_moved"] for t in run.result["tables"]) < 6000 - 7 * 100
    assert_same_rows(pair.source, pair.target)
    assert_clean(pair.target)


def test_the_journal_is_lost(rowferry, pair, half_done):
    shutil.rmtree(rowferry.jobs_dir)
    expect_gone_on(rowferry.copy(*half_done), pair)


@pytest.mark.parametrize("damage", ["noise", "cut off", "empty", "another database"])
def test_the_journal_is_damaged(rowferry, pair, half_done, damage):
    path = journal(rowferry)
    whole = path.read_bytes()
    for beside in path.parent.glob("journal.db-*"):
        beside.unlink()
    path.write_bytes({"noise": b"noise" * 5000, "cut off": whole[: len(whole) // 2 + 100], "empty": b"", "another database": whole}[damage])
    if damage == "another database":
        with sqlite3.connect(path) as other:
            other.executescript("DROP TABLE job; CREATE TABLE job (x); DROP TABLE job_table; CREATE TABLE job_table (y)")
    expect_gone_on(rowferry.copy(*half_done), pair)


def test_a_journal_of_a_newer_program_is_refused_and_kept(rowferry, pair, half_done):
    with sqlite3.connect(journal(rowferry)) as newer:
        newer.execute("PRAGMA user_version = 99")
    before = pair.target.count("bad")
    run = rowferry.copy(*half_done).expect(3)
    expect_error(run.error, "unsupported", "journal.newer")
    assert "journal.db" in run.error["where"]
    with sqlite3.connect(journal(rowferry)) as newer:
        assert newer.execute("PRAGMA user_version").fetchone() == (99,)
    assert pair.target.count("bad") == before
    journal(rowferry).unlink()
    expect_gone_on(rowferry.copy(*half_done), pair)


def test_a_directory_for_jobs_that_is_a_file(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    fill_three(pair.source, 10)
    rowferry.jobs_dir.write_text("in the way")
    run = rowferry.copy(*pair.urls).expect(3)
    expect_error(run.error, "conflict", "journal.write")
    assert not pair.target.exists() or pair.target.tables() == []


def test_status_of_a_damaged_journal(rowferry, pair, half_done):
    journal(rowferry).write_bytes(b"noise" * 5000)
    run = rowferry("status").expect(0)
    assert "damaged" in run.out
    job = rowferry("status", "--output", "json").expect(0).event("job")
    assert (job["state"], job["code"]) == ("damaged", "journal.damaged"), job


# A ledger that somebody has written into.


def test_a_bound_in_the_ledger_that_is_none(faulty, rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    fill_three(pair.source)
    faulty.with_fault("writer.commit.after:8=kill").copy(*pair.urls, *PAGES).expect(KILLED)
    pair.target.run("UPDATE rowferry.page SET upper_bound = '[\"1' WHERE upper_bound <> ''")
    run = rowferry.copy(*pair.urls, *PAGES).expect(3)
    assert (run.error["kind"], run.error["code"]) == ("internal", "page.bound"), run.error


def test_numbers_of_pages_in_the_ledger_that_leave_no_room(faulty, rowferry, pair_of):
    """A page has gone, with its rows, and the numbers of its neighbours have moved together."""
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY)")
    pair.source.insert("t", [(n,) for n in range(2000)])
    command = [*pair.urls, *PAGES, "--jobs", "1"]
    faulty.with_fault("writer.commit.after:3=kill").copy(*command).expect(KILLED)
    (first, low), (second, high), (third, _) = pair.target.query("SELECT page, upper_bound FROM rowferry.page WHERE page > 0 ORDER BY page")
    ((below,), (above,)) = json.loads(low), json.loads(high)
    pair.target.run(f"DELETE FROM rowferry.page WHERE page = {second}; UPDATE rowferry.page SET page = {first + 1} WHERE page = {third}")
    pair.target.run(f"DELETE FROM t WHERE id BETWEEN {int(below) + 1} AND {above}")
    assert pair.target.count("t") == 400
    run = rowferry.copy(*command).expect(3)
    assert (run.error["kind"], run.error["code"]) == ("internal", "page.numbers"), run.error
