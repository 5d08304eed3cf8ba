"""The zoos of tests/zoo/: every type that a server has, carried to each kind of server. Between servers of one kind
nothing may differ; between kinds each value arrives in its canonical form, or its row is in the reject file and in
tests/zoo/expected/."""

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path

import own_clients
import pytest
import type_table
from canonical import base_of, canonical_row, cells, forms_between, normal_json, own_forms
from conftest import PAIRS, EndMaker
from ends import KINDS, quote
from program import Program

FOLDER = Path(__file__).parent / "zoo"
OTHERS_OF_MARIADB = {"mysql": "-- == Only MariaDB has these.", "tidb": "-- == TiDB has none of these."}  # where what they share with its zoo ends
SAME = [pair for pair in PAIRS if len(set(pair.split("-"))) == 1]
ACROSS = [pair for pair in PAIRS if pair not in SAME]
MORE_SAME = [f"{one}-{one}" for one in OTHERS_OF_MARIADB]
MORE_FAMILY = [pair for one in OTHERS_OF_MARIADB for pair in (f"{one}-mariadb", f"mariadb-{one}")] + ["mysql-tidb", "tidb-mysql"]
MORE_ACROSS = [pair for one in OTHERS_OF_MARIADB for other in ("postgres", "sqlite") for pair in (f"{one}-{other}", f"{other}-{one}")]


# Loading and copying: each zoo is loaded once, each pair copied once.


def script(kind):
    own = (FOLDER / f"{kind}.sql").read_text(encoding="utf-8")
    return script("mariadb").partition(OTHERS_OF_MARIADB[kind])[0] + own if kind in OTHERS_OF_MARIADB else own


def prepared(end):
    """What a copy between PostgreSQL servers finds at the target. Other types come first, so that the same ones have
    other numbers there."""
    if end.kind == "postgres":
        others = "CREATE TYPE one AS ENUM ('x'); CREATE TYPE two AS (a int); DROP TYPE one, two;\n"
        own_clients.run(end, others + script("postgres").partition("-- == At the source")[0])
    return end


class Zoos:
    def __init__(self, maker, program, dir):
        self.maker, self.program, self.dir = maker, program, dir
        self.sources, self.runs, self.digests = {}, {}, {}

    def source(self, kind):
        if kind not in self.sources:
            end = self.maker.make(kind, "source")
            own_clients.run(end, script(kind))
            if kind in KINDS:
                own_clients.run(end, (FOLDER / f"large.{kind}.sql").read_text(encoding="utf-8"))
            self.sources[kind] = end
        return self.sources[kind]

    def digests_of_source(self, kind):
        if kind not in self.digests:
            self.digests[kind] = digests(self.source(kind))
        return self.digests[kind]

    def run(self, pair):
        if pair not in self.runs:
            self.runs[pair] = self.copied(pair)
        return self.runs[pair]

    def copied(self, pair, *options):
        """A copy to a new target."""
        source, target = pair.split("-")
        ends = self.source(source), self.maker.make(target, "target")
        if source == target:
            prepared(ends[1])
        dir = self.dir / f"{pair}-{len(self.maker.made)}"
        dir.mkdir()
        excluded = set()
        if target in OTHERS_OF_MARIADB and source in KINDS:
            excluded.add("large")  # their limits of a row and a packet are lower as they are shipped
        options = (*options, *(word for name in excluded for word in ("--exclude", name)))
        return Run(pair, *ends, Program(self.program, dir).copy(*ends, "--max-rejects", 1000, *options), excluded)


@dataclass
class Run:
    pair: str
    source: object
    target: object
    result: object
    excluded: set

    @property
    def tables(self):
        """Those that can be compared cell by cell."""
        return sorted(set(self.source.tables()) & set(self.target.tables()) - {"large"})

    @property
    def reject_files(self):
        return sorted(Path(self.result.result["dir"]).glob("rejects/*.jsonl"))


@pytest.fixture(scope="module")
def zoos(program_path, tmp_path_factory):
    dir = tmp_path_factory.mktemp("zoos")
    maker = EndMaker(dir)
    yield Zoos(maker, program_path, dir)
    maker.close()


# Rows that were refused.


