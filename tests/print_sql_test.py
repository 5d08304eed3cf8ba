"""Scripts of `sync --print-sql`: the server's own client runs them, and then both sides hold the same."""

import os
import subprocess
import urllib.parse

import own_clients
import pytest
import zoo_test
from check_test import user
from compare import assert_same_rows
from ends import quote
from program import Program
from zoo_test import zoos

assert user and zoos  # fixtures

TABLE = "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a VARCHAR(60), b VARCHAR(20), n INTEGER)"
ROWS = [(i, f"a{i}", f"b{i}", i * 3) for i in range(1, 101)]


def client(end):
    """The command line as somebody would type it: every setting is the script's own."""
    if end.kind == "sqlite":
        return ["sqlite3", "-batch", "-init", os.devnull, str(end.path)], {}
    if end.kind == "postgres":
        return ["psql", "-X", "-q", "-f", "-", end.url], {}
    parts = urllib.parse.urlsplit(end.url)
    words = ["mariadb", "--no-defaults", "-h", parts.hostname, "-P", str(parts.port), "-u", parts.username, "--max-allowed-packet=1G", parts.path[1:]]
    return words, {"MYSQL_PWD": urllib.parse.unquote(parts.password or "")}


def run_script(end, script):
    command, secrets = client(end)
    done = subprocess.run(command, input=script.encode(), capture_output=True, env={**os.environ, **secrets}, timeout=300)
    assert done.returncode == 0 and not done.stderr, f"{done.returncode} {done.stderr.decode(errors='replace')[-3000:]}\n{script[:6000]}"


def printed(rowferry, pair, *options):
    """The script, when something differs."""
    return rowferry("sync", *pair.urls, "--print-sql", *options).expect(1)


def done_by_script(rowferry, pair, *options):
    """Prints it, which changes nothing, runs it, and asks verify."""
    before = {table: pair.target.rows(table) for table in pair.target.tables()}
    run = printed(rowferry, pair, *options)
    assert before == {table: pair.target.rows(table) for table in pair.target.tables()}
    run_script(pair.target, run.out)
    rowferry("verify", *pair.urls).expect(0)
    return run


@pytest.fixture
def copied(rowferry, pair):
    pair.source.run(TABLE)
    pair.source.insert("t", ROWS)
    rowferry.copy(*pair.urls).expect(0)
    return pair


ODD = ["it's", 'a "b"', "back\\slash \\n", "two\nlines\n.read x\n", "cr\r\nlf\r", "tab\t;-- x", "/* */ $1 :x ? %s", "日本 \U0001f600 ä", "", " ends with space", "\\", "'", "''; DELETE FROM t; --", "NULL", "\x1a\x01\x7f", "; COMMIT;"]


def test_what_differs_is_repaired_by_the_script(rowferry, copied):
    copied.source.insert("t", [(1000 + i, text, None, i) for i, text in enumerate(ODD)])
    copied.target.run("DELETE FROM t WHERE id IN (1, 50, 100); UPDATE t SET a = 'zz' WHERE id = 20; UPDATE t SET b = NULL, n = 0 WHERE id = 21; UPDATE t SET a = 'A24' WHERE id = 24")
    copied.target.run("UPDATE t SET a = '' WHERE id = 22; UPDATE t SET a = 'a23 ' WHERE id = 23")
    copied.target.insert("t", [(-5, "x", "y", 1), (9999, None, None, None)])
    copied.source.run("UPDATE t SET a = NULL WHERE id = 30; UPDATE t SET a = 'a31' WHERE id = 32; UPDATE t SET a = 'a32' WHERE id = 31")
    run = done_by_script(rowferry, copied)
    assert_same_rows(copied.source, copied.target)
    assert "UPDATE" in run.out and "INSERT" in run.out and "DELETE" in run.out and run.out.endswith("-- end of the script\n")
    assert "differs" in run.err
    copied.target.run("UPDATE t SET a = 'other', b = 'b' WHERE id >= 1000")
    done_by_script(rowferry, copied)
    assert_same_rows(copied.source, copied.target)


