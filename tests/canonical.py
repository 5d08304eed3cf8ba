"""Cells in the form of docs/formats/canonical.md, read exactly as each end keeps them. Shares nothing with the program
under test, nor with compare.py.

A cell is read as (storage, value): "int", "real" (a float, with all its bits), "text" (bytes of UTF-8) or "bytes"; None
is NULL. Each end's declared type says what the cell means there, the form which text both ends are brought into."""

import json
import re
import struct
import sys
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import lru_cache, partial

from ends.names import quote


@dataclass(frozen=True)
class Form:
    kind: str  # a kind of src/core/type.h; "stored": the bytes that are there; "document": JSON's meaning
    precision: int = 0  # of decimals
    scale: int = 0
    length: int = 0  # of texts and bits, where it is fixed
    fixed: bool = False


STORED = Form("stored")
DOCUMENT = Form("document")


WHOLE = {"int16": 16, "int32": 32, "int64": 64}


class NoForm(Exception):
    """The cell is no value of the type: only SQLite has those, and MariaDB's zero dates are such."""


# What declared types mean.

POSTGRES = {
    "boolean": "boolean", "smallint": "int16", "integer": "int32", "bigint": "int64", "oid": "int64", "xid": "int64", "cid": "int64",
    "real": "float32", "double precision": "float64", "numeric": "decimal", "money": "decimal", "bytea": "bytes", "uuid": "uuid",
    "date": "date", "time without time zone": "time", "timestamp without time zone": "timestamp", "timestamp with time zone": "timestamptz",
    "json": "json", "jsonb": "document", "bit": "bits", "bit varying": "bits", "character": "text",
}  # fmt: skip

MARIADB = {
    "tinyint": "int16", "smallint": "int16", "mediumint": "int32", "int": "int32", "bigint": "int64", "year": "int16", "float": "float32",
    "double": "float64", "decimal": "decimal", "bit": "bits", "date": "date", "time": "interval", "datetime": "timestamp",
    "timestamp": "timestamptz", "json": "document", "uuid": "uuid", "binary": "bytes", "varbinary": "bytes", "tinyblob": "bytes",
    "blob": "bytes", "mediumblob": "bytes", "longblob": "bytes", "geometry": "bytes", "point": "bytes", "linestring": "bytes",
    "polygon": "bytes", "multipoint": "bytes", "multilinestring": "bytes", "multipolygon": "bytes", "geometrycollection": "bytes",
    "geomcollection": "bytes",
}  # fmt: skip

SQLITE = {
    "boolean": "boolean", "bool": "boolean", "int2": "int16", "int4": "int32", "float4": "float32", "decimal": "decimal",
    "numeric": "decimal", "dec": "decimal", "number": "decimal", "money": "decimal", "decimal_text": "decimal", "date": "date",
    "time": "time", "time without time zone": "time", "datetime": "timestamp", "timestamp": "timestamp",
    "timestamp without time zone": "timestamp", "timestamptz": "timestamptz", "timestamp with time zone": "timestamptz",
    "datetimeoffset": "timestamptz", "interval": "interval", "duration_text": "interval", "json": "json", "jsonb": "json",
    "json_text": "json", "uuid": "uuid", "guid": "uuid", "uniqueidentifier": "uuid", "bit_text": "bits", "varbit_text": "bits",
    "binary": "bytes", "varbinary": "bytes", "bytea": "bytes",
}  # fmt: skip


def taken_apart(declared):
    """'numeric(10,2) unsigned' as ('numeric unsigned', [10, 2])."""
    found = re.match(r"([^(]*)(?:\(([^)]*)\))?(.*)$", declared.lower().strip(), re.DOTALL)
    name = " ".join(f"{found[1]} {found[3]}".split())
    return name, [int(number) for number in re.findall(r"-?\d+", found[2] or "")]


def with_limits(kind, name, numbers):
    form = Form(kind)
    if not numbers:
        return form
    if kind == "decimal":
        return replace(form, precision=numbers[0], scale=numbers[1] if len(numbers) > 1 else 0)
    fixed = name in ("bit", "character", "bit_text")
    return replace(form, length=numbers[0], fixed=fixed) if kind == "bits" or fixed else form


def postgres_form(declared):
    name, numbers = taken_apart(declared)
    if declared.endswith("]") or declared.startswith('"'):
        return Form("text")
    if name.startswith("interval"):
        return Form("interval")
    return with_limits(POSTGRES.get(name, "text"), name, numbers)


