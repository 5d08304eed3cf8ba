"""A target that somebody has changed at random, beside a source that is written to: syncs that are killed, and one that is not,
make both equal, as an independent reader finds."""

import os
import random
import threading

import pytest
from compare import assert_same_rows
from conftest import ALL, PAIRS, SEED
from program import KILLED
from rounds.judge import REFUSALS

ROUNDS = int(os.environ.get("ROWFERRY_TEST_SYNC_ROUNDS") or (450 if ALL else 27))
POINTS = ["mender.begin.after", "mender.apply.after", "mender.apply.before", "mender.commit.before", "mender.commit.after", "reader.open.after", "reader.next.after"]

CREATE = """
CREATE TABLE parent (id INTEGER NOT NULL PRIMARY KEY, u VARCHAR(20) NOT NULL UNIQUE, v INTEGER UNIQUE, word VARCHAR(40), amount DECIMAL(12,2));
CREATE TABLE child (id INTEGER NOT NULL PRIMARY KEY, parent INTEGER NOT NULL, word VARCHAR(40), FOREIGN KEY (parent) REFERENCES parent (id));
CREATE TABLE leaf (id INTEGER NOT NULL PRIMARY KEY, child INTEGER, word VARCHAR(40), FOREIGN KEY (child) REFERENCES child (id) ON DELETE CASCADE);
CREATE TABLE by_text (code VARCHAR(40) NOT NULL PRIMARY KEY, word VARCHAR(40));
CREATE TABLE by_two (a BIGINT NOT NULL, b VARCHAR(20) NOT NULL, word VARCHAR(40), PRIMARY KEY (a, b));
CREATE TABLE keyless (n BIGINT, word VARCHAR(40));
"""
WORDS = ["", None, "a", "a ", "A", "ä", "Ä", "x" * 40, "'q\\\\", "tab\there", "abc", "acb", "bac"]
COLUMNS = {"parent": 5, "child": 3, "leaf": 3, "by_text": 2, "by_two": 3, "keyless": 2}
KEYS = {"parent": ["id"], "child": ["id"], "leaf": ["id"], "by_text": ["code"], "by_two": ["a", "b"]}


def text(value):
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


