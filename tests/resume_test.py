"""A copy that is killed, at whatever point, and run again ends as if it had not been killed."""

import shutil
from collections import Counter
from contextlib import closing

import pytest
from compare import assert_clean, assert_same
from conftest import ALL, MORE_PAIRS, PAIRS, EndMaker, Pair
from program import KILLED, Program
from resume_tables import EMPTY, PAGE, ROWS, TABLES, BusySource, fill

MOST_RUNS = 8
IDLE_SAMPLE = 8  # of a pair
BUSY_SAMPLE = 4
ANSWERS = (0, 1)


class Lab:
    """A filled source, and a target and job directory that begin anew each time."""

    def __init__(self, name, dir, program, faulty):
        self.dir = dir
        self.paths = program, faulty
        self.maker = EndMaker(dir)
        self.pair = Pair(name, self.maker)
        self.rounds = 0
        self.options = []

    @property
    def source(self):
        return self.pair.source

    @property
    def target(self):
        return self.pair.target

    def begin(self):
        self.target.clear()
        self.rounds += 1
        round = self.dir / f"round-{self.rounds}"
        round.mkdir()
        self.rowferry, self.faulty = (Program(path, round) for path in self.paths)

    def end(self):
        shutil.rmtree(self.rowferry.dir)

    def copy(self, program):
        return program.copy(*self.pair.urls, *PAGE, "--retries", "1", *self.options)

    def trace(self):
        """How often each point is passed by a run that nobody disturbs."""
        self.begin()
        file = self.rowferry.dir / "trace"
        self.copy(self.faulty.with_env(ROWFERRY_FAULT_TRACE=file)).expect(0)
        passed = Counter(file.read_text().split())
        self.end()
        return passed

    def kill_at(self, point, occurrence):
        """True when the run came that far."""
        killed = self.copy(self.faulty.with_fault(f"{point}:{occurrence}=kill"))
        if killed.status != KILLED:
            killed.expect(0)
            return False
        return True

    def run_to_the_end(self):
        for _ in range(MOST_RUNS):
            run = self.copy(self.rowferry)
            if run.status in ANSWERS:
                return run
        raise AssertionError(f"no end after {MOST_RUNS} runs\n{run}")

    def run_to_the_end_of_an_idle_source(self):
        run = self.run_to_the_end()
        if self.source.keeps_position:
            run.expect(0)
            assert run.result["not_one_point"] == "", str(run)
        return run


@pytest.fixture(params=PAIRS + MORE_PAIRS)
def lab(request, tmp_path, program_path, faulty_path):
    lab = Lab(request.param, tmp_path, program_path, faulty_path)
    yield lab
    lab.maker.close()


