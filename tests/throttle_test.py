"""Limits that keep the servers usable: a rate is not exceeded, and a run waits for loaded servers and late replicas, says so, and
goes on. What is measured of time is a lower bound, which is promised."""

import os
import random
import signal
import socket
import subprocess
import threading
import time
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg2
import pymysql
import pytest
from check_test import user
from compare import assert_same_rows
from program import wait_until

assert user  # a fixture

TABLE = "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(1000))"
KEYLESS = TABLE.replace(" PRIMARY KEY", "")
ROWS = [(i, "x" * 1000) for i in range(1, 201)]
BYTES = 200_000  # at least, of these rows
VERBS = ["copy", "verify", "sync"]
SERVERS = ["sqlite-postgres", "postgres-sqlite", "sqlite-mariadb", "mariadb-sqlite"]


def said(run):
    return Path(run.err.name).read_text()


def waits(run):
    wait_until(lambda: "waiting: " in said(run) or run.ended(), what="that the run says it waits")
    assert not run.ended(), str(run.wait())


def server_of(pair):
    """The one end that is a server, and what it is called."""
    return (pair.source, "source") if pair.target.kind == "sqlite" else (pair.target, "target")


@contextmanager
def at_work(end, sessions):
    """Sessions of others that are at work until the end of the context."""
    sleep = "SELECT pg_sleep(100)" if end.kind == "postgres" else "SELECT SLEEP(100)"
    connections = [end.connect() for _ in range(sessions)]
    ids = [own.get_backend_pid() if end.kind == "postgres" else own.thread_id() for own in connections]

    def work(connection):
        with suppress(psycopg2.Error, pymysql.Error):
            connection.cursor().execute(sleep)

    threads = [threading.Thread(target=work, args=(connection,)) for connection in connections]
    for thread in threads:
        thread.start()

    def running():
        listed = "SELECT pid FROM pg_stat_activity WHERE state = 'active'" if end.kind == "postgres" else "SELECT id FROM information_schema.processlist WHERE command = 'Query'"
        return set(ids) <= {id for (id,) in end.query(listed)}

    try:
        wait_until(running)
        yield
    finally:
        for id in ids:
            with suppress(psycopg2.Error, pymysql.Error):
                end.query(f"SELECT pg_terminate_backend({id})") if end.kind == "postgres" else end.run(f"KILL {id}")
        for thread in threads:
            thread.join()


def filled(pair, table=TABLE, target=False):
    pair.source.run(table)
    pair.source.insert("t", ROWS)
    if target:
        pair.target.run(table)
        pair.target.insert("t", ROWS)
    return pair


def start(program, verb, pair, *options):
    return program.start(verb, *pair.urls, *options)


def least(seconds, run):
    began = time.monotonic()
    done = run()
    assert time.monotonic() - began >= seconds, f"ended before {seconds} s\n{done}"
    return done


# The rate.


@pytest.mark.parametrize("jobs", [1, 4])
def test_a_copy_takes_as_long_as_its_rate_wants(rowferry, pair, jobs):
    filled(pair)
    least(1, lambda: rowferry.copy(*pair.urls, "--max-rate", "200kB", "--jobs", jobs, "--page-size", "40kB").expect(0))
    assert_same_rows(pair.source, pair.target)


def test_a_rate_counts_what_is_read_of_both_sides(rowferry, pair):
    filled(pair, KEYLESS, target=True)
    least(1, lambda: rowferry("verify", *pair.urls, "--max-rate", "400kB").expect(0))


def test_a_rate_counts_what_is_written(rowferry, pair):
    filled(pair)
    pair.target.run(TABLE)
    least(1, lambda: rowferry("sync", *pair.urls, "--max-rate", "200kB").expect(0))
    assert_same_rows(pair.source, pair.target)


def test_no_limit_is_none_of_the_job(rowferry, pair_of):
    pair = filled(pair_of("sqlite-sqlite"))
    rowferry.copy(*pair.urls, "--max-rate", "1GB").expect(0)
    assert rowferry.copy(*pair.urls).expect(0).result["finished_before"]


# The load.


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", SERVERS)
def test_a_run_waits_while_others_are_at_work(rowferry, pair_of, name, verb):
    pair = filled(pair_of(name), target=verb == "verify")
    if verb == "sync":
        pair.target.run(TABLE)
    end, called = server_of(pair)
    with at_work(end, 3):
        run = start(rowferry, verb, pair, "--max-load", 2)
        waits(run)
        if verb != "verify":
            assert "t" not in pair.target.tables() or pair.target.count("t") == 0
    done = run.wait().expect(0)
    assert f"waiting: 3 other sessions are at work at the {called}, more than --max-load 2" in done.err
    assert done.err.count("waiting: ") == done.err.count("going on after ") == 1
    assert_same_rows(pair.source, pair.target)


