"""Ends that cannot be reached, each told apart by the code of its error."""

import socket

import pytest
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