def mariadb_form(declared):
    if declared.startswith(("enum", "set")):
        return Form("text")
    name, numbers = taken_apart(declared)
    base, *more = name.split()
    kind = MARIADB.get(base, "text")
    if "unsigned" in more and base in ("smallint", "int", "bigint"):
        kind = {"smallint": "int32", "int": "int64", "bigint": "decimal"}[base]
        numbers = [20, 0]
    if kind == "bits":
        return Form("bits", length=numbers[0] if numbers else 1, fixed=True)
    return with_limits(kind, base, numbers)


def affinity(declared):
    declared = declared.lower()
    for affinity, parts in (("integer", ["int"]), ("text", ["char", "clob", "text"]), ("blob", ["blob"]), ("real", ["real", "floa", "doub"])):
        if any(part in declared for part in parts):
            return affinity
    return "numeric" if declared else "blob"


def sqlite_form(declared):
    name, numbers = taken_apart(declared)
    if name in SQLITE:
        return with_limits(SQLITE[name], name, numbers)
    if not declared:
        return Form("text")
    return Form({"integer": "int64", "blob": "bytes", "real": "float64"}.get(affinity(declared), "text"))


def own_forms(end, table):
    """What the cells of each column mean at their end."""
    form = {"postgres": postgres_form, "mariadb": mariadb_form, "sqlite": sqlite_form}[end.kind]
    return [form(type) for type in plain_types(end, table)]


def plain_types(end, table):
    """Declared types; that of a domain is the one beneath it."""
    types = [type for _, type in end.columns(table)]
    return [base_of(end, type) for type in types] if end.kind == "postgres" else types


def base_of(end, type):
    if type.startswith(tuple(POSTGRES)) or type in ("text", "name"):
        return type
    while found := end.query("SELECT format_type(typbasetype, typtypmod) FROM pg_type WHERE oid = to_regtype(%s) AND typtype = 'd'", type):
        type = found[0][0]
    return type


def forms_between(source, target, table, target_table=None):
    """One form a column: as stored between ends of one kind, else that of the type at the target, with the digits after
    the point that the source's type gives where the target's does not say."""
    ours, theirs = own_forms(source, table), own_forms(target, target_table or table)
    assert len(ours) == len(theirs), f"{table}: {len(ours)} columns became {len(theirs)}"
    if source.kind == target.kind:
        return [DOCUMENT if DOCUMENT in (a, b) and type(source) is not type(target) else STORED for a, b in zip(ours, theirs)]
    return [between(a, b) for a, b in zip(ours, theirs)]


def between(own, there):
    if there.kind == "decimal" and not there.precision and own.kind == "decimal":
        return replace(there, precision=own.precision, scale=own.scale)
    return there


# Reading.


def postgres_cell(name, type):
    if type in ("real", "double precision"):
        return f"encode({'float4send' if type == 'real' else 'float8send'}({name}), 'hex')", real_of_hex
    if type in ("smallint", "integer", "bigint", "oid", "xid", "cid"):
        return f"{name}::text", lambda text: ("int", int(text))
    if type == "bytea":
        return f"encode({name}, 'hex')", lambda text: ("bytes", bytes.fromhex(text))
    if type == "money":
        return f"{name}::numeric::text", text_of
    # What the output function prints: a cast to text takes padding away and gives addresses a mask.
    return f"CASE WHEN {name} IS NOT DISTINCT FROM NULL THEN NULL ELSE format('%s', {name}) END", text_of


def real_of_hex(text):
    return "real", struct.unpack(">f" if len(text) == 8 else ">d", bytes.fromhex(text))[0]


def text_of(text):
    return "text", text.encode()


def mariadb_cell(name, type, exact_real):
    base = re.split(r"[( ]", type)[0]
    kind = mariadb_form(type).kind
    if kind in ("float32", "float64"):
        return exact_real(name), lambda text: ("real", float(text.strip("[]")))
    if kind in WHOLE:
        return f"CAST({name} AS CHAR)", lambda text: ("int", int(text))
    if kind == "bytes":
        return f"HEX({name})", lambda text: ("bytes", bytes.fromhex(text))
    if kind == "bits":
        return f"LPAD(BIN({name} + 0), {mariadb_form(type).length}, '0')", lambda text: ("text", text.encode())
    if kind == "text" and base not in ("inet4", "inet6", "vector"):
        return f"HEX(CONVERT({name} USING utf8mb4))", lambda text: ("text", bytes.fromhex(text))
    return f"CAST({name} AS CHAR)", text_of


