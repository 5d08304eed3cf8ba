"""Errors by their codes, as docs/errors.md lists them: those that a user's command, files or servers give
rise to. What `check` finds is tested there, and what becomes of rows in bad_input/."""

import fcntl
import os
import subprocess
import termios
import uuid
from contextlib import suppress

import pytest
from program import OWN, wait_until
from proxy import Proxy


def plain_env(**more):
    return {name: value for name, value in os.environ.items() if not OWN.match(name)} | more


def run_with(rowferry, *arguments, prefix=(), env=None, **options):
    """Without the --dir that tests give otherwise."""
    return subprocess.run([*prefix, rowferry.path, *arguments], env=plain_env(**(env or {})), text=True, timeout=60, **options)


def code_of(run):
    assert run.error["message"], run
    return run.error["code"]


# The command line and its files.


@pytest.mark.parametrize(
    "code, words",
    [
        ("usage.verb", "cpoy"),
        ("usage.arguments", "copy"),
        ("usage.arguments", "copy sqlite:a.db sqlite:b.db more"),
        ("option.value", "copy sqlite:a.db sqlite:b.db --jobs none"),
        ("option.twice", "copy sqlite:a.db sqlite:b.db --where t=1 --where t=2"),
        ("options.exclude", "copy sqlite:a.db sqlite:b.db --restart --resume"),
        ("config.open", "copy sqlite:a.db sqlite:b.db --config /none/config.toml"),
        ("end.unknown", "copy @here sqlite:b.db"),
        ("url.scheme", "copy oracle:a sqlite:b.db"),
        ("url.invalid", "check sqlite:a.db mysql://h/db?colour=red"),
        ("url.password", "copy postgres://ann:se/cret@h/d sqlite:b.db"),
        ("sqlite.url", "copy sqlite: sqlite:b.db"),
        ("job.name", "cleanup ../job"),
        ("job.unknown", "status none"),
        ("selection.pattern", "copy {source} sqlite:b.db -t /(/"),
        ("selection.unused", "copy {source} {target} -t absent"),
        ("selection.column", "copy {source} {target} --columns t=absent"),
        ("selection.where", "copy {source} {target} --where t=id)>0"),
        ("ends.same", "copy {source} {source}"),
        ("resume.nothing", "copy {source} {target} --resume"),
        ("password.terminal", "copy {source} postgres://nobody@127.0.0.1:1/none --ask-password"),
        ("log.open", "copy {source} {target} --log-file /"),
    ],
)
def test_of_the_command_line(rowferry, ends, code, words):
    source = ends.make("sqlite", "source")
    source.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    target = ends.make("sqlite", "target")
    run = rowferry(*(word.format(source=source.url, target=target.url) for word in words.split()), "--output", "json")
    assert code_of(run) == code, run


@pytest.mark.parametrize(
    "code, text",
    [
        ("config.syntax", "[options"),
        ("config.option", "[options]\nbojs = 4"),
        ("config.value", "ends = 3"),
        ("password.file", "[ends]\nhere = { url = 'postgres://a@h/d', password_file = 'none' }"),
        ("password.variable", "[ends]\nhere = { url = 'postgres://a@h/d', password_env = 'NONE_OF_THIS_NAME' }"),
    ],
)
def test_of_the_configuration_file(rowferry, tmp_path, code, text):
    (tmp_path / "config.toml").write_text(text)
    run = rowferry("copy", "@here", "sqlite:b.db", "--config", tmp_path / "config.toml", "--output", "json").expect(2)
    assert code_of(run) == code


def test_no_home(rowferry):
    if os.geteuid() != 0:
        pytest.skip("only root can become a user without a home")
    prefix = ("env", "-u", "HOME", "setpriv", "--reuid", "54321", "--clear-groups")
    run = run_with(rowferry, "status", "--output", "json", prefix=prefix, capture_output=True, cwd="/")
    assert run.returncode == 2 and '"code":"options.home"' in run.stdout, run


