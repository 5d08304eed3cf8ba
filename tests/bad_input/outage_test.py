"""Servers that restart and connections that break in the middle of a page."""

import os
import signal
import time
from contextlib import closing, suppress
from pathlib import Path

import psycopg2
import pytest
from compare import assert_clean, assert_same_rows
from ends import server_command
from held import Held
from program import KILLED
from proxy import Proxy
from tables import PAGES, fill_three


@pytest.fixture
def restart():
    """restart(end); the server is up again afterwards, whatever happens."""
    touched = set()

    def restart_one(end):
        touched.add(end)
        server_command("restart", end.server, "immediate")

    yield restart_one
    for end in touched:
        if not is_up(end.server):
            server_command("start", end.server)


def is_up(server):
    folder = Path(os.environ["ROWFERRY_TEST_SERVERS_DIR"]) / server
    return any((folder / name).exists() for name in ("postmaster.pid", "pid"))


@pytest.mark.parametrize("point", ["reader.next.after:9", "reader.open.before:9"])
@pytest.mark.parametrize("name", ["postgres-postgres", "mariadb-mariadb"])
def test_the_source_restarts_in_the_middle(faulty, pair_of, tmp_path, restart, point, name):
    pair = pair_of(name)
    fill_three(pair.source)
    with Held(faulty, tmp_path, point, *pair.urls, *PAGES) as run:
        restart(pair.source)
    # Nothing was written meanwhile, but no restarted server can prove that.
    assert run.result.status in (0, 1), str(run.result)
    assert any("new snapshot" in event.get("text", "") for event in run.result.events), str(run.result)
    assert_same_rows(pair.source, pair.target)
    assert_clean(pair.target)


def test_a_crash_of_the_source_between_runs_is_no_idle_source(faulty, rowferry, pair_of):
    """It may give a transaction's number out again; the server's start time stays the same."""
    pair = pair_of("postgres-postgres")
    fill_three(pair.source)
    killed = faulty.with_fault("writer.commit.after:9=kill").copy(*pair.urls, *PAGES)
    assert killed.status == KILLED
    with closing(pair.source.connect()) as victim:
        os.kill(victim.info.backend_pid, signal.SIGKILL)
        wait_until_up(pair.source)
    run = rowferry.copy(*pair.urls, *PAGES).expect(1)
    assert run.result["resumed"] and run.result["not_one_point"], str(run)
    assert_same_rows(pair.source, pair.target)
    assert_clean(pair.target)


def wait_until_up(end):
    for _ in range(200):
        with suppress(psycopg2.OperationalError):
            end.connect().close()
            return
        time.sleep(0.1)
    raise AssertionError("the server did not come back")


@pytest.mark.parametrize("point", ["writer.append.after:9", "writer.commit.before:9", "writer.commit.after:9"])
@pytest.mark.parametrize("name", ["sqlite-postgres", "sqlite-mariadb"])
def test_the_target_restarts_in_the_middle(faulty, pair_of, tmp_path, restart, point, name):
    pair = pair_of(name)
    fill_three(pair.source)
    with Held(faulty, tmp_path, point, *pair.urls, *PAGES) as run:
        restart(pair.target)
    run.result.expect(0)
    assert run.result.result["not_one_point"] == ""
    assert_same_rows(pair.source, pair.target)
    assert_clean(pair.target)


def test_rows_that_the_targets_crash_took_away_are_missed(faulty, pair_of, tmp_path, restart):
    """An unlogged table is empty after a crash, and the ledger, which is not, says that pages landed."""
    pair = pair_of("sqlite-postgres")
    fill_three(pair.source)
    pair.target.run("CREATE UNLOGGED TABLE bad (id BIGINT NOT NULL, word TEXT, size DOUBLE PRECISION, price DECIMAL(10,2))")
    with Held(faulty, tmp_path, "writer.commit.before:9", *pair.urls, *PAGES) as run:
        restart(pair.target)
    run.result.expect(3)
    error = run.result.table("bad")["errors"][0]
    assert (error["kind"], error["code"]) == ("conflict", "rows.count") and "--restart" in error["hint"], error
    assert {run.result.table(name)["state"] for name in ("good", "last")} <= {"done", "earlier"}, str(run.result)


