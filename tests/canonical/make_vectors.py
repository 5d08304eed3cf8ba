"""Writes vectors.json: cells as a PostgreSQL server sends them, and the texts that docs/formats/canonical.md gives them,
which stand here. Run it with the URL of a server; what it writes is looked through and committed."""

import json
import sys
from pathlib import Path

import psycopg2

LONG = "7" * 500 + "." + "3" * 500
DIGITS_65 = "9" * 35 + "." + "0" * 29 + "1"

# Where the server is given another text than the canonical one: (its text, the canonical one).
VALUES = [
    ({"kind": "boolean"}, "boolean", ["true", "false"]),
    ({"kind": "int16"}, "smallint", ["-32768", "-1", "0", "1", "32767"]),
    ({"kind": "int32"}, "integer", ["-2147483648", "-1", "0", "7", "2147483647"]),
    ({"kind": "int64"}, "bigint", ["-9223372036854775808", "-9007199254740993", "0", "9007199254740993", "9223372036854775807"]),
    ({"kind": "float32"}, "real", [
        "0", "-0", "1", "-1.5", "NaN", "Infinity", "-Infinity", "1e-45", "-1e-45", ("1.17549435e-38", "1.1754944e-38"),
        ("3.40282347e38", "3.4028235e+38"), ("-3.40282347e38", "-3.4028235e+38"), ("16777216", "1.6777216e+07"), ("1000000", "1e+06"),
        "999999", "999999.94", "0.0001", ("0.00001", "1e-05"), ("0.00009999", "9.999e-05"), "0.1", "0.3", ("1e15", "1e+15"), "123456.79",
        ("8388608.5", "8.388608e+06"), ("8589973504", "8.589974e+09"),
    ]),
    ({"kind": "float64"}, "double precision", [
        "0", "-0", "1", "-1.5", "NaN", "Infinity", "-Infinity", "5e-324", "-5e-324", "2.2250738585072014e-308",
        ("1.7976931348623157e308", "1.7976931348623157e+308"), ("-1.7976931348623157e308", "-1.7976931348623157e+308"), "16777216",
        "0.30000000000000004", ("1000000000000000", "1e+15"), "999999999999999", "999999999999999.9", "-100000000000000", "0.0001", ("0.00001", "1e-05"),
        ("100000000000000000000", "1e+20"), ("9007199254740992", "9.007199254740992e+15"), ("9007199254740994", "9.007199254740994e+15"),
        "9.5367431640625e-07", "0.1", "0.3333333333333333", "123456789.125", "1e-100", ("1e22", "1e+22"), ("1e23", "9.999999999999999e+22"),
    ]),
    ({"kind": "decimal", "precision": 10, "scale": 2}, "numeric(10,2)", [
        "0.00", "0.05", "-0.05", "1.50", "-7.00", "99999999.99", "-99999999.99", "10000.00", "0.10", ("7", "7.00"), ("NaN", "NaN")]),
    ({"kind": "decimal", "precision": 65, "scale": 30}, "numeric(65,30)", [DIGITS_65, "-" + DIGITS_65, "0." + "0" * 30, "1." + "0" * 30]),
    ({"kind": "decimal", "precision": 20, "scale": 0}, "numeric(20,0)", ["0", "18446744073709551615", "-1", "100000000", "10000"]),
    ({"kind": "decimal", "precision": 5, "scale": 5}, "numeric(5,5)", ["0.00001", "-0.99999", "0.00000", "0.10000"]),
    ({"kind": "decimal", "precision": 15, "scale": 4}, "numeric(15,4)", ["99999999999.9999", "0.0001", "12345678901.2345", "-0.5000"]),
    ({"kind": "decimal"}, "numeric", [
        "0", "0.00", "1.10", "-7", "10000", "100000000", "0.0001", "0.00010", "1234.5678", "12345.6789", "NaN", "Infinity", "-Infinity", LONG,
        "-" + LONG, "0." + "0" * 999 + "1", "1" + "0" * 999, ("1e30", "1" + "0" * 30), ("-1.5e-7", "-0.00000015")]),
    ({"kind": "text"}, "text", [
        "", " ", "a", "ab  ", "  ab", "é", "e\u0301", "\u00df", "\U0001f41f", "\U0010ffff", "\ufffd", "\u2028", "\t\r\n", "quote ' and \"", "back \\ slash", "\\N",
        "NULL", "\\x00ff", "\x01\x7f"]),
    ({"kind": "text", "length": 5}, "varchar(5)", ["", "ab", "ab   ", "\U0001f41f\U0001f41f\U0001f41f\U0001f41f\U0001f41f"]),
    ({"kind": "text", "length": 5, "fixed": True}, "char(5)", [("", "     "), ("ab", "ab   "), ("é\U0001f41f", "é\U0001f41f   "), "abcde", ("  a", "  a  ")]),
    ({"kind": "bytes"}, "bytea", [("\\x", ""), ("\\x00", "00"), ("\\x00FF", "00ff"), ("\\x5c27220a", "5c27220a"), ("\\x" + "20" * 40, "20" * 40)]),
    ({"kind": "uuid"}, "uuid", [
        "6ccd780c-baba-1026-9564-5b8c656024db", "00000000-0000-0000-0000-000000000000", ("FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF", "ffffffff-ffff-4fff-bfff-ffffffffffff")]),
    ({"kind": "date"}, "date", [
        "2000-01-01", "1999-12-31", "2024-02-29", "1900-03-01", "0001-01-01", "9999-12-31", "12024-01-01", "5874897-12-31", "0001-12-31 BC", "0044-03-15 BC",
        "0005-02-29 BC", "4713-01-01 BC", "4714-11-24 BC", "infinity", "-infinity", "1582-10-04", "1582-10-10"]),
    ({"kind": "time"}, "time", ["00:00:00", "23:59:59", "23:59:59.5", "12:00:00.000001", "23:59:59.999999", "24:00:00", ("13:45", "13:45:00")]),
    ({"kind": "time", "precision": 3}, "time(2)", ["01:02:03", "01:02:03.04", ("01:02:03.50", "01:02:03.5")]),
    *[
        ({"kind": "timestamp", "precision": n + 1}, f"timestamp({n})", ["2024-02-29 12:00:00", "1999-12-31 23:59:59" + (f".{'123456'[:n]}" if n else "")])
        for n in range(7)
    ],
    ({"kind": "timestamp"}, "timestamp", [
        "2000-01-01 00:00:00", "1999-12-31 23:59:59.999999", "2024-02-29 12:00:00.000001", ("2024-02-29 12:00:00.100000", "2024-02-29 12:00:00.1"),
        "0001-01-01 00:00:00", "9999-12-31 23:59:59.999999", "12024-01-01 00:00:00", "0044-03-15 12:30:00 BC", "0001-12-31 23:59:59.5 BC",
        "4713-01-01 00:00:00 BC", "294276-12-31 23:59:59.999999", "infinity", "-infinity"]),
    ({"kind": "timestamptz"}, "timestamptz", [
        ("2024-10-27 02:30:00+02", "2024-10-27 00:30:00+00"), ("2024-10-27 02:30:00+01", "2024-10-27 01:30:00+00"), ("2024-03-31 03:00:00+02", "2024-03-31 01:00:00+00"),
        ("2024-03-31 00:59:59.5Z", "2024-03-31 00:59:59.5+00"), ("1999-12-31 23:59:59.999999+00", "1999-12-31 23:59:59.999999+00"),
        ("2024-01-01 00:15:00+05:45", "2023-12-31 18:30:00+00"), ("1970-01-01 00:00:01+00", "1970-01-01 00:00:01+00"), ("2038-01-19 03:14:07+00", "2038-01-19 03:14:07+00"),
        ("0044-03-15 12:30:00+00 BC", "0044-03-15 12:30:00+00 BC"), ("0001-01-01 00:00:00+01", "0001-12-31 23:00:00+00 BC"),
        ("12024-01-01 00:00:00.25+00", "12024-01-01 00:00:00.25+00"), "infinity", "-infinity"]),
    ({"kind": "timestamptz", "precision": 4}, "timestamptz(3)", [("2024-06-30 23:59:59.999+00", "2024-06-30 23:59:59.999+00")]),
    ({"kind": "interval"}, "interval", [
        "00:00:00", "00:00:01", "-00:00:01", "00:00:00.000001", "-00:00:00.5", "24:00:00", "838:59:59", "-838:59:59", "838:59:59.999999", "1 day", "-1 days", "30 days", "1 mon", "-1 mons",
        "1 year", "2 years", "-1 years", "1 year 2 mons -3 days +04:05:06", ("-14 mons", "-1 years -2 mons"), "1 year 2 mons", "-1 years -2 mons +3 days -04:05:06.5",
        "-1 days +00:00:01", "1 day -00:00:01", ("178956970 years 7 mons", "178956970 years 7 mons"), "2147483647 days", "-2147483648 days",
        ("9223372036854775807 microseconds", "2562047788:00:54.775807"), ("-9223372036854775808 microseconds", "-2562047788:00:54.775808")]),
    ({"kind": "json"}, "json", [
        "{}", "[]", "null", "1", "1.0", "1e2", '"a"', '{"a": 1.0}', '{"a":1,"a":2}', '{ "b" : [ 1 , 2 ] , "a" : null }', '"\\u00e9 \\ud83d\\udc1f é"', "[1.50, -0, 1E400]"]),
    *[({"kind": "bits", "length": n, "fixed": True}, f"bit({n})", sorted({"0" * n, "1" * n, "1" + "0" * (n - 1), "0" * (n - 1) + "1", ("01" * n)[:n]})) for n in range(1, 65)],
    ({"kind": "bits"}, "bit varying", ["", "0", "1", "0101", "000000001", "1" * 65, "01" * 100]),
    ({"kind": "bits", "length": 12}, "varbit(12)", ["", "0", "110011001100"]),
]  # fmt: skip

