"""Tables that stand at the target before the copy, with other types than the copy would give them. Most are wider or
narrower, some have nothing to do with the values: then the copy has to end before it begins."""

import re

from canonical import taken_apart
from ends.names import quote

CHARSETS = ["latin1", "utf8mb3", "ascii", "ucs2", "utf16", "cp1251", "sjis", "cp932", "gbk", "big5", "euckr", "ujis", "latin2", "tis620"]
LABELS = "'a','b c','it''s','','0','1'"

POSTGRES = {
    "boolean": ["smallint", "text"],
    "smallint": ["integer", "bigint", "numeric", "numeric(5,0)", "numeric(3,0)", "text"],
    "integer": ["bigint", "numeric(10,0)", "numeric(12,2)", "smallint", "double precision"],
    "bigint": ["numeric", "numeric(19,0)", "numeric(10,0)", "integer", "smallint", "text", "double precision", "real", "boolean"],
    "real": ["double precision", "double precision", "numeric"],
    "double precision": ["real", "numeric", "numeric(20,5)", "text", "bigint"],
    "numeric": ["numeric", "numeric(40,10)", "numeric(5,2)", "numeric(66,31)", "numeric(5,-2)", "bigint", "double precision", "text"],
    "text": ["varchar", "varchar(300)", "varchar(5)", "char(10)", "bytea", "bigint", "json", "jsonb", "uuid", "date", "numeric", "name"],
    "character varying": ["text", "varchar", "varchar(300)", "varchar(2)"],
    "bytea": ["text", "uuid"],
    "date": ["timestamp", "timestamptz", "text"],
    "time without time zone": ["time", "time(0)", "time(3)", "interval", "text"],
    "timestamp without time zone": ["timestamp", "timestamp(6)", "timestamp(0)", "timestamp(3)", "timestamptz", "date", "text"],
    "timestamp with time zone": ["timestamptz", "timestamptz(6)", "timestamptz(2)", "timestamp", "text"],
    "interval": ["interval", "interval(0)", "interval(3)", "interval day to second", "time", "text"],
    "json": ["jsonb", "text"],
    "jsonb": ["json", "text"],
    "uuid": ["text", "bytea"],
    "bit": ["bit varying", "bit varying(64)", "bit(4)", "bit(70)"],
    "bit varying": ["bit varying", "bit varying(8)", "bit(8)"],
}  # fmt: skip

WHOLE = ["tinyint", "smallint", "mediumint", "int", "bigint", "tinyint unsigned", "smallint unsigned", "mediumint unsigned", "int unsigned", "bigint unsigned", "decimal(5,0)", "decimal(20,0)", "decimal(12,2)", "varchar(3)", "varchar(40)", "longtext", "year", "bit(64)", "double"]
TEXT = [
    "text", "tinytext", "mediumtext", "varchar(5)", "varchar(300)", "varchar(3)", "char(10)", f"enum({LABELS})", f"set({LABELS})", "json", "inet6", "uuid", "date", "bigint", "longblob", "varbinary(9)",
    *(f"{name} CHARACTER SET {charset}" for charset in CHARSETS for name in ("varchar(100)", "longtext")),
]  # fmt: skip
MARIADB = {
    "tinyint": WHOLE, "smallint": WHOLE, "mediumint": WHOLE, "int": WHOLE, "bigint": WHOLE,
    "year": WHOLE,
    "float": ["double", "float unsigned", "float(7,3)", "varchar(40)", "varchar(4)", "decimal(20,5)"],
    "double": ["double unsigned", "double(20,3)", "float", "longtext", "varchar(5)", "decimal(20,5)"],
    "decimal": ["decimal(65,30)", "decimal(65,0)", "decimal(5,2)", "decimal(20,1)", "decimal(20,5) unsigned", "bigint unsigned", "bigint", "varchar(10)", "longtext", "double"],
    "longtext": TEXT, "varchar": TEXT, "char": TEXT, "text": TEXT, "mediumtext": TEXT, "tinytext": TEXT,
    "enum": ["varchar(20)", "longtext", f"enum({LABELS})", "enum('0','NULL','b c','a')", f"set({LABELS})", "varchar(1)"],
    "set": ["varchar(90)", "longtext", f"set({LABELS})", "set('0','NULL','b c','a')"],
    "longblob": ["blob", "tinyblob", "varbinary(5)", "binary(20)", "longtext", "geometry"],
    "blob": ["tinyblob", "varbinary(5)", "longblob"],
    "varbinary": ["varbinary(5)", "varbinary(300)", "binary(20)", "blob"],
    "binary": ["varbinary(300)", "blob", "binary(20)", "varbinary(2)"],
    "date": ["datetime", "timestamp", "varchar(20)", "varchar(4)"],
    "time": ["time", "time(3)", "time(6)", "varchar(20)", "longtext"],
    "datetime": ["datetime", "datetime(3)", "datetime(6)", "timestamp(6)", "timestamp", "date", "varchar(30)", "varchar(10)"],
    "timestamp": ["timestamp", "timestamp(3)", "timestamp(6)", "datetime(6)", "datetime", "varchar(30)"],
    "json": ["longtext", "text", "varchar(20)", "longtext CHARACTER SET latin1"],
    "bit": ["bit(1)", "bit(8)", "bit(64)", "bigint unsigned", "varchar(70)"],
    "uuid": ["char(36)", "varchar(36)", "longtext", "binary(16)"],
    "inet6": ["varchar(50)", "inet4"], "inet4": ["varchar(50)", "inet6"],
    "point": ["geometry", "longblob"],
}  # fmt: skip

