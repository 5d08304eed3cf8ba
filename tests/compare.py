"""Whether two ends hold the same: rows as multisets, indexes, foreign keys and next numbers. Reads both
sides with their own drivers and shares nothing with the program under test.

Between ends of one kind cells must be the same as stored. Between kinds each cell is brought into one
form, chosen by the PostgreSQL side's type."""

import json
import re
import struct
from collections import Counter
from decimal import Decimal, InvalidOperation

from ends import quote


# Cells.


def real32(value):
    return "real", struct.pack(">f", float(value))


def real64(value):
    return "double", struct.pack(">d", float(value))


def decimal(value):
    try:
        number = Decimal(repr(value) if isinstance(value, float) else str(value))
    except InvalidOperation:
        return "not a decimal", repr(value)
    return "decimal", (number.normalize() + 0 if number.is_finite() else str(number))


def boolean(value):
    return "bool", {"true": 1, "false": 0, "t": 1, "f": 0}.get(value, value)


def octets(value):
    if isinstance(value, str) and value.startswith("\\x"):
        return "bytes", bytes.fromhex(value[2:])
    return "bytes", value


def moment(value):
    """Timestamps: 'T' or space, fraction without trailing zeros, 'Z' or '+00'."""
    text = str(value).replace("T", " ")
    zone = re.search(r"(Z|[+-]\d\d(:?\d\d)?)$", text[10:])
    text, zone = (text[: len(text) - len(zone[0])], zone[0]) if zone else (text, "")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        text += " 00:00:00"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "moment", text + ("+00" if zone in ("Z", "+00", "+00:00", "+0000") else zone)


def document(value):
    return "json", json.dumps(json.loads(value), sort_keys=True)


FORMS = [
    (r"smallint|integer|bigint|oid", lambda v: ("int", int(v) if not isinstance(v, float) else v)),
    (r"numeric.*", decimal),
    (r"real", real32),
    (r"double precision", real64),
    (r"boolean", boolean),
    (r"bytea", octets),
    (r"timestamp.*", moment),
    (r"time\b.*", lambda v: ("time", str(v).rstrip("0").rstrip(".") if "." in str(v) else str(v))),
    (r"jsonb?", document),
    (r"uuid", lambda v: ("uuid", str(v).lower())),
    (r"character\(\d+\)", lambda v: ("char", v.rstrip(" ") if isinstance(v, str) else v)),
]


def form_of(postgres_type):
    for pattern, form in FORMS:
        if re.fullmatch(pattern, postgres_type):
            return form
    return lambda value: ("text", value)


def exact(value):
    """As stored: SQLite's 1, 1.0 and '1' differ."""
    return type(value).__name__, struct.pack(">d", value) if isinstance(value, float) else value


def forms_between(source, target, source_table, target_table):
    names = [name for name, _ in target.columns(target_table)]
    assert [name for name, _ in source.columns(source_table)] == names, f"columns of {target_table} differ"
    if source.kind == target.kind:
        return [exact] * len(names)
    typed, table = (source, source_table) if source.kind == "postgres" else (target, target_table)
    return [form_of(type) for _, type in typed.columns(table)]


def canonical(rows, forms):
    return Counter(tuple(("null",) if cell is None else form(cell) for form, cell in zip(forms, row)) for row in rows)


def differences(source, target, source_table, target_table=None):
    """(rows missing from the target, rows too many there), as multisets."""
    target_table = target_table or source_table
    forms = forms_between(source, target, source_table, target_table)
    wanted = canonical(source.rows(source_table), forms)
    found = canonical(target.rows(target_table), forms)
    return wanted - found, found - wanted


# What stands on tables.


def indexes(end, table):
    """(columns with direction, unique, partial) of each index but the primary key's."""
    found = Counter()
    if end.kind == "sqlite":
        for name, unique, origin, partial in end.query('SELECT name, "unique", origin, partial FROM pragma_index_list(?)', table):
            if origin != "pk":
                parts = end.query('SELECT name, "desc" FROM pragma_index_xinfo(?) WHERE key = 1 ORDER BY seqno', name)
                found[(tuple(parts), bool(unique), bool(partial))] += 1
        return found
    rows = end.query(
        "SELECT indexrelid, indisunique, indpred IS NOT NULL FROM pg_index WHERE indrelid = %s::regclass AND NOT indisprimary",
        quote(table),
    )
    for oid, unique, partial in rows:
        parts = end.query(
            "SELECT a.attname, coalesce((i.indoption[k.n - 1] & 1), 0) FROM pg_index i,"
            " unnest(i.indkey[0:i.indnkeyatts - 1]) WITH ORDINALITY k(attnum, n)"
            " LEFT JOIN pg_attribute a ON a.attrelid = %s::regclass AND a.attnum = k.attnum AND k.attnum > 0"
            " WHERE i.indexrelid = %s ORDER BY k.n",
            quote(table),
            oid,
        )
        found[(tuple(parts), unique, partial)] += 1
    return found