def test_output_that_cannot_be_written(rowferry, tmp_path):
    with open("/dev/full", "w") as full:
        run = run_with(rowferry, "status", "--dir", str(tmp_path), stdout=full, stderr=subprocess.PIPE)
    assert run.returncode == 3 and "cannot write to standard output" in run.stderr, run


def test_output_that_could_not_be_written_for_a_while(faulty, pair_of, tmp_path):
    """Nobody has read for a while, and some of the results are lost: those that follow do not hide it."""
    pair = pair_of("sqlite-sqlite")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)")
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    with suppress(BlockingIOError):
        while True:
            os.write(writing, b"\n" * 4096)
    trace, go = tmp_path / "trace", tmp_path / "go"
    command = [faulty.path, "copy", *pair.urls, "--output", "json", "--dir", str(tmp_path / "jobs")]
    held = plain_env(ROWFERRY_FAULT=f"writer.begin.before:1=hold:{go}", ROWFERRY_FAULT_TRACE=str(trace))
    run = subprocess.Popen(command, env=held, stdout=writing, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        wait_until(lambda: trace.exists() and "writer.begin.before" in trace.read_text(), what="the first page")
        with suppress(BlockingIOError):
            while os.read(reading, 65536):
                pass
        go.touch()
        assert run.wait(30) == 3
    finally:
        run.kill()
    out = os.read(reading, 65536).decode()
    os.close(reading)
    assert '"event":"error"' in out and '"code":"output.write"' in out, out


def test_a_question_for_a_password_that_is_answered_by_ctrl_c(rowferry, tmp_path):
    ours, its = os.openpty()
    command = [rowferry.path, "copy", "postgres://nobody@127.0.0.1:1/none", "sqlite:b.db", "--ask-password", "--output", "json"]
    take_terminal = lambda: fcntl.ioctl(its, termios.TIOCSCTTY, 0)
    run = subprocess.Popen(
        command, cwd=tmp_path, env=plain_env(), stdin=its, stdout=subprocess.PIPE, start_new_session=True, preexec_fn=take_terminal, text=True
    )
    os.close(its)
    try:
        asked = b""
        while b"assword" not in asked:
            asked += os.read(ours, 1000)
        os.write(ours, b"secret\x03")
        out, _ = run.communicate(timeout=30)
    finally:
        run.kill()
        os.close(ours)
    assert run.returncode == 130 and '"code":"password.stopped"' in out, out


def test_cleanup_of_an_unfinished_job_without_its_target(rowferry, faulty, pair_of):
    pair = pair_of("sqlite-sqlite")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY); INSERT INTO t VALUES (1)")
    faulty.with_fault("writer.commit.after:1=kill").copy(*pair.urls)
    (job,) = rowferry.job_dirs()
    assert code_of(rowferry("cleanup", job.name, "--yes", "--output", "json").expect(2)) == "cleanup.target"


# Reaching an end.


@pytest.fixture
def user():
    """user(end, grants): a user of that end's server; {user} and {database} stand for themselves."""
    made = []

    def make(end, grants, password="secret"):
        name = "user_" + uuid.uuid4().hex[:8]
        word = "PASSWORD" if end.kind == "postgres" else "IDENTIFIED BY"
        end.run_script(f"CREATE USER {name} {word} 'secret'; " + grants.format(user=name, database=end.name))
        made.append((end, name))
        return end.url_of(name, password)

    yield make
    for end, name in made:
        end.run((f"DROP OWNED BY {name} CASCADE; " if end.kind == "postgres" else "") + f"DROP USER {name}")


