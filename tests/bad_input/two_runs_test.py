"""Two processes, one job."""

import time

import pytest
from compare import assert_clean, assert_same_rows
from held import Held
from program import Program
from tables import PAGES, expect_error, fill_three


@pytest.mark.parametrize("elsewhere", [False, True], ids=["one machine's directory", "another directory"])
def test_a_second_run_is_refused_and_the_first_goes_on(rowferry, faulty, pair, tmp_path, elsewhere):
    fill_three(pair.source)
    second = rowferry
    if elsewhere:
        (tmp_path / "other").mkdir()
        second = Program(rowferry.path, tmp_path / "other")
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


def test_a_job_that_lost_its_lock_cannot_commit_after_a_newer_run(rowferry, faulty, pair_of, tmp_path):
    """The first run is cut off from its lock while it holds a page; the second finishes the job."""
    pair = pair_of("sqlite-postgres")
    fill_three(pair.source)
    with Held(faulty, tmp_path, "writer.append.before:3", *pair.urls, *PAGES, "--jobs", "1", "--retries", "0") as first:
        pair.target.on_server(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
            f" AND database = (SELECT oid FROM pg_database WHERE datname = '{pair.target.name}')"
        )
        # Another machine, so that the directory's lock does not stand in the way.
        (tmp_path / "other").mkdir()
        waiting = Program(rowferry.path, tmp_path / "other").start_copy(*pair.urls, *PAGES)
        time.sleep(1)
    second = waiting.wait()
    assert first.result.status in (0, 3), str(first.result)
    assert second.status in (0, 3), str(second)
    if second.status:
        Program(rowferry.path, tmp_path / "other").copy(*pair.urls, *PAGES).expect(0)
    assert_same_rows(pair.source, pair.target)
