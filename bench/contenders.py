"""How each contender is told to copy. `command` may also write files; it is not timed."""
import os
import shutil
import subprocess
import tempfile


class Rowferry:
    name = "rowferry"
    program = None

    def __init__(self, source, jobs):
        self.source, self.jobs = source, jobs

    def command(self, bench, target):
        return [self.program, "copy", self.source, target.url("measured"), "--jobs", str(self.jobs),
                "--dir", tempfile.mkdtemp(dir=bench.directory), "--restart"]


class Before(Rowferry):
    """Another build, told to do the same."""
    name = "before"

    def __init__(self, ours, program):
        super().__init__(ours.source, ours.jobs)
        self.program = program


# To the types that rowferry makes of the same columns.
CASTS = """type tinyint to smallint drop typemod, type smallint to smallint drop typemod,
       type int to integer drop typemod, type bigint to bigint drop typemod,
       type datetime to timestamp drop default drop not null, type decimal to numeric keep typemod,
       type char to text drop typemod, type varchar to text drop typemod, type longtext to json drop typemod"""


def pgloader(bench, script):
    """Runs a script that may hold a password."""
    file = bench.file("measured.load")
    with open(os.open(file, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as out:
        out.write(script)
    return ["pgloader", "--on-error-stop", "--root-dir", bench.file("pgloader"), file]


class PgloaderOfMariadb:
    """Reads with as many readers as rowferry; the proof tells that the rows are the same."""
    name = "pgloader"

    def __init__(self, source, database):
        self.source, self.database = source, database

    def command(self, bench, target):
        return pgloader(bench, f"""LOAD DATABASE FROM {self.source.url(self.database)}
  INTO {target.url("measured", password=True)}
  WITH create tables, create indexes, include drop, workers = 2, concurrency = 1
  SET PostgreSQL PARAMETERS search_path to 'public'
  CAST {CASTS}
  ALTER SCHEMA '{self.database}' RENAME TO 'public';
""")


TEXTS = """SELECT id, tiny, small, medium, large, price, rate, ratio, day, created, changed, code, name, note,
  CONCAT(CHAR(92), 'x', HEX(payload)), active, token, detail FROM measured"""
MARIADB_PIPES = r"""
set -euo pipefail
port=$1 database=$2 target=$3 columns=$4 query=$5
psql -Xq "$target" -c "CREATE TABLE measured ($columns)"
half=$(mariadb --no-defaults -h 127.0.0.1 -P "$port" -u rowferry -N -B "$database" -e 'SELECT MAX(id) DIV 2 FROM measured')
pipe() {
  mariadb --no-defaults -h 127.0.0.1 -P "$port" -u rowferry --default-character-set=utf8mb4 -N -B --quick "$database"     -e "$query WHERE $1" | psql -Xq "$target" -c "COPY measured FROM STDIN (NULL 'NULL')"
}
pipe "id <= $half" &
pipe "id > $half"
wait "$!"
psql -Xq "$target" -c "ALTER TABLE measured ADD PRIMARY KEY (id)"
"""


class PipesOfMariadb:
    """What the servers' own clients can do without proof, ledger or resume: texts, two pipes at a time."""
    name = "2 pipes + key"

    def __init__(self, source, types):
        self.source, self.types = source, types

    def command(self, bench, target):
        columns = ", ".join(f"{name} {type}" for name, type in self.types)
        return ["bash", "-c", MARIADB_PIPES, "pipes", str(self.source.port), "measured", target.url("measured"),
                columns, TEXTS]


DUMP_AND_LOAD = r"""
set -euo pipefail
directory=$1 source=$2 target=$3
rm -rf "$directory"
mydumper --defaults-file "$directory.cnf" --host 127.0.0.1 --port "$source" --user rowferry --database measured --threads 2   --rows 250000 --trx-consistency-only --outputdir "$directory"
myloader --defaults-file "$directory.cnf" --host 127.0.0.1 --port "$target" --user rowferry --database measured --threads 2   --directory "$directory"
"""


class Mydumper:
    """Dumps in chunks with two threads, then loads with two."""
    name = "mydumper"

    def __init__(self, source):
        self.source = source

    def command(self, bench, target):
        directory = bench.file("mydumper")
        with open(os.open(directory + ".cnf", os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            for group in ("client", "mydumper", "myloader"):
                file.write(f"[{group}]\npassword = {self.source.password}\n")
        return ["bash", "-c", DUMP_AND_LOAD, "mydumper", directory, str(self.source.port), str(target.port)]


LOAD_ALONE = r"""
set -euo pipefail
port=$1 directory=$2
load() {
  mariadb --no-defaults -h 127.0.0.1 -P "$port" -u rowferry --local-infile=1 --default-character-set=utf8mb4 measured -e "
    SET unique_checks = 0, foreign_key_checks = 0; LOAD DATA LOCAL INFILE '$directory/$1' INTO TABLE measured CHARACTER SET binary
      (id, tiny, small, medium, large, price, rate, ratio, day, created, changed, code, name, note, @payload, active, token, detail)
      SET payload = UNHEX(@payload)"
}
mariadb --no-defaults -h 127.0.0.1 -P "$port" -u rowferry measured <"$directory/schema.sql"
load one &
load two
wait "$!"
"""


class LoadAlone:
    """LOAD DATA of texts that lie in two files already: what loading alone takes."""
    name = "LOAD DATA alone"

    def __init__(self, source, directory):
        self.directory = directory
        os.makedirs(directory)
        half, = source.run("measured", "SELECT MAX(id) DIV 2 FROM measured")[0]
        for name, condition in (("one", f"id <= {half}"), ("two", f"id > {half}")):
            query = TEXTS.replace("CONCAT(CHAR(92), 'x', HEX(payload))", "HEX(payload)") + f" WHERE {condition}"
            with open(os.path.join(directory, name), "w") as file:
                reading = subprocess.Popen(["mariadb", "--no-defaults", "-h", "127.0.0.1", "-P", str(source.port), "-u",
                                            "rowferry", "--default-character-set=utf8mb4", "-N", "-B", "--quick",
                                            "measured", "-e", query], stdout=subprocess.PIPE)
                # NULL stands alone between tabs there.
                subprocess.run(["sed", "-E", r":a;s/(^|\t)NULL(\t|$)/\1\\N\2/;ta"], stdin=reading.stdout,
                               stdout=file, check=True)
        shown = source.run("measured", "SHOW CREATE TABLE measured")[0][1]
        with open(os.path.join(directory, "schema.sql"), "w") as file:
            file.write(shown)

    def command(self, bench, target):
        return ["bash", "-c", LOAD_ALONE, "load", str(target.port), self.directory]


class Pgloader:
    """One reader, as SQLite gives it; casts to the types that rowferry makes of the same columns."""
    name = "pgloader"

    def __init__(self, path):
        self.path = path

    def command(self, bench, target):
        return pgloader(bench, f"""LOAD DATABASE FROM sqlite://{self.path}
  INTO {target.url("measured", password=True)}
  WITH create tables, create indexes, workers = 2, concurrency = 1
  CAST type smallint to bigint;
""")


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