@dataclass(frozen=True, order=True)
class Refused:
    table: str
    id: int
    column: str

    def __str__(self):
        return f"{self.table} {self.id} {self.column}"


def refused_column(line):
    """Where the field is empty the reason names the column, in the words of the server."""
    if line["column"]:
        return line["column"]
    named = re.search(r"column (?:'\w+\.(\w+)'|`[^`]*`\.`[^`]*`\.`([^`]*)`|'([^']*)')|CONSTRAINT `(?:[^`.]*\.)?([^`]*)` failed", line["reason"])
    if named:
        return next(name for name in named.groups() if name)
    given = [name for name, value in line["row"].items() if value is not None and name != "id"]
    assert len(given) == 1, f"no column named: {line}"
    return given[0]


def lines_of_rejects(run):
    return [json.loads(line) for path in run.reject_files for line in path.read_text(encoding="utf-8").splitlines()]


def refused(run):
    lines = lines_of_rejects(run)
    return [Refused(line["table"].rpartition(".")[2], int(line["key"].removeprefix("id=")), refused_column(line)) for line in lines]


def expected(pair):
    """Of lines `table ids column  reason`; ids are numbers and ranges: 1,4-6. `as PAIR` takes all of another pair, and
    `not table ids column  reason` out of that again. `becomes table ids column  reason` is a value that arrives as another."""
    found = {}
    path = FOLDER / "expected" / f"{pair}.txt"
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        kind, _, rest = line.partition(" ")
        if kind == "as":
            found.update(expected(rest))
        elif kind == "not":
            for one in lines_of(rest):
                del found[one]
        elif line and kind not in ("#", "becomes"):
            found.update(lines_of(line))
    return found


def expected_to_become_others(pair):
    path = FOLDER / "expected" / f"{pair}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {one for line in lines if line.startswith("becomes ") for one in lines_of(line.partition(" ")[2])}


def lines_of(line):
    table, ids, column, reason = line.split(maxsplit=3)
    return {Refused(table, id, column): reason for id in numbers_of(ids)}


def numbers_of(ids):
    for part in ids.split(","):
        first, _, last = part.partition("-")
        yield from range(int(first), int(last or first) + 1)


# What differs.


def faults_of_rejects(run):
    found, wanted = Counter(refused(run)), expected(run.pair)
    faults = [f"refused, which nobody expects: {one}" for one in sorted(set(found) - set(wanted))]
    faults += [f"not refused, as it should be: {one} ({wanted[one]})" for one in sorted(set(wanted) - set(found))]
    return faults + [f"in the reject file {count} times: {one}" for one, count in found.items() if count > 1]


def faults_of_tables(run):
    """No table may fail, nor be missing."""
    faults = [f"{table['source']}: {table['state']} {table['errors']}" for table in run.result.result["tables"] if table["state"] != "done"]
    missing = set(run.source.tables()) - set(run.target.tables()) - run.excluded
    wanted = 1 if run.reject_files or faults else 0
    faults += [f"exit status {run.result.status}, not {wanted}"] if run.result.status != wanted else []
    return faults + [f"not there: {table}" for table in sorted(missing)]


def canonical_cells(end, table, forms):
    """{id: cells} in canonical form; the id is the first column."""
    owns, rows = own_forms(end, table), cells(end, table)
    found = {row[0][1]: canonical_row(row, owns, forms) for row in rows}
    assert len(found) == len(rows), f"{table}: an id stands twice"
    return found


def faults_of_cells(run, table, ours, theirs, left_out=()):
    """Of {id: cells} at each side. Rows that were left out are not at the target; all others are, cell by cell."""
    names = [name for name, _ in run.source.columns(table)]
    faults = [f"{table} {id}: at the target, which was refused" for id in sorted(set(theirs) & set(left_out))]
    faults += [f"{table} {id}: lost" for id in sorted(set(ours) - set(theirs) - set(left_out))]
    faults += [f"{table} {id}: from nowhere" for id in sorted(set(theirs) - set(ours))]
    for id in sorted((set(ours) & set(theirs)) - set(left_out)):
        for name, own, there in zip(names, ours[id], theirs[id], strict=True):
            if own != there:
                faults.append(f"{table} {id} {name}: {short(own)} became {short(there)}")
    return faults


