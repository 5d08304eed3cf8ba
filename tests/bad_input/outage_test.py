"""Servers that restart and connections that break in the middle of a page."""

import os
import signal
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg2
import pytest
from compare import assert_clean, assert_same_rows
from ends import server_command
from held import Held
from program import KILLED, wait_until
from proxy import Changing, Proxy
from tables import PAGES, expect_code, fill_three


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


class Uncommitting(Proxy):
    """Once armed, cuts all connections when a COMMIT comes by, which the server does not hear of."""

    armed = False

    def seen(self, direction, data):
        if self.armed and direction == "up" and b"COMMIT" in data:
            self.cut_all()


@pytest.mark.parametrize("name", ["sqlite-postgres", "sqlite-mariadb"])
def test_a_commit_without_an_answer_is_told_from_a_failure(faulty, rowferry, pair_of, tmp_path, name):
    pair = pair_of(name)
    fill_three(pair.source)
    with Uncommitting(pair.target.url) as proxy:
        with Held(faulty, tmp_path, "writer.commit.before:2", pair.source, proxy.url, *PAGES, "--retries", "0", "--jobs", "1") as run:
            proxy.armed = True
    error = run.result.expect(4).error
    assert (error["kind"], error["code"]) == ("ambiguous", "commit.unknown") and error["hint"], error
    rowferry.copy(pair.source, pair.target, *PAGES).expect(0)
    assert_same_rows(pair.source, pair.target)
    assert_clean(pair.target)


def test_a_page_that_the_server_rolls_back_unsaid_has_not_landed(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    fill_three(pair.source)
    with Changing(pair.target.url, "up", b"; COMMIT\0", b";ABORT  \0") as proxy:
        run = rowferry.copy(pair.source, proxy.url, *PAGES).expect(3)
    assert (run.error["kind"], run.error["code"]) == ("internal", "commit.refused"), run.error
    rowferry.copy(*pair.urls, *PAGES).expect(0)
    assert_same_rows(pair.source, pair.target)
    assert_clean(pair.target)


def test_rows_in_a_form_that_nobody_knows_are_not_read(rowferry, pair_of):
    pair = pair_of("postgres-sqlite")
    fill_three(pair.source, 100)
    with Changing(pair.source.url, "down", b"PGCOPY\n", b"PGCOPX\n") as proxy:
        run = rowferry.copy(proxy.url, pair.target).expect(3)
    assert (run.error["kind"], run.error["code"]) == ("internal", "postgres.copy"), run.error
    assert {pair.target.count(table) for table in pair.target.tables()} <= {0}


@contextmanager
def loading(faulty, pair, dir):
    """The run waits for a table that another session has locked; gives the id of the waiting one."""
    fill_three(pair.source, 100)
    lock, waits = {
        "postgres": (
            "BEGIN; LOCK TABLE good IN ACCESS EXCLUSIVE MODE",
            "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s",
        ),
        "mariadb": (
            "LOCK TABLES good WRITE",
            "SELECT id FROM information_schema.processlist WHERE state = 'Waiting for table metadata lock' AND db = %s",
        ),
    }[pair.target.kind]
    with closing(pair.target.connect()) as other:
        with Held(faulty, dir, "writer.append.before:1", *pair.urls, "-t", "good", "--retries", "0", "--jobs", "1") as run:
            other.cursor().execute(lock)
            run.release()
            wait_until(lambda: pair.target.query(waits, pair.target.name), what="a session that waits")
            run.session = pair.target.query(waits, pair.target.name)[0][0]
            yield run


@pytest.mark.parametrize(
    "name, statement, code",
    [
        ("sqlite-postgres", "SELECT pg_terminate_backend({})", "postgres.shutdown"),
        ("sqlite-postgres", "SELECT pg_cancel_backend({})", "postgres.canceled"),
        ("sqlite-mariadb", "KILL QUERY {}", "mysql.killed"),
    ],
)
def test_a_statement_that_somebody_else_ends_may_be_tried_again(faulty, rowferry, pair_of, tmp_path, name, statement, code):
    pair = pair_of(name)
    with loading(faulty, pair, tmp_path) as run:
        pair.target.run(statement.format(run.session))
    error = run.result.expect(3).error
    assert (error["kind"], error["code"]) == ("transient", code), error
    rowferry.copy(*pair.urls, "-t", "good").expect(0)
    assert_same_rows(pair.source, pair.target, ["good"])


@pytest.mark.parametrize(
    "number, kind, code",
    [
        (1053, "transient", "mysql.shutdown"),
        (1213, "transient", "mysql.deadlock"),
        (1969, "transient", "mysql.timeout"),
        (8004, "conflict", "page.too_large"),
    ],
)
def test_errors_that_pass_or_end_a_table_are_told_by_the_servers_number(faulty, rowferry, pair_of, tmp_path, number, kind, code):
    """As a trigger gives it that comes up after the copy has looked for triggers."""
    pair = pair_of("sqlite-mariadb")
    fill_three(pair.source, 100)
    command = [*pair.urls, "--retries", "0", "--jobs", "1"]
    with Held(faulty, tmp_path, "writer.begin.before:1", *command, "-t", "good") as run:
        signal = f"SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = {number}, MESSAGE_TEXT = 'not now'"
        pair.target.run(f"CREATE TRIGGER not_now BEFORE INSERT ON good FOR EACH ROW {signal}")
    result = run.result.expect(3)
    error = result.error if kind == "transient" else result.table("good")["errors"][0]
    assert (error["kind"], error["code"], error["native"]) == (kind, code, str(number)), error
    pair.target.run("DROP TRIGGER not_now")
    rowferry.copy(*command, "-t", "good").expect(0)
    assert_same_rows(pair.source, pair.target, ["good"])


REFUSED = "CREATE FUNCTION refused(state text) RETURNS boolean LANGUAGE plpgsql AS $$BEGIN RAISE 'not now' USING ERRCODE = state; END$$"


@pytest.mark.parametrize(
    "kind, code, condition",
    [
        ("transient", "postgres.serialization", "public.refused('40001')"),
        ("transient", "postgres.idle", "public.refused('25P03')"),
        ("conflict", "postgres.state", "pg_catalog.currval('public.number') > id"),
        ("conflict", "postgres.resources", "pg_catalog.pg_try_advisory_lock(id)"),
        ("conflict", "postgres.system", "pg_catalog.pg_read_file('/nowhere') > ''"),
        ("data", "row.constraint", "public.refused('P0001')"),
        ("internal", "postgres.error", "public.refused('ZZ999')"),
    ],
)
def test_errors_of_postgres_are_told_by_their_class(rowferry, pair_of, kind, code, condition):
    pair = pair_of("postgres-sqlite")
    pair.source.run(f"CREATE TABLE t (id INTEGER PRIMARY KEY); CREATE SEQUENCE number; {REFUSED}")
    pair.source.run("INSERT INTO t SELECT generate_series(1, 30000)")
    run = rowferry.copy(*pair.urls, "--where", f"t={condition}", "--retries", "0").expect(3)
    expect_code(run, code)
    assert f'"kind":"{kind}","code":"{code}"' in run.out, str(run)
