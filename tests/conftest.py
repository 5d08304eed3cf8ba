"""What the whole-program tests share: the built programs, and a source and a target of each kind.

One test at a time: some look at the positions of a server, which count what all its databases write,
and some tests restart the servers."""

import os
import random
from pathlib import Path

import pytest

from ends import KINDS, OTHERS, SqliteEnd
from program import Program

ROOT = Path(__file__).resolve().parent.parent
PAIRS = [f"{a}-{b}" for a in KINDS for b in KINDS]
MORE_PAIRS = [f"{a}-{b}" for one in ("mysql", "tidb") for a, b in ((one, one), (one, "postgres"), ("sqlite", one), ("mariadb", one), (one, "mariadb"))]
MORE_PAIRS += ["mysql-tidb", "tidb-mysql"]
ALL = bool(os.environ.get("ROWFERRY_TEST_ALL"))
SEED = int(os.environ.get("ROWFERRY_TEST_SEED") or random.SystemRandom().randrange(1 << 30))


def pytest_report_header():
    return f"ROWFERRY_TEST_SEED={SEED}{' ROWFERRY_TEST_ALL=1' if ALL else ''}"


def built(variable, name):
    path = Path(os.environ.get(variable) or ROOT / "build/release" / name)
    if not path.exists():
        pytest.skip(f"{path} is not built")
    return path


@pytest.fixture(scope="session")
def program_path():
    return built("ROWFERRY_TEST_PROGRAM", "rowferry")


@pytest.fixture(scope="session")
def faulty_path():
    return built("ROWFERRY_TEST_FAULTY", "rowferry-faulty")


@pytest.fixture
def rowferry(program_path, tmp_path):
    """Runs the program as a user would; its jobs live under tmp_path."""
    return Program(program_path, tmp_path)


@pytest.fixture
def faulty(faulty_path, tmp_path):
    """The same with faults; shares the jobs of `rowferry`."""
    return Program(faulty_path, tmp_path)


@pytest.fixture
def seeded(request):
    """Random numbers of their own for each test, the same for the same seed."""
    return random.Random(f"{SEED} {request.node.nodeid}")


class EndMaker:
    """Makes ends and takes them away again."""

    def __init__(self, dir):
        self.dir = dir
        self.made = []

    def make(self, kind, role):
        if kind == "sqlite":
            end = SqliteEnd(self.dir / f"{role}-{len(self.made)}.db")
        else:
            variable = f"ROWFERRY_TEST_{kind.upper()}" + ("" if kind in OTHERS else f"_{role.upper()}")
            if not os.environ.get(variable):
                pytest.skip(f"{variable} is not set: no server")
            end = {**KINDS, **OTHERS}[kind](os.environ[variable], f"{kind}_{role}")
        self.made.append(end)
        return end

    def close(self):
        for end in reversed(self.made):
            end.remove()


@pytest.fixture
def ends(tmp_path):
    """ends.make("sqlite" | "postgres" | "mariadb", "source" | "target")"""
    maker = EndMaker(tmp_path)
    yield maker
    maker.close()


class Pair:
    def __init__(self, name, ends):
        self.name = name
        from_kind, to_kind = name.split("-")
        self.source = ends.make(from_kind, "source")
        self.target = ends.make(to_kind, "target")

    @property
    def urls(self):
        return [self.source.url, self.target.url]


@pytest.fixture(params=PAIRS + MORE_PAIRS)
def pair(request, ends):
    """Each of the nine pairs of an empty source and an empty target, and those with other servers."""
    return Pair(request.param, ends)


@pytest.fixture
def pair_of(ends):
    """pair_of("sqlite-postgres")"""
    return lambda name: Pair(name, ends)


@pytest.fixture(scope="session")
def chinook():
    folder = os.environ.get("ROWFERRY_TEST_DATA")
    if not folder or not (Path(folder) / "chinook").is_dir():
        pytest.skip("ROWFERRY_TEST_DATA names no folder with chinook/")
    return Path(folder) / "chinook"
