"""What columns of SQLite may be declared as, and values that it lets in whatever was declared."""

import struct
import uuid

from .model import Type
from .texts import any_text, long_text
from .types_of_postgres import DEEP, DOCUMENTS, FAR_DAYS, clock, day, digits


def quoted(text):
    if "\0" in text or any(c < " " and c not in "\t\n\r" for c in text):
        return f"CAST(x'{text.encode().hex()}' AS TEXT)"
    return "'" + text.replace("'", "''") + "'"


def all_quoted(*texts):
    return [quoted(text) for text in texts]


MISTYPED = [
    "'abc'", "''", "' '", "'12'", "'1.5'", "x'00ff'", "x''", "9007199254740993", "-9223372036854775808", "1.5", "-0.0", "9e999", "-9e999", "1e300", "0.1", "0", "7", "100000.0", "1e15",
    "CAST(x'ff41' AS TEXT)", "CAST(x'610062' AS TEXT)", "CAST(x'eda080' AS TEXT)", "CAST(x'c0af' AS TEXT)", "'0000-00-00'", "'2024-02-30'", "'{'", "'NaN'", "'true'",
]  # fmt: skip


def listed(names, values, edges=(), key=True):
    def make(random):
        return Type(random.choice(names), values if callable(values) else lambda r: r.choice(values), list(edges), MISTYPED, key=key)

    return make


def whole(names, bits):
    least, most = -(1 << bits - 1), (1 << bits - 1) - 1
    return listed(names, lambda r: str(r.randint(least, most) >> r.randint(0, bits - 1)), [str(least), str(most), "0", "-1"])


def a_float(random):
    return repr(struct.unpack(">f", struct.pack(">I", random.getrandbits(31) % 0x7F800000))[0])


def a_double(random):
    return repr(random.choice([1, -1]) * random.random() * 10 ** random.randint(-300, 300))


def decimal(random):
    precision = random.choice([1, 5, 10, 15, 16, 20, 38, 66])
    scale = min(precision, random.choice([0, 2, 4, 10, 31]))
    name = random.choice(["DECIMAL", "NUMERIC", "DEC", "DECIMAL_TEXT", "decimal"])
    as_text = name == "DECIMAL_TEXT"
    few = lambda r: digits(r, min(precision - scale, 9), min(scale, 5))
    plain = (lambda r: quoted(digits(r, precision - scale, scale))) if as_text else few
    return Type(f"{name}({precision},{scale})", plain, ["0", "'0'", "-1" if precision > scale else "0"], MISTYPED)


def day_text(random):
    return quoted(day(random))


def moment(zone):
    return lambda r: quoted(f"{day(r)}{r.choice(' T')}{clock(r)}{zone(r)}")


DAYS = ["'2024-02-29'", "'0001-01-01'", "'9999-12-31'"]
ZONES = ["+00", "Z", "+02:00", "-11:30", "+05", ""]

