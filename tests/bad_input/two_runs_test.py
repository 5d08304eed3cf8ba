"""Two processes, one job."""

import pytest
from compare import assert_clean, assert_same_rows
from held import Held
from program import Program
from tables import PAGES, expect_error, fill_three


@pytest.mark.parametrize("apart", [False, True], ids=["one machine's directory", "another directory"])
def test_a_second_run_is_refused_and_the_first_goes_on(rowferry, faulty, pair, tmp_path, apart):
    fill_three(pair.source)
    second = elsewhere(rowferry, tmp_path) if apart else rowferry
    with Held(faulty, tmp_path, "writer.commit.before:3", *pair.urls, *PAGES) as first:
        run = second.copy(*pair.urls, *PAGES, timeout=60).expect(3)
        expect_error(run.error, "conflict", "job.running")
    first.result.expect(0)
    assert_same_rows(pair.source, pair.target)
    assert_clean(pair.target)


def test_another_job_on_the_same_target_runs_beside(rowferry, faulty, pair_of, tmp_path):
    pair = pair_of("postgres-postgres")
    fill_three(pair.source)
    with Held(faulty, tmp_path, "writer.commit.before:3", *pair.urls, "-t", "good", *PAGES) as first:
        rowferry.copy(*pair.urls, "-t", "last", *PAGES, timeout=60).expect(0)
    first.result.expect(0)
    assert_same_rows(pair.source, pair.target, ["good", "last"])
    assert_clean(pair.target)


def elsewhere(rowferry, tmp_path):
    """On another machine, so to say: the first run's directory does not stand in its way."""
    (tmp_path / "other").mkdir()
    return Program(rowferry.path, tmp_path / "other")


def take_the_lock_away(target):
    """As when the connection that holds it is lost and nobody has noticed yet."""
    target.on_server(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        f" AND database = (SELECT oid FROM pg_database WHERE datname = '{target.name}')"
    )


def test_a_run_that_was_overtaken_lands_nothing_more(rowferry, faulty, pair_of, tmp_path):
    """The first run wakes up between two pages, when the second has finished the job."""
    pair = pair_of("sqlite-postgres")
    fill_three(pair.source)
    command = [*pair.urls, "-t", "last", *PAGES, "--jobs", "1"]
    second = elsewhere(rowferry, tmp_path)
    with Held(faulty, tmp_path, "writer.begin.before:3", *command) as first:
        take_the_lock_away(pair.target)
        second.copy(*command).expect(0)
    first.result.expect(3)
    assert "ledger.stale_run" in first.result.out, str(first.result)
    assert_same_rows(pair.source, pair.target, ["last"])


def test_a_run_that_waits_for_a_page_of_another_gives_up_in_time(rowferry, faulty, pair_of, tmp_path):
    pair = pair_of("sqlite-postgres")
    fill_three(pair.source)
    command = [*pair.urls, *PAGES, "--jobs", "1", "--lock-timeout", "1"]
    second = elsewhere(rowferry, tmp_path)
    with Held(faulty, tmp_path, "reader.open.after:3", *command) as first:
        take_the_lock_away(pair.target)
        expect_error(second.copy(*command, timeout=30).expect(3).error, "conflict", "lock.timeout")
    first.result.expect(0)
    assert_same_rows(pair.source, pair.target)
