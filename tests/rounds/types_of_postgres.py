"""What columns of PostgreSQL may be declared as."""

import struct
import uuid

from .model import Type
from .texts import any_text, long_text


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def all_quoted(*texts):
    return [quoted(text) for text in texts]


def of(texts):
    return lambda random: quoted(random.choice(texts))


def whole(declared, bits):
    def make(random):
        least, most = -(1 << bits - 1), (1 << bits - 1) - 1
        return Type(declared, lambda r: str(r.randint(least, most) >> r.randint(0, bits - 1)), [str(least), str(most), "0", "-1", str(most - 1)])

    return make


def real(random):
    plain = lambda r: quoted(repr(struct.unpack(">f", struct.pack(">I", r.getrandbits(31) % 0x7F800000))[0]))
    edges = all_quoted("0", "1", "-1.5", "16777216", "16777217", "1e-45", "3.4028235e38", "-3.4028235e38", "1.1754944e-38", "0.1", "1e15", "1e6", "999999.94")
    return Type("real", plain, edges, all_quoted("NaN", "Infinity", "-Infinity", "-0"))


def double(random):
    plain = lambda r: quoted(repr(struct.unpack(">d", struct.pack(">Q", r.getrandbits(63) % 0x7FF0000000000000))[0]))
    edges = all_quoted(
        "0", "1", "-1.5", "5e-324", "1.7976931348623157e308", "-1.7976931348623157e308", "2.2250738585072014e-308", "0.30000000000000004", "1e15", "1e-5", "1e23",
        "9007199254740993", "123456789012345678", "100000", "1e20",
    )  # fmt: skip
    return Type("double precision", plain, edges, all_quoted("NaN", "Infinity", "-Infinity", "-0"))


def digits(random, whole, fraction):
    text = "".join(random.choice("0123456789") for _ in range(random.randint(0, whole))) or "0"
    if fraction and random.random() < 0.8:
        text += "." + "".join(random.choice("0123456789") for _ in range(random.randint(1, fraction)))
    return random.choice(["", "", "-"]) + text


def numeric(random):
    precision = random.choice([1, 2, 5, 9, 10, 15, 16, 18, 20, 38, 65, 66, 100, 1000])
    scale = random.choice([0, 0, 1, 2, 3, 4, 5, 10, 30, 31, precision, precision + 2, -2])
    scale = min(scale, 1000)
    before, after = max(0, precision - scale), max(0, min(scale, precision))
    if scale > precision:
        nines = "0." + "0" * (scale - precision) + "9" * precision
    else:
        nines = "9" * before + ("." + "9" * scale if scale > 0 else "")
        nines = nines if before else "0" + nines
    if scale < 0:
        nines = "9" * precision + "0" * -scale
    plain = lambda r: quoted(digits(r, before if scale <= precision else 0, after)) if scale <= precision else quoted(r.choice(["0", nines]))
    return Type(f"numeric({precision},{scale})", plain, all_quoted("0", nines, "-" + nines), all_quoted("NaN"))


def free_numeric(random):
    edges = all_quoted("0", "0.00", "1.10", "-7", "10000", "1e30", "1e-30", "-0.000", "123456789012345678901234567890.123456789", "9" * 70, "0." + "0" * 40 + "1")
    return Type("numeric", lambda r: quoted(digits(r, 30, 30)), edges, all_quoted("NaN", "Infinity", "-Infinity"))


def text(declared, most=None, key=True):
    def make(random):
        return Type(declared, lambda r: quoted((any_text(r, most) if most else long_text(r))), all_quoted("", " ", "\U0001f41f", "a  ", "\\N")[: 5 if most is None or most > 2 else 0], key=key)

    return make


def limited_text(name):
    def make(random):
        most = random.choice([1, 2, 5, 20, 100, 255, 300])
        return Type(f"{name}({most})", lambda r: quoted(any_text(r, min(most, 40))), all_quoted("", "\U0001f41f" * most, "'" * most, " " * most))

    return make


def octets(random):
    plain = lambda r: f"'\\x{bytes(r.getrandbits(8) for _ in range(r.randint(0, 20))).hex()}'"
    return Type("bytea", plain, ["'\\x'", "'\\x00'", "'\\x5c'", "'\\xff00'", "'\\x0a090d1a27225c4e'"])