TYPES = [
    whole(["INTEGER", "BIGINT", "INT", "int8", "UNSIGNED BIG INT", "TINYINT"], 64), whole(["INTEGER"], 64), whole(["INT2"], 16), whole(["INT4"], 32),
    listed(["REAL", "DOUBLE", "DOUBLE PRECISION", "FLOAT"], a_double, ["0.0", "1.0", "-1.5", "1e15", "5e-324", "1.7976931348623157e308", "0.1", "1", "100000.0", "9e999", "-9e999"]),
    listed(["FLOAT4"], a_float, ["0.0", "1.5", "16777216", "1e-45", "3.4028234663852886e38", "16777217", "0.1"]),
    decimal, decimal, listed(["DECIMAL", "NUMERIC", "NUMBER", "MONEY"], lambda r: digits(r, 12, 4), ["0", "'1.10'", "1e30", "0.1", "1.0", "'123456789012345678901234567890.5'"]),
    listed(["TEXT", "CLOB", "VARCHAR(10)", "CHAR(5)", "NVARCHAR(100)", "LONGTEXT"], lambda r: quoted(long_text(r)), all_quoted("", " ", "\U0001f41f", "a  ", "\\N", "longer than ten")),
    listed(["TEXT"], lambda r: quoted(any_text(r)), all_quoted("")),
    listed(["BLOB", "BINARY", "VARBINARY(9)", "BYTEA"], lambda r: f"x'{bytes(r.getrandbits(8) for _ in range(r.randint(0, 20))).hex()}'", ["x''", "x'00'", "x'5c'"]),
    listed(["BOOLEAN", "BOOL"], ["0", "1"]),
    listed(["DATE"], day_text, [*DAYS, *all_quoted(*FAR_DAYS)]),
    listed(["TIME", "TIME WITHOUT TIME ZONE"], lambda r: quoted(clock(r)), ["'00:00:00'", "'24:00:00'", "'23:59:59.999999'", "'13:45'"]),
    listed(["TIME(2)"], lambda r: quoted(clock(r, 2)), ["'00:00:00.120000'"]),
    listed(["DATETIME", "TIMESTAMP", "TIMESTAMP WITHOUT TIME ZONE"], moment(lambda r: ""), ["'0001-01-01 00:00:00'", "'9999-12-31 23:59:59.999999'", "'2024-02-29T12:30'"]),
    listed(["TIMESTAMP(3)"], lambda r: quoted(f"{day(r)} {clock(r, 3)}"), ["'2024-02-29 12:30:00.1230'", "'2024-02-29 12:30:00.1234'"]),
    listed(["TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"], moment(lambda r: r.choice(ZONES)), ["'2024-03-31 01:30:00+00'", "'0001-01-01 00:00:00+01'", "'0044-03-15 12:00:00+00 BC'"]),
    listed(["INTERVAL", "DURATION_TEXT"], lambda r: quoted(f"{r.randint(-9, 9)} mons {r.randint(-9, 9)} days {r.randint(10, 99)}:00:00"), ["'00:00:00'", "'838:59:59'", "'-00:00:00.5'", "'1 day'", "'-1 years +2 days'"]),
    listed(["JSON", "JSONB", "JSON_TEXT"], lambda r: quoted(r.choice(DOCUMENTS)), [*all_quoted(DEEP), "1.5", "1"], key=False),
    listed(["UUID", "GUID", "UNIQUEIDENTIFIER"], lambda r: quoted(r.choice([str, str.upper])(str(uuid.UUID(int=r.getrandbits(128))))), ["'6ccd780cbaba102695645b8c656024db'", "x'6ccd780cbaba102695645b8c656024db'"]),
    listed(["BIT_TEXT(3)"], ["'000'", "'111'", "'101'"]), listed(["BIT_TEXT(64)"], [quoted("10" * 32), quoted("1" * 64)]), listed(["VARBIT_TEXT", "VARBIT_TEXT(9)"], ["''", "'1'", "'01010101'"]),
    listed(["", "FOO", "STRING", "ANY"], lambda r: r.choice([str(r.randint(-(1 << 63), (1 << 63) - 1)), quoted(any_text(r)), a_double(r)]), ["'1.0'", "'1'", "1", "1.0", "''", "1e15", "1e20", "100000.0", "0.5"]),
]  # fmt: skip

# Of a STRICT table, which holds values to them; ANY keeps what it is given.
STRICT_TYPES = [
    whole(["INTEGER", "INT"], 64),
    listed(["REAL"], a_double, ["0.0", "1.0", "-1.5", "1e15", "5e-324", "1", "9e999"]),
    listed(["TEXT"], lambda r: quoted(long_text(r)), all_quoted("", " ", "a  ", "12", "1.50", "\\N")),
    listed(["BLOB"], lambda r: f"x'{bytes(r.getrandbits(8) for _ in range(r.randint(0, 20))).hex()}'", ["x''", "x'00'"]),
    listed(["ANY"], lambda r: r.choice([str(r.randint(-(1 << 63), (1 << 63) - 1)), quoted(any_text(r)), a_double(r)]), ["'12'", "'1.50'", "1", "1.0", "''", "x'3132'", "' 7'", "'1e5'"]),
]  # fmt: skip