def short(value):
    text = repr(value)
    return text if len(text) < 200 else text[:100] + " … " + text[-80:]


def faults_across(run):
    left_out = defaultdict(set)
    for one in refused(run):
        left_out[one.table].add(one.id)
    faults = faults_of_tables(run) + faults_of_rejects(run)
    others = expected_to_become_others(run.pair)
    for table in run.tables:
        forms = forms_between(run.source, run.target, table)
        faults += faults_of_cells(run, table, canonical_cells(run.source, table, forms), canonical_cells(run.target, table, forms), left_out[table])
    for one in others:
        found = [fault for fault in faults if fault.startswith(f"{one}: ")]
        faults = [fault for fault in faults if fault not in found] + ([] if found else [f"arrives as it was, which nobody expects: {one}"])
    return faults


def faults_within(run):
    """As the servers' own clients show it."""
    faults = faults_of_tables(run) + faults_of_rejects(run)
    left_out = {(one.table, str(one.id).encode()) for one in refused(run)}
    ours, theirs = (own_clients.printed(end, run.tables) for end in (run.source, run.target))
    for table in run.tables:
        for place, (_, type) in enumerate(run.source.columns(table)):
            if type == "json" and run.pair in MORE_SAME:  # servers that keep its meaning
                for row in (*ours[table].values(), *theirs[table].values()):
                    row[place] = meaning(row[place])
        faults += faults_of_cells(run, table, ours[table], theirs[table], {id for name, id in left_out if name == table})
        faults += [f"{table}: {a} became {b}" for a, b in zip(catalog(run.source, table), catalog(run.target, table), strict=True) if a != b]
    return faults


def meaning(cell):
    return cell if cell == b"NULL" else normal_json(bytes.fromhex(cell.decode()).decode())


def expect_none(faults):
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults[:200])


@pytest.mark.parametrize("pair", SAME + MORE_SAME)
def test_within_one_kind_nothing_differs(zoos, pair):
    expect_none(faults_within(zoos.run(pair)))


@pytest.mark.parametrize("pair", ACROSS + MORE_ACROSS + MORE_FAMILY)
def test_across_kinds_each_value_arrives_or_is_refused(zoos, pair):
    expect_none(faults_across(zoos.run(pair)))


@pytest.mark.parametrize("kind", KINDS)
def test_the_docs_name_every_reason(zoos, kind):
    given = {line["reason"] for pair in ACROSS if pair.startswith(kind) for line in lines_of_rejects(zoos.run(pair))}
    named = type_table.reasons(kind)
    assert [reason for reason in given if not any(re.fullmatch(one, reason, re.DOTALL) for one in named)] == []
    assert [one for one in named if not any(re.fullmatch(one, reason, re.DOTALL) for reason in given)] == []


# Values of 64 MB.

DIGESTS = {
    "postgres": "SELECT id, md5(t), octet_length(t), md5(b), octet_length(b) FROM large ORDER BY id",
    "mariadb": "SELECT id, MD5(t), LENGTH(t), MD5(b), LENGTH(b) FROM large ORDER BY id",
    "sqlite": "SELECT id, md5(t), length(CAST(t AS BLOB)), md5(b), length(b) FROM large ORDER BY id",
}


def digests(end):
    if end.kind != "sqlite":
        return [tuple(row) for row in end.query(DIGESTS[end.kind])]
    with end.reading():
        end.own.create_function("md5", 1, lambda value: value if value is None else md5(value.encode() if isinstance(value, str) else value).hexdigest())
        return [tuple(row) for row in end.query(DIGESTS["sqlite"])]


@pytest.mark.parametrize("pair", PAIRS)
def test_values_of_64_megabytes_arrive(zoos, pair):
    run = zoos.run(pair)
    found = zoos.digests_of_source(run.source.kind)
    assert [max(row[2] or 0, row[4] or 0) >= 64 << 20 for row in found] == [True, True]
    assert digests(run.target) == found


# Types: what the docs say, the zoo has and the program makes.

