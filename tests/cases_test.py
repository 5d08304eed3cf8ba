"""Cases are folders, tests/cases/<verb>/<behaviour>/; adding a case is adding a folder. Its files:

steps          what is done, a line each (a backslash at its end joins the next line; # begins a comment):
                 rowferry copy {source} {target} ...   any shell command; has an exit status
                 source: SQL    target: SQL            done to an end; `source.sqlite: SQL` if it is of that kind
source.sql     fills the source of any kind; source.sqlite.sql, source.postgres.sql, … of one kind.
               The case is run from each kind that has one; without any, without ends
target.sql     what stands at the target before; the same with target.sqlite.sql, target.postgres.sql, …
pairs          the pairs of kinds to run, where not each source with each target
expect.status  the exit status of each command, in order; without it each must be 0
expect.stdout, expect.stderr
               regular expressions that lines must match, in this order; `!` before one: no line may.
               After a line [2] they are about the second command, before any such line about all
expect.sql     queries of the target after the last step, each ended by ; at the end of a line
expect.rows    what they find, cells as text between |
expect.tables  the target's tables; `(no file)` where the target must not have been made

{source}, {target} (URLs) and {dir} (an empty directory) stand for themselves in steps and expectations.
In place of any file but the SQL of ends, one for some pairs: steps.sqlite-postgres, steps.from-sqlite,
steps.to-postgres."""

import json
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from conftest import PAIRS, EndMaker
from ends import KINDS, SqliteEnd
from program import OWN

FOLDER = Path(__file__).parent / "cases"
KIND = "|".join(KINDS)
FILES = rf"pairs|(source|target)(\.({KIND}))?\.sql|(steps|expect\.(status|stdout|stderr|sql|rows|tables))(\.((from|to)-)?({KIND})(-({KIND}))?)?"
SECONDS = 20  # a step; more is exit status 124


class Case:
    def __init__(self, folder):
        self.folder = folder
        self.name = f"{folder.parent.name}/{folder.name}"

    def read(self, name):
        path = self.folder / name
        return path.read_text(encoding="utf-8") if path.exists() else None

    def script(self, role, kind):
        return self.read(f"{role}.{kind}.sql") or self.read(f"{role}.sql")

    def pairs(self):
        if named := self.read("pairs"):
            return named.split()
        kinds = {role: [kind for kind in KINDS if self.script(role, kind)] for role in ("source", "target")}
        if not kinds["source"]:
            return ["none"]
        return [f"{a}-{b}" for a in kinds["source"] for b in kinds["target"] or KINDS]

    def file(self, name, pair):
        """The most particular file of this name; None without any."""
        source, _, target = pair.partition("-")
        texts = (self.read(name + end) for end in (f".{pair}", f".from-{source}", f".to-{target}", ""))
        return next((text for text in texts if text is not None), None)

    def check(self):
        unknown = sorted(path.name for path in self.folder.iterdir() if not re.fullmatch(FILES, path.name))
        assert not unknown, f"{self.name}: not files of a case: {unknown}"
        strange = sorted(set(self.pairs()) - {*PAIRS, "none"})
        assert not strange, f"{self.name}: not pairs: {strange}"


class Ran:
    def __init__(self, line, status, out, err):
        self.line, self.status, self.out, self.err = line, status, out, err

    def __str__(self):
        return f"$ {self.line}\nexit status {self.status}\n--- out\n{self.out[-4000:]}\n--- err\n{self.err[-2000:]}"


class Databases:
    """One database a server for all cases, emptied before each: to make one and drop it takes longer
    than most cases."""

    def __init__(self, maker):
        self.maker = maker
        self.made = {}

    def empty(self, kind, role):
        if (kind, role) not in self.made:
            self.made[kind, role] = self.maker.make(kind, role)
        end = self.made[kind, role]
        if kind != "postgres":
            end.clear()
            return end
        schemas = end.query("SELECT quote_ident(nspname) FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'")
        end.run("SET client_min_messages = error; DROP SCHEMA " + ", ".join(name for (name,) in schemas) + " CASCADE; CREATE SCHEMA public")
        return end


@pytest.fixture(scope="session")
def databases(tmp_path_factory):
    maker = EndMaker(tmp_path_factory.mktemp("databases"))
    yield Databases(maker)
    maker.close()