class Writer:
    """Changes one end at random. What the server refuses is passed over."""

    def __init__(self, end, seed):
        self.end, self.random = end, random.Random(seed)

    def word(self):
        return self.random.choice(WORDS)

    def run(self, *statements):
        if self.end.kind == "sqlite":
            statements = ("PRAGMA foreign_keys = ON; BEGIN", *statements, "COMMIT")
            try:
                self.end.run("; ".join(statements))
            except REFUSALS:
                pass  # with its connection the transaction is gone
            return
        try:
            self.end.run("BEGIN; " + "; ".join(statements) + "; COMMIT" if len(statements) > 1 else statements[0])
        except REFUSALS:
            if len(statements) > 1:
                try:
                    self.end.run("ROLLBACK")
                except REFUSALS:
                    pass

    def fill(self, rows):
        pick = self.random
        self.end.insert("parent", [(i, f"u{i}", i * 2 if i % 5 else None, self.word(), f"{i}.50") for i in range(1, rows)])
        self.end.insert("child", [(i, pick.randrange(1, rows), self.word()) for i in range(1, 2 * rows)])
        self.end.insert("leaf", [(i, pick.randrange(1, 2 * rows) if i % 7 else None, self.word()) for i in range(1, rows)])
        self.end.insert("by_text", [(f"k{i}-ß", self.word()) for i in range(1, rows)])
        self.end.insert("by_two", [(i % 9 - 4, f"b{i}", self.word()) for i in range(1, rows)])
        self.end.insert("keyless", [(i % 20, self.word()) for i in range(1, rows)])

    def some(self, table, count):
        rows = self.end.query(f"SELECT {', '.join(KEYS[table])} FROM {table}")
        return self.random.sample(rows, min(count, len(rows)))

    @staticmethod
    def where(table, row):
        return " AND ".join(f"{column} = {text(value)}" for column, value in zip(KEYS[table], row))

    def change(self):
        getattr(self, self.random.choice(["reword", "reword", "remove", "add", "move_keys", "turn_unique", "turn_unique", "swap_words", "recase", "multiply", "adopt"]))()

    def reword(self):
        table = self.random.choice(list(KEYS))
        for row in self.some(table, self.random.choice([1, 3, 40])):
            self.run(f"UPDATE {table} SET word = {text(self.word())} WHERE {self.where(table, row)}")

    def remove(self):
        table = self.random.choice(list(KEYS))
        for row in self.some(table, self.random.choice([1, 5])):
            self.run(f"DELETE FROM {table} WHERE {self.where(table, row)}")

    def add(self):
        new = self.random.randrange(10_000, 1_000_000)
        self.run(f"INSERT INTO parent VALUES ({new}, 'u{new}', NULL, {text(self.word())}, 1)", f"INSERT INTO child VALUES ({new}, {new}, {text(self.word())})", f"INSERT INTO leaf VALUES ({new}, {new}, 'n')")
        self.run(f"INSERT INTO by_text VALUES ('new {new}', {text(self.word())})")
        self.run(f"INSERT INTO by_two VALUES ({new}, '', {text(self.word())})")

    def move_keys(self):
        table = self.random.choice(["by_two", "leaf", "by_text"])
        key = KEYS[table][0]
        two = self.some(table, 2)
        if len(two) == 2:
            spare = "'~'" if table == "by_text" else "-99"
            a, b = two
            self.run(
                f"UPDATE {table} SET {key} = {spare} WHERE {self.where(table, a)}",
                f"UPDATE {table} SET {key} = {text(a[0])} WHERE {self.where(table, b)}",
                f"UPDATE {table} SET {key} = {text(b[0])} WHERE {key} = {spare}",
            )

    def turn_unique(self):
        """The unique values of some rows go round."""
        rows = self.some("parent", self.random.choice([2, 2, 3, 12]))
        column = self.random.choice(["u", "v"])
        values = [self.end.one(f"SELECT {column} FROM parent WHERE id = {row[0]}") for row in rows]
        spare = [text(f"~{i}") if column == "u" else str(-1000 - i) for i in range(len(rows))]
        self.run(
            *[f"UPDATE parent SET {column} = {other} WHERE id = {row[0]}" for row, other in zip(rows, spare)],
            *[f"UPDATE parent SET {column} = {text(value)} WHERE id = {row[0]}" for row, value in zip(rows, values[1:] + values[:1])],
        )

    def swap_words(self):
        self.run("UPDATE by_text SET word = CASE word WHEN 'abc' THEN 'acb' WHEN 'acb' THEN 'abc' ELSE word END")

    def recase(self):
        for row in self.some("by_text", 3):
            self.run(f"UPDATE by_text SET code = {text(row[0].upper() if self.random.random() < 0.5 else row[0] + ' ')} WHERE {self.where('by_text', row)}")

    def multiply(self):
        n = self.random.randrange(20)
        self.run(f"INSERT INTO keyless SELECT n, word FROM keyless WHERE n = {n}" if self.random.random() < 0.5 else f"DELETE FROM keyless WHERE n = {n}")
        self.run(f"INSERT INTO keyless VALUES ({n}, {text(self.word())}), (NULL, NULL)")

    def adopt(self):
        for row in self.some("child", 3):
            parent = self.some("parent", 1)
            if parent:
                self.run(f"UPDATE child SET parent = {parent[0][0]} WHERE id = {row[0]}")


class Busy:
    """Writes to the source from a thread of its own while it is entered."""

    def __init__(self, writer):
        self.writer, self.stop = writer, threading.Event()
        self.thread = threading.Thread(target=self.go_on)

    def go_on(self):
        while not self.stop.wait(0.02):
            self.writer.change()

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


def make_folding(end):
    """Keys that differ by case, accents or spaces at the end are one to the target."""
    end.run("ALTER TABLE by_text MODIFY code VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL")


@pytest.mark.parametrize("name", PAIRS)
def test_any_difference_is_repaired(rowferry, faulty, pair_of, name):
    for number in range(ROUNDS // len(PAIRS)):
        seed = f"{SEED} sync {name} {number}"
        pick = random.Random(seed)
        pair = pair_of(name)
        here, there = Writer(pair.source, seed + " here"), Writer(pair.target, seed + " there")
        pair.source.run(CREATE)
        here.fill(pick.choice([5, 40, 150]))
        rowferry.copy(*pair.urls).expect(0)
        if name.endswith("-mariadb") and pick.random() < 0.5:
            make_folding(pair.target)
        for _ in range(pick.choice([1, 5, 25])):
            there.change()
            here.change()
        options = ["--page-size", pick.choice(["7", "50", "50000"]), "--jobs", pick.choice(["1", "2", "4"])]
        with Busy(here):
            for _ in range(pick.choice([0, 1, 3])):
                point = f"{pick.choice(POINTS)}:{pick.choice([1, 1, 2, 5, 20])}=kill"
                run = faulty.with_fault(point)("sync", *pair.urls, *options)
                assert run.status in (0, 1, KILLED), f"seed '{seed}'\n{run}"
        run = rowferry("sync", *pair.urls, *options, "--output", "json")
        assert run.status == 0, f"seed '{seed}'\n{run}"
        try:
            assert_same_rows(pair.source, pair.target)
        except AssertionError as error:
            raise AssertionError(f"seed '{seed}'\n{error}\n{run}") from None