def test_nothing_to_change(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    pair.source.run(TABLE)
    rowferry.copy(*pair.urls).expect(0)
    run = rowferry("sync", *pair.urls, "--print-sql").expect(0)
    assert run.out.endswith("-- nothing to change\n")
    run_script(pair.target, run.out)


def test_a_table_without_a_key(rowferry, pair):
    pair.source.run("CREATE TABLE t (a INTEGER, b VARCHAR(20), f DOUBLE PRECISION)")
    pair.source.insert("t", [(1, "x", 0.1)] * 5 + [(2, "y", -2.5)] * 3 + [(None, None, None)] * 2 + [(3, "z", 1e300), (4, "Ä", 5e-324)])
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("UPDATE t SET b = 'w' WHERE a = 3; UPDATE t SET b = 'ä' WHERE a = 4")
    pair.target.insert("t", [(2, "y", -2.5), (2, "y", -2.5), (None, None, None), (7, "x'\\\n", 0.30000000000000004), (1, "x", 0.10000000000000002)])
    pair.source.insert("t", [(1, "x", 0.1), (1, "x", 0.1)])
    done_by_script(rowferry, pair)
    assert_same_rows(pair.source, pair.target)


def test_unique_values_that_change_places(rowferry, pair):
    pair.source.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, u VARCHAR(20) NOT NULL UNIQUE, v INTEGER UNIQUE, w INTEGER NOT NULL, UNIQUE (w))")
    pair.source.insert("t", [(i, f"u{i}", i, i + 500) for i in range(1, 61)])
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("DELETE FROM t WHERE id <= 40")
    turned = [(i, f"u{i % 20 + 1}", i % 20 + 1, i % 20 + 501) for i in range(1, 21)]
    pairs = [(i, f"u{i + (1 if i % 2 else -1)}", i + (1 if i % 2 else -1), i + 500) for i in range(21, 31)]
    chain = [(i, f"u{i + 1}", i + 1, i + 501) for i in range(31, 40)]
    pair.target.insert("t", turned + pairs + chain + [(1000, "u31", 31, 531)])
    done_by_script(rowferry, pair)
    assert_same_rows(pair.source, pair.target)


def test_parents_come_before_children_and_go_after_them(rowferry, pair):
    pair.source.run("CREATE TABLE b_parent (id INTEGER NOT NULL PRIMARY KEY, n INTEGER)")
    pair.source.run("CREATE TABLE a_child (id INTEGER NOT NULL PRIMARY KEY, p INTEGER NOT NULL, FOREIGN KEY (p) REFERENCES b_parent (id))")
    pair.source.run("CREATE TABLE self (id INTEGER NOT NULL PRIMARY KEY, up INTEGER, FOREIGN KEY (up) REFERENCES self (id))")
    pair.source.insert("b_parent", [(i, i) for i in range(1, 11)])
    pair.source.insert("a_child", [(i, i % 10 + 1) for i in range(1, 31)])
    pair.source.insert("self", [(1, None)])
    pair.source.insert("self", [(i, i - 1) for i in range(2, 11)])
    rowferry.copy(*pair.urls).expect(0)
    pair.target.insert("b_parent", [(100, 1), (101, 2)])
    pair.target.insert("a_child", [(1000, 100), (1001, 101)])
    for row in ((50, 10), (51, 50), (52, 51)):
        pair.target.insert("self", [row])
    pair.target.run("UPDATE a_child SET p = 100 WHERE id = 5; DELETE FROM a_child WHERE id = 7; UPDATE self SET up = 52 WHERE id = 3")
    pair.source.insert("b_parent", [(200, 1)])
    pair.source.insert("a_child", [(2000, 200)])
    pair.source.insert("self", [(61, None)])
    pair.source.insert("self", [(60, 61)])
    pair.source.run("UPDATE self SET up = 60 WHERE id = 4")
    done_by_script(rowferry, pair)
    assert_same_rows(pair.source, pair.target)


