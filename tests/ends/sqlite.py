"""A SQLite file."""

import sqlite3
from collections import Counter
from contextlib import closing, contextmanager, nullcontext

from .end import End
from .names import quote


class SqliteEnd(End):
    kind = "sqlite"
    keeps_position = True

    def __init__(self, path):
        self.path = path
        self.url = f"sqlite:{path}"
        self.own = None

    def connect(self):
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=30, check_same_thread=False)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def run(self, sql):
        with closing(self.connect()) as connection:
            connection.executescript(sql)

    @contextmanager
    def reading(self):
        """On one connection: each that is opened reads the whole schema."""
        with closing(self.connect()) as self.own:
            try:
                yield
            finally:
                self.own = None

    def to_read(self):
        return nullcontext(self.own) if self.own else closing(self.connect())

    def query(self, sql, *values):
        with self.to_read() as connection:
            connection.text_factory = str
            return connection.execute(sql, values).fetchall()

    def insert(self, table, rows, columns=()):
        rows = list(rows)
        if not rows:
            return
        names = f"({', '.join(map(quote, columns))})" if columns else ""
        with closing(self.connect()) as connection:
            connection.execute("BEGIN")
            places = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO {quote(table)} {names} VALUES ({places})", rows)
            connection.execute("COMMIT")

    def tables(self):
        """Names of the user's tables."""
        rows = self.query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
        return sorted(name for (name,) in rows if not name.startswith("_rowferry_"))

    def columns(self, table):
        """[(name, declared type)] in order, generated ones included."""
        rows = self.query("SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid", table)
        return [(name, type.lower()) for name, type in rows]

    def rows(self, table):
        columns = ", ".join(quote(name) for name, _ in self.columns(table))
        with self.to_read() as connection:
            connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
            return connection.execute(f"SELECT {columns} FROM {quote(table)}").fetchall()

    def ledger_rows(self):
        names = [name for (name,) in self.query("SELECT name FROM sqlite_schema WHERE name LIKE '\\_rowferry\\_%' ESCAPE '\\' AND type = 'table'")]
        return sum(self.count(name) for name in names)

    def exists(self):
        return self.path.exists()

    def clear(self):
        self.remove()

    def remove(self):
        for path in self.path.parent.glob(self.path.name + "*"):
            path.unlink()

    # What stands on a table.

    def indexes(self, table):
        found = Counter()
        for name, unique, origin, partial in self.query('SELECT name, "unique", origin, partial FROM pragma_index_list(?)', table):
            if origin != "pk":
                parts = self.query('SELECT name, "desc" FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno', name)
                found[(tuple(parts), bool(unique), bool(partial))] += 1
        return found

    def primary_key(self, table):
        return [name for (name,) in self.query("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", table)]

    def foreign_keys(self, table):
        keys = {}
        for id, to, column, to_column, update, delete in self.query(
            'SELECT id, "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list(?) ORDER BY id, seq', table
        ):
            keys.setdefault(id, (to, update, delete, []))[3].append((column, to_column))
        found = Counter()
        for to, update, delete, columns in keys.values():
            to_columns = [name for _, name in columns]
            if None in to_columns:
                to_columns = self.primary_key(to)
            found[(tuple(name for name, _ in columns), to, tuple(to_columns), update, delete)] += 1
        return found

    def not_null(self, table):
        rows = self.query('SELECT name FROM pragma_table_info(?) WHERE "notnull" = 1 OR pk > 0', table)
        return {name for (name,) in rows}

    def next_number(self, table):
        if self.query("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'"):
            kept = self.query("SELECT seq + 1 FROM sqlite_sequence WHERE name = ?", table)
            if kept:
                return kept[0][0]
        key = self.query("SELECT name, upper(type) FROM pragma_table_info(?) WHERE pk > 0", table)
        if len(key) != 1 or key[0][1] != "INTEGER":
            return None
        return self.one(f"SELECT coalesce(max({quote(key[0][0])}), 0) + 1 FROM {quote(table)}")
