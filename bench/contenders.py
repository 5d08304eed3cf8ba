"""How each contender is told to copy. `command` may also write files; it is not timed."""
import os
import shutil
import tempfile


class Rowferry:
    name = "rowferry"
    program = None

    def __init__(self, source, jobs):
        self.source, self.jobs = source, jobs

    def command(self, bench, target):
        return [self.program, "copy", self.source, target.url("measured"), "--jobs", str(self.jobs),
                "--dir", tempfile.mkdtemp(dir=bench.directory), "--restart"]


class Pgloader:
    """One reader, as SQLite gives it; casts to the types that rowferry makes of the same columns."""
    name = "pgloader"

    def __init__(self, path):
        self.path = path

    def command(self, bench, target):
        file = bench.file("measured.load")
        with open(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as script:
            script.write(f"""LOAD DATABASE FROM sqlite://{self.path}
  INTO {target.url("measured", password=True)}
  WITH create tables, create indexes, workers = 2, concurrency = 1
  CAST type smallint to bigint;
""")
        return ["pgloader", "--on-error-stop", "--root-dir", bench.file("pgloader"), file]


PARTS = 7  # of a table that two jobs of pgcopydb share; was no slower than 2, and faster than 1


class Pgcopydb:
    name = "pgcopydb"

    def __init__(self, source, jobs):
        self.source, self.jobs = source, str(jobs)

    def command(self, bench, target):
        directory = bench.file("pgcopydb")
        size, = self.source.run("measured", "SELECT sum(pg_table_size(oid)) FROM pg_class"
                                " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        shutil.rmtree(directory, ignore_errors=True)
        return ["pgcopydb", "clone", "--source", self.source.url("measured"), "--target",
                target.url("measured"), "--dir", directory, "--table-jobs", self.jobs, "--index-jobs",
                self.jobs, "--split-tables-larger-than", f"{int(size) // PARTS >> 10} kB"]


PIPES = r"""
set -euo pipefail
source=$1 target=$2 table=$3
pg_dump --section=pre-data --no-owner --table "$table" "$source" | psql -Xq "$target" >/dev/null
half=$(psql -XAtq "$source" -c "SELECT pg_relation_size('$table') / 8192 / 2")
pipe() {
  psql -Xq "$source" -c "COPY (SELECT * FROM $table WHERE $1) TO STDOUT (FORMAT binary)" |
    psql -Xq "$target" -c "SET search_path = public" -c "COPY $table FROM STDIN (FORMAT binary)"
}
pipe "ctid < '($half,0)'" &
pipe "ctid >= '($half,0)'"
wait "$!"
psql -Xq "$target" -c "ALTER TABLE $table ADD PRIMARY KEY (id)"
"""


class Pipes:
    """What the server's own client can do without proof, ledger or resume."""
    name = "2 pipes + key"

    def __init__(self, source, table):
        self.source, self.table = source, table

    def command(self, bench, target):
        return ["bash", "-c", PIPES, "pipes", self.source.url("measured"), target.url("measured"),
                self.table]
