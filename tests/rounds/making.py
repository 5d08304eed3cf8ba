"""A round from random numbers."""

import copy
import os
import re

from . import types_of_mariadb, types_of_postgres, types_of_sqlite
from .expressions import make_check, make_generated
from .model import Column, Foreign, Key, Round, Table
from .texts import names

WIDER = bool(os.environ.get("ROWFERRY_TEST_WIDER_ROUNDS"))
TYPES = {"mariadb": types_of_mariadb.TYPES, "postgres": types_of_postgres.TYPES, "sqlite": types_of_sqlite.TYPES}


def make_round(random, source, target):
    tables = [make_table(random, source, name, source == target) for name in names(random, random.choice([1, 1, 1, 2, 3]))]
    for table in tables:
        if WIDER and random.random() < 0.3:
            add_foreign(random, source, table, random.choice([table, *tables]), tables)
    round = Round(source, target, tables, rejects_allowed=random.random() < 0.5, page_rows=random.choice([7, 7, 7, 1, 3, 1000]))
    if source == "sqlite" and random.random() < 0.15:
        round.encoding = random.choice(["UTF-16le", "UTF-16be"])
    round.enforced = random.random() < 0.8
    if WIDER and random.random() < 0.35:
        make_existing(random, round)
    elif WIDER and random.random() < 0.2:
        make_ruled(random, round)
    return round


def make_ruled(random, round):
    """Rules that want other types."""
    round.ruled = True
    for table in round.tables:
        for column in table.columns:
            if random.random() < 0.25 and re.fullmatch(r"\w+", f"{table.name}{column.name}", re.ASCII):
                table.wishes[column.name] = random.random()


def make_existing(random, round):
    """The tables are there, with other types here and there."""
    round.existing = random.choice([["--data-only"], ["--data-only"], ["--existing", "append"], ["--existing", "truncate"], ["--data-only", "--existing", "append"]])
    round.filled = "--existing" in round.existing and random.random() < 0.5
    for table in round.tables:
        table.strict_there = random.random() < 0.3
        table.turned = random.choice([0, 0, 1])
        table.more_there = random.random() < 0.1
        often = random.choice([0, 0.2, 0.5])
        for column in table.columns:
            if random.random() < often:
                table.wishes[column.name] = random.random()
            if random.random() < 0.05:
                table.held_there.append(column.name)


def make_table(random, kind, name, same):
    strict = kind == "sqlite" and random.random() < 0.15
    types = types_of_sqlite.STRICT_TYPES if strict else TYPES[kind]
    columns = [make_column(random, types, name) for name in names(random, random.choice([1, 2, 3, 4, 6, 8, 12]))]
    table = Table(name, columns, tail=" STRICT" if strict else "")
    keyable = [column.name for column in columns if column.type.key]
    if keyable and random.random() < 0.75:
        table.primary = random.sample(keyable, min(len(keyable), random.choice([1, 1, 1, 2, 3])))
    for unique in (True, True, False):
        if keyable and random.random() < 0.2:
            table.keys.append(Key(random.sample(keyable, min(len(keyable), random.choice([1, 2]))), unique))
    for column in columns:
        column.default = make_default(random, kind, column)
    if WIDER:
        add_generated(random, kind, table, same)
    if WIDER and random.random() < 0.15 and (check := make_check(random, columns, same)):
        table.checks.append(check)
    if len(table.primary) == 1 and random.random() < 0.5:
        make_counting(kind, next(column for column in columns if column.name == table.primary[0]))
    if kind == "sqlite" and table.primary and random.random() < 0.15:
        table.tail += ", WITHOUT ROWID" if strict else " WITHOUT ROWID"
    odd = random.choice([0, 0, 0.02, 0.2])
    table.rows = [make_row(random, table, odd) for _ in range(random.choice([0, 1, 3, 7, 8, 15, 30]))]
    return table


ACTIONS = ["", "", " ON DELETE CASCADE", " ON DELETE SET NULL ON UPDATE CASCADE", " ON DELETE RESTRICT ON UPDATE NO ACTION", " ON UPDATE RESTRICT"]


def add_foreign(random, kind, table, parent, tables):
    """Columns that say what a key of `parent` says, mostly rows of it; `parent` may be the table itself or a later one."""
    keys = [parent.primary, *(key.columns for key in parent.keys if key.unique)]
    keys = [key for key in keys if key and not any(column.generated for column in parent.columns if column.name in key)]
    taken = {column.name.casefold() for column in table.columns}
    # PostgreSQL's foreign keys over names with control characters come out with other names: left out until that is mended.
    keys = [key for key in keys if kind != "postgres" or all(sign >= " " for name in key for sign in name)]
    if not keys or any(name.startswith("of ") for name in taken):
        return
    key = random.choice(keys)
    places = [[column.name for column in parent.columns].index(name) for name in key]
    columns = [copy.deepcopy(parent.columns[place]) for place in places]
    for number, column in enumerate(columns):
        column.name, column.nullable, column.default, column.type.tail = f"of {number}", random.random() < 0.9, "", ""
    named = [list(row) for row in parent.rows]
    for number, row in enumerate(table.rows):
        told = named[: number + 1] if parent is table and random.random() < 0.8 else named
        values = [random.choice(told)[place] for place in places] if told and random.random() < 0.85 else ["NULL"] * len(places)
        row += values if random.random() < 0.97 else ["NULL", *values[1:]]
    table.columns += columns
    late = kind != "sqlite" and tables.index(parent) > tables.index(table)
    deferred = " DEFERRABLE INITIALLY DEFERRED" if kind == "postgres" else " DEFERRABLE INITIALLY IMMEDIATE"
    more = random.choice([*ACTIONS, deferred, " ON DELETE SET DEFAULT"] if kind != "mariadb" else ACTIONS)
    table.foreign.append(Foreign([column.name for column in columns], parent.name, key, more, late))


def add_generated(random, kind, table, same):
    taken = {column.name.casefold() for column in table.columns}
    for name in ("made 1", "made 2"):
        column = make_generated(random, kind, name, table.columns) if random.random() < 0.15 else None
        if column and name not in taken:
            table.columns.insert(random.randint(0, len(table.columns)), column)
            if column.type.key and random.random() < 0.3:
                table.keys.append(Key([name], random.random() < 0.5))


def make_column(random, types, name):
    type = random.choice(types)(random)
    return Column(name, type, nullable=random.random() < 0.7)


COUNTING = {"mariadb": " AUTO_INCREMENT", "postgres": " GENERATED BY DEFAULT AS IDENTITY", "sqlite": ""}


def make_counting(kind, column):
    """A column that numbers its rows, as SQLite's INTEGER PRIMARY KEY does by itself."""
    if re.match("(tinyint|smallint|mediumint|int|integer|bigint)(?!.*[\\[)])", column.type.declared):
        column.type.tail = COUNTING[kind]
        column.default = ""


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
    if column.generated:
        return ""
    if column.nullable and not in_key and dice < 0.12:
        return "NULL"
    if type.odd and random.random() < odd:
        return random.choice(type.odd)
    if type.edges and dice < 0.5:
        return random.choice(type.edges)
    return type.plain(random)