SQLITE_STORAGE = {"integer": "int", "real": "real", "text": "text", "blob": "bytes"}


def server_rows(end, table, cell_of):
    parts = [cell_of(quote(name), type) for (name, _), type in zip(end.columns(table), plain_types(end, table))]
    cursor = end.cursor()
    pin(end, cursor)
    cursor.execute(f"SELECT {', '.join(part for part, _ in parts)} FROM {quote(table)}")
    return [tuple(None if cell is None else take(cell) for (_, take), cell in zip(parts, row)) for row in cursor.fetchall()]


def pin(end, cursor):
    """What prints would hang on otherwise."""
    if end.kind == "mariadb":
        cursor.execute("SET SESSION time_zone = '+00:00', character_set_results = utf8mb4")
        return
    settings = {"TimeZone": "UTC", "DateStyle": "ISO", "extra_float_digits": "1", "bytea_output": "hex", "IntervalStyle": "postgres"}
    cursor.execute("; ".join(f"SET {name} = '{value}'" for name, value in settings.items()))


def sqlite_rows(end, table):
    names = [quote(name) for name, _ in end.columns(table)]
    with end.to_read() as connection:
        before, connection.text_factory = connection.text_factory, bytes
        try:
            found = connection.execute(f"SELECT {', '.join(f'typeof({name}), {name}' for name in names)} FROM {quote(table)}").fetchall()
        finally:
            connection.text_factory = before
    return [tuple(None if row[i] == b"null" else (SQLITE_STORAGE[row[i].decode()], row[i + 1]) for i in range(0, len(row), 2)) for row in found]


def cells(end, table):
    """Rows of cells as they are kept, generated columns included."""
    if end.kind == "sqlite":
        return sqlite_rows(end, table)
    return server_rows(end, table, postgres_cell if end.kind == "postgres" else partial(mariadb_cell, exact_real=end.exact_real))


def canonical_rows(end, table, forms):
    """The multiset of rows, each a tuple of canonical texts, None for NULL. A cell that is no value of its type has a
    text that equals no other's."""
    owns = own_forms(end, table)
    return Counter(canonical_row(row, owns, forms) for row in cells(end, table))


def canonical_row(row, owns, forms):
    return tuple(text_or_fault(cell, own, form) for cell, own, form in zip(row, owns, forms, strict=True))


def text_or_fault(cell, own, form):
    try:
        return canonical(cell, own, form)
    except NoForm as fault:
        return f"\0no form: {fault}"


def canonical(cell, own, form):
    """The text of `cell`, which is an `own` at its end, in `form`. Raises NoForm."""
    if cell is None:
        return None
    if form.kind == "stored":
        return stored(cell)
    if own.kind == form.kind:
        return of_kind(cell, form)
    text = of_kind(cell, own if own.kind != "document" else Form("json"))
    if form.kind == "text":
        return padded(text, form)
    if form.kind == "timestamp" and own.kind == "timestamptz":
        return text.replace("+00", "", 1)
    if own.kind == "boolean" and form.kind in WHOLE:
        text = {"true": "1", "false": "0"}[text]
    return of_kind(("text", text.encode(errors="surrogateescape")), form)


def of_kind(cell, form):
    if form.kind in WHOLE:
        return whole(cell, WHOLE[form.kind])
    return MAKERS[form.kind](cell, form)


def stored(cell):
    storage, value = cell
    if storage == "real":
        return f"real {struct.pack('>d', value).hex()}"
    return f"{storage} {value.decode(errors='surrogateescape') if storage == 'text' else value.hex() if storage == 'bytes' else value}"


def fault(cell, kind):
    return NoForm(f"{cell[0]} {cell[1]!r} is no {kind}")


# Each kind.


def words_of(cell, kind):
    """A cell that is text."""
    if cell[0] != "text":
        raise fault(cell, kind)
    return cell[1].decode(errors="surrogateescape")


def boolean(cell, _):
    value = cell[1].lower() if cell[0] == "text" else cell[1] if cell[0] == "int" else None
    for text, words in (("true", (1, b"1", b"t", b"true")), ("false", (0, b"0", b"f", b"false"))):
        if value in words:
            return text
    raise fault(cell, "boolean")


