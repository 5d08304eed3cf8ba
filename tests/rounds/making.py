"""A round from random numbers."""

from . import types_of_mariadb, types_of_postgres, types_of_sqlite
from .model import Column, Key, Round, Table
from .texts import names

TYPES = {"mariadb": types_of_mariadb.TYPES, "postgres": types_of_postgres.TYPES, "sqlite": types_of_sqlite.TYPES}


def make_round(random, source, target):
    tables = [make_table(random, source, name) for name in names(random, random.choice([1, 1, 1, 2, 3]))]
    round = Round(source, target, tables, rejects_allowed=random.random() < 0.5, page_rows=random.choice([7, 7, 7, 1, 3, 1000]))
    if source == "sqlite" and random.random() < 0.15:
        round.encoding = random.choice(["UTF-16le", "UTF-16be"])
    return round


def make_table(random, kind, name):
    columns = [make_column(random, kind, name) for name in names(random, random.choice([1, 2, 3, 4, 6, 8, 12]))]
    table = Table(name, columns)
    keyable = [column.name for column in columns if column.type.key]
    if keyable and random.random() < 0.75:
        table.primary = random.sample(keyable, min(len(keyable), random.choice([1, 1, 1, 2, 3])))
    for unique in (True, True, False):
        if keyable and random.random() < 0.2:
            table.keys.append(Key(random.sample(keyable, min(len(keyable), random.choice([1, 2]))), unique))
    for column in columns:
        column.default = make_default(random, kind, column)
    if kind == "sqlite" and table.primary and random.random() < 0.15:
        table.tail = " WITHOUT ROWID"
    odd = random.choice([0, 0, 0.02, 0.2])
    table.rows = [make_row(random, table, odd) for _ in range(random.choice([0, 1, 3, 7, 8, 15, 30]))]
    return table


def make_column(random, kind, name):
    type = random.choice(TYPES[kind])(random)
    return Column(name, type, nullable=random.random() < 0.7)


def make_default(random, kind, column):
    """A literal; not where a server takes none."""
    if random.random() > 0.15 or (kind == "mariadb" and not column.type.key):
        return ""
    value = (column.type.edges or [column.type.plain(random)])[0]
    return "" if len(value) > 60 or "CAST" in value else value


def make_row(random, table, odd):
    return [make_value(random, column, odd, column.name in table.primary) for column in table.columns]


def make_value(random, column, odd, in_key):
    type, dice = column.type, random.random()
    if column.nullable and not in_key and dice < 0.12:
        return "NULL"
    if type.odd and random.random() < odd:
        return random.choice(type.odd)
    if type.edges and dice < 0.5:
        return random.choice(type.edges)
    return type.plain(random)
