"""Users who may do less."""

import os
import subprocess
import uuid

import pytest
from compare import assert_same_rows
from program import KILLED
from tables import expect_blocked, expect_error, fill_three


@pytest.fixture
def user():
    """user(end, statements with {user}): a user of that end's server; returns the URL to come in by."""
    made = []

    def make(end, statements):
        name = "user_" + uuid.uuid4().hex[:8]
        end.run(f"CREATE USER {name} PASSWORD 'secret'; " + statements.format(user=name, database=end.name))
        made.append((end, name))
        return end.url_of(name)

    yield make
    for end, name in made:
        end.run(f"DROP OWNED BY {name} CASCADE; DROP USER {name}")


def test_no_place_for_the_ledger(rowferry, pair_of, user):
    pair = pair_of("sqlite-postgres")
    fill_three(pair.source, 10)
    pair.target.run("CREATE SCHEMA shop")
    target = user(pair.target, "GRANT CREATE, USAGE ON SCHEMA shop TO {user}")
    found = expect_blocked(rowferry.copy(pair.source, target, "--map", "*=shop.*"), "privilege.missing")
    assert "ledger" in found["message"] and found["hint"].startswith("GRANT CREATE ON DATABASE")
    run = rowferry("cleanup", "some-job", target, "--output", "json").expect(3)
    expect_error(run.error, "auth", "ledger.place")
    assert "rowferry" in run.error["hint"]


def test_a_ledger_among_the_users_tables(rowferry, faulty, pair_of, user):
    """No right to make a schema: the ledger's tables stand in public, and go with the job."""
    pair = pair_of("sqlite-postgres")
    fill_three(pair.source, 500)
    target = user(pair.target, "GRANT CREATE ON SCHEMA public TO {user}")
    faulty.with_fault("writer.commit.after:3=kill").copy(pair.source, target, "--page-size", "100").expect(KILLED)
    assert pair.target.one("SELECT count(*) FROM public._rowferry_page") > 0
    rowferry.copy(pair.source, target, "--page-size", "100").expect(0)
    assert_same_rows(pair.source, pair.target)
    assert pair.target.one("SELECT to_regclass('public._rowferry_page')") is None
    assert pair.target.one("SELECT to_regnamespace('rowferry')") is None


def test_a_source_table_that_may_not_be_read(rowferry, pair_of, user):
    pair = pair_of("postgres-sqlite")
    fill_three(pair.source, 10)
    source = user(pair.source, "GRANT SELECT ON good, last TO {user}")
    expect_blocked(rowferry.copy(source, pair.target), "privilege.missing", "table public.bad")
    assert not pair.target.exists()


def test_a_source_column_that_may_not_be_read(rowferry, pair_of, user):
    pair = pair_of("postgres-sqlite")
    fill_three(pair.source, 10)
    source = user(pair.source, "GRANT SELECT ON good, last TO {user}; GRANT SELECT (id, word) ON bad TO {user}")
    run = rowferry.copy(source, pair.target).expect(3)
    expect_error(run.error, "auth", "postgres.privilege")
    assert run.error["where"] == "table bad" and "grant the privilege" in run.error["hint"]
    rowferry.copy(source, f"{pair.target.url}-2", "--columns", "bad=id,word").expect(0)


def test_a_table_that_may_not_be_read_can_be_left_out(rowferry, pair_of, user):
    pair = pair_of("postgres-sqlite")
    fill_three(pair.source, 10)
    source = user(pair.source, "GRANT SELECT ON good, last TO {user}")
    rowferry.copy(source, pair.target, "--exclude", "bad").expect(0)
    assert_same_rows(pair.source, pair.target, ["good", "last"])


def test_a_source_that_may_be_read_only_is_enough(rowferry, pair_of, user):
    pair = pair_of("postgres-sqlite")
    fill_three(pair.source, 1000)
    source = user(pair.source, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {user}")
    rowferry.copy(source, pair.target, "--jobs", "4").expect(0)
    assert_same_rows(pair.source, pair.target)


@pytest.fixture
def write_protected():
    """write_protected(path): even for root, who may write all but immutable files."""
    made = []

    def protect(path):
        if os.geteuid() != 0:
            path.chmod(0o444)
        elif subprocess.run(["chattr", "+i", path], capture_output=True).returncode == 0:
            made.append(path)
        else:
            pytest.skip("this file system has no immutable files, and root may write all others")

    yield protect
    for path in made:
        subprocess.run(["chattr", "-i", path], check=True)


def test_a_sqlite_target_that_may_not_be_written(rowferry, pair_of, write_protected):
    pair = pair_of("sqlite-sqlite")
    fill_three(pair.source, 10)
    pair.target.run("CREATE TABLE other (a INTEGER)")
    write_protected(pair.target.path)
    assert "write" in expect_blocked(rowferry.copy(*pair.urls), "privilege.missing")["message"]


def test_a_sqlite_source_that_may_not_be_written_is_read(rowferry, pair_of, write_protected):
    pair = pair_of("sqlite-postgres")
    fill_three(pair.source, 1000)
    write_protected(pair.source.path)
    run = rowferry.copy(*pair.urls, "--page-size", "100").expect(0)
    assert any("one reader" in event.get("text", "") for event in run.events), str(run)
    assert_same_rows(pair.source, pair.target)
