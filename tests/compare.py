"""Whether two ends hold the same: rows as multisets, indexes, foreign keys and next numbers. Reads both
sides with their own drivers and shares nothing with the program under test.

Between ends of one kind cells must be the same as stored. Between kinds each cell is brought into one
form, chosen by the type at the side that has the stricter ones."""

import json
import re
import struct
from collections import Counter
from decimal import Decimal, InvalidOperation

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
    return "bool", {"true": 1, "false": 0, "t": 1, "f": 0, "1": 1, "0": 0}.get(value, value)


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


def moment_in_utc(value):
    """Beside a server whose columns do not say so."""
    return "moment", moment(value)[1].removesuffix("+00")


def document(value):
    return "json", json.dumps(json.loads(value), sort_keys=True)


FORMS = [
    (r"tinyint\(1\)", lambda v: ("int", int(boolean(v)[1]))),
    (r"smallint.*|integer|bigint.*|oid|tinyint.*|mediumint.*|int\b.*|year.*", lambda v: ("int", int(v) if not isinstance(v, float) else v)),
    (r"numeric.*|decimal.*", decimal),
    (r"real|float.*", real32),
    (r"double.*", real64),
    (r"boolean", boolean),
    (r"bytea|.*blob|.*binary.*", octets),
    (r"timestamp.*|datetime.*", moment),
    (r"time\b.*", lambda v: ("time", str(v).rstrip("0").rstrip(".") if "." in str(v) else str(v))),
    (r"jsonb?", document),
    (r"uuid", lambda v: ("uuid", str(v).lower())),
    (r"character\(\d+\)", lambda v: ("char", v.rstrip(" ") if isinstance(v, str) else v)),
]


def form_of(type):
    for pattern, form in FORMS:
        if re.fullmatch(pattern, type):
            return form
    return lambda value: ("text", value)


def exact(value):
    """As stored: SQLite's 1, 1.0 and '1' differ."""
    return type(value).__name__, struct.pack(">d", value) if isinstance(value, float) else value


def forms_between(source, target, source_table, target_table):
    names = [name for name, _ in target.columns(target_table)]
    assert [name for name, _ in source.columns(source_table)] == names, f"columns of {target_table} differ"
    if type(source) is type(target):
        return [exact] * len(names)
    if source.kind == target.kind:  # servers of one family, of which some write documents anew
        types = zip(source.columns(source_table), target.columns(target_table))
        return [document if "json" in (a, b) else exact for (_, a), (_, b) in types]
    strict = ["sqlite", "mariadb", "postgres"]
    ends = [(source, source_table), (target, target_table)]
    typed, table = max(ends, key=lambda end: strict.index(end[0].kind))
    forms = [form_of(type) for _, type in typed.columns(table)]
    return [moment_in_utc if form is moment and "mariadb" in (source.kind, target.kind) else form for form in forms]


def canonical(rows, forms):
    return Counter(tuple(("null",) if cell is None else form(cell) for form, cell in zip(forms, row)) for row in rows)


def differences(source, target, source_table, target_table=None):
    """(rows missing from the target, rows too many there), as multisets."""
    target_table = target_table or source_table
    forms = forms_between(source, target, source_table, target_table)
    wanted = canonical(source.rows(source_table), forms)
    found = canonical(target.rows(target_table), forms)
    return wanted - found, found - wanted


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
    for what in ("primary_key", "indexes", "foreign_keys", "not_null", "next_number"):
        wanted, found = (getattr(end, what)(table) for end in (source, target))
        if what == "foreign_keys" and "mariadb" in (source.kind, target.kind):
            wanted, found = with_one_restriction(wanted), with_one_restriction(found)
        if what == "indexes" and source.kind == "mariadb" != target.kind:
            wanted = wanted - source.prefix_indexes(table)
        if what == "indexes" and target.kind == "mariadb" and not target.descends:
            wanted = Counter(rising(index) for index in wanted.elements())
        if what == "indexes" and target.kind == "mariadb":
            wanted = Counter({index: count for index, count in wanted.items() if not index[2]})  # it has no partial ones
            found = without_implied(found, wanted, target.foreign_keys(table))
        if what == "next_number" and target.kind == "mariadb" and target.numbers_in_chunks and found is not None:
            found = wanted if wanted is not None and wanted <= found else found
        if wanted != found:
            faults.append(f"{table}: {what}: {wanted} became {found}")
    return faults


def rising(index):
    return (tuple((column, 0) for column, _ in index[0]), *index[1:])


def with_one_restriction(keys):
    """RESTRICT and NO ACTION are one to InnoDB."""
    return Counter({tuple("NO ACTION" if part == "RESTRICT" else part for part in key): count for key, count in keys.items()})


def without_implied(found, wanted, keys):
    """InnoDB gives each foreign key an index where none serves it."""
    columns = {key[0] for key in keys}
    extra = {index for index in found - wanted if tuple(name for name, _ in index[0]) in columns and not index[1]}
    return Counter({index: count for index, count in found.items() if index not in extra})


def assert_same_rows(source, target, tables=None):
    tables = source.tables() if tables is None else tables
    missing = sorted(set(tables) - set(target.tables()))
    assert not missing, f"tables missing at the target: {missing}"
    with source.reading(), target.reading():
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