POSTGRES_COLUMNS = """
SELECT a.attname, format_type(a.atttypid, a.atttypmod), t.typtype, t.typcategory, t.typnamespace = 'public'::regnamespace,
       EXISTS (SELECT FROM pg_depend WHERE objid = t.oid AND deptype = 'e')
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"""
USERS_TYPES = {"e": "an enum", "c": "a composite type", "d": "a domain", "r": "a range of a user", "m": "a range of a user"}


def postgres_type(type, typtype, category, of_user, of_extension):
    if category == "A" and type not in ("int2vector", "oidvector"):
        return "an array"
    return USERS_TYPES[typtype] if (of_user or typtype == "d") and not of_extension else type


def mariadb_type(type, check):
    """Without widths that mean nothing, and with the digits of a second that are not given."""
    if check:
        return "json"
    type = re.sub(r" /\*.*\*/| zerofill", "", type).replace("geomcollection", "geometrycollection")
    type = re.sub(r"^(date)?time$|^timestamp$", r"\g<0>(0)", type)
    return type if type == "tinyint(1)" else re.sub(r"^(\w*int|year)\(\d+\)", r"\1", type)


def types(end, table):
    """[(column, type)] as the docs name types."""
    if end.kind == "sqlite":
        return [(name, type or "no type") for name, type in end.query("SELECT name, type FROM pragma_table_xinfo(?) WHERE hidden <> 1 ORDER BY cid", table)]
    if end.kind == "postgres":
        return [(name, postgres_type(*more)) for name, *more in end.query(POSTGRES_COLUMNS, quote(table))]
    documents = end.documents(table)
    return [(name, mariadb_type(type, name in documents)) for name, type in end.columns(table)]


def catalog(end, table):
    """What stands in the catalog of each column, for ends of one kind. Of a domain the type beneath, its default and
    NOT NULL; what is invisible becomes visible."""
    names = dict(end.columns(table))
    if end.kind == "mariadb":
        sql = (
            "SELECT column_name, column_type, character_set_name, collation_name, is_nullable, column_default, trim(replace(extra, 'INVISIBLE', '')), generation_expression"
            " FROM information_schema.columns WHERE table_schema = %s AND table_name = %s"
        )
        # TiDB tells of no ZEROFILL here, nor a width that is its own.
        rows = [(name, re.sub(r"int\(\d+\) unsigned", "int unsigned", type), *more) for name, type, *more in end.query(sql, end.name, table)]
        return sorted((row for row in rows if row[0] in names), key=lambda row: row[0])
    if end.kind == "postgres":
        sql = (
            "SELECT attname, attnotnull OR typnotnull, attgenerated, attcollation::regcollation::text, coalesce(pg_get_expr(adbin, adrelid), pg_get_expr(typdefaultbin, 0))"
            " FROM pg_attribute JOIN pg_type ON atttypid = pg_type.oid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum"
            " WHERE attrelid = %s::regclass AND attnum > 0 ORDER BY attnum"
        )
        return [(*row, base_of(end, names[row[0]])) for row in end.query(sql, quote(table))]
    kind = end.query("SELECT wr, strict FROM pragma_table_list WHERE name = ?", table)
    return kind + end.query("SELECT * FROM pragma_table_xinfo(?)", table)


def losses(run, table):
    """{column: what the report says is lost of its type}"""
    found = defaultdict(list)
    for line in run.result.table(table)["not_carried"]:
        column = re.match(r"column (\S+): (.*)", line, re.DOTALL)
        several = re.match(r"(unsigned, so that negative numbers are taken|zerofill): (.*)", line)
        if column and not re.match(r"collation |default |generated as|virtual |ON UPDATE |numbering |becomes visible|SRID |the server writes documents anew|decimals in documents", column[2]):
            found[column[1]].append(column[2])
        for name in several[2].split() if several else []:
            found[name].append(several[1])
    return found


def entry_for(entries, type):
    for entry in entries:
        numbers = entry.match(type)
        if numbers is not None:
            return entry, numbers
    return None, None


def entry_of_base(entries, source, table, column):
    """Of the type beneath a domain, however deep."""
    base = base_of(source, dict(source.columns(table))[column])
    found = entry_for(entries, "an array" if base.endswith("[]") else base)
    return found if found[0] else entry_for(entries, "a composite type")


