"""Running the program and reading what it says."""

import json
import os
import re
import signal
import subprocess
import tempfile
import time
from pathlib import Path

# What a developer's own shell may have set and tests must not see.
OWN = re.compile(r"ROWFERRY_(?!TEST_)|PG(?!_BIN)|XDG_|NO_COLOR")


class Result:
    """How a run ended."""

    def __init__(self, command, status, out, err, usage=None):
        self.command = command
        self.status = status
        self.out = out
        self.err = err
        self.usage = usage

    @property
    def text(self):
        return self.out + self.err

    @property
    def events(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def event(self, kind):
        """The one event of this kind."""
        found = [event for event in self.events if event["event"] == kind]
        assert len(found) == 1, f"{len(found)} events '{kind}'\n{self}"
        return found[0]

    @property
    def result(self):
        return self.event("result")

    @property
    def error(self):
        return self.event("error")

    def table(self, name):
        """What `result` says of a table; the schema may be left out of its name."""
        found = [t for t in self.result["tables"] if name in (t["target"], t["target"].partition(".")[2])]
        assert len(found) == 1, f"{len(found)} tables '{name}'\n{self}"
        return found[0]

    def expect(self, status):
        assert self.status == status, f"expected exit status {status}\n{self}"
        return self

    def __str__(self):
        out = "\n".join(line for line in self.out.splitlines() if '"event":"page"' not in line)
        return f"{' '.join(self.command)}\nexit status {self.status}\n--- out\n{out[-6000:]}\n--- err\n{self.err[-3000:]}"


class Running:
    """A run under way."""

    def __init__(self, command, env, dir):
        self.command = command
        self.out = open(dir / "out.txt", "w+")
        self.err = open(dir / "err.txt", "w+")
        self.process = subprocess.Popen(
            command, env=env, cwd=dir, stdin=subprocess.DEVNULL, stdout=self.out, stderr=self.err, text=True
        )

    def send(self, number):
        self.process.send_signal(number)

    def wait(self, timeout=120):
        """The end of the run, its use of memory and time with it."""
        end = time.monotonic() + timeout
        while True:
            pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > end:
                self.process.kill()
                os.wait4(self.process.pid, 0)
                raise AssertionError(f"no end after {timeout} s\n{self.texts(None, None)}")
            time.sleep(0.002)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return self.texts(self.process.returncode, usage)

    def texts(self, status, usage):
        found = []
        for file in (self.out, self.err):
            file.seek(0)
            found.append(file.read())
            file.close()
        return Result(self.command, status, *found, usage)


class Program:
    def __init__(self, path, dir, settings=()):
        self.path = str(path)
        self.dir = dir
        self.jobs_dir = dir / "jobs"
        self.settings = dict(settings)

    def with_env(self, **settings):
        return Program(self.path, self.dir, {**self.settings, **{k: str(v) for k, v in settings.items()}})

    def with_fault(self, fault):
        return self.with_env(ROWFERRY_FAULT=fault)

    def start(self, *arguments, prefix=()):
        env = {name: value for name, value in os.environ.items() if not OWN.match(name)}
        env.update(HOME=str(self.dir), TZ="Antarctica/Troll", **self.settings)
        command = [*prefix, self.path, *map(str, arguments), "--dir", str(self.jobs_dir)]
        return Running(command, env, Path(tempfile.mkdtemp(prefix="run-", dir=self.dir)))

    def __call__(self, *arguments, timeout=120, prefix=()):
        return self.start(*arguments, prefix=prefix).wait(timeout)

    def copy(self, source, target, *options, timeout=120, prefix=()):
        """`copy` with JSON output. Ends may be given as ends or URLs."""
        return self.start_copy(source, target, *options, prefix=prefix).wait(timeout)

    def start_copy(self, source, target, *options, prefix=()):
        return self.start("copy", url_of(source), url_of(target), "--output", "json", *options, prefix=prefix)

    def job_dirs(self):
        return sorted(path for path in self.jobs_dir.iterdir() if path.is_dir()) if self.jobs_dir.exists() else []


def url_of(end):
    return end if isinstance(end, str) else end.url


def wait_until(holds, timeout=30, what="what the test waits for"):
    end = time.monotonic() + timeout
    while not holds():
        assert time.monotonic() < end, f"{what} did not come about in {timeout} s"
        time.sleep(0.005)


KILLED = -signal.SIGKILL