def whole(cell, bits):
    storage, value = cell
    if storage == "text" and re.fullmatch(rb"-?\d+", value):
        value = int(value)
    elif storage != "int":
        raise fault(cell, f"int{bits}")
    if not -(1 << bits - 1) <= value < 1 << bits - 1:
        raise fault(cell, f"int{bits}")
    return str(value)


def real(cell, form):
    """Integers too, which SQLite keeps in columns of reals."""
    storage, value = cell
    if storage == "int" and abs(value) <= 1 << (53 if form.kind == "float64" else 24):
        value = float(value)
    elif storage != "real":
        raise fault(cell, form.kind)
    if form.kind == "float64":
        return float_text(value, 64)
    if value == value and abs(value) != float("inf"):
        try:
            narrow = struct.unpack(">f", struct.pack(">f", value))[0]
        except OverflowError:
            narrow = None
        if narrow != value:
            raise fault(cell, form.kind)
    return float_text(value, 32)


@lru_cache(maxsize=100_000)
def float_text_of_bytes(packed):
    bits = 8 * len(packed)
    value = struct.unpack(">f" if bits == 32 else ">d", packed)[0]
    if value != value:
        return "NaN"
    sign = "-" if packed[0] & 0x80 else ""
    if abs(value) == float("inf"):
        return sign + "Infinity"
    if value == 0:
        return sign + "0"
    digits, exponent = shortest_digits(abs(value), bits)
    plain = exponent >= -4 and abs(value) < (1e15 if bits == 64 else 1e6)
    return sign + (plain_text(digits, exponent) if plain else exponent_text(digits, exponent))


def float_text(value, bits):
    """Remembered by its bytes, as -0.0 equals 0.0."""
    return float_text_of_bytes(struct.pack(">f" if bits == 32 else ">d", value))


def exponent_text(digits, exponent):
    return digits[0] + ("." + digits[1:] if digits[1:] else "") + f"e{exponent:+03d}"


def plain_text(digits, exponent):
    if exponent < 0:
        return "0." + "0" * (-exponent - 1) + digits
    digits = digits.ljust(exponent + 1, "0")
    return digits[: exponent + 1] + ("." + digits[exponent + 1 :] if digits[exponent + 1 :] else "")


def shortest_digits(value, bits):
    """(digits, power of ten of the first): the fewest digits nearer to `value` than to the numbers beside it, and of those
    the ones nearest to it."""
    mantissa, least = (24, -149) if bits == 32 else (53, -1074)
    exact = Fraction(value)
    power = max(least, exact_log2(exact) - mantissa + 1)
    step = Fraction(2) ** power
    below = step / 2 if exact / step == 1 << mantissa - 1 and power > least else step
    low, high = exact - below / 2, exact + step / 2
    first = len(str(exact.numerator)) - len(str(exact.denominator))
    first -= Fraction(10) ** first > exact
    for count in range(1, 20):
        unit = Fraction(10) ** (first - count + 1)
        under = exact // unit
        near = [n for n in (under, under + 1) if low < n * unit < high]
        if near:
            best = min(near, key=lambda n: (abs(n * unit - exact), n % 2))
            text = str(best)
            return text.rstrip("0") or "0", first + len(text) - count
    raise AssertionError(value)


def exact_log2(value):
    power = value.numerator.bit_length() - value.denominator.bit_length()
    return power - (Fraction(2) ** power > value)


def decimal(cell, form):
    storage, value = cell
    if storage == "bytes":
        raise fault(cell, "decimal")
    text = value.decode(errors="surrogateescape") if storage == "text" else float_text(value, 64) if storage == "real" else str(value)
    names = {"nan": "NaN", "infinity": "Infinity", "inf": "Infinity", "-infinity": "-Infinity", "-inf": "-Infinity"}
    if text.lower().removeprefix("+") in names:
        name = names[text.lower().removeprefix("+")]
        if form.precision and name != "NaN":
            raise fault(cell, "decimal with a limit")
        return name
    if not re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", text):
        raise fault(cell, "decimal")
    return decimal_text(cell, Decimal(text), form)


def decimal_text(cell, number, form):
    with localcontext() as context:
        context.prec = 200_000
        if form.precision:
            places = max(0, form.scale)
            rounded = number.quantize(Decimal(1).scaleb(-form.scale)) if number.adjusted() < 150_000 else None
            if rounded != number or (rounded and rounded.adjusted() >= form.precision - form.scale):
                raise fault(cell, f"decimal({form.precision},{form.scale})")
        else:
            places = max(0, -number.as_tuple().exponent)
        text = f"{number:.{places}f}"
    return text.removeprefix("-") if number == 0 else text


