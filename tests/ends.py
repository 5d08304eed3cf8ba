"""Databases that tests fill and look into, all through one small set of words. SQL given to run() is
in words that both kinds understand; BLOB and x'…' are put into PostgreSQL's."""

import os
import re
import sqlite3
import subprocess
import urllib.parse
import uuid
from contextlib import closing, suppress
from pathlib import Path

import psycopg2
import psycopg2.extensions
import psycopg2.extras


def quote(name):
    return '"' + name.replace('"', '""') + '"'


class SqliteEnd:
    kind = "sqlite"

    def __init__(self, path):
        self.path = path
        self.url = f"sqlite:{path}"

    def connect(self):
        connection = sqlite3.connect(self.path, isolation_level=None, timeout=30, check_same_thread=False)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def run(self, sql):
        with closing(self.connect()) as connection:
            connection.executescript(sql)

    def query(self, sql, *values):
        with closing(self.connect()) as connection:
            return connection.execute(sql, values).fetchall()

    def one(self, sql, *values):
        return self.query(sql, *values)[0][0]

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
        with closing(self.connect()) as connection:
            connection.text_factory = lambda text: text.decode("utf-8", "surrogateescape")
            return connection.execute(f"SELECT {columns} FROM {quote(table)}").fetchall()

    def count(self, table):
        return self.one(f"SELECT count(*) FROM {quote(table)}")

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


class PostgresEnd:
    """A database of its own on a server."""

    kind = "postgres"

    def __init__(self, server_url):
        self.server_url = server_url
        self.name = "test_" + uuid.uuid4().hex[:12]
        self.on_server(f"CREATE DATABASE {self.name} TEMPLATE template0 STRATEGY wal_log")
        self.url = self.url_with(path="/" + self.name)
        self.own = None

    def url_with(self, **parts):
        return urllib.parse.urlsplit(self.server_url)._replace(path="/" + self.name)._replace(**parts).geturl()

    def url_of(self, user, password="secret"):
        parts = urllib.parse.urlsplit(self.server_url)
        return self.url_with(netloc=f"{user}:{password}@{parts.hostname}:{parts.port}")

    def on_server(self, sql):
        with closing(psycopg2.connect(self.server_url)) as connection:
            connection.autocommit = True
            connection.cursor().execute(sql)

    def connect(self):
        connection = psycopg2.connect(self.url)
        connection.autocommit = True
        return connection

    @staticmethod
    def words(sql):
        sql = re.sub(r"\bBLOB\b", "BYTEA", sql)
        return re.sub(r"\bx'([0-9A-Fa-f]*)'", r"'\\x\1'::bytea", sql)

    def cursor(self):
        """On a connection that is kept, since each costs as much as many queries."""
        try:
            self.own.cursor().execute("SELECT 1")
        except (AttributeError, psycopg2.Error):  # none yet, or the server was restarted
            self.own = self.connect()
        return self.own.cursor()

    def run(self, sql):
        self.cursor().execute(self.words(sql))

    def query(self, sql, *values):
        cursor = self.cursor()
        cursor.execute(sql, values or None)
        return cursor.fetchall()

    def one(self, sql, *values):
        return self.query(sql, *values)[0][0]

    def insert(self, table, rows, columns=()):
        rows = list(rows)
        if not rows:
            return
        names = f"({', '.join(map(quote, columns))})" if columns else ""
        psycopg2.extras.execute_values(self.cursor(), f"INSERT INTO {quote(table)} {names} VALUES %s", rows, page_size=1000)

    def tables(self):
        rows = self.query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition")
        return sorted(name for (name,) in rows if not name.startswith("_rowferry_"))

    def columns(self, table):
        return self.query(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
            quote(table),
        )

    def rows(self, table):
        """All cells as the server's own text."""
        columns = ", ".join(f"{quote(name)}::text" for name, _ in self.columns(table))
        return self.query(f"SELECT {columns} FROM {quote(table)}")

    def count(self, table):
        return self.one(f"SELECT count(*) FROM {quote(table)}")

    def ledger_rows(self):
        rows = 0
        for table in ("rowferry.run", "rowferry.page", "public._rowferry_run", "public._rowferry_page"):
            if self.one("SELECT to_regclass(%s) IS NOT NULL", table):
                rows += self.one(f"SELECT count(*) FROM {table}")
        return rows

    def exists(self):
        return True

    def clear(self):
        self.run(
            "SET client_min_messages = error; DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;"
            " DROP SCHEMA IF EXISTS rowferry CASCADE"
        )

    def remove(self):
        if self.own is not None:
            self.own.close()
        with suppress(psycopg2.OperationalError):
            self.on_server(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")


def server_command(*words):
    """tests/servers.sh stop|start|restart … on the servers of this run."""
    script = Path(__file__).parent / "servers.sh"
    subprocess.run([script, words[0], os.environ["ROWFERRY_TEST_SERVERS"], *words[1:]], check=True)
