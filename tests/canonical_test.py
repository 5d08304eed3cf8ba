"""The reader of canonical forms against the golden vectors: each value is put into a real column of every engine that can
hold it, in that engine's own words, and read back."""

import json
import re
import struct
from collections import Counter
from pathlib import Path

import canonical
import pytest
from canonical import DOCUMENT, STORED, Form
from ends import KINDS

VECTORS = json.loads((Path(__file__).parent / "canonical/vectors.json").read_text())
VALUES = [(Form(**{"scale": 0, **vector["type"]}), vector["cell"], vector["text"]) for vector in VECTORS["values"]]

POSTGRES_INFINITE_INTERVALS = 170000


def in_quotes(text):
    return "'" + text.replace("'", "''") + "'"


# (declared type, SQL of the value) or None where the engine cannot hold it.


def in_postgres(form, cell, text, version):
    if "\0" in text or form.kind == "dynamic":
        return None
    if form.kind == "interval" and "infinity" in text and version < POSTGRES_INFINITE_INTERVALS:
        return None
    if form.kind == "bytes":
        return "bytea", f"'\\x{cell}'"
    if text == "-2562047788:00:54.775808":  # the least of all, which it does not read back
        return "interval", "'-9223372036854775808 microseconds'"
    return postgres_column(form), in_quotes(text)


def postgres_column(form):
    fraction = f"({form.precision - 1})" if form.precision and form.kind != "decimal" else ""
    length = f"({form.length})" if form.length else ""
    names = {
        "int16": "smallint", "int32": "integer", "int64": "bigint", "float32": "real", "float64": "double precision",
        "decimal": f"numeric({form.precision},{form.scale})" if form.precision else "numeric", "time": f"time{fraction}",
        "timestamp": f"timestamp{fraction}", "timestamptz": f"timestamptz{fraction}", "bits": f"{'bit' if form.fixed else 'varbit'}{length}",
        "text": f"{'char' if form.fixed else 'varchar'}{length}" if length else "text",
    }  # fmt: skip
    return names.get(form.kind, form.kind)


def in_mariadb(form, cell, text, _):
    odd = re.search("BC|inf|NaN", text, re.IGNORECASE)
    if form.kind in ("int16", "int32", "int64"):
        return {"int16": "smallint", "int32": "int", "int64": "bigint"}[form.kind], text
    if form.kind in ("float32", "float64"):
        number = struct.unpack(">f" if form.kind == "float32" else ">d", bytes.fromhex(cell))[0]
        return None if odd or text == "-0" else ("float" if form.kind == "float32" else "double", f"{number!r}e0" if "e" not in repr(number) else repr(number))
    if form.kind == "decimal":
        return (f"decimal({form.precision},{form.scale})", text) if form.precision and not odd else None
    if form.kind in ("text", "json") and not form.fixed:
        declared = "json" if form.kind == "json" else f"varchar({form.length})" if form.length else "longtext"
        return declared, f"CONVERT(x'{cell}' USING utf8mb4)"
    if form.kind == "bytes":
        return "longblob", f"x'{cell}'"
    if form.kind == "bits" and form.fixed:
        return f"bit({form.length})", f"b'{text}'"
    if form.kind == "uuid":
        return "uuid", in_quotes(text)
    fraction = form.precision - 1 if form.precision else 6
    if form.kind == "interval" and re.fullmatch(r"-?\d{2,3}:.*", text) and abs(int(text.split(":")[0])) <= 838:
        return f"time({fraction})", in_quotes(text)
    if odd or not re.match(r"\d{4}-", text):
        return None
    if form.kind == "timestamptz" and not "1970-01-01 00:00:01" <= text <= "2038-01-19 03:14:07+00":
        return None
    names = {"date": "date", "timestamp": f"datetime({fraction})", "timestamptz": f"timestamp({fraction})"}
    return (names[form.kind], in_quotes(text.removesuffix("+00"))) if form.kind in names else None


def in_sqlite(form, cell, text, _):
    """As values to bind: its own reading of digits is not always the nearest real."""
    if form.kind in ("float32", "float64"):
        number = struct.unpack(">f" if form.kind == "float32" else ">d", bytes.fromhex(cell))[0]
        return None if text in ("NaN", "-0") else ("float4" if form.kind == "float32" else "double", number)
    if form.kind == "dynamic":
        number = {"69": lambda: int(text), "72": lambda: float(text), "74": lambda: text}[cell[:2]]()
        return "", number
    if form.kind.startswith("int") and form.kind != "interval":
        return {"int16": "int2", "int32": "int4", "int64": "bigint"}[form.kind], int(text)
    if form.kind == "boolean":
        return "boolean", int(text == "true")
    if form.kind == "bytes":
        return "blob", bytes.fromhex(cell)
    if form.kind == "decimal":
        limits = f"({form.precision},{form.scale})" if form.precision else ""
        short = form.precision and form.precision <= 15 and text != "NaN"
        return (f"decimal{limits}", float(text)) if short else (f"decimal_text{limits}", text)
    names = {"interval": "duration_text", "json": "json_text", "bits": ("bit_text" if form.fixed else "varbit_text") + (f"({form.length})" if form.length else "")}
    return None if form.fixed and form.kind == "text" else (names.get(form.kind, form.kind), text)


PLACES = {"postgres": in_postgres, "mariadb": in_mariadb, "sqlite": in_sqlite}


def put(end, declared, values):
    if end.kind == "sqlite":
        end.run(f"CREATE TABLE t (id INTEGER PRIMARY KEY, v {declared})")
        end.insert("t", list(enumerate(values)))
        return
    end.run_script(f"CREATE TABLE t (id integer PRIMARY KEY, v {declared})")
    end.cursor().execute("INSERT INTO t VALUES " + ", ".join(f"({n}, {value})" for n, value in enumerate(values)))


