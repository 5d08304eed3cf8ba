"""The workloads of verify and sync: what is compared is equal by the servers' own sums before, and after a repair."""
import contextlib

import damage
import data
import report
from comparers import CopyAgain, CopyAnew, Hashes, PtTableSync, Reladiff, Sync, Verify
from contenders import Rowferry
from measure import Failed, text_of, timed, turns
from trips import Counted, statement_of_mariadb, statement_of_postgres

MIB = 1 << 20
NO_LOCKS = ["--no-transaction", "--chunk-size", "5000"]
# Without double precision, which the two servers print differently, and without bytes and JSON, which it refuses.
COLUMNS_OF_RELADIFF = ["tiny", "small", "medium", "large", "price", "rate", "day", "created", "changed", "code", "name",
                       "note", "active", "token"]


def verify_mariadb(bench):
    source, target = mariadb_pair(bench)
    ours = Verify(source.url("measured"), target.url("measured"))
    verify(bench, "verify, MariaDB = MariaDB", target, ours,
           [(PtTableSync(source, target, "--print"), 3),
            (PtTableSync(source, target, "--print", name="pt, tuned", options=NO_LOCKS), 3)])


def verify_postgres(bench):
    source, target = postgres_pair(bench)
    ours = Verify(source.url("measured"), target.url("measured"))
    verify(bench, "verify, PostgreSQL = PostgreSQL", target, ours, [(Hashes(source, target), 1 / 1.2)])


def verify_mixed(bench):
    source, target = mixed_pair(bench)
    ends = source.url("measured"), target.url("measured")
    columns = ["--columns", f"measured=id,{','.join(COLUMNS_OF_RELADIFF)}"]
    verify(bench, f"verify, MariaDB = PG, {len(COLUMNS_OF_RELADIFF) + 1} columns", target, Verify(*ends, options=columns),
           [(Reladiff(source, target, "id", COLUMNS_OF_RELADIFF), 3)])
    verify(bench, "verify, MariaDB = PG, all columns", target, Verify(*ends),
           [(CopyAnew(source.url("measured"), target, "copied"), 1)])
    target.drop("copied")


def repair_mariadb(bench):
    source, target = mariadb_pair(bench)
    ours = Sync(source.url("measured"), target.url("measured"))
    repair(bench, "repair 1,000 rows, MariaDB", source, target, damage.scattered(bench.rows), ours,
           [(PtTableSync(source, target, "--execute"), 3)])
    repair(bench, "repair 10 % of the pages, MariaDB", source, target, damage.pages(bench.rows), ours,
           [(CopyAgain(source.url("measured"), target.url("measured")), 2)])


def round_trips(bench):
    for engine, pair, statement_of in (("MariaDB", mariadb_pair, statement_of_mariadb),
                                       ("PostgreSQL", postgres_pair, statement_of_postgres)):
        source, target = pair(bench)
        target.run("measured", *damage.one_row(bench.rows))
        for side, counted in count_trips(bench, source, target, statement_of).items():
            report.trips(f"round trips for 1 row, {engine}", side, counted, limit=8)
        same(source, target)


def sync_memory(bench):
    source, target = mariadb_pair(bench)
    memory(bench, "verify, MariaDB", Verify(source.url("measured"), target.url("measured"), jobs=4), "equal")
    target.run("measured", *damage.pages(bench.rows))
    memory(bench, "sync, 10 % changed, MariaDB", Sync(source.url("measured"), target.url("measured"), jobs=4), "different")
    same(source, target)
    source, target = mixed_pair(bench)
    memory(bench, "verify, MariaDB = PG", Verify(source.url("measured"), target.url("measured"), jobs=4), "equal")
    source, target = bench.servers.source, bench.servers.target
    fill((source, target), data.wide_rows(300, MIB))
    memory(bench, "verify, 300 rows of 1 MB", Verify(source.url("measured"), target.url("measured"), jobs=4), "equal")
    target.run("measured", "UPDATE wide SET payload = payload || 'x' WHERE id % 3 = 0")
    memory(bench, "sync, 100 rows of 1 MB", Sync(source.url("measured"), target.url("measured"), jobs=4), "different")
    same(source, target, "wide")