@pytest.mark.parametrize("name", ["sqlite-postgres", "sqlite-mariadb"])
def test_the_target_stays_down_and_the_next_run_goes_on(faulty, rowferry, pair_of, tmp_path, restart, name):
    pair = pair_of(name)
    fill_three(pair.source)
    with Held(faulty, tmp_path, "writer.commit.before:9", *pair.urls, *PAGES, "--retries", "0") as run:
        server_command("stop", pair.target.server, "immediate")
    assert run.result.status in (3, 4), str(run.result)  # 4: nobody answered the COMMIT
    restart(pair.target)
    again = rowferry.copy(*pair.urls, *PAGES).expect(0)
    assert again.result["resumed"] and again.result["not_one_point"] == ""
    assert_same_rows(pair.source, pair.target)
    assert_clean(pair.target)


@pytest.mark.parametrize("name", ["sqlite-postgres", "sqlite-mariadb"])
@pytest.mark.parametrize("after", [2_000, 9_000, 40_000])
def test_the_connection_to_the_target_is_cut(rowferry, pair_of, after, name):
    pair = pair_of(name)
    fill_three(pair.source)
    with Proxy(pair.target.url, "up", after) as proxy:
        run = rowferry.copy(pair.source, proxy.url, *PAGES)
        assert proxy.cuts == 1
        if run.status == 3:  # cut before the copy had begun
            run = rowferry.copy(pair.source, proxy.url, *PAGES)
    run.expect(0)
    assert_same_rows(pair.source, pair.target)
    assert_clean(pair.target)


@pytest.mark.parametrize("name", ["sqlite-postgres", "sqlite-mariadb"])
def test_the_answer_to_a_commit_is_lost(rowferry, pair_of, name):
    """Cut on the way back, several times, so that some answers are those to a COMMIT."""
    pair = pair_of(name)
    fill_three(pair.source)
    with Proxy(pair.target.url, "down", 3_000, times=4) as proxy:
        for _ in range(5):
            run = rowferry.copy(pair.source, proxy.url, "--page-size", "50")
            if run.status == 0:
                break
    assert proxy.cuts >= 1
    run.expect(0)
    assert_same_rows(pair.source, pair.target)
    assert_clean(pair.target)


@pytest.mark.parametrize("name", ["postgres-sqlite", "mariadb-sqlite"])
@pytest.mark.parametrize("after", [6_000, 20_000])
def test_the_connection_to_the_source_is_cut(rowferry, pair_of, after, name):
    pair = pair_of(name)
    fill_three(pair.source)
    with Proxy(pair.source.url, "down", after) as proxy:
        run = rowferry.copy(proxy.url, pair.target, *PAGES)
        assert proxy.cuts == 1
        if run.status == 3:
            run = rowferry.copy(proxy.url, pair.target, *PAGES)
    run.expect(0)
    assert_same_rows(pair.source, pair.target)
    assert_clean(pair.target)


@pytest.mark.parametrize("name", ["postgres-sqlite", "mariadb-sqlite"])
def test_a_connection_cut_each_time_ends_the_run_and_not_the_job(rowferry, pair_of, name):
    pair = pair_of(name)
    fill_three(pair.source)
    with Proxy(pair.source.url, "down", 30_000, times=1000) as proxy:
        run = rowferry.copy(proxy.url, pair.target, "--page-size", "100000", "--retries", "1")
        run.expect(3)
        assert run.error["kind"] == "transient" and run.error["where"], run.error
    rowferry.copy(pair.source, pair.target, "--page-size", "100000").expect(0)
    assert_same_rows(pair.source, pair.target)
