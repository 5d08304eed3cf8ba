"""Ends that cannot be reached, each told apart by the code of its error."""

import os
import shutil
import signal
import socket
import subprocess
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg2
import pymysql
import pytest
from ends import server_command
from program import wait_until
from proxy import Changing, Proxy
from tables import expect_error, fill_three


@pytest.fixture(params=["postgres source", "postgres target", "mariadb source", "mariadb target"])
def faulty_end(request, ends):
    """Ends of which one is a database of a server, and how to put another URL in its place."""
    kind, role = request.param.split()
    bad, good = ends.make(kind, role), ends.make("sqlite", "target" if role == "source" else "source")
    fill_three(bad if role == "source" else good, 10)
    place = lambda url: [url, good.url] if role == "source" else [good.url, url]
    return bad, place


def code(end):
    """What codes of the engine's errors begin with."""
    return {"mariadb": "mysql"}.get(end.kind, end.kind)


def test_a_wrong_password(rowferry, faulty_end):
    end, place = faulty_end
    run = rowferry.copy(*place(end.url_of("rowferry", "wr0ng-one"))).expect(3)
    expect_error(run.error, "auth", f"{code(end)}.password")
    assert "wr0ng-one" not in run.text


def test_a_user_that_is_not_there(rowferry, faulty_end):
    end, place = faulty_end
    expect_error(rowferry.copy(*place(end.url_of("nobody_here"))).expect(3).error, "auth", f"{code(end)}.password")


def test_a_database_that_is_not_there(rowferry, faulty_end):
    end, place = faulty_end
    run = rowferry.copy(*place(end.url_with(path="/no_such_database"))).expect(3)
    expect_error(run.error, "not_found", f"{code(end)}.database")
    assert "no_such_database" in run.error["message"]


def test_a_host_that_is_down(rowferry, faulty_end):
    end, place = faulty_end
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    run = rowferry.copy(*place(f"{end.kind}://rowferry:x@127.0.0.1:{port}/db"), "--retries", "0", timeout=60).expect(3)
    expect_error(run.error, "transient", f"{code(end)}.unreachable")
    assert str(port) in run.error["message"] + run.error.get("where", "")


def test_a_host_name_that_is_not_known(rowferry, faulty_end):
    end, place = faulty_end
    run = rowferry.copy(*place(f"{end.kind}://rowferry:x@no-such-host.invalid/db"), "--retries", "0", timeout=60).expect(3)
    assert "no-such-host.invalid" in run.text and run.error["kind"] in ("transient", "not_found")


def test_a_file_that_is_not_there(rowferry, ends, tmp_path):
    run = rowferry.copy(f"sqlite:{tmp_path}/missing.db", ends.make("sqlite", "target")).expect(3)
    expect_error(run.error, "not_found", "sqlite.open")
    assert not (tmp_path / "missing.db").exists()


def test_a_directory_of_the_target_that_is_not_there(rowferry, ends, tmp_path):
    source = ends.make("sqlite", "source")
    fill_three(source, 10)
    expect_error(rowferry.copy(source, f"sqlite:{tmp_path}/missing/t.db").expect(3).error, "not_found", "sqlite.open")


@pytest.mark.parametrize("role", ["source", "target"])
def test_a_file_that_is_no_database(rowferry, ends, tmp_path, role):
    other = ends.make("sqlite", "source")
    fill_three(other, 10)
    text = tmp_path / "text.db"
    text.write_text("This is a letter, and no database at all.\n" * 100)
    urls = [f"sqlite:{text}", f"sqlite:{tmp_path}/t.db"] if role == "source" else [other.url, f"sqlite:{text}"]
    run = rowferry.copy(*urls).expect(3)
    assert run.error["code"] == "sqlite.not_a_database", run.error
    assert "text.db" in str(run.error)
    assert text.read_text().startswith("This is a letter")


def test_an_engine_that_is_not_known(rowferry, ends):
    run = rowferry.copy("oracle://x/y", ends.make("sqlite", "target")).expect(2)
    expect_error(run.error, "usage", "url.scheme")
    assert "postgres://" in run.error["hint"]


@pytest.mark.parametrize("kind", ["sqlite", "postgres", "mariadb"])
def test_source_and_target_are_the_same(rowferry, ends, kind):
    end = ends.make(kind, "source")
    fill_three(end, 10)
    run = rowferry.copy(end, end, "--existing", "drop").expect(2)
    assert run.error["kind"] == "usage"
    assert end.count("good") == 10


def test_the_same_file_by_two_names(rowferry, ends, tmp_path):
    end = ends.make("sqlite", "source")
    fill_three(end, 10)
    link = tmp_path / "link.db"
    link.symlink_to(end.path)
    rowferry.copy(end, f"sqlite:{link}", "--existing", "drop").expect(2)
    assert end.count("good") == 10


@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_the_same_database_by_two_names(rowferry, ends, kind):
    end = ends.make(kind, "source")
    fill_three(end, 10)
    rowferry.copy(end.url, end.url.replace("127.0.0.1", "localhost"), "--existing", "drop").expect(2)
    assert end.count("good") == 10


