"""What a round is made of. Values are literals in the source's own SQL, so that a round prints as a script."""

import copy
from dataclasses import dataclass, field
from typing import Callable

from ends.names import quote


@dataclass
class Type:
    """A declared type and what to put into it."""

    declared: str
    plain: Callable  # (random) -> a literal
    edges: list = field(default_factory=list)  # that every engine's counterpart holds, as a rule
    odd: list = field(default_factory=list)  # that some other engine does not
    key: bool = True  # may be part of a key
    prelude: str = ""  # statements that make the type, at the source
    there_too: bool = False  # and at a target of the same kind
    tail: str = ""  # behind the declaration, such as a check


@dataclass
class Column:
    name: str
    type: Type
    nullable: bool = True
    default: str = ""
    generated: str = ""  # an expression over `parts`; the rows have an empty text in its place
    parts: dict = field(default_factory=dict)  # names of columns by their letters in it
    kept: str = ""  # STORED or VIRTUAL


@dataclass
class Key:
    """A unique or an ordinary index."""

    columns: list
    unique: bool


def filled_in(expression, parts):
    return expression.format(**{letter: quote(name) for letter, name in parts.items()})


@dataclass
class Foreign:
    """A foreign key. A `late` one is added when all tables are filled, as it names a table that comes later."""

    columns: list
    to: str
    to_columns: list
    more: str  # actions
    late: bool = False

    def clause(self):
        return f"FOREIGN KEY ({', '.join(map(quote, self.columns))}) REFERENCES {quote(self.to)} ({', '.join(map(quote, self.to_columns))}){self.more}"


@dataclass
class Table:
    name: str
    columns: list
    primary: list = field(default_factory=list)  # names of columns
    keys: list = field(default_factory=list)
    foreign: list = field(default_factory=list)
    checks: list = field(default_factory=list)  # (condition, names of columns by their letters in it)
    rows: list = field(default_factory=list)  # lists of literals
    tail: str = ""  # behind the parenthesis
    wishes: dict = field(default_factory=dict)  # there.type_there()'s by column: of a table that is at the target before, else as rules
    held_there: list = field(default_factory=list)  # columns that take no NULL there
    strict_there: bool = False
    turned: int = 0  # how many columns stand behind the rest there
    more_there: bool = False  # a column that the source has not

    def create(self):
        parts = [self.column_sql(column) for column in self.columns]
        if self.primary and not self.is_rowid():
            parts.append(f"PRIMARY KEY ({', '.join(map(quote, self.primary))})")
        parts += [key.clause() for key in self.foreign if not key.late]
        parts += [f"CHECK ({filled_in(*check)})" for check in self.checks]
        statements = [f"CREATE TABLE {quote(self.name)} (\n  " + ",\n  ".join(parts) + f"\n){self.tail}"]
        for number, key in enumerate(self.keys):
            name = quote(f"{self.name[:20]} {number}")
            statements.append(f"CREATE {'UNIQUE ' if key.unique else ''}INDEX {name} ON {quote(self.name)} ({', '.join(map(quote, key.columns))})")
        return statements

    def add_foreign(self, key):
        return f"ALTER TABLE {quote(self.name)} ADD {key.clause()}"

    def is_rowid(self):
        return len(self.primary) == 1 and any(c.name == self.primary[0] and c.type.declared == "INTEGER" for c in self.columns)

    def column_sql(self, column):
        null = "" if column.nullable and column.name not in self.primary else " NOT NULL"
        null = " NULL" if not null and column.type.declared.startswith("timestamp(") else null  # MariaDB's takes none otherwise
        if column.generated:
            return f"{quote(column.name)} {column.type.declared} GENERATED ALWAYS AS ({filled_in(column.generated, column.parts)}){column.kept}"
        key = " PRIMARY KEY" if self.is_rowid() and column.name == self.primary[0] else ""
        default = f" DEFAULT {column.default}" if column.default else ""
        return f"{quote(column.name)} {column.type.declared}{null}{default}{key}{column.type.tail}"

    def insert(self, row):
        given = [(quote(column.name), value) for column, value in zip(self.columns, row) if not column.generated]
        return f"INSERT INTO {quote(self.name)} ({', '.join(name for name, _ in given)}) VALUES ({', '.join(value for _, value in given)})"

    def without_column(self, name):
        table = copy.deepcopy(self)
        place = [column.name for column in table.columns].index(name)
        del table.columns[place]
        for row in table.rows:
            del row[place]
        table.primary = [part for part in table.primary if part != name]
        table.keys = [key for key in table.keys if name not in key.columns]
        table.foreign = [key for key in table.foreign if name not in key.columns]
        table.checks = [(condition, parts) for condition, parts in table.checks if name not in parts.values()]
        table.wishes.pop(name, None)
        table.held_there = [one for one in table.held_there if one != name]
        return table


    def drop_generated(self):
        for column in [column for column in self.columns if column.generated]:
            plain = self.without_column(column.name)
            for part in ("columns", "rows", "primary", "keys", "foreign", "checks"):
                setattr(self, part, getattr(plain, part))

    def drop_foreign(self):
        self.foreign, self.checks = [], []

    def drop_trimmings(self):
        self.primary, self.tail = [], ""
        for column in self.columns:
            column.default = column.type.tail = ""


@dataclass
class Round:
    source: str  # kinds
    target: str
    tables: list
    rejects_allowed: bool
    page_rows: int = 7
    encoding: str = ""  # of a SQLite file
    enforced: bool = True  # foreign keys of a SQLite file
    existing: list = field(default_factory=list)  # options; given where the tables are at the target before
    filled: bool = False  # and have the rows already
    ruled: bool = False  # types that rules say
    rules: list = field(default_factory=list)  # once they are made
    made_there: list = field(default_factory=list)  # the statements that made them, once they are made

    @property
    def options(self):
        return ["--page-size", str(self.page_rows), *(["--max-rejects", "100000"] if self.rejects_allowed else []), *self.existing, *self.rules]

    def types(self):
        return [column.type for table in self.tables for column in table.columns]

    def prelude(self):
        return list(dict.fromkeys(type.prelude for type in self.types() if type.prelude))

    def target_prelude(self):
        if self.source != self.target:
            return []
        return list(dict.fromkeys(type.prelude for type in self.types() if type.prelude and (type.there_too or self.existing)))

    def settings(self):
        """What the source's session needs before the rest."""
        encoding = [f"PRAGMA encoding = '{self.encoding}'"] if self.encoding else []
        return {"mariadb": [PERMISSIVE], "sqlite": [*encoding, f"PRAGMA foreign_keys = {int(self.enforced)}"], "postgres": ["SET synchronous_commit = off"]}[self.source]

    def script(self):
        """The source as SQL."""
        lines = [*self.settings(), *self.prelude()]
        for table in self.tables:
            lines += [*table.create(), *map(table.insert, table.rows)]
        lines += [table.add_foreign(key) for table in self.tables for key in table.foreign if key.late]
        return ";\n".join([*lines, ""])


PERMISSIVE = "SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'"