class CaseRun:
    """One case with one pair of ends."""

    def __init__(self, case, pair, program, databases, dir):
        self.case, self.pair, self.databases = case, pair, databases
        self.dir = dir / "case"
        self.home = dir / "home"
        self.files = dir / "ends"
        for folder in (self.dir, self.home, self.files, dir / "bin"):
            folder.mkdir()
        (dir / "bin/rowferry").symlink_to(program)
        self.bin = dir / "bin"
        self.ran = []
        self.ends = {}

    def __call__(self):
        self.case.check()
        self.make_ends()
        for line in self.lines():
            self.step(line)
        faults = [*self.statuses(), *self.texts("stdout"), *self.texts("stderr"), *self.always(), *self.state()]
        story = "\n".join(map(str, self.ran))
        assert not faults, "\n".join(["", *faults, story])

    def make_ends(self):
        if self.pair == "none":
            return
        for role, kind in zip(("source", "target"), self.pair.split("-")):
            end = SqliteEnd(self.files / f"{role}.db") if kind == "sqlite" else self.databases.empty(kind, role)
            self.ends[role] = end
            if script := self.case.script(role, kind):
                end.run(script)

    # Steps.

    def lines(self):
        text = self.case.file("steps", self.pair)
        assert text, f"{self.case.name} has no steps"
        lines = (line.strip() for line in text.replace("\\\n", " ").splitlines())
        return [line for line in lines if line and not line.startswith("#")]

    def step(self, line):
        sql = re.match(rf"(source|target)(?:\.({KIND}))?: *(.*)", line)
        if not sql:
            self.ran.append(self.command(line))
        elif sql[2] in (None, self.ends[sql[1]].kind):
            self.ends[sql[1]].run(sql[3])

    def values(self):
        return {"dir": str(self.dir), **{role: end.url for role, end in self.ends.items()}}

    def filled(self, text, form):
        for name, value in self.values().items():
            text = text.replace("{%s}" % name, form(value))
        return text

    def command(self, line):
        env = {name: value for name, value in os.environ.items() if not OWN.match(name)}
        env.update(HOME=str(self.home), ROWFERRY_DIR=str(self.dir / "jobs"), LC_ALL="C.UTF-8")
        env["PATH"] = os.pathsep.join([str(self.bin), os.environ.get("ROWFERRY_TEST_PG_BIN", ""), env["PATH"]])
        script = "set -o pipefail; " + self.filled(line, shlex.quote)
        limited = ["timeout", "-k", "1", str(SECONDS), "bash", "-c", script]
        done = subprocess.run(limited, env=env, cwd=self.dir, stdin=subprocess.DEVNULL, capture_output=True)
        status = done.returncode if done.returncode >= 0 else 128 - done.returncode
        return Ran(line, status, *(text.decode("utf-8", "backslashreplace") for text in (done.stdout, done.stderr)))

    # What must have come of them: each gives the faults it finds.

    def statuses(self):
        found = [str(ran.status) for ran in self.ran]
        wanted = (self.case.file("expect.status", self.pair) or "0 " * len(found)).split()
        if wanted != found:
            yield f"exit status: expected {' '.join(wanted)}, found {' '.join(found)}"

    def texts(self, which):
        text = self.case.file(f"expect.{which}", self.pair)
        shown = [(ran.out if which == "stdout" else ran.err).splitlines() for ran in self.ran]
        number, lines, at = 0, [line for part in shown for line in part], 0
        for pattern in (text or "").splitlines():
            if section := re.fullmatch(r"\[(\d+)\]", pattern):
                number, at = int(section[1]), 0
                lines = shown[number - 1] if number <= len(shown) else []
            elif pattern.startswith("!"):
                for line in lines:
                    if re.search(self.filled(pattern[1:].strip(), re.escape), line):
                        yield f"{which} {number or ''}: must not match {pattern[1:].strip()}: {line}"
            elif pattern:
                wanted = re.compile(self.filled(pattern, re.escape))
                place = next((i for i in range(at, len(lines)) if wanted.search(lines[i])), None)
                if place is None:
                    yield f"{which} {number or ''}: no line matches {pattern}" + (f" after line {at}" if at else "")
                else:
                    at = place + 1

    def always(self):
        """What holds of every run of the program."""
        password = os.environ.get("ROWFERRY_TEST_PASSWORD")
        for number, ran in enumerate(self.ran, 1):
            if password and password in ran.out + ran.err:
                yield f"command {number} shows a password"
            if ran.status >= 128 and ran.status != 130:
                yield f"command {number} died of signal {ran.status - 128}"
            if re.match(r"rowferry .*--output json", ran.line) and not re.search(r"[|>]", ran.line):
                yield from (f"command {number}: {fault}" for fault in json_faults(ran.out))

    def state(self):
        if not self.ends:
            return
        target = self.ends["target"]
        wanted = self.case.file("expect.tables", self.pair)
        if wanted is not None:
            found = target.tables() if target.exists() else ["(no file)"]
            if wanted.splitlines() != found:
                yield f"tables: expected {wanted.splitlines()}, found {found}"
        queries = self.case.file("expect.sql", self.pair)
        if queries is not None:
            wanted = (self.case.file("expect.rows", self.pair) or "").splitlines()
            found = [line for query in re.split(r";\s*(?:\n|$)", queries) if query.strip() for line in rows_as_text(target, query)]
            if wanted != found:
                yield "\n".join(["rows: expected", *wanted, "found", *found, "end"])


