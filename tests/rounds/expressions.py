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

# What the column is declared as, by what it is made of.
DECLARED = {
    "postgres": {"whole": ["bigint", "integer", "numeric", "numeric(9,3)", "smallint"], "text": ["text", "varchar(9)", "char(6)"], "real": ["double precision", "real", "numeric"], "moment": ["double precision", "integer", "boolean"]},
    "mariadb": {"whole": ["bigint", "int", "decimal(30,4)", "smallint", "double", "varchar(30)", "int unsigned"], "text": ["varchar(50)", "char(6)", "longtext", "int"], "real": ["double", "float", "decimal(20,5)"], "moment": ["int", "varchar(20)", "datetime(3)", "date"]},
    "sqlite": {"whole": ["INTEGER", "INT4", "INT2", "REAL", "TEXT", "NUMERIC", "", "DECIMAL(9,2)"], "text": ["TEXT", "VARCHAR(9)", "INTEGER", "BLOB", ""], "real": ["REAL", "FLOAT4", "TEXT", "NUMERIC", "INTEGER"], "moment": ["TEXT", "INTEGER", "DATE"]},
}  # fmt: skip


def sort_of(declared):
    declared = declared.lower()
    if re.match("(tiny|small|medium|big)?int(eger)?[248]?\\b|unsigned big int|int[248]", declared) and "[" not in declared and "range" not in declared:
        return "whole"
    if re.match("text|n?varchar|char|clob|longtext|mediumtext|tinytext", declared) and "[" not in declared:
        return "text"
    if re.match("real|double|float|numeric|decimal", declared) and "[" not in declared and "range" not in declared:
        return "real"
    return "moment" if re.match("date|time", declared) and "[" not in declared and "range" not in declared else ""


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