@pytest.mark.parametrize(
    "code, kind, grants, password",
    [
        ("postgres.password", "postgres", "", "wrong"),
        ("postgres.refused", "postgres", "ALTER ROLE {user} NOLOGIN", "secret"),
        ("postgres.connections", "postgres", "ALTER ROLE {user} CONNECTION LIMIT 0", "secret"),
        ("mysql.password", "mariadb", "GRANT ALL ON {database}.* TO {user}", "wrong"),
        ("mysql.privilege", "mariadb", "", "secret"),
    ],
)
def test_users_who_do_not_come_in(rowferry, ends, user, code, kind, grants, password):
    source = user(ends.make(kind, "source"), grants, password)
    target = ends.make("sqlite", "target")
    run = rowferry.copy(source, target, "--retries", "0").expect(3)
    assert code_of(run) == code and run.error["hint"], run
    run = rowferry("check", source, target.url, "--output", "json").expect(3)
    assert code in [event["code"] for event in run.events if event["event"] == "finding"], run


@pytest.mark.parametrize("kind, code", [("postgres", "postgres.database"), ("mariadb", "mysql.database")])
def test_databases_that_are_not_there(rowferry, ends, kind, code):
    end = ends.make(kind, "source")
    run = rowferry.copy(end.url.replace(end.name, "none_of_this_name"), ends.make("sqlite", "target")).expect(3)
    assert code_of(run) == code


def test_a_file_that_may_not_be_read(rowferry, tmp_path):
    name = os.environ.get("ROWFERRY_TEST_SYSTEM_USER")
    if os.geteuid() != 0 or not name or name == "root":
        pytest.skip("only root can become another user")
    path = f"/var/tmp/{uuid.uuid4().hex}.db"
    subprocess.run(["sqlite3", path, "CREATE TABLE t (id INTEGER PRIMARY KEY)"], check=True)
    try:
        os.chmod(path, 0o600)
        prefix = ("setpriv", "--reuid", name, "--regid", "0", "--clear-groups")
        run = run_with(rowferry, "copy", f"sqlite:{path}", "sqlite:/var/tmp/none.db", "--output", "json", prefix=prefix, cwd="/", capture_output=True)
        assert run.returncode == 3 and '"code":"sqlite.permission"' in run.stdout, run
    finally:
        os.unlink(path)


# What servers do not do.


def codes_of_table(run, name):
    return [error["code"] for error in run.table(name)["errors"]]


@pytest.mark.parametrize("kind, code", [("postgres", "postgres.statement"), ("mariadb", "mysql.statement"), ("sqlite", "sqlite.statement")])
def test_conditions_that_a_source_does_not_understand(rowferry, ends, kind, code):
    source = ends.make(kind, "source")
    source.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    run = rowferry.copy(source, ends.make("sqlite", "target"), "--where", "t=no_such_thing(id) = 1").expect(3)
    assert code in run.out, run


