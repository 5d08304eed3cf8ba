"""How each contender is told to compare or to repair, and how it says what it found.

`ends` are the statuses with which it may end; `found` makes of status and output "equal" or "different".
`missing` says why it cannot run here, or nothing. `begin` and `check` stand around a run and are not timed. Who
does not compare (`compares`) finds nothing."""
import os
import shutil
import subprocess
import sys
import tempfile

from contenders import Rowferry
from measure import Failed, note

ROOT = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


def secret_file(path, text):
    """A file for a password: none stands in an argument list."""
    with open(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    return path


class Comparer:
    ends = (0,)
    compares = True

    def missing(self):
        return None

    def begin(self):
        pass

    def check(self):
        pass


class Ours(Comparer):
    """One verb of rowferry; with `program` that of another build."""
    verb = None

    def __init__(self, source, target, jobs=2, options=(), program=None):
        self.source, self.target, self.jobs, self.options = source, target, jobs, options
        self.program, self.name = program, "before" if program else "rowferry"

    def before(self, program):
        return type(self)(self.source, self.target, self.jobs, self.options, program)

    def command(self, bench):
        return [self.program or Rowferry.program, self.verb, self.source, self.target, "--jobs", str(self.jobs),
                "--dir", tempfile.mkdtemp(dir=bench.directory), *self.options]


class Verify(Ours):
    verb, ends = "verify", (0, 1)

    def found(self, status, output):
        return "different" if status else "equal"


class Sync(Ours):
    verb = "sync"

    def found(self, status, output):
        return "different" if " repaired " in output else "equal"


class CopyAgain(Ours):
    """Ours as a rival: the whole table, instead of what is there."""
    verb, compares = "copy", False

    def __init__(self, source, target):
        super().__init__(source, target, options=["--existing", "drop", "--restart"])
        self.name = "rowferry copy"


class CopyAnew(Ours):
    """The whole table into another database beside the one `measured`."""
    verb, compares = "copy", False

    def __init__(self, source, target, database):
        super().__init__(source, target.url(database))
        self.name, self.server, self.database = "rowferry copy", target, database

    def begin(self):
        self.server.create(self.database)

    def check(self):
        if self.server.proof(self.database, "measured") != self.server.proof("measured", "measured"):
            raise Failed("the copy is not equal to the first one")


class PtTableSync(Comparer):
    """`mode`: --print or --execute; `options`: what it is not told by default."""
    ends = (0, 2)  # nothing differed; something did

    def __init__(self, source, target, mode, name="pt-table-sync", options=()):
        self.source, self.target, self.mode, self.name, self.options = source, target, mode, name, options

    def missing(self):
        return None if shutil.which("pt-table-sync") else "Debian's percona-toolkit is not installed"

    def command(self, bench):
        login = secret_file(bench.file("pt.cnf"), f"[client]\nuser = rowferry\npassword = {self.source.password}\n")
        return ["pt-table-sync", self.mode, "--no-version-check", *self.options,
                f"F={login},h=127.0.0.1,P={self.source.port},D=measured,t=measured",
                f"h=127.0.0.1,P={self.target.port}"]

    def found(self, status, output):
        if self.mode == "--print" and bool(status) != bool(output.strip()):
            raise Failed(f"pt-table-sync ended with {status} and printed:\n{output[-3000:]}")
        return "different" if status else "equal"


HASHES = r"""
set -euo pipefail
query="SELECT count(*), sum(hash_record_extended(t, 0)) FROM measured t"
psql -XAtq "$1" -c "$query" >"$3.source" &
psql -XAtq "$2" -c "$query" >"$3.target"
wait "$!"
cmp -s "$3.source" "$3.target"
"""


class Hashes(Comparer):
    """What the servers' own hashes can do without pages: a count and a sum of each side, both at once."""
    name = "psql, 2 sums"
    ends = (0, 1)

    def __init__(self, source, target):
        self.source, self.target = source, target

    def command(self, bench):
        return ["bash", "-c", HASHES, "hashes", self.source.url("measured"), self.target.url("measured"),
                bench.file("hashes")]

    def found(self, status, output):
        if output.strip():
            raise Failed(f"psql says:\n{output[-3000:]}")
        return "different" if status else "equal"


RELADIFF = "reladiff[mysql,postgresql]==0.6.0"


class Reladiff(Comparer):
    """In an environment of its own, which is made once from the package index that pip is told to use."""
    name = "reladiff"
    directory = os.path.join(ROOT, "build", "reladiff")

    def __init__(self, source, target, key, columns):
        self.source, self.target, self.key, self.columns = source, target, key, columns

    def missing(self):
        program = os.path.join(self.directory, "bin", "reladiff")
        if os.path.exists(program):
            return None
        note(f"installing {RELADIFF} into {self.directory}")
        try:
            subprocess.run([sys.executable, "-m", "venv", "--clear", self.directory], check=True, capture_output=True,
                           text=True)
            subprocess.run([os.path.join(self.directory, "bin", "pip"), "install", "--quiet", RELADIFF], check=True,
                           capture_output=True, text=True, timeout=600)
        except (subprocess.SubprocessError, OSError) as failure:
            shutil.rmtree(self.directory, ignore_errors=True)
            said = (getattr(failure, "stderr", None) or str(failure)).strip().splitlines()
            return f"pip could not install {RELADIFF}: {said[-1] if said else 'it says nothing'}"
        return None

    def command(self, bench):
        login = f'user = "rowferry"\npassword = "{self.source.password}"\nhost = "127.0.0.1"\ndatabase = "measured"\n'
        config = secret_file(bench.file("reladiff.toml"), f"""
[database.source]
driver = "mysql"
{login}port = {self.source.port}
[database.target]
driver = "postgresql"
{login.replace("database =", "dbname =")}port = {self.target.port}
[run.measured]
1.database = "source"
1.table = "measured"
2.database = "target"
2.table = "measured"
""")
        words = [os.path.join(self.directory, "bin", "reladiff"), "--conf", config, "--run", "measured",
                 "--key-columns", self.key]
        for column in self.columns:
            words += ["--columns", column]
        return words

    def found(self, status, output):
        # It ends with 0 whatever happens.
        if "ERROR" in output or "Traceback" in output:
            raise Failed(f"reladiff says:\n{output[-3000:]}")
        return "different" if any(line[:2] in ("+ ", "- ") for line in output.splitlines()) else "equal"
