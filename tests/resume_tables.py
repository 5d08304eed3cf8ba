"""The tables that resume tests copy, and a source that is written to meanwhile.

Each transaction of the busy source changes all tables and gives them the same new version; what each
table held at each version is written down, so that a copy can be judged: a table is whole when it is
one of these states."""

import random
import threading
import time
from collections import Counter

ROWS = 1200
PAGE = ["--page-size", "150", "--jobs", "2"]
EMPTY = "empty"
TABLES = ["by_number", "by_text", "by_two", "keyless"]

CREATE = """
CREATE TABLE by_number (id INTEGER NOT NULL PRIMARY KEY, version BIGINT NOT NULL, word VARCHAR(40), amount DECIMAL(12,2));
CREATE TABLE by_text (code TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, word TEXT) /* by key */;
CREATE TABLE by_two (a BIGINT NOT NULL, b TEXT NOT NULL, version BIGINT NOT NULL, word TEXT, PRIMARY KEY (a, b)) /* by key */;
CREATE TABLE keyless (n BIGINT, version BIGINT NOT NULL, word TEXT);
CREATE TABLE "empty" (id BIGINT NOT NULL PRIMARY KEY, word TEXT);
CREATE INDEX by_number_word ON by_number (word);
"""


def first_rows():
    words = ["", "ä", "tab\there", "line\nbreak", "'quoted' \\N", "x" * 40]
    return {
        "by_number": [(n * n - 5000, 0, words[n % 6], f"{n}.{n % 100:02}") for n in range(ROWS)],
        "by_text": [(f"{n * 7919 % ROWS:06}{'Zz'[n % 2]}", 0, words[n % 6]) for n in range(ROWS)],
        "by_two": [(1 if n < ROWS // 2 else n, f"k{n}", 0, words[n % 6]) for n in range(ROWS)],
        "keyless": [(n % 300, 0, words[n % 3]) for n in range(ROWS)],
    }


def fill(end):
    end.run(CREATE.replace("/* by key */", "WITHOUT ROWID") if end.kind == "sqlite" else CREATE)
    for table, rows in first_rows().items():
        end.insert(table, rows)


def plain(table, rows):
    """Rows as texts, the same from both kinds of end."""
    texts = Counter()
    for row in rows:
        row = [None if cell is None else str(cell) for cell in row]
        if table == "by_number":
            row[3] = f"{float(row[3]):.2f}"
        texts[tuple(row)] += 1
    return texts


class BusySource:
    """Writes to the source from a thread of its own, until stopped."""

    def __init__(self, end, seed, pause=0.03):
        self.end = end
        self.random = random.Random(seed)
        self.pause = pause
        self.mark = "?" if end.kind == "sqlite" else "%s"
        self.held = {table: [list(row) for row in end_rows(end, table)] for table in TABLES}
        self.states = {table: [] for table in TABLES}
        self.fresh = 10_000_000
        self.failure = None
        self.stopped = threading.Event()
        self.note()
        self.thread = threading.Thread(target=self.work)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join()
        assert self.failure is None, f"the busy source failed: {self.failure!r}"

    @property
    def version(self):
        return len(self.states["keyless"]) - 1

    def tidy(self):
        """Takes away what old versions of rows leave behind; the servers of tests do not do so themselves."""
        if self.end.kind == "postgres":
            self.end.run("VACUUM")

    def wait_for_versions(self, more):
        wanted = self.version + more
        while self.version < wanted and self.failure is None:
            time.sleep(0.005)

    def note(self):
        for table in TABLES:
            self.states[table].append(plain(table, self.held[table]))

    def work(self):
        connection = self.end.connect()
        try:
            while not self.stopped.is_set():
                self.transaction(connection)
                time.sleep(self.pause)
        except Exception as error:
            self.failure = error
        finally:
            connection.close()

    def transaction(self, connection):
        cursor = connection.cursor()
        cursor.execute("BEGIN IMMEDIATE" if self.end.kind == "sqlite" else "BEGIN")
        self.fresh += 1
        for table in TABLES:
            self.change(cursor, table, self.version + 1)
        # Written down before it can be seen: a copy that catches it knows it.
        self.note()
        cursor.execute("COMMIT")

    def run(self, cursor, sql, *values):
        cursor.execute(sql.replace("?", self.mark), values)

    def change(self, cursor, table, version):
        rows = self.held[table]
        self.insert(cursor, table, rows, version)
        self.delete(cursor, table, rows)
        self.move(cursor, table, rows, version)
        self.run(cursor, f"UPDATE {table} SET version = ?", version)
        at = {"by_two": 2}.get(table, 1)
        for row in rows:
            row[at] = version

    def new_row(self, table, version):
        n, word = self.fresh, f"new {self.fresh}"
        somewhere = self.random.randrange(-4000, ROWS * ROWS) * 1000 + n % 1000 + 500_000_000
        return {
            "by_number": [somewhere if self.random.random() < 0.5 else n, version, word, f"{n % 1000}.50"],
            "by_text": [f"{n * 7919 % 1000:06}-{n}", version, word],
            "by_two": [self.random.choice([1, n]), f"k{n}", version, word],
            "keyless": [self.random.randrange(300), version, word],
        }[table]

    def insert(self, cursor, table, rows, version):
        row = self.new_row(table, version)
        self.run(cursor, f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", *row)
        rows.append(row)

    def delete(self, cursor, table, rows):
        row = rows[self.random.randrange(len(rows))]
        if table == "keyless":
            gone = [other for other in rows if other[0] == row[0] and other[2] == row[2]]
            self.run(cursor, "DELETE FROM keyless WHERE n = ? AND word = ?", row[0], row[2])
        else:
            gone = [row]
            self.run(cursor, f"DELETE FROM {table} WHERE {self.key(table)}", *self.key_of(table, row))
        for other in gone:
            rows.remove(other)
        for _ in range(len(gone) - 1):
            self.insert(cursor, table, rows, self.version + 1)

    def move(self, cursor, table, rows, version):
        """Gives some rows another key, or place."""
        for row in self.random.sample(rows, 3):
            if table == "keyless":
                self.run(cursor, "UPDATE keyless SET word = ? WHERE n = ? AND word = ?", f"moved {version}", row[0], row[2])
                n, word = row[0], row[2]
                for other in rows:
                    if other[0] == n and other[2] == word:
                        other[2] = f"moved {version}"
                continue
            self.fresh += 1
            fresh = self.new_row(table, version)
            names = {"by_number": ["id"], "by_text": ["code"], "by_two": ["a", "b"]}[table]
            sets = ", ".join(f"{name} = ?" for name in names)
            self.run(cursor, f"UPDATE {table} SET {sets} WHERE {self.key(table)}", *fresh[: len(names)], *self.key_of(table, row))
            row[: len(names)] = fresh[: len(names)]

    @staticmethod
    def key(table):
        return {"by_number": "id = ?", "by_text": "code = ?", "by_two": "a = ? AND b = ?"}[table]

    @staticmethod
    def key_of(table, row):
        return row[:2] if table == "by_two" else row[:1]

    def version_of(self, table, rows):
        """The version whose rows these are, or None."""
        found = plain(table, rows)
        versions = [version for version, state in enumerate(self.states[table]) if state == found]
        return versions[-1] if versions else None

    def strangers(self, table, rows):
        """Rows that the table never held, but for their version."""
        at = {"by_two": 2}.get(table, 1)
        cut = lambda row: row[:at] + row[at + 1 :]
        known = {cut(row) for state in self.states[table] for row in state}
        return [row for row in plain(table, rows) if cut(row) not in known]


def end_rows(end, table):
    rows = end.rows(table)
    if end.kind == "sqlite":
        return rows
    numbers = {"by_number": [0, 1], "by_text": [1], "by_two": [0, 2], "keyless": [0, 1]}[table]
    return [tuple(int(cell) if at in numbers else cell for at, cell in enumerate(row)) for row in rows]
