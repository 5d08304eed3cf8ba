"""One timed run of one contender, and rounds of them."""
import dataclasses
import os
import resource
import signal
import subprocess
import sys
import time

LONGEST = 3600  # seconds after which a run has failed: pgloader with one worker hung


class Failed(Exception):
    """A contender did not do its work, or something the measurement needs went wrong."""


@dataclasses.dataclass
class Took:
    seconds: float
    peak: int  # bytes: the largest resident set of the process that was started
    status: int = 0


def interleaved(bench, table, expected, contenders, prove=None, fresh=None):
    """Rounds of runs into new databases."""
    prove = prove or (lambda target: target.proof("measured", table))
    return turns(bench, contenders, lambda contender: run(bench, contender, prove, expected, fresh))


def turns(bench, contenders, turn):
    """Each contender has its turn once a round, every other round backwards; returns {name: [Took of each round]}."""
    rounds = {contender.name: [] for contender in contenders}
    for number in range(bench.runs):
        for contender in contenders[:: -1 if number % 2 else 1]:
            took = turn(contender)
            rounds[contender.name].append(took)
            note(f"round {number + 1}: {contender.name} {took.seconds:.1f} s")
    return rounds


def run(bench, contender, prove, expected, fresh=None):
    """Into a new database `measured`; the time counts only when the proof is the expected one."""
    target = (fresh or bench.servers.fresh)("measured")
    command = contender.command(bench, target)
    bench.servers.settle()
    log = bench.file(f"{contender.name.replace(' ', '-')}.log")
    took = timed(command, log)
    found = prove(target)
    if found != expected:
        raise Failed(f"{contender.name} made another table than the source's: {found}, not {expected}")
    return took


def timed(command, log, ends=(0,)):
    """A run that ends with one of these statuses; what it prints goes into the file `log`."""
    # A child begins its life as a copy of this process, and getrusage remembers that.
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with open(log, "w") as output:
        begun = time.monotonic()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, start_new_session=True)
        try:
            sampled, status, usage = watch(process.pid)
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        seconds = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in ends:
        raise Failed(f"{command[0]} ended with {process.returncode}:\n{text_of(log)[-3000:]}")
    peak = usage.ru_maxrss if usage.ru_maxrss > own else sampled
    return Took(seconds, peak * 1024, process.returncode)


def text_of(log):
    with open(log, errors="replace") as file:
        return file.read()


def watch(pid):
    """Waits for the end; meanwhile samples the high-water mark, KiB."""
    sampled = 0
    latest = time.monotonic() + LONGEST
    while time.monotonic() < latest:
        ended, status, usage = os.wait4(pid, os.WNOHANG)
        if ended:
            return sampled, status, usage
        sampled = high_water(pid) or sampled
        time.sleep(0.01)
    raise Failed(f"a run took longer than {LONGEST} seconds")


def high_water(pid):
    try:
        with open(f"/proc/{pid}/status") as lines:
            return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)
    except OSError:
        return 0


def note(text):
    print(text, file=sys.stderr, flush=True)