@pytest.mark.parametrize("name", ["postgres", "mariadb"])
def test_as_many_as_are_allowed_hold_nothing_up(rowferry, pair_of, name):
    pair = filled(pair_of(f"sqlite-{name}"))
    with at_work(pair.target, 2):
        assert "waiting" not in rowferry("copy", *pair.urls, "--max-load", 2).expect(0).err


@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
@pytest.mark.parametrize("verb", VERBS)
def test_own_sessions_are_no_load(rowferry, faulty, ends, kind, verb):
    """Not even those of the other end at the same server, which are in the middle of a page while the server is asked."""
    source, target = ends.make(kind, "source"), ends.make(kind, "source")
    source.run(TABLE)
    source.insert("t", [(i, "y" * 1000) for i in range(3000)])
    if verb == "verify":
        rowferry("copy", source.url, target.url).expect(0)
    slow = faulty.with_fault("reader.next.after:*=pause:300;writer.append.after:*=pause:300;mender.apply.after:*=pause:700")
    done = slow(verb, source.url, target.url, "--max-load", 0, "--jobs", 4, "--page-size", "700kB").expect(0)
    assert "waiting" not in done.err
    assert_same_rows(source, target)


def test_rows_under_way_stop_in_the_middle_of_a_page(faulty, pair_of, tmp_path):
    pair = pair_of("sqlite-postgres")
    pair.source.run(TABLE)
    pair.source.insert("t", [(i, "z" * 1000) for i in range(8000)])  # some thirty batches
    trace = tmp_path / "trace"
    program = faulty.with_fault("writer.append.before:*=pause:200").with_env(ROWFERRY_FAULT_TRACE=trace)
    appended = lambda: trace.read_text().count("writer.append.before") if trace.exists() else 0
    run = start(program, "copy", pair, "--max-load", 2, "--jobs", 1, "--page-size", "1GB")
    wait_until(lambda: appended() >= 2)
    with at_work(pair.target, 3):
        waits(run)
        batches = appended()
        time.sleep(1.5)
        assert appended() == batches < 25
    run.wait().expect(0)
    assert trace.read_text().count("writer.begin.before") == 1
    assert_same_rows(pair.source, pair.target)


@pytest.mark.parametrize("verb", VERBS)
def test_an_interruption_ends_a_wait(rowferry, pair_of, verb):
    pair = filled(pair_of("sqlite-postgres"), target=verb == "verify")
    with at_work(pair.target, 2):
        run = start(rowferry, verb, pair, "--max-load", 1)
        waits(run)
        run.send(signal.SIGINT)
        run.wait(timeout=30).expect(130)
    rowferry(verb, *pair.urls).expect(0)
    assert_same_rows(pair.source, pair.target)


def test_an_interruption_ends_a_wait_for_the_rate(rowferry, pair_of):
    pair = filled(pair_of("sqlite-sqlite"))
    run = start(rowferry, "copy", pair, "--max-rate", "1kB", "--verbose")
    wait_until(lambda: "loading" in said(run))
    run.send(signal.SIGINT)
    run.wait(timeout=30).expect(130)


# A server that cannot be asked.


def test_a_gauge_that_fails_holds_nothing_up(faulty, pair_of):
    pair = filled(pair_of("sqlite-mariadb"))
    with at_work(pair.target, 2):
        run = start(faulty.with_fault("gauge.load.before:2=transient"), "copy", pair, "--max-load", 1)
        done = run.wait().expect(0)
    assert done.err.count("the target cannot be asked how busy it is (a fault asked for at gauge.load.before") == 1
    assert_same_rows(pair.source, pair.target)


def test_a_gauge_that_does_not_answer_is_not_waited_for(faulty, pair_of, tmp_path):
    pair = filled(pair_of("sqlite-postgres"))
    answer = tmp_path / "answer"
    with at_work(pair.target, 2):
        run = start(faulty.with_fault(f"gauge.load.before:2=hold:{answer}"), "copy", pair, "--max-load", 1)
        wait_until(lambda: "cannot be asked how busy it is (no answer for 5 s)" in said(run))
        wait_until(lambda: "t" in pair.target.tables() and pair.target.count("t") == len(ROWS))
        answer.touch()
        run.wait().expect(0)


def refused(run):
    return run.expect(3).error["code"], run.error["message"]


@pytest.mark.parametrize("verb", VERBS)
def test_limits_that_no_end_can_measure_are_refused(rowferry, pair_of, verb):
    pair = pair_of("sqlite-sqlite")
    pair.source.run(TABLE)
    for option in ("load", "lag"):
        code, message = refused(rowferry(verb, *pair.urls, f"--max-{option}", 5, "--output", "json"))
        assert code in ("throttle.lag", "throttle.load") and code.endswith(option) and f"--max-{option}: neither end" in message
    assert not Path(pair.target.url.partition(":")[2]).exists() or pair.target.tables() == []
    assert rowferry.job_dirs() == []


