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
OWN = re.compile(r"ROWFERRY_(?!TEST_)|PG(?!_BIN)|MYSQL_|XDG_|NO_COLOR")


class Result:
    """How a run ended."""

    def __init__(self, command, status, out, err, peak_memory=0):
        self.command = command
        self.status = status
        self.out = out
        self.err = err
        self.peak_memory = peak_memory  # bytes

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

    def rejected(self, name):
        """The lines of the table's reject file."""
        file = self.table(name)["reject_file"]
        return [json.loads(line) for line in Path(file).read_text().split("\n") if line] if file else []

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
        os.kill(self.process.pid, number)  # not yet waited for, so the id is still its own

    def wait(self, timeout=120):
        end = time.monotonic() + timeout
        peak = 0
        while not self.ended():
            peak = max(peak, self.memory())
            if time.monotonic() > end:
                self.process.kill()
                self.process.wait()
                raise AssertionError(f"no end after {timeout} s\n{self.result(None, peak)}")
            time.sleep(0.002)
        return self.result(self.process.wait(), peak)

    def ended(self):
        """Whether it has ended; its id stays its own until wait() has returned."""
        return self.process.returncode is not None or self.status_line("State") in (None, "Z")

    def memory(self):
        """The most that has been resident so far. What a parent is told at the end counts its own, too."""
        return int(self.status_line("VmHWM") or 0) * 1024

    def status_line(self, name):
        found = re.search(rf"^{name}:\s+(\S+)", Path(f"/proc/{self.process.pid}/status").read_text(), re.MULTILINE)
        return found[1] if found else None

    def result(self, status, peak):
        texts = []
        for file in (self.out, self.err):
            file.seek(0)
            texts.append(file.read())
            file.close()
        return Result(self.command, status, *texts, peak)


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