def uuids(random):
    plain = lambda r: quoted(str(uuid.UUID(int=r.getrandbits(128))))
    return Type("uuid", plain, all_quoted("00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "6ccd780c-baba-1026-9564-5b8c656024db"))


def day(random):
    return f"{random.randint(1, 9999):04}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def clock(random, fraction=6):
    text = f"{random.randint(0, 23):02}:{random.randint(0, 59):02}:{random.randint(0, 59):02}"
    return text + (f".{random.randrange(10**fraction):0{fraction}}" if fraction and random.random() < 0.6 else "")


DAYS = ["2024-02-29", "1900-03-01", "0001-01-01", "9999-12-31", "1970-01-01", "1582-10-10", "2000-01-01"]
FAR_DAYS = ["0044-03-15 BC", "0001-12-31 BC", "12024-01-01", "infinity", "-infinity"]


def date(random):
    return Type("date", lambda r: quoted(day(r)), all_quoted(*DAYS), all_quoted(*FAR_DAYS, "5874897-12-31", "4714-11-24 BC"))


def fraction_of(random):
    """'(3)', 3 or nothing, which means 6."""
    digits = random.choice([None, None, 0, 1, 2, 3, 4, 5, 6])
    return ("" if digits is None else f"({digits})"), 6 if digits is None else digits


def time(random):
    limit, fraction = fraction_of(random)
    ends = ["00:00:00", "24:00:00", "23:59:59" + ("." + "9" * fraction if fraction else "")]
    return Type(f"time{limit}", lambda r: quoted(clock(r, fraction)), all_quoted(*ends))


def moment(name, zone):
    def make(random):
        limit, fraction = fraction_of(random)
        nines = "." + "9" * fraction if fraction else ""
        edges = [f"{one} 00:00:00{zone}" for one in DAYS] + [f"9999-12-31 23:59:59{nines}{zone}", f"2024-03-31 01:30:00{zone}", f"1999-12-31 23:59:59{nines}{zone}"]
        odd = [f"0044-03-15 12:00:00{zone} BC", f"12024-01-01 00:00:00{zone}", f"294276-12-31 23:59:59{nines}{zone}", "infinity", "-infinity"]
        return Type(f"{name}{limit}", lambda r: quoted(f"{day(r)} {clock(r, fraction)}{zone}"), all_quoted(*edges), all_quoted(*odd))

    return make


def interval(random):
    declared = random.choice(["interval", "interval", "interval(3)", "interval year to month", "interval day to second(2)"])
    edges = all_quoted("0", "1 day", "-1 day", "1 mon -1 day", "-1 year +2 days -03:00:00", "838:59:59", "-838:59:59.5", "1 year 2 mons -3 days +04:05:06.789", "-00:00:00.5")
    odd = all_quoted("178000000 years", "-178000000 years", "2000000000 days")
    return Type(declared, lambda r: quoted(f"{r.randint(-99, 99)} mons {r.randint(-99, 99)} days {r.randint(-9999, 9999)} secs"), edges, odd)


DOCUMENTS = [
    "{}", "[]", "null", "1", "1.0", "1e2", '"a"', '{"a": 1.0}', '{"a":1,"a":2}', ' { "b" : [1 , 2] } ', '"\\u00e9\\ud83d\\udc1f é\U0001f41f"', '"\\\\ \\" \\n"', "[1.50,-0,1e40]", '""',
    '{"":null}', "[[[[[[1]]]]]]", "12345678901234567890123456789", '"\n"'.replace("\n", "\\n"), "true",
]  # fmt: skip
DEEP = "[" * 40 + "]" * 40


def document(declared):
    return lambda random: Type(declared, of(DOCUMENTS), all_quoted(*DOCUMENTS[:6]), all_quoted(DEEP, "[1e400]"), key=False)


def bits(random):
    length = random.choice([1, 3, 7, 8, 9, 31, 32, 33, 63, 64, 65, 100])
    plain = lambda r: quoted("".join(r.choice("01") for _ in range(length)))
    return Type(f"bit({length})", plain, all_quoted("0" * length, "1" * length, "1" + "0" * (length - 1)))


def varying_bits(random):
    length = random.choice(["", "(1)", "(8)", "(70)"])
    most = int(length.strip("()") or 90)
    return Type(f"bit varying{length}", lambda r: quoted("".join(r.choice("01") for _ in range(r.randint(0, most)))), all_quoted("", "1" * most))


def listed(declared, texts, key=True, **more):
    return lambda random: Type(declared, of(texts), key=key, **more)


LABELS = ["sad", "so ok", "", "it's", "ünï", "NULL", "a,b", "\\N"]
ENUM = f'CREATE TYPE "mo od" AS ENUM ({", ".join(map(quoted, LABELS))})'

TYPES = [
    listed("boolean", ["t", "f"]), whole("smallint", 16), whole("integer", 32), whole("bigint", 64), real, double, numeric, numeric, free_numeric,
    listed("money", ["0", "1.50", "-7.25", "92233720368547758.07", "-92233720368547758.08"]), text("text"), text("text"), text("varchar"),
    limited_text("varchar"), limited_text("char"), text("name", 15), text("bpchar", 15), listed('"char"', ["a", "", " ", "1", "\\"], key=False), octets, uuids, date, time,
    moment("timestamp", ""), moment("timestamptz", "+00"), interval, document("json"), document("jsonb"), bits, varying_bits,
    listed('"mo od"', LABELS, prelude=ENUM), listed("oid", ["0", "1", "4294967295"]), listed("xid", ["0", "4294967295"], key=False), listed("cid", ["0", "4294967295"], key=False),
    listed("tid", ["(0,0)", "(4294967295,65535)"], key=False), listed("pg_lsn", ["0/0", "FFFFFFFF/FFFFFFFF"]), listed("xid8", ["0", "18446744073709551615"], key=False),
    listed("posint", ["1", "2147483647"], prelude="CREATE DOMAIN posint AS integer CHECK (VALUE > 0)", there_too=True),
    listed("halffloat", ["0.5", "1e-45", "3e38"], prelude="CREATE DOMAIN halffloat AS real", there_too=True),
    listed("shorttext", ["", "a'b", "\U0001f41f"], prelude="CREATE DOMAIN shorttext AS varchar(10)", there_too=True),
    listed("pairof", ['(1,"a b")', "(,)", '(-1,"")'], prelude="CREATE TYPE pairof AS (a integer, b text)", there_too=True, key=False),
    listed("integer[]", ["{}", "{1,NULL,-2}", "{{1,2},{3,4}}", "[2:3]={1,2}"]), listed("text[]", ["{}", '{"","a b",NULL,"NULL","\\"","\\\\","é"}']),
    listed("double precision[]", ["{0.1,NaN,-0,1e23,Infinity}", "{5e-324}"]), listed("real[]", ["{0.1,16777216,1e-45}"]),
    listed("numeric(10,2)[]", ["{1.5,-2}"]), listed("timestamptz[]", ['{"2024-01-01 00:00:00+02",infinity}']), listed("bytea[]", ['{"\\\\x00ff"}', '{"\\\\x"}']),
    listed("int4range", ["empty", "[1,5)", "(,)", "[3,]"]), listed("numrange", ["[1.50,2)", "(,0.1]"]), listed("tstzrange", ["[2024-01-01 00:00+00,)", "empty"]), listed("daterange", ["[2024-01-01,2024-02-01)"]),
    listed("int4multirange", ["{}", "{[1,3),[7,9)}"]), listed("inet", ["10.0.0.1/8", "::1", "2001:db8::/32"]), listed("cidr", ["10.0.0.0/8", "::/0"]),
    listed("macaddr", ["08:00:2b:01:02:03"]), listed("macaddr8", ["08:00:2b:01:02:03:04:05"]), listed("point", ["(1,2)", "(0.1,-1e300)"], key=False), listed("line", ["{1,2,3}"], key=False),
    listed("lseg", ["[(0,0),(1,1)]"], key=False), listed("box", ["(1,1),(0,0)"], key=False), listed("path", ["[(0,0),(1,1)]", "((0,0),(1,1))"], key=False),
    listed("polygon", ["((0,0),(1,1),(1,0))"], key=False), listed("circle", ["<(0,0),1.5>"], key=False), listed("tsvector", ["", "'a':1A 'b c':2", "a b"]), listed("tsquery", ["", "a & !b | 'c d':*A"]),
    listed("xml", ["<a/>", "", "<a b='é'>&lt;</a>", "text"], key=False), listed("timetz", ["12:00:00+02", "23:59:59.999999-11:30", "24:00:00+00"]), listed("jsonpath", ["$.a[*] ? (@ > 1)"], key=False),
    listed("interval[]", ['{"1 mon","-00:00:01"}']), listed("date[]", ['{infinity,"0044-03-15 BC"}']), listed("uuid[]", ["{6ccd780c-baba-1026-9564-5b8c656024db}"]), listed("bit(3)[]", ["{101,NULL}"]),
    listed('"mo od"[]', ['{sad,"so ok",""}', "{}"], prelude=ENUM), listed("json[]", ['{"{\\"a\\": 1.0}",NULL}'], key=False), listed("oidvector", ["1 2 3"]), listed("refcursor", ["", "c"]),
    listed("intlist", ["{}", "{1,NULL}"], prelude="CREATE DOMAIN intlist AS integer[]", there_too=True),
    listed("inner_most", ["7", "NaN", "1.10"], prelude="CREATE DOMAIN outer_most AS numeric; CREATE DOMAIN inner_most AS outer_most", there_too=True),
    listed("txid_snapshot", ["10:20:10,14,15"], key=False), listed("regclass", ["pg_class"]), listed('"char"[]', ["{a,b}"], key=False),
]  # fmt: skip