def json_faults(text):
    events = []
    for line in text.splitlines():
        try:
            events.append(json.loads(line))
        except ValueError:
            yield f"not JSON: {line}"
    for event in events:
        if event.get("v") != 1 or not event.get("event") or not re.fullmatch(r"[\d-]{10}T[\d:]{8}\.\d{3}Z", event.get("at", "")):
            yield f"lacks v, event or at: {event}"


def rows_as_text(end, query):
    try:
        rows = end.query(query)
    except Exception as error:
        return [f"{type(error).__name__}: {error}".splitlines()[0]]
    return ["|".join(map(cell_text, row)) for row in rows]


def cell_text(cell):
    if cell is None:
        return "NULL"
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, (bytes, memoryview)):
        return f"x'{bytes(cell).hex()}'"
    if isinstance(cell, (dict, list)):
        return json.dumps(cell)
    return str(cell)


def cases(folder=FOLDER):
    return [Case(path.parent) for path in sorted(folder.glob("*/*/steps*")) if path == min(path.parent.glob("steps*"))]


def of_each_pair():
    return [pytest.param(case, pair, id=f"{case.name}-{pair}") for case in cases() for pair in case.pairs()]


@pytest.mark.parametrize("case, pair", of_each_pair())
def test_case(case, pair, program_path, databases, tmp_path):
    CaseRun(case, pair, program_path, databases, tmp_path)()


# The runner notices what is wrong.

GOOD = {
    "source.sqlite.sql": "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x'), (2, NULL);",
    "pairs": "sqlite-sqlite",
    "steps": "rowferry copy {source} {target}\nsource: DELETE FROM t\nrowferry copy {source} {target} --output json\n",
    "expect.status": "0 0",
    "expect.stdout": "^total: 1 table\n[2]\n\"finished_before\":\"2\n! total\n",
    "expect.stderr": "loading\n",
    "expect.sql": "SELECT * FROM t ORDER BY id;\nSELECT count(*) FROM t;\n",
    "expect.rows": "1|x\n2|NULL\n2\n",
    "expect.tables": "t\n",
}


@pytest.fixture
def run_planted(tmp_path, program_path):
    def run(**changed):
        folder = tmp_path / "cases/copy/planted"
        folder.mkdir(parents=True)
        for name, text in {**GOOD, **changed}.items():
            (folder / name).write_text(text)
        for case in cases(tmp_path / "cases"):
            CaseRun(case, case.pairs()[0], program_path, None, tmp_path)()

    return run


def test_a_case_that_holds_is_passed(run_planted):
    run_planted()


@pytest.mark.parametrize(
    "name, text, fault",
    [
        ("expect.status", "0 3", "exit status: expected 0 3, found 0 0"),
        ("expect.status", "0", "exit status: expected 0, found 0 0"),
        ("expect.stdout", "no such line", "no line matches no such line"),
        ("expect.stdout", "[2]\ntotal", "no line matches total"),
        ("expect.stdout", "[3]\njob", "no line matches job"),
        ("expect.stdout", "finished_before\ntotal", "no line matches total after line"),
        ("expect.stdout", "! ^total", "must not match ^total"),
        ("expect.stderr", "loading\nloading", "no line matches loading after line"),
        ("expect.rows", "1|x\n2|\n2\n", "rows: expected"),
        ("expect.rows", "1|x\n2|NULL\n", "rows: expected"),
        ("expect.sql", "SELECT * FROM absent;\n", "no such table"),
        ("expect.tables", "", "tables: expected"),
        ("expect.tables", "(no file)", "tables: expected"),
        ("steps", "rowferry copy {source} {target} --bogus", "exit status: expected 0 0, found 2"),
        ("steps", "false | cat; exit 5", "found 5"),
        ("steps", "", "has no steps"),
        ("steps", "kill -9 $$", "died of signal 9"),
        ("pairs", "sqlite-mars", "not pairs"),
        ("expected.rows", "", "not files of a case"),
        ("expect.rows.postgres-sqlite", "", None),
        ("expect.rows.from-sqlite", "", "rows: expected"),
    ],
)
def test_a_case_that_does_not_hold_fails(run_planted, name, text, fault):
    if fault is None:
        return run_planted(**{name: text})
    with pytest.raises(AssertionError, match=re.escape(fault)):
        run_planted(**{name: text})


def test_shown_passwords_and_broken_json_are_noticed(run_planted, monkeypatch):
    monkeypatch.setenv("ROWFERRY_TEST_PASSWORD", "s3cret")
    with pytest.raises(AssertionError, match="command 1 shows a password"):
        run_planted(steps="echo s3cret", **{"expect.status": "0"})
    assert list(json_faults('{"v":1}\nx\n')) == ["not JSON: x", "lacks v, event or at: {'v': 1}"]
    assert not list(json_faults('{"v":1,"event":"note","at":"2026-03-01T10:00:00.123Z"}\n'))


def test_every_folder_is_a_case():
    folders = {path for path in FOLDER.glob("*/*") if path.is_dir()}
    assert folders == {case.folder for case in cases()} and folders