SQLITE = ["INTEGER", "TEXT", "REAL", "NUMERIC", "BLOB", "", "DECIMAL(10,2)", "DECIMAL_TEXT", "BOOLEAN", "DATE", "TIMESTAMP(3)", "TIMESTAMPTZ", "JSON", "UUID", "INT2", "FLOAT4", "VARCHAR(5)", "DURATION_TEXT", "BIT_TEXT(3)", "TIME"]
STRICT = ["INTEGER", "INT", "TEXT", "REAL", "BLOB", "ANY"]


def other_types(target, made, strict):
    """What a column may be that the copy would make `made`."""
    if target == "sqlite" and made.upper() == "DECIMAL_TEXT" and not strict:  # others keep the number, not the zeros at its end
        return ["TEXT", "BLOB", "", "VARCHAR(5)", "DURATION_TEXT", "BIT_TEXT(3)"]
    if target == "sqlite":
        return STRICT if strict else SQLITE
    name, _ = taken_apart(made)
    if target == "postgres":
        return POSTGRES.get(name, [])
    return MARIADB.get("enum" if made.startswith("enum") else "set" if made.startswith("set(") else name.split()[0], [])


def type_there(target, made, wish, strict):
    """`wish` is a number from 0 to 1, so that it means something whatever `made` is; None keeps that, as far as STRICT lets it."""
    others = other_types(target, made, strict)
    if wish is None and strict:
        return next((one for one in STRICT[:5] if one.lower() == made.lower()), "ANY")
    if wish is None or not others:
        return made
    return others[int(wish * len(others))]


def create_there(source, kind, table, made, held, primary):
    """The statement, and the columns whose type differs. `made` has the columns as the copy would make them, `held` those
    that take no NULL."""
    types = {name: type_there(kind, type, table.wishes.get(name), table.strict_there) for name, type in made}
    parts = [column_sql(kind, name, types[name], name in held or name in table.held_there) for name, _ in made]
    parts = [*parts[table.turned :], *parts[: table.turned]]
    if table.more_there:
        parts.insert(0, '"more there" INTEGER DEFAULT 7')
    if kind == "sqlite" and len(primary) == 1 and types[primary[0]].upper() == "INTEGER":
        # Without AUTOINCREMENT a table whose source numbers rows fails at its end: left out until that is mended.
        parts = [f'{quote(primary[0])} INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT' if part.startswith(quote(primary[0]) + " ") else part for part in parts]
    elif primary:
        parts.append(f"PRIMARY KEY ({', '.join(map(quote, primary))})")
    varied = {name for name, type in made if types[name].lower() != type.lower()}
    return f"CREATE TABLE {quote(table.name)} (\n  " + ",\n  ".join(parts) + "\n)" + (" STRICT" if kind == "sqlite" and table.strict_there else ""), varied


def column_sql(kind, name, type, held):
    null = " NOT NULL" if held else " NULL" if kind == "mariadb" else ""
    return f"{quote(name)} {type}{null}"


def rules_for(source, target, table, made):
    """Options that want types, and the columns that get others by them."""
    types = {name: type_there(target, type, table.wishes.get(name), False) for name, type in made}
    ruled = {name: types[name] for name, type in made if types[name] and types[name].lower() != type.lower()}
    return [part for name, type in ruled.items() for part in ("--rule", f"{table.name}.{name}:type={type}")], set(ruled)


def misfits(findings):
    """Names of columns that a blocker is about; None where it is another kind of blocker."""
    names = set()
    for finding in findings:
        if finding["severity"] == "blocker":
            found = re.match(r"column (.*) \(.*\) does not fit", finding["message"], re.DOTALL)
            if finding["code"] != "column.misfit" or not found:
                return None
            names.add(found[1])
    return names