# What no server that these are made with sends: cells put together by hand.
BY_HAND = [
    ({"kind": "interval"}, "7fffffffffffffff7fffffff7fffffff", "infinity"),
    ({"kind": "interval"}, "80000000000000008000000080000000", "-infinity"),
    ({"kind": "text"}, "610062", "a\0b"),
    ({"kind": "text"}, "00", "\0"),
]

# Values of columns of SQLite without a type: one tag, then the cell of what it is.
TAGGED = [("i", "int8send('%s'::bigint)", ["0", "-9223372036854775808", "9007199254740993"]),
          ("r", "float8send('%s'::float8)", ["1.0", "-0.0", "0.5", "1e+20", "Infinity", "100000.0", "1e+15"]),
          ("t", "convert_to('%s', 'UTF8')", ["", "1", "1.0", "\U0001f41f"])]  # fmt: skip

DOCUMENTS = [
    ("{}", "{}"), ("[]", "[]"), (" [ ] ", "[]"), ("null", "null"), ("true", "true"), (" false\n", "false"), ('""', '""'), ('{"":0}', '{"":0}'),
    ("0", "0"), ("-0", "0"), ("0.000", "0"), ("-0.0e5", "0"), ("0e400", "0"), ("1", "1"), ("1.0", "1"), ("100", "1e2"), ("1e2", "1e2"), ("1E+2", "1e2"), ("10E1", "1e2"),
    ("1.50", "15e-1"), ("-1.50", "-15e-1"), ("0.001", "1e-3"), ("1e-3", "1e-3"), ("120.0e-1", "12"), ("1e-400", "1e-400"), ("12.5e00", "125e-1"),
    ("123456789012345678901234567890", "12345678901234567890123456789e1"), ("0.1000000000000000055511151231257827", "1000000000000000055511151231257827e-34"),
    ('{"a":1,"a":2}', '{"a":2}'), ('{"a":1,"b":3,"a":{"c":[]}}', '{"a":{"c":[]},"b":3}'), ('{"b":1,"a":2,"":3,"aa":4,"B":5}', '{"":3,"B":5,"a":2,"aa":4,"b":1}'),
    ('{"\U0001f41f":1,"\uffe6":2,"\u00e9":3,"z":4}', '{"z":4,"\u00e9":3,"\uffe6":2,"\U0001f41f":1}'), ('{"\\u0061":1,"a":2}', '{"a":2}'),
    ('"\\u0041\\u00e9"', '"A\u00e9"'), ('"\\ud83d\\udc1f"', '"\U0001f41f"'), ('"\\/"', '"/"'), ('"\\"\\\\"', '"\\"\\\\"'), ('"\\b\\f\\n\\r\\t"', '"\\b\\f\\n\\r\\t"'),
    ('"\\u0008\\u000c\\u000A"', '"\\b\\f\\n"'), ('"\\u0001\\u001F\\u007f"', '"\\u0001\\u001f\x7f"'), ('"\\u2028<>&\'"', '"\u2028<>&\'"'), ('"a  b"', '"a  b"'),
    ('[ 1 ,\t2 , [ ] , { } ]', "[1,2,[],{}]"), ('{ "k" : [ { "n" : null } ] }', '{"k":[{"n":null}]}'), ("[" * 100 + "]" * 100, "[" * 100 + "]" * 100),
    ('{"a":' * 60 + "1.0" + "}" * 60, '{"a":' * 60 + "1" + "}" * 60), ("[1,1.0,10e-1]", "[1,1,1]"),
]  # fmt: skip

