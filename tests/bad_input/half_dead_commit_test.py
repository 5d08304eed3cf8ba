"""A commit that the server is still at when the client has lost it: the page lands once."""

from compare import assert_clean, assert_same_rows
from program import wait_until
from proxy import Proxy

SLOW_COMMIT = """
CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, word TEXT);
CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM pg_sleep(2); RETURN NULL; END$$;
CREATE SCHEMA rowferry;
CREATE TABLE rowferry.run (job text PRIMARY KEY, run bigint NOT NULL, source text NOT NULL, label text NOT NULL,
  started timestamptz NOT NULL);
CREATE TABLE rowferry.page (job text NOT NULL, tbl text NOT NULL, part text NOT NULL, page bigint NOT NULL,
  lower_bound text NOT NULL, upper_bound text NOT NULL, plan text NOT NULL, position text NOT NULL,
  row_count bigint NOT NULL, byte_count bigint NOT NULL, rejected bigint NOT NULL DEFAULT 0, PRIMARY KEY (job, tbl, part, page));
CREATE CONSTRAINT TRIGGER linger AFTER UPDATE ON rowferry.page DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.page = 2097152) EXECUTE FUNCTION linger();
"""


def committing(end):
    return end.one("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = %s", end.name)


def test_a_page_whose_commit_outlives_its_connection_lands_once(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, word TEXT)")
    pair.source.insert("t", [(n, "word") for n in range(2000)])
    pair.target.run(SLOW_COMMIT)
    with Proxy(pair.target.url) as proxy:
        run = rowferry.start_copy(pair.source, proxy.url, "--data-only", "--page-size", "200", "--jobs", "1")
        wait_until(lambda: committing(pair.target), what="the slow commit")
        proxy.cut_all()
        run = run.wait().expect(0)
    assert run.table("t")["rows"] == 2000
    assert_same_rows(pair.source, pair.target)
    assert_clean(pair.target)


def test_a_new_run_waits_for_a_commit_of_the_one_before(rowferry, pair_of):
    """Killed while the server commits: the next run sees the page as landed, or the commit fails."""
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, word TEXT)")
    pair.source.insert("t", [(n, "word") for n in range(2000)])
    pair.target.run(SLOW_COMMIT)
    command = [*pair.urls, "--data-only", "--page-size", "200", "--jobs", "1"]
    run = rowferry.start_copy(*command)
    wait_until(lambda: committing(pair.target), what="the slow commit")
    run.send(9)
    run.wait()
    assert committing(pair.target), "too late to show anything"
    rowferry.copy(*command).expect(0)
    assert_same_rows(pair.source, pair.target)
    assert_clean(pair.target)


def test_pages_that_land_while_they_are_begun_again_are_not_loaded_twice(rowferry, pair_of):
    """An attempt more waits for the commit of the first and finds the page in its place; the run goes on, and once is all
    it may."""
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id BIGINT NOT NULL PRIMARY KEY, word TEXT)")
    pair.source.insert("t", [(n, "word") for n in range(2000)])
    pair.target.run(SLOW_COMMIT.replace("NEW.page = 2097152", "NEW.page IN (2097152, 3145728)"))
    command = ["--data-only", "--page-size", "200", "--jobs", "1"]
    with Proxy(pair.target.url) as proxy:
        run = rowferry.start_copy(pair.source, proxy.url, *command, "--retries", "1")
        for _ in range(2):
            wait_until(lambda: committing(pair.target), what="the slow commit")
            proxy.cut_all()
            wait_until(lambda: not committing(pair.target), what="its end")
        run = run.wait().expect(3)
    assert (run.error["kind"], run.error["code"]) == ("transient", "page.landed"), run.error
    rowferry.copy(*pair.urls, *command).expect(0)
    assert_same_rows(pair.source, pair.target)
    assert_clean(pair.target)
