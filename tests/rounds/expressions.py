"""Generated columns: expressions over the other columns of a table, with what each engine computes in its own way."""

import re

from .model import Column, Type

# Of whole numbers, of texts, of anything. {a} and {b} are columns.
WHOLE = ["{a} + 1", "{a} + {b}", "{a} - {b}", "{a} * {b}", "{a} * 2", "-{a}", "abs({a})", "nullif({a}, 0)", "coalesce({a}, {b}, 0)", "{a} / 2", "{a} % 7", "{a} + 1 - {b} * 2"]
ANYTHING = ["CASE WHEN {a} IS NULL THEN 1 ELSE 2 END", "coalesce({a}, {a})", "{a}"]
TEXT = {
    "postgres": ["{a} || 'x'", "{a} || {b}", "coalesce({a}, '') || 'é'", "upper({a})", "length({a})", "nullif({a}, '')", "'<' || {a} || '>'"],
    "sqlite": ["{a} || 'x'", "{a} || {b}", "coalesce({a}, '') || 'é'", "upper({a})", "length({a})", "nullif({a}, '')", "'<' || {a} || '>'"],
    "mariadb": ["concat({a}, 'x')", "concat({a}, {b})", "coalesce({a}, '')", "upper({a})", "char_length({a})", "nullif({a}, '')", "left({a}, 2)"],
}
REALS = ["{a} + 1", "{a} * 0.1", "{a} + {b}", "-{a}", "{a} / 3", "abs({a})"]
MOMENTS = {
    "postgres": ["date_part('year', {a})", "{a} IS NULL"],
    "sqlite": ["substr({a}, 1, 4)", "{a} IS NULL", "strftime('%Y', {a})"],
    "mariadb": ["year({a})", "{a} IS NULL", "date_format({a}, '%Y-%m-%d')", "{a} + INTERVAL 1 DAY"],
}

# What the column is declared as, by what it is made of; first what bends nothing.
DECLARED = {
    "postgres": {"whole": ["bigint", "integer", "numeric", "numeric(9,3)", "numeric(9,-2)", "smallint", "real"], "text": ["text", "varchar(9)", "char(6)"], "real": ["double precision", "real", "numeric"], "moment": ["double precision", "integer", "boolean"]},
    "mariadb": {"whole": ["bigint", "int", "decimal(30,4)", "smallint", "double", "varchar(30)", "int unsigned"], "text": ["longtext", "varchar(50)", "char(6)", "int"], "real": ["double", "float", "decimal(20,5)"], "moment": ["int", "varchar(20)", "datetime(3)", "date"]},
    "sqlite": {"whole": ["INTEGER", "INT4", "INT2", "REAL", "TEXT", "NUMERIC", "", "DECIMAL(9,2)"], "text": ["TEXT", "VARCHAR(9)", "", "BLOB", "INTEGER"], "real": ["REAL", "FLOAT4", "TEXT", "NUMERIC", "INTEGER"], "moment": ["TEXT", "INTEGER", "DATE"]},
}  # fmt: skip


# Conditions that most rows meet; the rest the source refuses.
CHECKS = {
    "whole": ["{a} >= 0", "{a} <> 7", "{a} + {b} > -100", "{a} BETWEEN -1000000 AND 100000000", "NOT {a} = 5", "coalesce({a}, 1) <> 1", "{a} IS NOT NULL OR {b} IS NULL", "{a} IN (0, 1, -1) OR {a} > 10"],
    "text": ["{a} <> ''", "{a} = 'a' OR {a} <> 'A'", "{a} >= 'A'", "{a} < 'b'", "{a} IN ('a', ' ', '') OR {a} > '0'", "coalesce({a}, '') <> 'NULL'", "{a} <> {b} OR {b} IS NULL", "nullif({a}, ' ') IS NOT NULL OR {a} = ''"],
    "real": ["{a} <> 0.1", "{a} > 0.1 OR {a} <= 0.5", "{a} >= -100000", "abs({a}) > 0"],
    "moment": ["{a} <> '2024-02-29'", "{a} IS NULL OR {a} IS NOT NULL"],
}  # fmt: skip


def make_check(random, columns, same):
    """(a condition, its columns), or None. Across kinds of whole numbers alone: what others mean there, or whether they can be
    said there at all, the program does not know yet."""
    by_sort = {}
    for column in columns:
        sort = sort_of(column.type.declared)
        if sort == "whole" or (sort and same):
            by_sort.setdefault(sort, []).append(column.name)
    if not by_sort:
        return None
    sort = random.choice(sorted(by_sort))
    return random.choice(CHECKS[sort]), {"a": random.choice(by_sort[sort]), "b": random.choice(by_sort[sort])}


def sort_of(declared):
    declared = declared.lower()
    if re.match("(tiny|small|medium|big)?int(eger)?[248]?\\b|unsigned big int|int[248]", declared) and "[" not in declared and "range" not in declared:
        return "whole"
    if re.match("text|n?varchar|char|clob|longtext|mediumtext|tinytext", declared) and "[" not in declared:
        return "text"
    if re.match("real|double|float|numeric|decimal", declared) and "[" not in declared and "range" not in declared:
        return "real"
    # Of a time of day MariaDB asks the calendar of the day when it is read.
    return "moment" if re.match("date|timestamp", declared) and "[" not in declared and "range" not in declared else ""


def make_generated(random, kind, name, columns):
    """A column computed from one or two of `columns`, or None."""
    by_sort = {}
    for column in columns:
        if column.generated and kind == "postgres":  # which lets none be made of another
            continue
        if sort := sort_of(column.type.declared):
            by_sort.setdefault(sort, []).append(column.name)
    if not by_sort:
        return None
    sort = random.choice(sorted(by_sort))
    wordings = {"whole": WHOLE, "text": TEXT[kind], "real": REALS, "moment": MOMENTS[kind]}[sort]
    wording = random.choice(wordings if random.random() < 0.85 else ANYTHING)
    type = Type(random.choice(DECLARED[kind][sort]), lambda _: "", key=random.random() < 0.3)
    stored = " STORED" if kind == "postgres" or random.random() < 0.5 else " VIRTUAL"
    parts = {"a": random.choice(by_sort[sort]), "b": random.choice(by_sort[sort])}
    return Column(name, type, generated=wording, parts=parts, kept=stored)
