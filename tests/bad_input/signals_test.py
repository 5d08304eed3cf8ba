"""^C and kill, at any time: what has landed stays, and the same command goes on."""

import signal
import time

import pytest
from compare import assert_clean, assert_same_rows, key_faults
from held import Held
from program import wait_until
from tables import PAGES, fill_three


def go_on(rowferry, pair):
    run = rowferry.copy(*pair.urls, *PAGES).expect(0)
    assert run.result["not_one_point"] == ""
    assert_same_rows(pair.source, pair.target)
    assert_clean(pair.target)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_ends_the_run_in_order(rowferry, faulty, pair, tmp_path, number):
    fill_three(pair.source)
    with Held(faulty, tmp_path, "writer.append.before:6", *pair.urls, *PAGES) as run:
        run.running.send(number)
        time.sleep(0.1)
    run.result.expect(130)
    result = run.result.result
    assert result["interrupted"] and result["status"] == 130
    assert "copy" in result["resume_command"]
    assert "To go on" in run.result.err
    go_on(rowferry, pair)


def test_the_second_signal_ends_the_run_at_once(rowferry, faulty, pair, tmp_path):
    fill_three(pair.source)
    held = Held(faulty, tmp_path, "writer.append.before:6", *pair.urls, *PAGES)
    with held as run:
        run.running.send(signal.SIGINT)
        time.sleep(0.2)
        run.running.send(signal.SIGINT)
        time.sleep(0.2)
        wait_until(run.running.ended, timeout=5, what="the end, with the page still held")
    run.result.expect(130)
    go_on(rowferry, pair)


def test_a_signal_at_any_time(rowferry, pair, seeded):
    fill_three(pair.source)
    for _ in range(4):
        run = rowferry.start_copy(*pair.urls, *PAGES)
        time.sleep(seeded.uniform(0.005, 0.4))
        run.send(seeded.choice([signal.SIGINT, signal.SIGTERM]))
        result = run.wait()
        # Before the program has set up its handlers the signal ends it as it would any.
        assert result.status in (0, 130, -signal.SIGINT, -signal.SIGTERM), str(result)
        if result.status == 0:
            break
    run = rowferry.copy(*pair.urls, *PAGES).expect(0)
    assert_same_rows(pair.source, pair.target)
    assert_clean(pair.target)


def test_a_signal_while_keys_are_built(rowferry, faulty, pair, tmp_path):
    fill_three(pair.source)
    pair.source.run("CREATE INDEX bad_word ON bad (word); CREATE INDEX good_word ON good (word)")
    # The DDL of the tables is one statement; the second is an index.
    with Held(faulty, tmp_path, "catalog.execute.before:2", *pair.urls, *PAGES) as run:
        run.running.send(signal.SIGTERM)
        time.sleep(0.1)
    run.result.expect(130)
    go_on(rowferry, pair)
    assert not [fault for table in pair.source.tables() for fault in key_faults(pair.source, pair.target, table)]


LONG = {
    "postgres": "pg_catalog.pg_sleep(60) IS NOT NULL",
    "mariadb": "sleep(10) = 0",
    "sqlite": "(WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n) > 0",
}


@pytest.mark.parametrize("kind, code", [("postgres", "postgres.canceled"), ("mariadb", "mysql.canceled"), ("sqlite", "sqlite.interrupted")])
def test_a_signal_ends_a_check_that_waits_for_a_server(faulty, pair_of, tmp_path, kind, code):
    pair = pair_of(f"{kind}-sqlite")
    pair.source.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY); INSERT INTO t VALUES (1)")
    trace = tmp_path / "trace"
    run = faulty.with_env(ROWFERRY_FAULT_TRACE=trace).start("check", *pair.urls, "--probe", "--where", f"t={LONG[kind]}", "--output", "json")
    wait_until(lambda: trace.exists() and "reader.open.before" in trace.read_text(), what="the reading of rows")
    time.sleep(0.2)  # so that the statement mostly runs, though it need not
    run.send(signal.SIGINT)
    error = run.wait(20).expect(130).error
    assert (error["kind"], error["code"]) == ("interrupted", code), error


def test_a_signal_ends_a_check_between_two_tables(faulty, pair_of, tmp_path):
    pair = pair_of("sqlite-sqlite")
    fill_three(pair.source, 10)
    trace, go = tmp_path / "trace", tmp_path / "go"
    held = faulty.with_env(ROWFERRY_FAULT=f"reader.next.after:1=hold:{go}", ROWFERRY_FAULT_TRACE=trace)
    run = held.start("check", *pair.urls, "--probe", "--output", "json")
    wait_until(lambda: trace.exists() and "reader.next.after" in trace.read_text(), what="the first rows")
    run.send(signal.SIGINT)
    time.sleep(0.1)
    go.touch()
    error = run.wait(20).expect(130).error
    assert (error["kind"], error["code"]) == ("interrupted", "interrupted"), error