def kill_points(passed, random, sample):
    """(point, occurrence): the first, a middle and the last of each point, or a sample that begins with
    the points around a commit, where a fault would be dearest."""
    every = []
    for point, times in sorted(passed.items()):
        every += [(point, n) for n in sorted({1, (times + 1) // 2, times})]
    if ALL:
        return every
    dear = [(point, n) for point, n in every if point.startswith(("writer.commit", "ledger.finish")) and n > 1 or point == "ledger.begin.after"]
    chosen = random.sample(dear, min(len(dear), sample // 3))
    rest = [one for one in every if one not in chosen]
    return chosen + random.sample(rest, sample - len(chosen))


def test_a_killed_copy_of_an_idle_source_ends_equal(lab, seeded):
    fill(lab.source)
    for point, occurrence in kill_points(lab.trace(), seeded, IDLE_SAMPLE):
        lab.begin()
        print(f"killed at {point}:{occurrence}")
        lab.kill_at(point, occurrence)
        lab.run_to_the_end_of_an_idle_source()
        assert_same(lab.source, lab.target)
        assert_clean(lab.target)
        lab.end()


def test_a_copy_killed_again_and_again_ends_equal(lab, seeded):
    fill(lab.source)
    lab.begin()
    for page in range(4):
        lab.kill_at(seeded.choice(["writer.commit.after", "writer.append.before", "writer.commit.before"]), seeded.randrange(1, 6))
    lab.run_to_the_end_of_an_idle_source()
    assert_same(lab.source, lab.target)
    assert_clean(lab.target)


def test_a_resumed_copy_does_not_move_again_what_has_landed(lab):
    fill(lab.source)
    lab.begin()
    assert lab.kill_at("writer.commit.after", 12)
    run = lab.run_to_the_end_of_an_idle_source()
    moved = sum(table["rows_moved"] for table in run.result["tables"])
    landed = sum(lab.target.count(table) for table in TABLES)
    assert run.result["resumed"]
    assert moved < landed - 5 * 75, str(run)


@pytest.mark.parametrize("point, action", [("writer.commit.after", "ambiguous"), ("writer.commit.before", "transient"), ("writer.append.after", "transient")])
@pytest.mark.parametrize("occurrence", [1, 5])
def test_a_page_that_is_tried_again_lands_once(lab, point, action, occurrence):
    fill(lab.source)
    lab.begin()
    run = lab.copy(lab.faulty.with_fault(f"{point}:{occurrence}={action}")).expect(0)
    assert any("trying again" in event.get("text", "") for event in run.events), str(run)
    assert sum(table["rows"] for table in run.result["tables"]) == sum(lab.target.count(table) for table in TABLES), str(run)
    assert_same(lab.source, lab.target)
    assert_clean(lab.target)


@pytest.mark.parametrize("left", ["open elsewhere", "by a dead process"])
def test_an_idle_source_with_a_log_of_its_own_stays_at_its_point(lab, left):
    """A write-ahead log with content: reading the database, and closing it, is no change of it."""
    if lab.source.kind != "sqlite":
        pytest.skip("only SQLite's log stands beside the file")
    lab.source.run("PRAGMA journal_mode = WAL")
    with closing(lab.source.connect()) as writer:
        writer.execute("CREATE TABLE held (a INTEGER)")
        fill(lab.source)
        log = lab.source.path.parent / (lab.source.path.name + "-wal")
        kept = log.read_bytes(), lab.source.path.read_bytes()
        if left == "open elsewhere":
            return go_on_at_one_point(lab)
    log.write_bytes(kept[0])
    lab.source.path.write_bytes(kept[1])
    go_on_at_one_point(lab)


def test_writes_elsewhere_on_the_server_leave_an_idle_source_at_its_point(lab):
    """To another database, to another table, and statistics: PostgreSQL counts transactions of them all."""
    if lab.source.kind != "postgres":
        pytest.skip("a SQLite file has no neighbours, and MariaDB's position cannot be told from theirs")
    fill(lab.source)
    lab.source.run("CREATE TABLE beside (a INTEGER)")
    lab.options = ["--exclude", "beside"]
    lab.begin()
    assert lab.kill_at("writer.commit.after", 12)
    neighbour = lab.maker.make("postgres", "source")
    neighbour.run("CREATE TABLE t (a INTEGER)")
    lab.source.run("INSERT INTO beside VALUES (1); ANALYZE")
    run = lab.run_to_the_end().expect(0)
    assert run.result["resumed"] and run.result["not_one_point"] == "", str(run)
    lab.source.run("DROP TABLE beside")
    assert_same(lab.source, lab.target)
    assert_clean(lab.target)


def test_a_foreign_key_of_the_targets_own_stays_through_a_kill(lab):
    if lab.target.kind != "postgres":
        pytest.skip("SQLite's tables are made with their keys and never altered")
    lab.source.run("CREATE TABLE p (id BIGINT NOT NULL PRIMARY KEY); CREATE TABLE c (id BIGINT NOT NULL PRIMARY KEY, p BIGINT REFERENCES p (id))")
    for table in ("p", "c"):
        lab.source.insert(table, [(n,) if table == "p" else (n, n) for n in range(ROWS)])
    lab.options = ["--existing", "append"]
    lab.begin()
    lab.target.run(
        "CREATE TABLE p (id BIGINT NOT NULL PRIMARY KEY);"
        " CREATE TABLE c (id BIGINT NOT NULL PRIMARY KEY, p BIGINT CONSTRAINT own REFERENCES p (id) ON DELETE CASCADE DEFERRABLE);"
        " INSERT INTO p VALUES (5000); INSERT INTO c VALUES (5000, 5000)"
    )
    key = lambda: lab.target.query("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'")
    before = key()
    assert lab.kill_at("writer.commit.after", 1)
    assert key() == before
    lab.run_to_the_end_of_an_idle_source()
    assert key() == before
    assert lab.target.count("c") == ROWS + 1


def go_on_at_one_point(lab):
    lab.begin()
    assert lab.kill_at("writer.commit.after", 5)
    run = lab.run_to_the_end().expect(0)
    assert run.result["resumed"] and run.result["not_one_point"] == "", str(run)
    assert lab.target.count("by_text") == ROWS
    assert_clean(lab.target)


# A source that is written to.


def judge(lab, source, run):
    """A table is whole, of one version, or named as not one point in time; and no row is made up."""
    reported = run.result["not_one_point"]
    assert (run.status == 1) == bool(reported), str(run)
    versions = {}
    for table in TABLES:
        rows = lab.target.rows(table)
        versions[table] = source.version_of(table, rows)
        state = run.table(table)["state"]
        if state == "not_one_point":
            assert not source.strangers(table, rows), f"{table} holds rows that never were: {source.strangers(table, rows)[:3]}\n{run}"
        else:
            assert versions[table] is not None, f"{table} ({state}) is not of one version\n{run}"
    if not reported:
        assert len(set(versions.values())) == 1, f"{versions}\n{run}"
    assert lab.target.count(EMPTY) == 0


def make_busy(lab, seed):
    fill(lab.source)
    if lab.source.kind == "sqlite":
        lab.source.run("PRAGMA journal_mode = WAL")
    return BusySource(lab.source, seed)


def test_a_copy_of_a_busy_source_is_one_point_in_time(lab, seeded):
    with make_busy(lab, seeded.random()) as source:
        for _ in range(10 if ALL else 3):
            lab.begin()
            source.tidy()
            source.wait_for_versions(2)
            run = lab.copy(lab.rowferry).expect(0)
            assert run.result["not_one_point"] == "", str(run)
            judge(lab, source, run)
            assert_clean(lab.target)
            lab.end()


def test_a_killed_copy_of_a_busy_source_is_whole_or_says_so(lab, seeded):
    fill(lab.source)
    passed = lab.trace()
    lab.source.clear()
    with make_busy(lab, seeded.random()) as source:
        for point, occurrence in kill_points(passed, seeded, BUSY_SAMPLE):
            lab.begin()
            source.tidy()
            print(f"killed at {point}:{occurrence}")
            killed = lab.kill_at(point, occurrence)
            source.wait_for_versions(2)
            run = lab.run_to_the_end()
            if run.result["finished_before"]:
                assert run.status == 0 and (not killed or point.startswith(("ledger.finish", "catalog", "ledger"))), str(run)
            else:
                judge(lab, source, run)
            assert_clean(lab.target)
            lab.end()


def test_a_table_read_under_two_snapshots_is_named(lab, seeded):
    with make_busy(lab, seeded.random()) as source:
        lab.begin()
        assert lab.kill_at("writer.commit.after", 3)
        source.wait_for_versions(2)
        run = lab.run_to_the_end().expect(1)
        judge(lab, source, run)
        mixed = {table for table in TABLES if run.table(table)["state"] == "not_one_point"}
        assert mixed and all(table in run.result["not_one_point"] for table in mixed), str(run)
        if lab.source.kind == "postgres":
            assert "keyless" not in mixed


def test_a_table_without_a_key_is_never_read_under_two_snapshots(lab, seeded):
    """Its rows may have moved from the part not yet read to the part that was."""
    lab.options = ["--table", "keyless"]
    with make_busy(lab, seeded.random()) as source:
        # MariaDB cannot cut it: it is one page.
        points = [("writer.append.after", 1), ("writer.commit.before", 1)] if lab.source.kind == "mariadb" else [("writer.commit.after", 2), ("writer.commit.after", 5)]
        for point, occurrence in points:
            lab.begin()
            assert lab.kill_at(point, occurrence)
            source.wait_for_versions(3)
            lab.run_to_the_end().expect(0)
            assert source.version_of("keyless", lab.target.rows("keyless")) is not None
            assert_clean(lab.target)
            lab.end()


def test_a_finished_copy_says_so_and_names_restart(lab):
    fill(lab.source)
    lab.begin()
    lab.copy(lab.rowferry).expect(0)
    again = lab.rowferry("copy", *lab.pair.urls, *PAGE).expect(0)
    assert "--restart" in again.text
    lab.source.run("DELETE FROM keyless; UPDATE by_number SET word = 'later'")
    lab.rowferry.copy(*lab.pair.urls, *PAGE, "--restart").expect(0)
    assert_same(lab.source, lab.target)