def faults_of_types(run):
    entries, faults = type_table.entries(run.source.kind), []
    for table in run.tables:
        lost, made = losses(run, table), dict(types(run.target, table))
        for name, type in types(run.source, table):
            entry, numbers = entry_for(entries, type)
            faults += [f"{table}.{name}: no row for {type}"] if entry is None else []
            if entry is not None and name != "id":
                said = entry.becomes[run.target.kind].lost
                faults += [f"{table}.{name}: the report does not say of {type}: {part}" for part in said.split("; ") if part and not says(lost[name], part)]
                if entry.pattern == "a domain":
                    entry, numbers = entry_of_base(entries, run.source, table, name)
                becomes = entry.becomes[run.target.kind]
                faults += [f"{table}.{name}: the docs do not say of {type}: {part}" for part in lost[name] if not says([part], "zerofill", *said.split("; "), *becomes.lost.split("; "))]
                wanted = type_table.filled(becomes.type, numbers)
                faults += [f"{table}.{name}: {type} became {made.get(name)}, the docs say {wanted}"] if made.get(name, "").lower() != wanted.lower() else []
    return faults


def says(lines, *parts):
    return any(part and part in line for line in lines for part in parts)


@pytest.mark.parametrize("pair", ACROSS + MORE_ACROSS)
def test_types_become_what_the_docs_say(zoos, pair):
    expect_none(faults_of_types(zoos.run(pair)))


def rows_without_a_column(source):
    entries = type_table.entries(source.kind)
    met = {id(entry_for(entries, type)[0]) for table in source.tables() for _, type in types(source, table)}
    return [f"{entry.pattern} {entry.where}".strip() for entry in entries if id(entry) not in met]


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_of_the_docs_is_in_the_zoo(zoos, kind):
    assert rows_without_a_column(zoos.source(kind)) == []


# Types of the server that no column can have.
NO_COLUMN = {"gtsvector", "pg_brin_bloom_summary", "pg_brin_minmax_multi_summary", "pg_dependencies", "pg_mcv_list", "pg_ndistinct", "pg_node_tree"}


def test_every_type_of_postgres_is_in_the_zoo(zoos):
    source = zoos.source("postgres")
    every = "SELECT typname FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'r', 'm') AND typname !~ '^_'"
    used = "SELECT typname FROM pg_attribute a JOIN pg_type t ON t.oid = atttypid JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    assert {name for (name,) in source.query(every)} - {name for (name,) in source.query(used)} == NO_COLUMN


def test_every_type_of_mariadb_is_in_the_zoo(zoos):
    source = zoos.source("mariadb")
    used = {name for (name,) in source.query("SELECT DISTINCT data_type FROM information_schema.columns WHERE table_schema = %s", source.name)}
    plugins = {name for (name,) in source.query("SELECT plugin_name FROM information_schema.plugins WHERE plugin_type = 'DATA TYPE'")}
    assert used == MARIADB_TYPES | plugins


MARIADB_TYPES = set(
    "tinyint smallint mediumint int bigint decimal float double bit year date time datetime timestamp char varchar tinytext text mediumtext longtext"
    " binary varbinary tinyblob blob mediumblob longblob enum set geometry point linestring polygon multipoint multilinestring multipolygon geometrycollection".split()
)


# The comparisons find what is planted.