def primary_key(end, table):
    if end.kind == "sqlite":
        return [name for (name,) in end.query("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", table)]
    return [
        name
        for (name,) in end.query(
            "SELECT a.attname FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k(attnum, n), pg_attribute a"
            " WHERE i.indrelid = %s::regclass AND i.indisprimary AND a.attrelid = i.indrelid AND a.attnum = k.attnum ORDER BY k.n",
            quote(table),
        )
    ]


def foreign_keys(end, table):
    """(columns, to table, to columns, on update, on delete) of each."""
    if end.kind == "sqlite":
        keys = {}
        for id, to, column, to_column, update, delete in end.query(
            'SELECT id, "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list(?) ORDER BY id, seq', table
        ):
            keys.setdefault(id, (to, update, delete, []))[3].append((column, to_column))
        found = Counter()
        for to, update, delete, columns in keys.values():
            to_columns = [name for _, name in columns]
            if None in to_columns:
                to_columns = primary_key(end, to)
            found[(tuple(name for name, _ in columns), to, tuple(to_columns), update, delete)] += 1
        return found
    actions = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
    found = Counter()
    for columns, to, to_columns, update, delete in end.query(
        "SELECT ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY k(n, o) JOIN pg_attribute ON attrelid = conrelid AND attnum = n ORDER BY o),"
        " (SELECT relname FROM pg_class WHERE oid = confrelid),"
        " ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY k(n, o) JOIN pg_attribute ON attrelid = confrelid AND attnum = n ORDER BY o),"
        " confupdtype, confdeltype FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass",
        quote(table),
    ):
        found[(tuple(columns), to, tuple(to_columns), actions[update], actions[delete])] += 1
    return found


def not_null(end, table):
    if end.kind == "sqlite":
        rows = end.query('SELECT name FROM pragma_table_info(?) WHERE "notnull" = 1 OR pk > 0', table)
    else:
        rows = end.query("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND attnotnull AND NOT attisdropped", quote(table))
    return {name for (name,) in rows}


def next_number(end, table):
    """What the server would give the table's numbered column next; None without such a column."""
    if end.kind == "sqlite":
        if end.query("SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence'"):
            kept = end.query("SELECT seq + 1 FROM sqlite_sequence WHERE name = ?", table)
            if kept:
                return kept[0][0]
        key = end.query("SELECT name, upper(type) FROM pragma_table_info(?) WHERE pk > 0", table)
        if len(key) != 1 or key[0][1] != "INTEGER":
            return None
        return end.one(f"SELECT coalesce(max({quote(key[0][0])}), 0) + 1 FROM {quote(table)}")
    owned = end.query(
        "SELECT d.objid::regclass::text FROM pg_depend d JOIN pg_sequence ON seqrelid = d.objid"
        " WHERE d.refobjid = %s::regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')",
        quote(table),
    )
    if not owned:
        return None
    sequence = owned[0][0]
    return end.one(
        "SELECT CASE WHEN is_called THEN last_value + (SELECT seqincrement FROM pg_sequence WHERE seqrelid = %s::regclass)"
        f" ELSE last_value END FROM {sequence}",
        sequence,
    )


# Both together.


def shown(rows, most=3):
    text = "".join(f"\n    {count} x {row!r}"[:300] for row, count in list(rows.items())[:most])
    return f"{sum(rows.values())} rows{text}"


def row_faults(source, target, table, target_table=None):
    missing, extra = differences(source, target, table, target_table)
    faults = []
    if missing:
        faults.append(f"{table}: missing at the target: {shown(missing)}")
    if extra:
        faults.append(f"{table}: too many at the target: {shown(extra)}")
    return faults


def key_faults(source, target, table):
    faults = []
    for what in (primary_key, indexes, foreign_keys, not_null, next_number):
        wanted, found = what(source, table), what(target, table)
        if wanted != found:
            faults.append(f"{table}: {what.__name__}: {wanted} became {found}")
    return faults


def assert_same_rows(source, target, tables=None):
    tables = source.tables() if tables is None else tables
    missing = sorted(set(tables) - set(target.tables()))
    assert not missing, f"tables missing at the target: {missing}"
    faults = [fault for table in tables for fault in row_faults(source, target, table)]
    assert not faults, "\n" + "\n".join(faults)


def assert_same(source, target):
    assert source.tables() == target.tables()
    assert_same_rows(source, target)
    faults = [fault for table in source.tables() for fault in key_faults(source, target, table)]
    assert not faults, "\n" + "\n".join(faults)


def assert_clean(target):
    """Nothing of a finished job is left."""
    assert target.ledger_rows() == 0
    if target.kind == "sqlite":
        left = [path.name for path in target.path.parent.glob(target.path.name + "-rowferry-*")]
        assert not left, left
