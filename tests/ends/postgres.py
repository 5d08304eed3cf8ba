"""A database of its own on a PostgreSQL server."""

import re
from collections import Counter
from contextlib import closing, suppress

import psycopg2
import psycopg2.extensions
import psycopg2.extras

from .end import ServerEnd
from .names import quote


# The servers' own defaults are set to something else on purpose.
PINNED = """
SET TimeZone = 'UTC'; SET timezone_abbreviations = 'Default'; SET DateStyle = 'ISO, MDY'; SET IntervalStyle = 'postgres';
SET extra_float_digits = 1; SET bytea_output = 'hex'; SET backslash_quote = 'safe_encoding';
SET quote_all_identifiers = off; SET transform_null_equals = off; SET array_nulls = on; SET xmloption = 'content';
SET search_path = "$user", public; SET default_text_search_config = 'pg_catalog.english';
SET default_transaction_isolation = 'read committed'; SET default_transaction_deferrable = off; SET default_transaction_read_only = off;
SET statement_timeout = 0; SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0; SET idle_session_timeout = 0
"""


class PostgresEnd(ServerEnd):
    kind = "postgres"
    options = "TEMPLATE template0 STRATEGY wal_log"  # of its database
    keeps_position = True
    lost = psycopg2.OperationalError  # what a server that is away is noticed by

    def on_server(self, sql):
        with closing(self.connect(self.server_url)) as connection:
            connection.cursor().execute(sql)

    def connect(self, url=None):
        # psycopg2 looks only once how it has to write strings.
        connection = psycopg2.connect(url or self.url, client_encoding="UTF8", options="-c standard_conforming_strings=on")
        connection.autocommit = True
        connection.cursor().execute(PINNED)
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

    run_script = run  # in the server's own words

    def query(self, sql, *values):
        cursor = self.cursor()
        cursor.execute(sql, values or None)
        return cursor.fetchall()

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

    def ledger_rows(self):
        rows = 0
        for table in ("rowferry.run", "rowferry.page", "public._rowferry_run", "public._rowferry_page"):
            if self.one("SELECT to_regclass(%s) IS NOT NULL", table):
                rows += self.one(f"SELECT count(*) FROM {table}")
        return rows

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

    # What stands on a table.

    def indexes(self, table):
        found = Counter()
        rows = self.query(
            "SELECT indexrelid, indisunique, indpred IS NOT NULL FROM pg_index WHERE indrelid = %s::regclass AND NOT indisprimary",
            quote(table),
        )
        for oid, unique, partial in rows:
            parts = self.query(
                "SELECT a.attname, coalesce((i.indoption[k.n - 1] & 1), 0) FROM pg_index i,"
                " unnest(i.indkey[0:i.indnkeyatts - 1]) WITH ORDINALITY k(attnum, n)"
                " LEFT JOIN pg_attribute a ON a.attrelid = %s::regclass AND a.attnum = k.attnum AND k.attnum > 0"
                " WHERE i.indexrelid = %s ORDER BY k.n",
                quote(table),
                oid,
            )
            found[(tuple(parts), unique, partial)] += 1
        return found

    def primary_key(self, table):
        return [
            name
            for (name,) in self.query(
                "SELECT a.attname FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k(attnum, n), pg_attribute a"
                " WHERE i.indrelid = %s::regclass AND i.indisprimary AND a.attrelid = i.indrelid AND a.attnum = k.attnum ORDER BY k.n",
                quote(table),
            )
        ]

    def foreign_keys(self, table):
        actions = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
        found = Counter()
        for columns, to, to_columns, update, delete in self.query(
            "SELECT ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY k(n, o) JOIN pg_attribute ON attrelid = conrelid AND attnum = n ORDER BY o),"
            " (SELECT relname FROM pg_class WHERE oid = confrelid),"
            " ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY k(n, o) JOIN pg_attribute ON attrelid = confrelid AND attnum = n ORDER BY o),"
            " confupdtype, confdeltype FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass",
            quote(table),
        ):
            found[(tuple(columns), to, tuple(to_columns), actions[update], actions[delete])] += 1
        return found

    def not_null(self, table):
        rows = self.query("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attnotnull AND NOT attisdropped", quote(table))
        return {name for (name,) in rows}

    def next_number(self, table):
        owned = self.query(
            "SELECT d.objid::regclass::text FROM pg_depend d JOIN pg_sequence ON seqrelid = d.objid"
            " WHERE d.refobjid = %s::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')",
            quote(table),
        )
        if not owned:
            return None
        sequence = owned[0][0]
        return self.one(
            "SELECT CASE WHEN is_called THEN last_value + (SELECT seqincrement FROM pg_sequence WHERE seqrelid = %s::regclass)"
            f" ELSE last_value END FROM {sequence}",
            sequence,
        )