def take_out(path, part):
    """The first line that has it."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines.remove(next(line for line in lines if part in line))
    path.write_text("".join(lines), encoding="utf-8")


def test_what_is_altered_behind_a_copy_across_kinds_is_found(zoos):
    run = zoos.copied("sqlite-postgres", "--table", "/texts|numbers|bytes|no_rowid|whole|floating/")
    before = faults_across(run)
    run.target.run("UPDATE texts SET v = 'v' WHERE id = 2; UPDATE numbers SET n = n + 1 WHERE id = 1; DELETE FROM no_rowid WHERE id = 1; INSERT INTO bytes (id) VALUES (99)")
    run.target.run("INSERT INTO bytes (id) VALUES (11)")
    whole, floating = (next(path for path in run.reject_files if name in path.name) for name in ("whole", "floating"))
    take_out(whole, '"id=21"')
    floating.write_text(floating.read_text(encoding="utf-8").replace('"id=25"', '"id=1"'), encoding="utf-8")
    assert set(faults_across(run)) - set(before) == {
        "texts 2 v: 'v  ' became 'v'",
        "numbers 1 n: '0' became '1'",
        "no_rowid 1: lost",
        "bytes 99: from nowhere",
        "bytes 11: at the target, which was refused",
        "whole 21: lost",
        "not refused, as it should be: whole 21 i2 (outside 16 bits)",
        "refused, which nobody expects: floating 1 f4",
        "floating 1: at the target, which was refused",
        "not refused, as it should be: floating 25 f4 (the same)",
        "floating 25: lost",
    }


ALTERED = {
    "sqlite": {"others": "typeless = 0.0 WHERE id = 5", "texts": "t = 'a' WHERE id = 11", "no_rowid": "n = '1' WHERE id = 0", "floating": "r = 0.3 WHERE id = 2"},
    "postgres": {"floating": "f8 = 0 WHERE id = 31", "arrays": "whole = '{1,2}' WHERE id = 3", "texts": "t = t || ' ' WHERE id = 2", "documents": "j = '{\"b\":3,\"a\":2}' WHERE id = 1"},
    "mariadb": {"floating": "f = 16777218 WHERE id = 1", "texts": "v = 'trailing' WHERE id = 3", "times": "t6 = '0:0:0' WHERE id = 1", "bytes": "bl = CONCAT(bl, ' ') WHERE id = 4"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_altered_behind_a_copy_within_a_kind_is_found(zoos, kind):
    run = zoos.copied(f"{kind}-{kind}", "--table", f"/{'|'.join(ALTERED[kind])}/")
    before = faults_within(run)
    for table, change in ALTERED[kind].items():
        run.target.run(f"UPDATE {table} SET {change}")
    found = sorted(set(faults_within(run)) - set(before))
    assert [fault.split()[0] for fault in found if " became " in fault] == sorted(ALTERED[kind]), found
    assert len(found) == len(ALTERED[kind]), found


def test_pages_that_say_something_else_are_found(zoos, tmp_path, monkeypatch):
    run = zoos.copied("postgres-sqlite", "--table", "/whole|bytes|intervals/")
    before = faults_of_types(run)
    page = (type_table.FOLDER / "postgres.md").read_text(encoding="utf-8")
    page = page.replace("| `smallint` | `smallint` | `INT2` |", "| `smallint`, `int3` | `smallint` | `INT4` |").replace("| `uuid` |", "| `uuid7` |")
    page = page.replace("`DURATION_TEXT`: kept as text |", "`DURATION_TEXT` |").replace("| `BLOB` |", "| `BLOB`: wet |")
    (tmp_path / "postgres.md").write_text(page, encoding="utf-8")
    monkeypatch.setattr(type_table, "FOLDER", tmp_path)
    assert set(faults_of_types(run)) - set(before) == {
        "whole.i2: smallint became INT2, the docs say INT4",
        "bytes.u: no row for uuid",
        "bytes.b: the report does not say of bytea: wet",
        *(f"intervals.{name}: the docs do not say of {type}: kept as text" for name, type in (("i", "interval"), ("i0", "interval(0)"), ("i3", "interval(3)"))),
    }
    assert rows_without_a_column(run.source) == ["int3", "uuid7"]


@pytest.mark.parametrize("pair", PAIRS)
def test_verify_calls_equal_what_was_carried_and_names_what_was_not(zoos, tmp_path, pair):
    run = zoos.run(pair)
    excluded = [word for name in {*run.excluded, "large"} for word in ("--exclude", name)]
    found = Program(zoos.program, tmp_path)("verify", run.source.url, run.target.url, *excluded, "--output", "json")
    differences = [event for event in found.events if event["event"] == "difference"]
    left_out = Counter((line["table"], line["key"]) for line in lines_of_rejects(run) if line["table"].rpartition(".")[2] != "large")
    said = Counter((event["target"], event["key"]) for event in differences)
    assert said == left_out, f"{said - left_out}\n{left_out - said}\n{found}"
    assert {event["what"] for event in differences} <= {"only_source", "unreadable"}
    assert {table["verdict"] for table in found.result["tables"]} <= {"equal", "different"}
