"""The disk is full: what is there stays, and the same command goes on when there is room."""

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from ends import SqliteEnd
from held import Held
from program import KILLED, Program
from small_disk import small_disk
from tables import expect_code, expect_error, expect_mended, fill_three

ROWS = 30000
SIZES = ["--page-size", "500", "--retries", "0"]


def expect_full(run):
    run.expect(3)
    errors = [error for table in run.result["tables"] for error in table["errors"]]
    assert errors, str(run)
    for error in errors:
        expect_error(error, "conflict", "target.full")


def test_no_room_for_a_sqlite_target(rowferry, ends, tmp_path):
    source = ends.make("sqlite", "source")
    fill_three(source, ROWS)
    with small_disk(tmp_path / "disk", "1m") as disk:
        target = SqliteEnd(disk.path / "target.db")
        expect_full(rowferry.copy(source, target, *SIZES))
        disk.resize("64m")
        expect_mended(rowferry.copy(source, target, *SIZES), source, target)


def test_no_room_in_a_tablespace_of_postgres(rowferry, ends, tmp_path):
    source, target = ends.make("sqlite", "source"), ends.make("postgres", "target")
    fill_three(source, ROWS)
    # A directory that the server's user may enter, which tmp_path is not.
    place = Path(tempfile.mkdtemp(prefix="rowferry-disk.", dir="/var/tmp"))
    place.chmod(0o755)
    space = "s" + target.name
    try:
        with small_disk(place / "disk", "2m") as disk:
            subprocess.run(["chown", os.environ["ROWFERRY_TEST_SYSTEM_USER"], disk.path], check=True)
            target.on_server(f"CREATE TABLESPACE {space} LOCATION '{disk.path}'")
            try:
                target.run(f"CREATE TABLE unused (a INTEGER); DROP TABLE unused; ALTER DATABASE {target.name} SET default_tablespace = {space}")
                expect_full(rowferry.copy(source, target, *SIZES))
                disk.resize("64m")
                expect_mended(rowferry.copy(source, target, *SIZES), source, target)
            finally:
                target.remove()
                target.on_server(f"DROP TABLESPACE {space}")
    finally:
        (place / "disk").rmdir()
        place.rmdir()


def test_no_room_for_the_journal_of_a_new_job(program_path, ends, tmp_path):
    source, target = ends.make("sqlite", "source"), ends.make("sqlite", "target")
    fill_three(source, 100)
    with small_disk(tmp_path / "disk", "64k") as disk:
        (disk.path / "filler").write_bytes(b"x" * 60_000)
        rowferry = Program(program_path, tmp_path)
        rowferry.jobs_dir = disk.path / "jobs"
        run = rowferry.copy(source, target).expect(3)
        expect_error(run.error, "conflict", "journal.write")
        assert not target.exists() or target.tables() == []
        disk.resize("4m")
        expect_mended(rowferry.copy(source, target), source, target)


def test_the_job_goes_on_when_its_journal_finds_no_room(faulty_path, ends, tmp_path):
    """The journal is a story only."""
    source, target = ends.make("sqlite", "source"), ends.make("sqlite", "target")
    fill_three(source, 3000)
    with small_disk(tmp_path / "disk", "256k") as disk:
        faulty = Program(faulty_path, tmp_path)
        faulty.jobs_dir = disk.path / "jobs"
        with Held(faulty, tmp_path, "writer.commit.after:2", source, target, "--page-size", "200") as run:
            with suppress(OSError), open(disk.path / "filler", "wb", buffering=0) as filler:
                while True:
                    filler.write(b"x" * 4096)
        expect_mended(run.result.expect(0), source, target)


# Neither want of room nor a lock: as when a disk fails.
LIMITED = ("env", "--ignore-signal=XFSZ", "prlimit")


def test_a_file_that_may_not_grow_while_a_page_is_committed(rowferry, ends):
    source, target = ends.make("sqlite", "source"), ends.make("sqlite", "target")
    fill_three(source, ROWS)
    run = rowferry.copy(source, target, *SIZES, prefix=(*LIMITED, "--fsize=500000")).expect(4)
    expect_error(run.error, "ambiguous", "commit.unknown")
    assert run.error["native"] == "SQLITE_IOERR_WRITE"
    expect_mended(rowferry.copy(source, target, *SIZES), source, target)


def test_a_file_that_may_not_grow_while_tables_are_made(rowferry, ends):
    source, target = ends.make("sqlite", "source"), ends.make("sqlite", "target")
    source.run("; ".join(f"CREATE TABLE t{n} (id INTEGER PRIMARY KEY)" for n in range(60)))
    run = rowferry.copy(source, target, prefix=(*LIMITED, "--fsize=100000")).expect(3)
    expect_code(run, "sqlite.io")
    expect_mended(rowferry.copy(source, target), source, target)


def test_no_memory_for_a_long_value(rowferry, ends):
    source, target = ends.make("sqlite", "source"), ends.make("sqlite", "target")
    fill_three(source, 10)
    limited = rowferry.with_env(MALLOC_ARENA_MAX=1)
    run = limited.copy(source, target, "--where", "bad=length(hex(zeroblob(400000000))) > 0", prefix=("prlimit", f"--as={400 << 20}")).expect(3)
    expect_code(run, "sqlite.memory")


def test_no_memory_for_a_value_that_is_copied(rowferry, ends):
    """What nobody has foreseen ends the run in order."""
    source, target = ends.make("sqlite", "source"), ends.make("sqlite", "target")
    source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, body BLOB); INSERT INTO t VALUES (1, zeroblob(100000000))")
    run = rowferry.with_env(MALLOC_ARENA_MAX=1).copy(source, target, prefix=("prlimit", f"--as={300 << 20}")).expect(3)
    assert (run.error["kind"], run.error["code"]) == ("internal", "internal") and "bad_alloc" in run.error["message"], run.error
    rowferry.copy(source, target).expect(0)
    assert target.one("SELECT length(body) FROM t") == 100_000_000


def test_a_list_of_rows_left_out_that_cannot_be_written(faulty, rowferry, pair_of):
    """A resumed job keeps of it what the target has landed without, in a new file."""
    pair = pair_of("sqlite-sqlite")
    fill_three(pair.source, 1000)
    pair.target.run("CREATE TABLE bad (id INTEGER NOT NULL PRIMARY KEY, word TEXT, size DOUBLE PRECISION, price DECIMAL(10,2), CHECK (id <> 7))")
    command = [*pair.urls, "-t", "bad", "--page-size", "200", "--max-rejects", "1"]
    faulty.with_fault("writer.commit.after:2=kill").copy(*command).expect(KILLED)
    (job,) = rowferry.job_dirs()
    in_the_way = job / "rejects" / "bad.jsonl.new" / "in the way"
    in_the_way.mkdir(parents=True)
    expect_error(rowferry.copy(*command).expect(3).error, "conflict", "rejects.write")
    shutil.rmtree(in_the_way.parent)
    run = rowferry.copy(*command).expect(1)
    assert run.table("bad")["left_out"] == 1 and pair.target.count("bad") == 999