@pytest.mark.parametrize("name", ["postgres-postgres", "mariadb-mariadb", "postgres-mariadb"])
def test_a_lag_of_servers_without_replicas_is_refused(rowferry, pair_of, name):
    assert refused(rowferry.copy(*pair_of(name).urls, "--max-lag", 5))[0] == "throttle.lag"


def test_what_the_user_may_not_see_is_said(rowferry, pair_of, user):
    pair = filled(pair_of("sqlite-postgres"))
    plain = user(pair.target, 'GRANT CREATE ON DATABASE {database} TO {user}; GRANT ALL ON SCHEMA public TO {user}')
    code, message = refused(rowferry.copy(pair.source, plain, "--max-load", 5))
    assert code == "throttle.load" and "the target: the user may not see what other users' sessions do" in message
    pair = pair_of("postgres-mariadb")
    plain = user(pair.target, "GRANT ALL ON {database}.* TO {user}")
    code, message = refused(rowferry.copy(pair.source, plain, "--max-lag", 5))
    assert code == "throttle.lag" and "the target: " in message and "SLAVE MONITOR" in message


def test_a_limit_that_one_end_may_not_tell_is_kept_at_the_other(rowferry, pair_of, user):
    pair = filled(pair_of("mariadb-postgres"))
    plain = user(pair.target, 'GRANT CREATE ON DATABASE {database} TO {user}; GRANT ALL ON SCHEMA public TO {user}')
    with at_work(pair.source, 2):
        run = rowferry.start("copy", pair.source.url, plain, "--max-load", 1)
        waits(run)
    done = run.wait().expect(0)
    assert "a limit is kept at one end only; the target: the user may not see" in done.err
    assert "waiting: 2 other sessions are at work at the source" in done.err


def test_a_user_of_mariadb_needs_one_privilege_to_ask_for_the_load(rowferry, pair_of, user):
    pair = filled(pair_of("sqlite-mariadb"))
    blind = user(pair.target, "GRANT ALL ON {database}.* TO {user}")
    assert refused(rowferry.copy(pair.source, blind, "--max-load", 1))[0] == "throttle.load"
    plain = user(pair.target, "GRANT ALL ON {database}.* TO {user}; GRANT PROCESS ON *.* TO {user}")
    with at_work(pair.target, 2):
        run = rowferry.start("copy", pair.source.url, plain, "--max-load", 1, "--jobs", 4)
        waits(run)
    run.wait().expect(0)
    assert_same_rows(pair.source, pair.target)


@pytest.mark.parametrize(
    "option, value",
    [("rate", value) for value in ("20", "0MB", "-1MB", "fast", "1.5MB", "99999999999GB")]
    + [("lag", value) for value in ("0", "-1", "x", "1.5", "5s")]
    + [("load", value) for value in ("-1", "x")],
)
def test_values_that_cannot_be_meant_are_refused(rowferry, pair_of, option, value):
    run = rowferry.copy(*pair_of("sqlite-sqlite").urls, f"--max-{option}={value}").expect(2)
    assert run.error["code"] == "option.value"


def test_verbs_that_move_no_rows_have_no_limits(rowferry, pair_of):
    assert rowferry("schema", *pair_of("sqlite-sqlite").urls, "--max-load", "3").expect(2)


# The lag.


@contextmanager
def replica_of_mariadb(source, target):
    """Makes the target's server a replica of what happens in the source's database, in its table `replicated`."""
    source.run(KEYLESS.replace(" t ", " replicated "))
    file, position = source.query("SHOW MASTER STATUS")[0][:2]
    target.on_server(f"CREATE DATABASE {source.name}; CREATE TABLE {source.name}.replicated (id INTEGER, a VARCHAR(1000))")
    port, password = os.environ["ROWFERRY_TEST_MARIADB_SOURCE_PORT"], os.environ["ROWFERRY_TEST_PASSWORD"]
    target.on_server(
        f"SET GLOBAL replicate_do_db = '{source.name}'; CHANGE MASTER 'test' TO master_host = '127.0.0.1', master_port = {port}, master_user = 'rowferry',"
        f" master_password = '{password}', master_log_file = '{file}', master_log_pos = {position}; START SLAVE 'test'"
    )
    try:
        yield
    finally:
        target.on_server(f"STOP SLAVE 'test'; RESET SLAVE 'test' ALL; SET GLOBAL replicate_do_db = ''; DROP DATABASE IF EXISTS {source.name}")