def version_of(end):
    return int(end.one("SHOW server_version_num")) if end.kind == "postgres" else 0


@pytest.mark.parametrize("kind", KINDS)
def test_vectors_read_back_from_a_column(ends, kind):
    end = ends.make(kind, "source")
    version = version_of(end)
    columns = {}
    for form, cell, text in VALUES:
        place = PLACES[kind](form, cell, text, version)
        if place:
            columns.setdefault((form, place[0]), []).append((place[1], text))
    assert sum(map(len, columns.values())) > 200
    faults = []
    for (form, declared), vectors in columns.items():
        end.run("DROP TABLE IF EXISTS t")
        put(end, declared, [value for value, _ in vectors])
        read = Form("text") if form.kind == "dynamic" else form
        found = canonical.canonical_rows(end, "t", [Form("int32"), read])
        wanted = Counter((str(n), text) for n, (_, text) in enumerate(vectors))
        faults += [f"{declared}: {row} for {vectors[int(row[0])][1]!r}" for row in found - wanted]
    assert not faults, "\n".join(faults)


def test_every_kind_has_vectors():
    header = (Path(__file__).parent.parent / "src/core/type.h").read_text()
    kinds = set(re.findall(r"^  (\w+),? +//", re.search(r"enum class Kind[^{]*{(.*?)};", header, re.DOTALL)[1], re.MULTILINE))
    assert len(kinds) == 18
    assert kinds == {form.kind for form, _, _ in VALUES}


@pytest.mark.parametrize("vector", VECTORS["documents"], ids=lambda vector: vector["json"][:30])
def test_normal_form_of_a_document(vector):
    assert canonical.normal_json(vector["json"]) == vector["normal"]


def test_normal_form_of_documents_that_a_server_wrote_anew(ends):
    end = ends.make("postgres", "source")
    end.run("CREATE TABLE t (id integer, v jsonb)")
    end.insert("t", [(n, vector["json"]) for n, vector in enumerate(VECTORS["documents"])])
    found = dict(canonical.canonical_rows(end, "t", [Form("int32"), DOCUMENT]))
    assert found == {(str(n), vector["normal"]): 1 for n, vector in enumerate(VECTORS["documents"])}


# What a column may mean at its two ends.


@pytest.mark.parametrize(
    "cell, own, form, text",
    [
        (("int", 7), Form("int64"), Form("decimal", 20, 2), "7.00"),
        (("text", b"1.10"), Form("decimal"), Form("text"), "1.10"),
        (("real", 0.1), Form("decimal", 10, 2), Form("decimal", 10, 2), "0.10"),
        (("text", b"true"), Form("boolean"), Form("int16"), "1"),
        (("text", b"2024-10-27 02:30+02:00"), Form("timestamptz"), Form("timestamp"), "2024-10-27 00:30:00"),
        (("text", b"13:45"), Form("time"), Form("interval"), "13:45:00"),
        (("bytes", bytes(range(16))), Form("uuid"), Form("text"), "00010203-0405-0607-0809-0a0b0c0d0e0f"),
        (("text", b"ab"), Form("text"), Form("text", length=4, fixed=True), "ab  "),
        (("text", b"\xff\x00"), Form("text"), STORED, "text \udcff\0"),
        (("text", b'{"b": 1.0, "a":2}'), Form("json"), DOCUMENT, '{"a":2,"b":1}'),
        (("text", b'{"b": 1.0}'), DOCUMENT, Form("text"), '{"b": 1.0}'),
        (None, Form("text"), Form("text"), None),
    ],
)
def test_a_cell_in_the_form_of_the_other_end(cell, own, form, text):
    assert canonical.canonical(cell, own, form) == text


@pytest.mark.parametrize(
    "cell, form",
    [
        (("text", b"two"), Form("int64")),
        (("real", 3.5), Form("int32")),
        (("int", 40000), Form("int16")),
        (("real", 1.234), Form("decimal", 10, 2)),
        (("int", 2**53 + 1), Form("float64")),
        (("real", 0.1), Form("float32")),
        (("bytes", b"a"), Form("text")),
        (("text", b"2024-02-30"), Form("date")),
        (("text", b"0000-00-00"), Form("date")),
        (("text", b"2024-01-01"), Form("timestamp")),
        (("int", 1700000000), Form("timestamp")),
        (("text", b"24:00:01"), Form("time")),
        (("text", b"012"), Form("bits", length=3, fixed=True)),
        (("text", b"6ccd780c"), Form("uuid")),
    ],
)
def test_a_cell_that_is_no_value_of_its_type_has_no_form(cell, form):
    with pytest.raises(canonical.NoForm):
        canonical.canonical(cell, form, form)


def test_cells_of_sqlite_differ_by_storage():
    one = [canonical.canonical(cell, Form("text"), STORED) for cell in (("int", 1), ("real", 1.0), ("text", b"1"), ("bytes", b"1"))]
    assert len(set(one)) == 4


def test_the_target_decides_the_form(ends):
    source, target = ends.make("postgres", "source"), ends.make("mariadb", "target")
    source.run("CREATE TABLE t (a uuid, b boolean, c numeric, d numeric(20,3), e timestamptz, f char(3), g time)")
    target.run_script("CREATE TABLE t (a char(36), b tinyint(1), c longtext, d decimal(20,3), e datetime(6), f varchar(3), g time(6))")
    wanted = [Form("text"), Form("int16"), Form("text"), Form("decimal", 20, 3), Form("timestamp"), Form("text"), Form("interval")]
    assert canonical.forms_between(source, target, "t") == wanted