def test_rows_that_hang_on_others_by_cascade_are_not_lost(rowferry, pair):
    pair.source.run("CREATE TABLE p (id INTEGER NOT NULL PRIMARY KEY, n INTEGER)")
    pair.source.run("CREATE TABLE c (id INTEGER NOT NULL PRIMARY KEY, p INTEGER, FOREIGN KEY (p) REFERENCES p (id) ON DELETE CASCADE)")
    pair.source.insert("p", [(1, 1), (2, 2)])
    pair.source.insert("c", [(i, 1) for i in range(1, 11)])
    rowferry.copy(*pair.urls).expect(0)
    pair.target.insert("p", [(9, 9)])
    pair.target.run("UPDATE c SET p = 9 WHERE id > 5")
    done_by_script(rowferry, pair)
    assert_same_rows(pair.source, pair.target)
    pair.target.insert("p", [(9, 9)])
    pair.target.insert("c", [(99, 9)])
    run = printed(rowferry, pair, "--exclude", "c")
    run_script(pair.target, run.out)
    assert pair.target.count("c") == 11 and pair.target.count("p") == 3  # the row stays, and the script has said so
    assert "ON DELETE" in run.out and "ON DELETE" in run.err


def test_a_key_that_the_target_takes_for_another_one(rowferry, pair_of):
    for name in ("sqlite-mariadb", "mariadb-mariadb"):
        pair = pair_of(name)
        pair.target.run("CREATE TABLE t (k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL PRIMARY KEY, n INTEGER)")
        pair.target.run("CREATE TABLE own (id INTEGER NOT NULL PRIMARY KEY, k VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci, FOREIGN KEY (k) REFERENCES t (k))")
        pair.target.insert("t", [("abc", 1), ("def", 2), ("x ", 3), ("gone", 4)])
        pair.target.insert("own", [(1, "abc")])
        pair.source.run("CREATE TABLE t (k VARCHAR(20) NOT NULL PRIMARY KEY, n INTEGER)")
        pair.source.insert("t", [("ABC", 1), ("def", 3), ("x", 3), ("new", 5)])
        run_script(pair.target, printed(rowferry, pair).out)
        assert sorted(pair.target.query("SELECT k, n FROM t")) == [("ABC", 1), ("def", 3), ("new", 5), ("x", 3)] and pair.target.count("own") == 1


def test_what_a_server_sets_or_computes_by_itself(rowferry, pair_of):
    pair = pair_of("mariadb-mariadb")
    pair.source.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, n INTEGER, twice INTEGER GENERATED ALWAYS AS (n * 2) STORED, at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)")
    pair.source.run("INSERT INTO t (id, n, at) VALUES (1, 1, '2020-01-01 00:00:00'), (2, 2, '2020-01-02 00:00:00')")
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("UPDATE t SET n = 9, at = '2020-01-01 00:00:00' WHERE id = 1; DELETE FROM t WHERE id = 2")
    done_by_script(rowferry, pair)
    assert_same_rows(pair.source, pair.target)


def test_numbers_go_on_behind_the_rows_that_came(rowferry, pair):
    number = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT", "postgres": "INTEGER GENERATED ALWAYS AS IDENTITY PRIMARY KEY"}.get(pair.name.split("-")[0], "INTEGER AUTO_INCREMENT PRIMARY KEY")
    pair.source.run(f"CREATE TABLE t (id {number}, a VARCHAR(9))")
    pair.source.run("INSERT INTO t (a) VALUES ('x'), ('y')")
    rowferry.copy(*pair.urls).expect(0)
    pair.source.run("INSERT INTO t (a) VALUES ('p'), ('q'), ('r')")
    done_by_script(rowferry, pair)
    assert_same_rows(pair.source, pair.target)
    pair.target.run("INSERT INTO t (a) VALUES ('z')")
    assert pair.target.one("SELECT id FROM t WHERE a = 'z'") == 6