def test_rows_that_another_table_needs(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    pair.target.run("CREATE TABLE t (id BIGINT PRIMARY KEY); CREATE TABLE other (t BIGINT REFERENCES t (id)); INSERT INTO t VALUES (1)")
    run = rowferry.copy(*pair.urls, "--existing", "truncate").expect(3)
    assert "postgres.unsupported" in run.out and "take that one in too" in run.out, run


def test_a_table_that_a_view_needs(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    pair.target.run("CREATE TABLE t (id BIGINT PRIMARY KEY); CREATE VIEW v AS SELECT * FROM t; INSERT INTO t VALUES (1)")
    run = rowferry.copy(*pair.urls, "--existing", "drop").expect(3)
    assert "postgres.dependent" in run.out, run


def test_a_target_of_postgres_that_takes_no_tables(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    pair.target.run(f"ALTER DATABASE {pair.target.name} SET default_transaction_read_only = on")
    run = rowferry("schema", *pair.urls, "--output", "json").expect(3)
    assert "postgres.read_only" in run.out, run


def test_a_connection_that_is_cut(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
    pair.source.insert("t", [(i, "x" * 1000) for i in range(30000)])
    with Proxy(pair.target.url) as proxy:
        run = rowferry.start_copy(pair.source, proxy.url, "--retries", "0", "--page-size", "500")
        while not any(pair.target.tables()):
            assert not run.ended(), run.wait()
        proxy.cut_all()
        run = run.wait().expect(3)
    assert code_of(run) == "connection.lost", run


def test_plans_that_changed_and_tables_that_went(rowferry, faulty, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE u (id INTEGER PRIMARY KEY)")
    pair.source.insert("t", [(i, "x") for i in range(1000)])
    pair.source.insert("u", [(i,) for i in range(1000)])
    faulty.with_fault("writer.commit.after:2=kill").copy(*pair.urls, "--page-size", "100", "--jobs", "1")
    pair.source.run("ALTER TABLE t ADD COLUMN b TEXT; ALTER TABLE u ADD COLUMN b TEXT")
    pair.target.run("DROP TABLE u")
    run = rowferry.copy(*pair.urls, "--page-size", "100").expect(3)
    assert codes_of_table(run, "u") == ["table.gone"], run
    assert set(codes_of_table(run, "t")) & {"plan.changed", "column.misfit"}, run
    run = rowferry.copy(*pair.urls, "-t", "t", "--columns", "t=id,a").expect(3)
    assert "table.begun" in run.out, run


def test_rows_that_fit_no_page_of_postgres(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    columns = [f"c{i}" for i in range(1100)]
    pair.source.run(f"CREATE TABLE t (id INTEGER PRIMARY KEY, {', '.join(f'{name} BIGINT' for name in columns)}); INSERT INTO t (id) VALUES (1)")
    pair.source.run(f"INSERT INTO t SELECT 2, {', '.join('1' for _ in columns)}")
    assert "row.too_wide" in rowferry("check", *pair.urls).expect(1).out
    run = rowferry.copy(*pair.urls).expect(3)
    assert "postgres.limit" in codes_of_table(run, "t"), run


def test_a_damaged_file(rowferry, ends):
    source = ends.make("sqlite", "source")
    source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
    source.insert("t", [(i, "x" * 500) for i in range(2000)])
    with open(source.path, "r+b") as file:
        file.seek(4096 * 100)
        file.write(b"\xff" * 4096 * 20)
    target = ends.make("sqlite", "target")
    assert "sqlite.corrupt" in rowferry.copy(source, target).expect(3).out
    found = [event["code"] for event in rowferry("check", source.url, target.url, "--probe", "--existing", "append", "--output", "json").expect(3).events if event["event"] == "finding"]
    assert "sqlite.corrupt" in found


def test_a_file_that_takes_no_tables(rowferry, tmp_path):
    name = os.environ.get("ROWFERRY_TEST_SYSTEM_USER")
    if os.geteuid() != 0 or not name or name == "root":
        pytest.skip("only root can become another user")
    paths = [f"/var/tmp/{uuid.uuid4().hex}.db" for _ in range(2)]
    try:
        for path in paths:
            subprocess.run(["sqlite3", path, f"CREATE TABLE t{len(path) if path == paths[0] else ''} (id INTEGER PRIMARY KEY)"], check=True)
            os.chmod(path, 0o644)
        prefix = ("setpriv", "--reuid", name, "--regid", "0", "--clear-groups")
        words = ["schema", *(f"sqlite:{path}" for path in paths), "--output", "json", "--dir", "/var/tmp"]
        run = run_with(rowferry, *words, prefix=prefix, cwd="/", capture_output=True)
        assert run.returncode == 3 and '"code":"sqlite.read_only"' in run.stdout, run
    finally:
        for path in paths:
            os.unlink(path)


def test_appended_rows_cannot_be_taken_back(rowferry, faulty, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    pair.source.insert("t", [(i,) for i in range(1000)])
    pair.target.run("CREATE TABLE t (id BIGINT PRIMARY KEY); INSERT INTO t VALUES (-1)")
    command = [*pair.urls, "--existing", "append", "--page-size", "100"]
    faulty.with_fault("writer.commit.after:2=kill").copy(*command)
    assert "restart.append" in rowferry.copy(*command, "--restart").expect(3).out
    assert pair.target.one("SELECT count(*) FROM t WHERE id = -1") == 1
