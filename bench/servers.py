"""The private servers of tests/servers.sh, all contenders' alike."""
import os
import subprocess
import time

import psycopg2
import pymysql
from pymysql.constants import CLIENT

SETTINGS = {
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "30min",
    "autovacuum": "off",
    "max_locks_per_transaction": "512",  # 10,000 tables and their keys, read in one transaction
}
SHOWN = [*SETTINGS, "fsync", "synchronous_commit", "full_page_writes", "wal_level",
         "maintenance_work_mem"]

# The sum of the rows' hashes does not depend on their order; a doubled row doubles its share.
ROWS = "SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM {} t"
COLUMNS = """SELECT string_agg(attname || ' ' || CASE WHEN atttypid = 'varchar'::regtype THEN 'text'
    ELSE format_type(atttypid, atttypmod) END, ', ' ORDER BY attnum)
  FROM pg_attribute WHERE attrelid = '{0}'::regclass AND attnum > 0"""
KEY = """SELECT string_agg(pg_get_constraintdef(oid), ', ') FROM pg_constraint
  WHERE conrelid = '{0}'::regclass AND contype = 'p'"""
TABLES = """SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r'
  AND relnamespace = 'public'::regnamespace ORDER BY 1"""


class Server:
    def __init__(self, port, password):
        self.port, self.password = port, password

    def url(self, database, password=False):
        secret = f":{self.password}" if password else ""
        return f"postgresql://rowferry{secret}@127.0.0.1:{self.port}/{database}"

    def connect(self, database):
        connection = psycopg2.connect(self.url(database, password=True),
                                      options="-c TimeZone=UTC -c client_min_messages=error")
        connection.autocommit = True
        return connection

    def run(self, database, *statements):
        """Runs the statements; returns the first row of the last one, if it has any."""
        connection = self.connect(database)
        try:
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchone() if cursor.description else None
        finally:
            connection.close()

    def create(self, database):
        self.drop(database)
        self.run("postgres", f"CREATE DATABASE {database}")

    def drop(self, database):
        self.run("postgres", f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def proof(self, database, table):
        """What must be equal on both sides; text columns may differ in their declared length."""
        rows = self.run(database, ROWS.format(table))
        columns, = self.run(database, COLUMNS.format(table))
        key, = self.run(database, KEY.format(table))
        return (*rows, columns, key)

    def whole_proof(self, database):
        """The same rows in all tables of the schema public: (tables, rows, hash)."""
        connection = self.connect(database)
        try:
            cursor = connection.cursor()
            cursor.execute(TABLES)
            names = [name for name, in cursor.fetchall()]
            rows, total = 0, 0
            for name in names:
                cursor.execute(f"SELECT count(*), sum(hashtextextended('{name}' || t::text, 0)::numeric)"
                               f" FROM {name} t")
                count, added = cursor.fetchone()
                rows, total = rows + count, total + (added or 0)
            return len(names), rows, total
        finally:
            connection.close()


# Of every cell its text, and that it is NULL; of a FLOAT or DOUBLE all its digits.
CELL = "IFNULL(CONCAT('v', {}), 'n')"
MARIADB_COLUMNS = """SELECT column_name, data_type FROM information_schema.columns
  WHERE table_schema = database() AND table_name = %s ORDER BY ordinal_position"""
MARIADB_KEY = """SELECT group_concat(column_name ORDER BY seq_in_index) FROM information_schema.statistics
  WHERE table_schema = database() AND table_name = %s AND index_name = 'PRIMARY'"""
MARIADB_SETTINGS = {"innodb_buffer_pool_size": 512 << 20, "innodb_flush_log_at_trx_commit": 1, "sync_binlog": 1}
MARIADB_SHOWN = [*MARIADB_SETTINGS, "innodb_log_file_size", "log_bin", "innodb_doublewrite"]


class Mariadb:
    def __init__(self, port, password):
        self.port, self.password = port, password

    def url(self, database, password=True):
        secret = f":{self.password}" if password else ""
        return f"mysql://rowferry{secret}@127.0.0.1:{self.port}/{database}"

    def connect(self, database=None):
        return pymysql.connect(host="127.0.0.1", port=self.port, user="rowferry", password=self.password,
                               database=database, charset="utf8mb4", autocommit=True,
                               client_flag=CLIENT.MULTI_STATEMENTS)

    def run(self, database, *statements):
        """Runs the statements; returns the rows of the last one."""
        connection = self.connect(database)
        try:
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement)
                rows = cursor.fetchall()
                while cursor.nextset():
                    rows = cursor.fetchall()
            return rows
        finally:
            connection.close()

    def create(self, database):
        self.drop(database)
        self.run(None, f"CREATE DATABASE {database} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")

    def drop(self, database):
        self.run(None, f"DROP DATABASE IF EXISTS {database}")

    def proof(self, database, table):
        """Number of rows, two independent sums over their hashes, columns with types, key."""
        connection = self.connect(database)
        try:
            cursor = connection.cursor()
            cursor.execute(MARIADB_COLUMNS, (table,))
            columns = cursor.fetchall()
            row = "CONCAT_WS(',', " + ", ".join(CELL.format(f"`{name}`") for name, _ in columns) + ")"
            cursor.execute(f"SELECT COUNT(*), SUM(CRC32({row})), SUM(CAST(CONV(LEFT(MD5({row}), 12), 16, 10) AS UNSIGNED)) FROM `{table}`")
            sums = cursor.fetchone()
            cursor.execute(MARIADB_KEY, (table,))
            return (*sums, columns, cursor.fetchone()[0])
        finally:
            connection.close()


