"""Stopping a run at a point, so that something can happen meanwhile."""

from program import wait_until


class Held:
    """`with Held(faulty, tmp_path, "reader.open.before:2", source, target, …) as run:` holds the run at the
    point while the block runs, and then lets it go on. run.result is how it ended."""

    def __init__(self, faulty, dir, point, *arguments):
        self.trace, self.go = dir / "held-trace", dir / "held-go"
        self.point, _, self.times = point.partition(":")
        self.program = faulty.with_env(ROWFERRY_FAULT=f"{point}=hold:{self.go}", ROWFERRY_FAULT_TRACE=self.trace)
        self.arguments = arguments

    def reached(self):
        return self.trace.exists() and self.trace.read_text().split().count(self.point) >= int(self.times)

    def __enter__(self):
        self.running = self.program.start_copy(*self.arguments)
        wait_until(self.reached, what=self.point)
        return self

    def release(self):
        self.go.touch()

    def __exit__(self, *_):
        self.release()
        self.result = self.running.wait()
