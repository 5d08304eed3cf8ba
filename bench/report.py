"""What is printed: the machine, then one line a comparison."""
import os
import statistics
import subprocess

WIDTHS = "{:<34} {:<14} {:>7} {:>8} {:>6}  {:<12} {:>9}  {:<5} {:>9}"


def machine(servers, options):
    with open("/proc/cpuinfo") as lines:
        model = next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "?")
    print(f"machine: {os.cpu_count()} x {model}, shared by servers and tools;"
          f" load at the start {os.getloadavg()[0]:.1f}")
    print(f"versions: PostgreSQL {servers.target.run('postgres', 'SHOW server_version')[0].split()[0]},"
          f" pgloader {version('pgloader')}, pgcopydb {version('pgcopydb')}, sqlite3 {version('sqlite3')},"
          f" percona-toolkit {version('percona-toolkit')}")
    print(f"both servers: {servers.settings()}")
    print(f"rows: {options.rows:,}; rounds: {options.runs}; medians; ratio = rival's time / ours,"
          " within a round\n")
    print(WIDTHS.format("work", "against", "ours", "rival", "ratio", "spread", "target", "", "our peak"),
          flush=True)


def version(package):
    found = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True,
                           text=True)
    return found.stdout or "?"


def times(bench, work, rival, rounds, at_least):
    ours, theirs = rounds["rowferry"], rounds[rival]
    ratios = [b.seconds / a.seconds for a, b in zip(ours, theirs)]
    ratio = statistics.median(ratios)
    line(work, rival, seconds(ours), seconds(theirs), f"{ratio:.2f}",
         f"{min(ratios):.2f}-{max(ratios):.2f}", f">= {at_least:.2f}", verdict(ratio >= at_least),
         mebibytes(max(took.peak for took in ours)))


def outcome(bench, work, rounds, rivals):
    """A line for each rival with the ratio that it is to reach; without rivals our own times."""
    for rival, at_least in rivals:
        times(bench, work, rival.name, rounds, at_least)
    if not rivals:
        alone(bench, work, rounds)


def alone(bench, work, rounds):
    ours = rounds["rowferry"]
    line(work, "", seconds(ours), "", "", "", "", "", mebibytes(max(took.peak for took in ours)))


def skipped(work, rival, reason):
    line(work, rival, "", "", "", "", "", "skipped")
    print(f"  {reason}", flush=True)


def trips(work, side, counted, limit):
    trips = counted.trips
    line(work, side, str(trips["work"]), "", "", "", f"<= {limit}", verdict(trips["work"] <= limit, "above"))
    print(f"  besides, in {counted.sessions} sessions: {trips['opening']} to open them, {trips['catalog']} for the catalog",
          flush=True)


def memory(bench, work, took, limit):
    line(work, "4 jobs", f"{took.seconds:.1f} s", "", "", "", f"<= {mebibytes(limit)}",
         verdict(took.peak <= limit, "above"), mebibytes(took.peak))


def line(*cells):
    print(WIDTHS.format(*cells, *[""] * (WIDTHS.count("{") - len(cells))).rstrip(), flush=True)


def seconds(runs):
    return f"{statistics.median(took.seconds for took in runs):.1f} s"


def mebibytes(size):
    return f"{size / (1 << 20):.0f} MiB"


def verdict(good, otherwise="below"):
    return "ok" if good else otherwise