def padded(text, form):
    return text.ljust(form.length) if form.fixed else text


def text(cell, form):
    """Numbers too, which SQLite keeps in columns declared without a type."""
    storage, value = cell
    if storage == "bytes":
        raise fault(cell, "text")
    if storage == "text":
        return padded(value.decode(errors="surrogateescape"), form)
    if storage == "int":
        return str(value)
    digits = float_text(value, 64)
    return digits + ".0" if re.fullmatch(r"-?\d+", digits) else digits  # a real, not a whole number


def octets(cell, _):
    if cell[0] != "bytes":
        raise fault(cell, "bytes")
    return cell[1].hex()


def uuid(cell, _):
    if cell[0] == "bytes" and len(cell[1]) == 16:
        digits = cell[1].hex()
    else:
        found = re.fullmatch(r"\{?([0-9a-fA-F]{8}(-?)[0-9a-fA-F]{4}\2[0-9a-fA-F]{4}\2[0-9a-fA-F]{4}\2[0-9a-fA-F]{12})\}?", words_of(cell, "uuid"))
        if not found:
            raise fault(cell, "uuid")
        digits = found[1].replace("-", "").lower()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def bits(cell, form):
    digits = words_of(cell, "bits")
    if re.search("[^01]", digits) or (form.length and (len(digits) > form.length or (form.fixed and len(digits) != form.length))):
        raise fault(cell, f"bits({form.length})")
    return digits


# Time. Days are counted in the proleptic Gregorian calendar, whose year 0 is 1 BC.

SECOND = 1_000_000
DAY = 86400 * SECOND
DATE = r"(\d{4,7})-(\d\d)-(\d\d)"
TIME = r"(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6})0*)?)?"
ZONE = r"(?:(Z)|([-+])(\d\d)(?::(\d\d))?)?"


def day_number(year, month, day):
    shifted = year - (month <= 2)
    return 365 * shifted + shifted // 4 - shifted // 100 + shifted // 400 + (153 * ((month + 9) % 12) + 2) // 5 + day - 1


