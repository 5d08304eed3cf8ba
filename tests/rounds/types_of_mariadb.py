"""What columns of MariaDB may be declared as. Rows go in under a sql_mode that lets everything pass."""

import uuid

from .model import Type
from .texts import any_text, long_text
from .types_of_postgres import DEEP, DOCUMENTS, clock, day, digits


def quoted(text):
    """With NO_BACKSLASH_ESCAPES only the quote itself is special; signs that a script would show badly stand in hex."""
    if any(c < " " for c in text):
        return f"_utf8mb4 x'{text.encode().hex()}'"
    return "'" + text.replace("'", "''") + "'"


def all_quoted(*texts):
    return [quoted(text) for text in texts]


WHOLE = {"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32, "bigint": 64}


def whole(random):
    name = random.choice(list(WHOLE))
    bits = WHOLE[name]
    signed = random.random() < 0.6
    least, most = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    declared = name + ("(1)" if name == "tinyint" and random.random() < 0.4 else "") + ("" if signed else random.choice([" unsigned", " unsigned", "(7) unsigned zerofill"]))
    declared = declared.replace("(1)(7)", "(1)")
    return Type(declared, lambda r: str(r.randint(least, most) >> r.randint(0, bits - 1)), [str(least), str(most), "0", "1", str(most - 1)])


def real(random):
    name = random.choice(["float", "float", "double", "double", "float unsigned", "double(20,3)", "float(7,3)"])
    bits = 24 if name.startswith("float") else 53
    edges = ["0", "1", "16777216", "16777215", "0.1", "1e15", "1e-5", "123456.79"] + (["1e-45", "3.4028234663852886e38", "1.1754944e-38"] if bits == 24 else ["5e-324", "1.7976931348623157e308", "0.30000000000000004", "1e23", "9007199254740993"])
    if "(" in name:
        edges = ["0", "0.1", "1.125", "9999.999"]
    sign = (lambda r: "") if "unsigned" in name else (lambda r: r.choice(["", "-"]))
    return Type(name, lambda r: sign(r) + repr(r.random() * 10 ** r.randint(-30, 30 if bits == 24 and "(" not in name else 15)), edges, ["-0e0"])


def decimal(random):
    precision = random.choice([1, 5, 9, 10, 15, 16, 18, 20, 38, 65])
    scale = min(precision, random.choice([0, 1, 2, 3, 4, 9, 10, 30]), 38)
    nines = "9" * (precision - scale) + ("." + "9" * scale if scale else "")
    nines = nines if precision > scale else "0" + nines
    return Type(f"decimal({precision},{scale})", lambda r: digits(r, precision - scale, scale), ["0", nines, "-" + nines, "-0.0"])


def bits(random):
    length = random.choice([1, 2, 7, 8, 9, 31, 33, 63, 64])
    return Type(f"bit({length})", lambda r: f"b'{r.getrandbits(length):b}'", ["0", f"b'{'1' * length}'", f"b'1{'0' * (length - 1)}'"])


CHARSETS = ["utf8mb4", "utf8mb4", "utf8mb4 COLLATE utf8mb4_general_ci", "utf8mb4 COLLATE utf8mb4_unicode_ci", "latin1", "utf8mb3", "ucs2", "utf16", "utf32", "cp1251", "ascii", "latin2", "koi8r", "utf16le", "greek", "hebrew", "cp850", "cp866", "cp1250", "cp932", "sjis", "big5", "gbk", "euckr", "ujis", "tis620", "latin5"]


def limited_text(random):
    most = random.choice([1, 2, 5, 20, 100, 200, 255])
    declared = f"{random.choice(['varchar', 'char'])}({most}) CHARACTER SET {random.choice(CHARSETS)}"
    return Type(declared, lambda r: quoted(any_text(r, min(most, 40))), all_quoted("", "é" * most, "'" * most, " " * most, "a "[:most], "\U0001f41f" * most), ["_latin1 x'00'", "_latin1 x'610062'"])


def text(random):
    name = random.choice(["tinytext", "text", "mediumtext", "longtext"])
    values = any_text if name == "tinytext" else long_text
    charset = random.choice(["", " CHARACTER SET " + random.choice(CHARSETS)])
    return Type(name + charset, lambda r: quoted(values(r)), all_quoted("", " ", "\U0001f41f", "a  ", "\\N"), ["_latin1 x'610062'"], key=False)


LABELS = ["a", "b c", "it's", "é", "\\", "NULL", "0"]


def label(random):
    labels = random.sample(LABELS, random.randint(1, len(LABELS)))
    return Type(f"enum({', '.join(map(quoted, labels))})", lambda r: quoted(r.choice(labels)), [], ["'none of them'"])


def labels(random):
    all = random.sample(LABELS, random.randint(1, len(LABELS)))
    return Type(f"set({', '.join(map(quoted, all))})", lambda r: quoted(",".join(r.sample(all, r.randint(0, len(all))))), ["''"])


def octets(random):
    most = random.choice([1, 3, 16, 100, 255])
    name = random.choice([f"binary({most})", f"varbinary({most})", "tinyblob", "blob", "mediumblob", "longblob"])
    most = most if "binary" in name else 60
    return Type(name, lambda r: f"x'{bytes(r.getrandbits(8) for _ in range(r.randint(0, min(most, 20)))).hex()}'", ["''", "x'00'", "x'5c'", "x'20'"], key="binary" in name)


def spatial(random):
    shapes = {
        "point": ["POINT(1 2)", "POINT(0.1 -1e300)"], "linestring": ["LINESTRING(0 0,1 1)"], "polygon": ["POLYGON((0 0,1 0,1 1,0 0))"], "multipoint": ["MULTIPOINT(0 0,1 1)"],
        "multilinestring": ["MULTILINESTRING((0 0,1 1))"], "multipolygon": ["MULTIPOLYGON(((0 0,1 0,1 1,0 0)))"], "geometrycollection": ["GEOMETRYCOLLECTION(POINT(1 2))", "GEOMETRYCOLLECTION EMPTY"],
    }  # fmt: skip
    shapes["geometry"] = [one for ones in list(shapes.values()) for one in ones]
    name = random.choice(list(shapes))
    return Type(name, lambda r: f"ST_GeomFromText('{r.choice(shapes[name])}', {r.choice([0, 0, 4326])})", key=False)


ODD_DAYS = ["0000-00-00", "2024-00-00", "2024-02-00", "2024-02-31", "0000-01-01", "2023-02-29"]


def date(random):
    return Type("date", lambda r: quoted(day(r)), all_quoted("2024-02-29", "0001-01-01", "9999-12-31", "1000-01-01", "1582-10-10"), all_quoted(*ODD_DAYS))


def moment(random):
    fraction = random.choice([0, 0, 1, 2, 3, 4, 5, 6])
    nines = "." + "9" * fraction if fraction else ""
    if random.random() < 0.5:
        edges = all_quoted("2024-02-29 00:00:00", "0001-01-01 00:00:00", f"9999-12-31 23:59:59{nines}", f"1999-12-31 23:59:59{nines}")
        return Type(f"datetime({fraction})", lambda r: quoted(f"{day(r)} {clock(r, fraction)}"), edges, all_quoted(*(f"{one} 00:00:00" for one in ODD_DAYS)))
    recent = lambda r: quoted(f"{r.randint(1971, 2037)}-{r.randint(1, 12):02}-{r.randint(1, 28):02} {clock(r, fraction)}")
    edges = all_quoted("1970-01-01 00:00:01", "2038-01-19 03:14:07", "2024-03-31 01:30:00", "2024-10-27 00:30:00", "2024-10-27 01:30:00")
    return Type(f"timestamp({fraction})", recent, edges, all_quoted("0000-00-00 00:00:00"))


def span(random):
    fraction = random.choice([0, 0, 1, 3, 6])
    plain = lambda r: quoted(f"{r.choice(['', '-'])}{r.randint(0, 838)}:{r.randint(0, 59):02}:{r.randint(0, 58):02}" + (f".{r.randrange(10**fraction):0{fraction}}" if fraction else ""))
    return Type(f"time({fraction})", plain, all_quoted("00:00:00", "838:59:59", "-838:59:59", "-00:00:01", "24:00:00", "99:59:59", "100:00:00"))


def listed(declared, values, **more):
    return lambda random: Type(declared, lambda r: r.choice(values), **more)


TYPES = [
    whole, whole, whole, real, real, decimal, decimal, bits, limited_text, limited_text, limited_text, text, text, label, labels, octets, octets, spatial, date, moment, moment, span,
    listed("year", ["1901", "2155", "2024", "0"]),
    lambda random: Type("json", lambda r: quoted(r.choice(DOCUMENTS)), odd=[quoted(DEEP), quoted('"\\ud800"')], key=False),
    lambda random: Type("uuid", lambda r: quoted(str(uuid.UUID(int=r.getrandbits(128)))), all_quoted("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff")),
    listed("inet6", ["'::'", "'2001:db8::ff00:42:8329'", "'::ffff:192.0.2.128'"]), listed("inet4", ["'0.0.0.0'", "'255.255.255.255'"]),
]  # fmt: skip