# Servers and libraries that are not as they should be.


@pytest.mark.parametrize(
    "kind, query, other, expected",
    [("postgres", "SHOW server_version", b"11", "postgres.version"), ("mariadb", "SELECT version()", b"90", "mysql.version")],
)
def test_a_server_of_a_version_that_nobody_has_tried(rowferry, ends, kind, query, other, expected):
    """The real one, but for the first two digits of the version that it tells of itself."""
    end = ends.make(kind, "source")
    version = end.one(query).partition("-")[0].encode()
    with Changing(end.url, "down", version, other + version[2:]) as proxy:
        run = rowferry.copy(proxy.url, ends.make("sqlite", "target")).expect(3)
    assert (run.error["kind"], run.error["code"]) == ("unsupported", expected), run.error


def test_a_library_of_sqlite_that_is_too_old(rowferry, ends, tmp_path):
    compiler = shutil.which("cc")
    if not compiler:
        pytest.skip("no C compiler to make such a library with")
    source = ends.make("sqlite", "source")
    fill_three(source, 10)
    text, library = tmp_path / "old.c", tmp_path / "old.so"
    text.write_text('int sqlite3_libversion_number(void) { return 3036000; }\nconst char *sqlite3_libversion(void) { return "3.36.0"; }\n')
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, text], check=True)
    run = rowferry.with_env(LD_PRELOAD=library).copy(source, ends.make("sqlite", "target")).expect(3)
    assert (run.error["kind"], run.error["code"]) == ("unsupported", "sqlite.version"), run.error
    assert "3.36.0" in run.error["message"]


def test_answers_that_the_library_of_postgres_cannot_read(rowferry, ends):
    end = ends.make("postgres", "source")
    with Changing(end.url, "down", b"C\0\0\0\x08SET\0", b"?\0\0\0\x08SET\0") as proxy:
        run = rowferry.copy(proxy.url, ends.make("sqlite", "target")).expect(3)
    assert (run.error["kind"], run.error["code"]) == ("internal", "postgres.client"), run.error


class Antique(Proxy):
    """The greetings of servers of MySQL's family are of the protocol of thirty years ago."""

    def __init__(self, url):
        super().__init__(url)
        self.greeted = False

    def changed(self, direction, data):
        if self.greeted or direction == "up":
            return data
        self.greeted = True
        return data[:4] + b"\x09" + data[5:]


def test_a_greeting_that_the_library_of_mysql_cannot_read(rowferry, ends):
    with Antique(ends.make("mariadb", "source").url) as proxy:
        run = rowferry.copy(proxy.url, ends.make("sqlite", "target")).expect(3)
    assert (run.error["kind"], run.error["code"], run.error["native"]) == ("internal", "mysql.client", "2007"), run.error


def test_a_host_that_the_server_lets_nobody_in_from(rowferry, ends):
    """127.0.0.2, where all users of the server are those of 127.0.0.1."""
    end = ends.make("mariadb", "source")
    with Proxy(end.url) as proxy:
        proxy.comes_from = ("127.0.0.2", 0)
        end.run("RENAME USER rowferry TO rowferry@127.0.0.1; FLUSH PRIVILEGES")
        try:
            run = rowferry.copy(proxy.url, ends.make("sqlite", "target")).expect(3)
        finally:
            end.run("RENAME USER rowferry@127.0.0.1 TO rowferry; FLUSH PRIVILEGES")
    expect_error(run.error, "auth", "mysql.refused")


@contextmanager
def without_connections(end):
    """While all that the server gives are taken."""
    before = end.one("SELECT @@global.max_connections")
    taken = []
    end.run("SET GLOBAL max_connections = 10")
    try:
        with suppress(pymysql.err.OperationalError):
            while True:
                taken.append(end.connect())
        yield
    finally:
        for connection in taken:
            connection.close()
        end.run(f"SET GLOBAL max_connections = {before}")


def test_a_server_without_a_connection_left(rowferry, ends):
    end = ends.make("mariadb", "source")
    target = ends.make("sqlite", "target")
    fill_three(end, 10)
    with without_connections(end):
        expect_error(rowferry.copy(end, target, "--retries", "0").expect(3).error, "transient", "mysql.connections")
    rowferry.copy(end, target).expect(0)


def process_of(end):
    pid_file = Path(os.environ["ROWFERRY_TEST_SERVERS_DIR"]) / end.server / "postmaster.pid"
    return int(pid_file.read_text().split()[0])


def lets_in(end):
    try:
        end.connect().close()
        return True
    except psycopg2.OperationalError:
        return False


def test_a_server_that_starts_or_stops(rowferry, ends):
    """It waits for the one session that is open, and takes no more."""
    end = ends.make("postgres", "source")
    with closing(end.connect()):
        os.kill(process_of(end), signal.SIGTERM)
        try:
            wait_until(lambda: not lets_in(end), what="the server's refusal")
            run = rowferry.copy(end, ends.make("sqlite", "target"), "--retries", "0").expect(3)
        finally:
            server_command("restart", end.server)
    assert (run.error["kind"], run.error["code"]) == ("transient", "postgres.starting"), run.error