class Servers:
    def __init__(self, script, file):
        self.script, self.file = script, file
        self.source = self.target = self.mariadb_source = self.mariadb_target = None

    def up(self):
        self.call("up", self.file, "plain", "postgres_source", "postgres_target", "mariadb_source", "mariadb_target")
        with open(self.file) as lines:
            found = dict(line.removeprefix("export ").rstrip("\n").split("=", 1) for line in lines)
        found = {name: value.strip("'") for name, value in found.items()}
        password = found["ROWFERRY_TEST_PASSWORD"]
        self.source = Server(found["ROWFERRY_TEST_POSTGRES_SOURCE_PORT"], password)
        self.target = Server(found["ROWFERRY_TEST_POSTGRES_TARGET_PORT"], password)
        # Of libpq, for every contender: no password in an argument list.
        os.environ["PGPASSWORD"] = password
        for name, server in [("source", self.source), ("target", self.target)]:
            for setting, value in SETTINGS.items():
                server.run("postgres", f"ALTER SYSTEM SET {setting} = '{value}'")
            self.call("restart", self.file, f"postgres_{name}")
        self.mariadb_source = Mariadb(int(found["ROWFERRY_TEST_MARIADB_SOURCE_PORT"]), password)
        self.mariadb_target = Mariadb(int(found["ROWFERRY_TEST_MARIADB_TARGET_PORT"]), password)
        os.environ["MYSQL_PWD"] = password
        for server in (self.mariadb_source, self.mariadb_target):
            for setting, value in MARIADB_SETTINGS.items():
                server.run(None, f"SET GLOBAL {setting} = {value}")

    def down(self):
        self.call("down", self.file)

    def call(self, *arguments):
        subprocess.run([self.script, *arguments], check=True, stdout=subprocess.DEVNULL,
                       stdin=subprocess.DEVNULL)

    def fresh(self, database):
        """The target server with a new, empty database of that name."""
        self.target.create(database)
        return self.target

    def fresh_mariadb(self, database):
        self.mariadb_target.create(database)
        return self.mariadb_target

    def settle(self):
        for server in (self.source, self.target):
            server.run("postgres", "CHECKPOINT")
        # The same for InnoDB: what is dirty goes out now, not in somebody's time.
        for server in (self.mariadb_source, self.mariadb_target):
            server.run(None, "SET GLOBAL innodb_max_dirty_pages_pct = 0")
            while int(server.run(None, "SHOW STATUS LIKE 'innodb_buffer_pool_pages_dirty'")[0][1]) > 100:
                time.sleep(0.05)
            server.run(None, "SET GLOBAL innodb_max_dirty_pages_pct = 90")

    def settings(self):
        values = [self.target.run("postgres", f"SHOW {name}")[0] for name in SHOWN]
        shown = [f"{name}={value}" for name, value in zip(SHOWN, values)]
        for name in MARIADB_SHOWN:
            shown.append(f"{name}={self.mariadb_target.run(None, f'SELECT @@global.{name}')[0][0]}")
        return ", ".join(shown)