def test_a_user_who_may_only_read_gets_a_script(rowferry, pair_of, user):
    pair = pair_of("sqlite-postgres")
    pair.source.run(TABLE)
    pair.source.insert("t", ROWS)
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("DELETE FROM t WHERE id = 1")
    reader = user(pair.target, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {user}; GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {user}")
    run = rowferry("sync", pair.source.url, reader, "--print-sql").expect(1)
    run_script(pair.target, run.out)
    assert_same_rows(pair.source, pair.target)


def test_a_file_that_may_only_be_read_gives_a_script(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    pair.source.run(TABLE)
    pair.source.insert("t", ROWS)
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("DELETE FROM t WHERE id = 1")
    before = pair.target.path.read_bytes()
    pair.target.path.chmod(0o444)
    run = printed(rowferry, pair)
    assert pair.target.path.read_bytes() == before
    pair.target.path.chmod(0o644)
    run_script(pair.target, run.out)
    assert_same_rows(pair.source, pair.target)


def test_tables_and_rows_that_are_not_in_the_script_are_said(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run(TABLE + "; CREATE TABLE fresh (id INTEGER PRIMARY KEY); CREATE TABLE typed (id INTEGER PRIMARY KEY, n INTEGER)")
    pair.source.insert("t", ROWS)
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("DROP TABLE fresh; DELETE FROM t WHERE id < 3")
    pair.source.run("INSERT INTO typed VALUES (1, 'no number'), (2, 2)")
    run = printed(rowferry, pair)
    for text in ("fresh is missing", "typed: 1 rows cannot be read"):
        assert f"-- public.{text}" in run.out and text in run.err
    run_script(pair.target, run.out)
    assert sorted(pair.target.query("SELECT id FROM typed")) == [(2,)] and pair.target.count("t") == 100


def test_only_what_is_wanted(rowferry, pair_of):
    pair = pair_of("postgres-mariadb")
    pair.source.run(TABLE)
    pair.source.insert("t", ROWS)
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("DELETE FROM t WHERE id = 3; UPDATE t SET n = -1 WHERE id IN (4, 40)")
    pair.target.insert("t", [(1000, "x", "y", 1)])
    run = printed(rowferry, pair, "--no-delete", "--where", "t=id < 20 OR id = 1000")
    run_script(pair.target, run.out)
    assert pair.target.count("t") == 101 and sorted(pair.target.query("SELECT id, n FROM t WHERE n < 5")) == [(1, 3), (40, -1), (1000, 1)]


def test_json_lines_and_a_script_exclude_each_other(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    run = rowferry("sync", *pair.urls, "--print-sql", "--output", "json").expect(2)
    assert run.error["code"] == "options.exclude"


def test_a_script_that_fails_ends_there(rowferry, pair_of):
    for name in ("sqlite-sqlite", "sqlite-postgres", "sqlite-mariadb"):
        pair = pair_of(name)
        pair.source.run(TABLE + "; CREATE TABLE u (id INTEGER NOT NULL PRIMARY KEY)")
        pair.source.insert("t", ROWS)
        pair.source.insert("u", [(1,)])
        rowferry.copy(*pair.urls).expect(0)
        pair.target.run("DELETE FROM t WHERE id < 3; DELETE FROM u")
        run = printed(rowferry, pair)
        pair.target.insert("t", [(1, "in the way", None, None)])
        pair.target.insert("u", [(1,)])
        command, secrets = client(pair.target)
        done = subprocess.run(command, input=run.out.encode(), capture_output=True, env={**os.environ, **secrets}, timeout=60)
        assert done.returncode != 0 and pair.target.count("t") == 99 and pair.target.count("u") == 1


def test_many_rows_in_little_memory(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    pair.source.run(TABLE)
    rowferry.copy(*pair.urls).expect(0)
    pair.source.run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) INSERT INTO t SELECT i, 'text that is not short at all, row ' || i, 'b' || i, i FROM n")
    run = rowferry.start("sync", *pair.urls, "--print-sql").wait().expect(1)
    assert len(run.out) > 25_000_000 and run.peak_memory < 120 << 20
    run_script(pair.target, run.out)
    assert_same_rows(pair.source, pair.target)


# Every type there is.


def left_alone(rowferry_path, run, tmp_path, *options):
    """Prints and runs the script of a copied zoo."""
    excluded = [word for name in {*run.excluded, "large"} for word in ("--exclude", name)]
    ends = [run.source.url, run.target.url, *excluded, *options]
    found = Program(rowferry_path, tmp_path)("sync", *ends, "--print-sql", "--show", "0").expect(1)
    assert " is left out" not in found.err, found.err[-3000:]
    run_script(run.target, found.out)
    return found


def nullable(end, table):
    """Columns that take NULL, and that the server does not compute."""
    if end.kind == "postgres":
        rows = end.query("SELECT attname FROM pg_attribute JOIN pg_type t ON t.oid = atttypid WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND NOT attnotnull AND NOT t.typnotnull AND attgenerated = '' AND attidentity = ''", quote(table))
    elif end.kind == "sqlite":
        rows = end.query('SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0 AND pk = 0 AND "notnull" = 0', table)
    else:
        rows = end.query("SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s AND is_nullable = 'YES' AND generation_expression IS NULL", end.name, table)
    return [name for (name,) in rows if name != "id"]


def named(end, name):
    return quote(name) if end.kind != "mariadb" else f"`{name}`"


@pytest.mark.parametrize("name", zoo_test.SAME)
def test_literals_of_every_type(zoos, program_path, tmp_path, name):
    run = zoos.copied(name, "--exclude", "large")
    before = zoo_test.faults_within(run)
    own = own_clients.run
    # Labels that the catalog does not show as they are, sync itself does not write.
    tables = [table for table in run.tables if (run.target.kind, table) != ("mariadb", "labels")]
    own(run.target, "".join(f"DELETE FROM {named(run.target, table)};\n" for table in tables))
    left_alone(program_path, run, tmp_path)
    assert zoo_test.faults_within(run) == before
    changes = {table: nullable(run.target, table) for table in tables}
    own(run.target, "".join(f"UPDATE {named(run.target, table)} SET {', '.join(named(run.target, column) + ' = NULL' for column in columns)};\n" for table, columns in changes.items() if columns))
    found = left_alone(program_path, run, tmp_path)
    assert "UPDATE" in found.out and zoo_test.faults_within(run) == before


@pytest.mark.parametrize("name", zoo_test.SAME)
def test_rows_of_every_type_are_found_without_a_key(zoos, program_path, tmp_path, name):
    """Each row stands twice at the target, and once at the source."""
    run = zoos.copied(name, "--exclude", "large")
    kept = [table for table in run.tables if not table.startswith("k_") and table != "versioned_openly"]  # whose own columns a copy of it has not
    for end, times in ((run.source, 1), (run.target, 2)):
        for table in kept:
            bare, copy = named(end, table), named(end, "k_" + table)
            own_clients.run(end, f"DROP TABLE IF EXISTS {copy};\nCREATE TABLE {copy} AS SELECT * FROM {bare};\n" + f"INSERT INTO {copy} SELECT * FROM {bare};\n" * (times - 1))
    try:
        found = left_alone(program_path, run, tmp_path, "--table", "k_*")
        assert "DELETE" in found.out and "INSERT" not in found.out
        for table in kept:
            assert run.source.count("k_" + table) == run.target.count("k_" + table), table
        Program(program_path, tmp_path)("verify", run.source.url, run.target.url, "--table", "k_*").expect(0)
    finally:
        for table in kept:
            own_clients.run(run.source, f"DROP TABLE {named(run.source, 'k_' + table)};\n")


@pytest.mark.parametrize("name", zoo_test.ACROSS)
def test_literals_of_values_from_other_servers(zoos, program_path, tmp_path, name):
    run = zoos.copied(name, "--exclude", "large")
    before = zoo_test.faults_across(run)
    refused = [(one.table, one.id) for one in zoo_test.refused(run)]
    outs = [word for table in {table for table, _ in refused} for ids in [[id for one, id in refused if one == table]] for word in ("--where", f"{table}=id NOT IN ({', '.join(map(str, ids))})")]
    own_clients.run(run.target, "".join(f"DELETE FROM {named(run.target, table)};\n" for table in run.tables))
    left_alone(program_path, run, tmp_path, *outs)
    assert zoo_test.faults_across(run) == before