def day_of(number):
    year = (10_000 * number + 14_780) // 3_652_425
    rest = number - (365 * year + year // 4 - year // 100 + year // 400)
    if rest < 0:
        year -= 1
        rest = number - (365 * year + year // 4 - year // 100 + year // 400)
    month = (100 * rest + 52) // 3060
    return year + (month + 2) // 12, (month + 2) % 12 + 1, rest - (month * 306 + 5) // 10 + 1


def read_day(found, before_christ, cell):
    year, month, day = int(found[0]), int(found[1]), int(found[2])
    number = day_number(1 - year if before_christ else year, month, day) if 1 <= month <= 12 and year else None
    if number is None or day_of(number) != (1 - year if before_christ else year, month, day):
        raise fault(cell, "day")
    return number


def day_text(number):
    year, month, day = day_of(number)
    return f"{year if year > 0 else 1 - year:04}-{month:02}-{day:02}", " BC" if year <= 0 else ""


def read_time(found, cell, midnight=False):
    hours, minutes, seconds = (int(part or 0) for part in found[:3])
    micros = int((found[3] or "").ljust(6, "0"))
    if minutes > 59 or seconds > 59 or hours > 24 or (hours == 24 and not (midnight and minutes == seconds == micros == 0)):
        raise fault(cell, "time")
    return ((hours * 60 + minutes) * 60 + seconds) * SECOND + micros


def time_text(micros):
    hours, rest = divmod(micros, 3600 * SECOND)
    minutes, rest = divmod(rest, 60 * SECOND)
    seconds, rest = divmod(rest, SECOND)
    return f"{hours:02}:{minutes:02}:{seconds:02}" + (f".{rest:06}".rstrip("0") if rest else "")


def date(cell, _):
    words = words_of(cell, "date")
    if words in ("infinity", "-infinity"):
        return words
    found = re.fullmatch(DATE + "( BC)?", words)
    if not found:
        raise fault(cell, "date")
    return "".join(day_text(read_day(found.groups(), found[4], cell)))


def time(cell, _):
    found = re.fullmatch(TIME, words_of(cell, "time"))
    if not found:
        raise fault(cell, "time")
    return time_text(read_time(found.groups(), cell, midnight=True))


def moment(cell, form):
    words = words_of(cell, form.kind)
    if words in ("infinity", "-infinity"):
        return words
    zoned = form.kind == "timestamptz"
    found = re.fullmatch(f"{DATE}[ T]{TIME}{ZONE if zoned else '()()()()'}( BC)?", words)
    if not found:
        raise fault(cell, form.kind)
    parts = found.groups()
    micros = read_day(parts[:3], parts[11], cell) * DAY + read_time(parts[3:7], cell)
    if parts[8]:
        if int(parts[9]) > 15 or int(parts[10] or 0) > 59:
            raise fault(cell, form.kind)
        east = (int(parts[9]) * 60 + int(parts[10] or 0)) * 60 * SECOND
        micros -= -east if parts[8] == "-" else east
    day, era = day_text(micros // DAY)
    return f"{day} {time_text(micros % DAY)}{'+00' if zoned else ''}{era}"


def interval(cell, _):
    words = words_of(cell, "interval")
    if words in ("infinity", "-infinity"):
        return words
    found = re.fullmatch(r"(?:([-+]?\d+) years?)? ?(?:([-+]?\d+) mons?)? ?(?:([-+]?\d+) days?)? ?(?:([-+]?)(\d\d+):(\d\d):(\d\d)(?:\.(\d{1,6})0*)?)?", words)
    if not found or not words or words != words.strip() or (found[5] and (int(found[6]) > 59 or int(found[7]) > 59)):
        raise fault(cell, "interval")
    months = int(found[1] or 0) * 12 + int(found[2] or 0)
    micros = ((int(found[5] or 0) * 60 + int(found[6] or 0)) * 60 + int(found[7] or 0)) * SECOND + int((found[8] or "").ljust(6, "0"))
    return interval_text(months, int(found[3] or 0), -micros if found[4] == "-" else micros)


def interval_text(months, days, micros):
    """Each part with its own sign; a plus stands only behind a negative part."""
    years, months = (abs(months) // 12, abs(months) % 12) if months >= 0 else (-(-months // 12), -(-months % 12))
    out, negative = [], False
    for value, unit in ((years, "year"), (months, "mon"), (days, "day")):
        if value:
            out.append(f"{'+' if negative and value > 0 else ''}{value} {unit}{'' if value == 1 else 's'}")
            negative = value < 0
    if micros or not out:
        out.append(("-" if micros < 0 else "+" if negative else "") + time_text(abs(micros)))
    return " ".join(out)


# Documents.


def document(cell, _):
    text = cell[1].decode() if cell[0] == "text" else float_text(cell[1], 64) if cell[0] == "real" else str(cell[1])
    return normal_json(text)


class Digits(str):
    """A number of a document, as written."""


def normal_json(text):
    """The form in which documents with one meaning are one text."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)
    try:
        return normal(json.loads(text, parse_int=Digits, parse_float=Digits, parse_constant=no_constant))
    except json.JSONDecodeError as fault:
        raise NoForm(f"no JSON: {fault}") from None
    finally:
        sys.setrecursionlimit(limit)


def no_constant(word):
    raise NoForm(f"{word} is no JSON")


def normal(value):
    if isinstance(value, dict):
        parts = sorted((key.encode(), part) for key, part in value.items())
        return "{" + ",".join(f"{quoted(key.decode())}:{normal(part)}" for key, part in parts) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(normal, value)) + "]"
    if isinstance(value, Digits):
        return normal_number(value)
    return quoted(value) if isinstance(value, str) else {None: "null", True: "true", False: "false"}[value]


def normal_number(text):
    sign, digits, fraction, power = re.fullmatch(r"(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?", text).groups()
    power = int(power or 0) - len(fraction or "")
    digits = (digits + (fraction or "")).lstrip("0")
    power += len(digits) - len(digits.rstrip("0"))
    digits = digits.rstrip("0")
    return f"{sign}{digits}{f'e{power}' if power else ''}" if digits else "0"


ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def quoted(text):
    return '"' + "".join(ESCAPES.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in text) + '"'


MAKERS = {
    "boolean": boolean, "float32": real, "float64": real, "decimal": decimal, "text": text, "json": text, "bytes": octets, "uuid": uuid,
    "bits": bits, "date": date, "time": time, "timestamp": moment, "timestamptz": moment, "interval": interval, "document": document,
}  # fmt: skip