SEND = {
    "boolean": "boolsend", "int16": "int2send", "int32": "int4send", "int64": "int8send", "float32": "float4send", "float64": "float8send",
    "decimal": "numeric_send", "bytes": "byteasend", "uuid": "uuid_send", "date": "date_send", "time": "time_send", "timestamp": "timestamp_send",
    "timestamptz": "timestamptz_send", "interval": "interval_send", "json": "json_send", "bits": "varbit_send", "text": "textsend",
}  # fmt: skip


def send_of(type):
    fixed = {"bits": "bit_send", "text": "bpcharsend"}
    return fixed[type["kind"]] if type.get("fixed") else SEND[type["kind"]]


def values(cursor):
    cursor.execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO'")
    for type, declared, texts in VALUES:
        for text in texts:
            given, canonical = text if isinstance(text, tuple) else (text, text)
            cursor.execute(f"SELECT encode({send_of(type)}(%s::{declared}), 'hex')", (given,))
            yield {"type": type, "cell": cursor.fetchone()[0], "text": canonical}
    for type, cell, text in BY_HAND:
        yield {"type": type, "cell": cell, "text": text}
    for tag, send, texts in TAGGED:
        for text in texts:
            cursor.execute(f"SELECT encode({send}, 'hex')" % text)
            yield {"type": {"kind": "dynamic"}, "cell": tag.encode().hex() + cursor.fetchone()[0], "text": text}


def lines(objects):
    return ",\n".join("  " + json.dumps(one, ensure_ascii=True) for one in objects)


def main(url):
    with psycopg2.connect(url) as connection:
        found = lines(values(connection.cursor()))
    documents = lines({"json": text, "normal": normal} for text, normal in DOCUMENTS)
    path = Path(__file__).with_name("vectors.json")
    path.write_text(f'{{\n"values": [\n{found}\n],\n"documents": [\n{documents}\n]\n}}\n')


if __name__ == "__main__":
    main(sys.argv[1])
