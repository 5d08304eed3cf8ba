"""A database of its own on a MariaDB server, or another of its family."""

import re
import urllib.parse
from collections import Counter
from contextlib import closing, suppress

import pymysql
from pymysql.constants import CLIENT

from .end import ServerEnd
from .names import quote


class MariadbEnd(ServerEnd):
    kind = "mariadb"  # whose words it understands
    options = "CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"  # of its database: texts differ when their bytes do
    mode = "ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO"
    script_mode = "'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION'"  # what packages ship
    # Of what the servers' own defaults are set to on purpose.
    pinned = (
        "autocommit = 1, completion_type = NO_CHAIN, default_storage_engine = InnoDB, explicit_defaults_for_timestamp = 1,"
        " group_concat_max_len = 1048576, max_sort_length = 8388608, div_precision_increment = 4, sql_quote_show_create = 1, innodb_strict_mode = 1, old_mode = 'UTF8_IS_UTF8MB3',"
        " sql_auto_is_null = 0, check_constraint_checks = 1, max_statement_time = 0, idle_transaction_timeout = 0, innodb_lock_wait_timeout = 50, lock_wait_timeout = 86400,"
        " sql_select_limit = 18446744073709551615"
    )
    keeps_position = True  # an idle source stays at its point
    descends = True  # keeps indexes whose columns go down
    numbers_in_chunks = False  # the next number may be larger than it needs to be
    lost = pymysql.err.OperationalError  # what a server that is away is noticed by

    def connect(self, url=None):
        parts = urllib.parse.urlsplit(url or self.url)
        connection = pymysql.connect(
            host=parts.hostname,
            port=parts.port,
            user=parts.username,
            password=urllib.parse.unquote(parts.password),
            database=parts.path[1:],
            charset="utf8mb4",
            autocommit=True,
            client_flag=CLIENT.MULTI_STATEMENTS,
            init_command=f"SET NAMES utf8mb4, time_zone = '+00:00', sql_mode = '{self.mode}', {self.pinned}",
        )
        connection.cursor().execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return connection

    def on_server(self, sql):
        with closing(self.connect(self.server_url)) as connection:
            self.run_all(connection.cursor(), sql)

    @staticmethod
    def words(sql):
        """Text that may stand in a key, which TEXT may not."""
        return re.sub(r"\bTEXT\b", "VARCHAR(300)", sql)

    @staticmethod
    def run_all(cursor, sql):
        if not sql.strip("; \n"):
            return
        cursor.execute(sql.strip("; \n"))
        while cursor.nextset():
            pass

    def cursor(self):
        """On a connection that is kept."""
        try:
            self.own.ping(reconnect=False)
        except (AttributeError, pymysql.Error):  # none yet, or the server was restarted
            self.own = self.connect()
        return self.own.cursor()

    def run(self, sql):
        self.run_all(self.cursor(), self.words(sql))

    def run_script(self, sql):
        """In the server's own words."""
        with closing(self.connect()) as connection:
            cursor = connection.cursor()
            cursor.execute(f"SET sql_mode = {self.script_mode}")
            self.run_all(cursor, sql)

    def query(self, sql, *values):
        cursor = self.cursor()
        cursor.execute(sql, values or None)
        return list(cursor.fetchall())

    def insert(self, table, rows, columns=()):
        rows = list(rows)
        if not rows:
            return
        names = f"({', '.join(map(quote, columns))})" if columns else ""
        cursor = self.cursor()
        cursor.execute("BEGIN")
        cursor.executemany(f"INSERT INTO {quote(table)} {names} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)
        cursor.execute("COMMIT")

    def tables(self):
        kinds = "('BASE TABLE', 'SYSTEM VERSIONED')"
        rows = self.query(f"SELECT table_name FROM information_schema.tables WHERE table_schema = %s AND table_type IN {kinds}", self.name)
        return sorted(name for (name,) in rows if not name.startswith("_rowferry_"))

    def columns(self, table):
        """All but those of a versioned table that say since when a row has been."""
        return self.query(
            "SELECT column_name, column_type FROM information_schema.columns"
            " WHERE table_schema = %s AND table_name = %s AND coalesce(generation_expression, '') NOT IN ('ROW START', 'ROW END') ORDER BY ordinal_position",
            self.name,
            table,
        )

    def documents(self, table):
        """Columns of JSON, which this server calls longtext."""
        checks = self.query("SELECT constraint_name, check_clause FROM information_schema.check_constraints WHERE constraint_schema = %s AND table_name = %s", self.name, table)
        return {name for name, clause in checks if clause.startswith("json_valid(")}

    @staticmethod
    def exact_real(name):
        """All digits of a FLOAT or DOUBLE(20,3), whose own text does not read back."""
        return f"CAST({name} + 0e0 AS CHAR)"

    @staticmethod
    def as_text(name, type):
        """Bytes stay bytes; the text of a FLOAT would leave digits out."""
        if re.match(r".*(blob|binary)", type):
            return name
        return f"CAST({name} + {'0e0' if type.startswith('float') else '0'} AS CHAR)" if re.match("float|bit", type) else f"CAST({name} AS CHAR)"

    def rows(self, table):
        """All cells but bytes as the server's own text."""
        columns = ", ".join(self.as_text(quote(name).replace("%", "%%"), type) for name, type in self.columns(table))
        cursor = self.cursor()
        cursor.execute(f"SELECT {columns.replace('%%', '%')} FROM {quote(table)}")
        return list(cursor.fetchall())

    def ledger_rows(self):
        names = self.query("SELECT table_name FROM information_schema.tables WHERE table_schema = %s AND table_name LIKE '!_rowferry!_%%' ESCAPE '!'", self.name)
        return sum(self.count(name) for (name,) in names)

    def clear(self):
        rows = self.query("SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = %s", self.name)
        drops = [f"DROP {'VIEW' if type == 'VIEW' else 'TABLE'} {quote(name)}" for name, type in rows]
        programs = self.query(
            "SELECT routine_type, routine_name FROM information_schema.routines WHERE routine_schema = %s"
            " UNION ALL SELECT 'EVENT', event_name FROM information_schema.events WHERE event_schema = %s",
            self.name,
            self.name,
        )
        drops += [f"DROP {type} {quote(name)}" for type, name in programs]
        if drops:
            self.run_all(self.cursor(), "; ".join(["SET foreign_key_checks = 0", *drops, "SET foreign_key_checks = 1"]))

    def remove(self):
        if self.own is not None:
            with suppress(pymysql.Error):
                self.own.close()
        with suppress(pymysql.err.OperationalError):
            self.on_server(f"DROP DATABASE IF EXISTS {self.name}")

    # What stands on a table.

    def indexes(self, table):
        return Counter(self.indexes_by_name(table).values())

    def indexes_by_name(self, table):
        rows = self.query(
            "SELECT index_name, non_unique, column_name, collation FROM information_schema.statistics"
            " WHERE table_schema = %s AND table_name = %s AND index_name <> 'PRIMARY' ORDER BY index_name, seq_in_index",
            self.name,
            table,
        )
        parts, unique = {}, {}
        for index, non_unique, column, direction in rows:
            parts.setdefault(index, []).append((column, int(direction == "D")))
            unique[index] = not int(non_unique)
        return {index: (tuple(columns), unique[index], False) for index, columns in parts.items()}

    def prefix_indexes(self, table):
        """Those of indexes() that look at the beginning of a text only."""
        rows = self.query(
            "SELECT DISTINCT index_name FROM information_schema.statistics WHERE table_schema = %s AND table_name = %s AND sub_part IS NOT NULL",
            self.name,
            table,
        )
        names = {name for (name,) in rows}
        return Counter(index for name, index in self.indexes_by_name(table).items() if name in names)

    def primary_key(self, table):
        rows = self.query(
            "SELECT column_name FROM information_schema.statistics"
            " WHERE table_schema = %s AND table_name = %s AND index_name = 'PRIMARY' ORDER BY seq_in_index",
            self.name,
            table,
        )
        return [name for (name,) in rows]

    def foreign_keys(self, table):
        rows = self.query(
            "SELECT k.constraint_name, k.column_name, k.referenced_table_name, k.referenced_column_name, r.update_rule, r.delete_rule"
            " FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r"
            " ON r.constraint_schema = k.constraint_schema AND r.table_name = k.table_name AND r.constraint_name = k.constraint_name"
            " WHERE k.table_schema = %s AND k.table_name = %s AND k.referenced_table_name IS NOT NULL"
            " ORDER BY k.constraint_name, k.ordinal_position",
            self.name,
            table,
        )
        keys = {}
        for name, column, to, to_column, update, delete in rows:
            keys.setdefault(name, (to, update, delete, []))[3].append((column, to_column))
        return Counter(
            (tuple(a for a, _ in columns), to, tuple(b for _, b in columns), update, delete) for to, update, delete, columns in keys.values()
        )

    def not_null(self, table):
        rows = self.query("SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s AND is_nullable = 'NO'", self.name, table)
        return {name for (name,) in rows}

    def next_number(self, table):
        return self.one("SELECT auto_increment FROM information_schema.tables WHERE table_schema = %s AND table_name = %s", self.name, table)


class MysqlEnd(MariadbEnd):
    options = "CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin"
    # Without backslash escapes MySQL misreads the expressions of its own tables.
    mode = "ANSI_QUOTES,STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO"
    script_mode = "DEFAULT"
    pinned = "autocommit = 1"
    keeps_position = False  # the one server is source and target

    def connect(self, url=None):
        connection = super().connect(url)
        connection.cursor().execute("SET information_schema_stats_expiry = 0")
        return connection

    def documents(self, table):
        return set()  # JSON is a type of its own

    @staticmethod
    def exact_real(name):
        """In a document, as the text of a sum has 22 characters at most here, and the sum no negative zero."""
        return f"IF({name} IS NULL, NULL, CAST(JSON_ARRAY({name}) AS CHAR))"


class TidbEnd(MariadbEnd):
    options = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
    script_mode = "DEFAULT"
    pinned = "autocommit = 1"
    keeps_position = False
    descends = False
    numbers_in_chunks = True

    def documents(self, table):
        return set()

    def next_number(self, table):
        """At least this: each server of a cluster takes numbers in chunks."""
        if super().next_number(table) is None:
            return None
        return max(row[3] for row in self.query(f"SHOW TABLE {quote(table)} NEXT_ROW_ID"))