# Pairs of equal tables `measured` in databases of that name.


def mariadb_pair(bench):
    """pt-table-sync writes 15 digits of a double; these need no more."""
    pair = bench.servers.mariadb_source, bench.servers.mariadb_target
    fill(pair, [data.mariadb_table(bench.rows, divisor="1000e0")])
    same(*pair)
    return pair


def postgres_pair(bench):
    pair = bench.servers.source, bench.servers.target
    fill(pair, [data.postgres_table(bench.rows), data.SETTLE])
    same(*pair)
    return pair


def fill(servers, statements):
    for server in servers:
        server.create("measured")
        server.run("measured", *statements)


def mixed_pair(bench):
    """The target is a copy by rowferry; nothing else makes the types that it compares."""
    source, target = bench.servers.mariadb_source, bench.servers.fresh("measured")
    fill((source,), [data.mariadb_table(bench.rows)])
    copy = Rowferry(source.url("measured"), jobs=2)
    timed(copy.command(bench, target), bench.file("copy.log"))
    target.run("measured", data.SETTLE)
    return source, target


def same(source, target, table="measured"):
    here, there = source.proof("measured", table), target.proof("measured", table)
    if here != there:
        raise Failed(f"the target is {there}, not {here}")


# One comparison.


def verify(bench, work, target, ours, rivals):
    """Each contender must first see that one row differs, and in each round that none does."""
    def turn(contender, expected="equal"):
        return one_run(bench, contender, expected)

    rivals = opponents(bench, work, ours, rivals)
    change = damage.one_row(bench.rows)
    target.run("measured", *change)
    for contender in [ours, *(rival for rival, _ in rivals)]:
        if contender.compares:
            turn(contender, "different")
    target.run("measured", *change)
    if target is bench.servers.target:
        target.run("measured", data.SETTLE)
    contest(bench, work, ours, rivals, turn)


def repair(bench, work, source, target, statements, ours, rivals):
    """The same damage before each run; after it the target must be the source's equal."""
    expected = source.proof("measured", "measured")

    def turn(contender):
        target.run("measured", *statements)
        took = one_run(bench, contender, "different")
        found = target.proof("measured", "measured")
        if found != expected:
            raise Failed(f"{contender.name} left another table than the source's: {found}, not {expected}")
        return took

    contest(bench, work, ours, opponents(bench, work, ours, rivals), turn)


def opponents(bench, work, ours, rivals):
    """Those that can run here; or the other build."""
    if bench.before:
        return [(ours.before(bench.before), 0.95)]
    chosen = []
    for rival, at_least in rivals:
        reason = rival.missing()
        if reason:
            report.skipped(work, rival.name, reason)
        else:
            chosen.append((rival, at_least))
    return chosen


def contest(bench, work, ours, rivals, turn):
    rounds = turns(bench, [ours, *(rival for rival, _ in rivals)], turn)
    report.outcome(bench, work, rounds, rivals)


def one_run(bench, contender, expected):
    contender.begin()
    command = contender.command(bench)
    bench.servers.settle()
    log = bench.file(f"{contender.name.replace(' ', '-')}.log")
    took = timed(command, log, contender.ends)
    said = text_of(log)
    if contender.compares and contender.found(took.status, said) != expected:
        raise Failed(f"to {contender.name} what is {expected} is not so:\n{said[-3000:]}")
    contender.check()
    return took


def memory(bench, work, ours, expected):
    report.memory(bench, work, one_run(bench, ours, expected), limit=64 * MIB)


def count_trips(bench, source, target, statement_of):
    """Of a sync that repairs something: {side: what was counted}."""
    sides = {"source": source, "target": target}
    with contextlib.ExitStack() as stack:
        counted = {side: stack.enter_context(Counted(server.port, statement_of, bench.file(f"trips-{side}-{server.port}.log")))
                   for side, server in sides.items()}
        urls = [server.url("measured").replace(f":{server.port}/", f":{counted[side].port}/")
                for side, server in sides.items()]
        one_run(bench, Sync(*urls), "different")
    return counted