def test_a_run_waits_for_a_replica_of_mariadb(rowferry, pair_of):
    pair = pair_of("mariadb-mariadb")
    with replica_of_mariadb(pair.source, pair.target):
        file = filled(pair_of("sqlite-sqlite")).source
        lag = lambda: pair.target.query("SHOW ALL SLAVES STATUS")[0][34]  # Seconds_Behind_Master
        wait_until(lambda: lag() == 0)
        with closing(pair.target.connect(pair.target.server_url)) as holder:
            holder.cursor().execute(f"LOCK TABLES {pair.source.name}.replicated WRITE")
            pair.source.insert("replicated", [(1, "x")])
            wait_until(lambda: (lag() or 0) > 1)
            run = rowferry.start("copy", file.url, pair.target.url, "--max-lag", 1)
            waits(run)
        done = run.wait().expect(0)
        assert "waiting: the replica lag at the target is " in done.err and "more than --max-lag 1" in done.err
        assert done.err.count("going on after ") == 1
        assert_same_rows(file, pair.target)


@contextmanager
def standby_of(source):
    """A standby of the source's server, of its own, and its URL."""
    program = os.environ["ROWFERRY_TEST_PG_BIN"]
    who = os.environ["ROWFERRY_TEST_SYSTEM_USER"]
    dir = Path(os.environ["ROWFERRY_TEST_SERVERS_DIR"]) / f"standby_{random.randrange(1 << 30)}"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(*words):
        as_user = ["setpriv", "--reuid", who, "--regid", who, "--clear-groups"] if os.getuid() == 0 else []
        env = {**os.environ, "PGPASSWORD": os.environ["ROWFERRY_TEST_PASSWORD"]}
        subprocess.run([*as_user, *map(str, words)], env=env, cwd="/", check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)

    at = ["-h", "127.0.0.1", "-p", os.environ["ROWFERRY_TEST_POSTGRES_SOURCE_PORT"], "-U", "rowferry"]
    try:
        run(f"{program}/pg_basebackup", *at, "-D", dir, "-R", "-X", "stream", "-c", "fast")
        run(f"{program}/pg_ctl", "start", "-s", "-w", "-D", dir, "-l", dir / "log", "-o", f"-p {port} -c wal_receiver_status_interval=1s -c max_standby_streaming_delay=-1")
        yield source.url.replace(":" + at[3] + "/", f":{port}/")
    finally:
        with suppress(subprocess.CalledProcessError):
            run(f"{program}/pg_ctl", "stop", "-s", "-w", "-D", dir, "-m", "immediate")
        run("rm", "-rf", dir)


def test_a_run_waits_for_a_standby_of_postgres(rowferry, ends):
    source, target, file = ends.make("postgres", "source"), ends.make("sqlite", "target"), ends.make("sqlite", "target")
    source.run(TABLE)
    source.insert("t", ROWS)
    with standby_of(source) as url, closing(source.connect(url)) as standby:
        cursor = standby.cursor()
        source.run("CREATE TABLE replayed (id int)")
        wait_until(lambda: cursor.execute("SELECT pg_last_xact_replay_timestamp() IS NOT NULL") or cursor.fetchone()[0])
        assert "waiting" not in rowferry("copy", source.url, target.url, "--max-lag", 1).expect(0).err
        cursor.execute("SELECT pg_wal_replay_pause()")
        source.run("CREATE TABLE other (id int)")
        wait_until(lambda: source.query("SELECT extract(epoch FROM max(replay_lag)) > 1.5 FROM pg_stat_replication")[0][0])
        file.run(TABLE)
        for end, into in ((source.url, target.url), (url, file.url)):  # the primary that is asked for its replicas, and the standby itself
            run = rowferry.start("sync", end, into, "--max-lag", 1)
            waits(run)
            run.send(signal.SIGINT)
            done = run.wait(timeout=30).expect(130)
            assert "waiting: the replica lag at the source is " in done.err and "more than --max-lag 1" in done.err
        run = rowferry.start("sync", source.url, file.url, "--max-lag", 1)
        waits(run)
        cursor.execute("SELECT pg_wal_replay_resume()")
        assert "going on after " in run.wait().expect(0).err
        assert_same_rows(source, file)


def test_a_replica_that_goes_away_holds_nothing_up(rowferry, ends):
    source, target = ends.make("postgres", "source"), ends.make("sqlite", "target")
    source.run(TABLE)
    source.insert("t", ROWS)
    with standby_of(source) as url:
        with closing(source.connect(url)) as standby:
            standby.cursor().execute("SELECT pg_wal_replay_pause()")
        source.run("CREATE TABLE other (id int)")
        wait_until(lambda: source.query("SELECT extract(epoch FROM max(replay_lag)) > 1.5 FROM pg_stat_replication")[0][0])
        run = rowferry.start("copy", source.url, target.url, "--max-lag", 1)
        waits(run)
    done = run.wait().expect(0)
    assert done.err.count("the source has no replica any more whose lag is known: --max-lag is not kept there") == 1
    assert_same_rows(source, target)
