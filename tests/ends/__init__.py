"""Databases that tests fill and look into, all through one small set of words. SQL given to run() is
in words that all kinds understand; what one has other words for, its own end translates. What stands
on a table is told in one form, too:

indexes        (columns with direction, unique, partial) of each index but the primary key's
primary_key    its columns
foreign_keys   (columns, to table, to columns, on update, on delete) of each
not_null       names of columns
next_number    what the server would give the numbered column next; None without such a column"""

import os
import subprocess
from pathlib import Path

from .mariadb import MariadbEnd, MysqlEnd, TidbEnd
from .names import quote
from .postgres import PostgresEnd
from .sqlite import SqliteEnd

KINDS = {"sqlite": SqliteEnd, "postgres": PostgresEnd, "mariadb": MariadbEnd}
# Servers that no Debian package has: their tests need ROWFERRY_TEST_MYSQL, ROWFERRY_TEST_TIDB or ROWFERRY_TEST_POSTGRES18.
OTHERS = {"mysql": MysqlEnd, "tidb": TidbEnd, "postgres18": PostgresEnd}


def server_command(*words):
    """tests/servers.sh stop|start|restart … on the servers of this run."""
    script = Path(__file__).parent.parent / "servers.sh"
    subprocess.run([script, words[0], os.environ["ROWFERRY_TEST_SERVERS"], *words[1:]], check=True)
