"""One round at work: makes the source, runs the program, and says what is wrong with what came of it."""

import json
import re
import shutil
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import canonical
import psycopg2
import pymysql
import sqlite3
from canonical import NoForm
from compare import with_one_restriction
from ends.names import quote
from program import Program

from .meaning import form_there, meaning, meaning_in_files, own_form
from .oracle import Oracle, key_of
from .there import create_there, misfits, rules_for

REFUSALS = (psycopg2.Error, pymysql.Error, sqlite3.Error, OverflowError)


@dataclass(frozen=True)
class Fault:
    kind: str
    table: str
    text: str

    def __str__(self):
        return f"{self.kind}: {self.table}: {self.text}"


class Lab:
    """Two ends that are emptied for each round. `meddle` is called with the run's folder before anything is looked at."""

    def __init__(self, source, target, program, dir):
        self.source, self.target = source, target
        self.program, self.dir = program, dir
        self.oracle = Oracle(source, target)
        self.meddle = lambda dir: None
        self.there = {}  # of tables that stand at the target before: columns whose type is another than a copy would make
        self.before = {}  # and cells of the rows that they have

    def faults(self, round):
        self.build(round)
        dir = Path(tempfile.mkdtemp(prefix="round-", dir=self.dir))
        try:
            self.there, self.before = {}, {}
            if round.existing or round.ruled:
                self.make_target(round, Program(self.program, dir / "before"))
            return self.faults_of_runs(round, Program(self.program, dir))
        finally:
            shutil.rmtree(dir)

    def make_target(self, round, program):
        """Tables as the program makes them, but for what the round wants otherwise. Types that it will not load into are
        taken back, so that the rest is looked at."""
        program.dir.mkdir()
        self.clear_target(round)
        program("schema", self.source.url, self.target.url, "--output", "json")
        made = {name: (self.columns_there(name), self.target.not_null(name), self.target.primary_key(name)) for name in self.target.tables()}
        self.make_as_wished(round, made)
        while wished := self.wishes_in_vain(round, program):
            for table, name in wished:
                del table.wishes[name]
            self.make_as_wished(round, made)
        if round.filled:
            program.copy(self.source, self.target, "--data-only", "--max-rejects", "100000")
            self.before = {name: canonical.cells(self.target, name) for name in self.there}

    def make_as_wished(self, round, made):
        self.clear_target(round)
        round.made_there, round.rules = [], []
        for table in [table for table in round.tables if table.name in made]:
            if round.ruled:
                rules, self.there[table.name] = rules_for(self.source.kind, self.target.kind, table, made[table.name][0])
                round.rules += rules
            else:
                statement, self.there[table.name] = self.create_there(table, *made[table.name])
                round.made_there.append(statement)

    def wishes_in_vain(self, round, program):
        """[(table, column)]; none where something else stands in the way."""
        if not any(table.wishes for table in round.tables):
            return []
        events = program("check", self.source.url, self.target.url, "--output", "json", *round.existing, *round.rules).events
        names = misfits([event for event in events if event["event"] == "finding"])
        return [(table, name) for table in round.tables for name in table.wishes if names and name in names]

    def clear_target(self, round):
        self.target.clear()
        if self.target.kind == "postgres":
            self.target.run("SET search_path = public")
        for statement in round.target_prelude():
            self.target.run(statement)

    def columns_there(self, name):
        return list(zip([column for column, _ in self.target.columns(name)], declared_types(self.target, name)))

    def create_there(self, table, made, held, primary):
        """Without the key, or as the program makes it, where the target takes it no other way."""
        for attempt in range(3):
            if attempt == 2:
                table.wishes, table.strict_there = {}, False
            statement, varied = create_there(self.source.kind, self.target.kind, table, made, held, primary if attempt != 1 else [])
            try:
                self.target.run(statement)
            except REFUSALS:
                continue
            return statement, varied
        raise AssertionError(statement)

    def faults_of_runs(self, round, program):
        """Of a run, and where rows kept pages open of the next one, which may leave them out."""
        faults, result = self.faults_of_run(round, program)
        if faults or round.rejects_allowed or result.status != 3:
            return faults
        return [replace(fault, kind=f"{fault.kind} by the second run") for fault in self.faults_of_run(replace(round, rejects_allowed=True), program)[0]]

    def faults_of_run(self, round, program):
        result = program.copy(self.source, self.target, *round.options)
        self.meddle(program.dir)
        with self.source.reading(), self.target.reading():
            return judge(round, result, self), result

    def build(self, round):
        """Rows and keys that the source itself does not take leave the round."""
        self.source.clear()
        if self.source.kind == "postgres":  # the ledger's schema has the name of the tests' user
            self.source.run("SET search_path = public")
        for statement in round.prelude():
            self.source.run(statement)
        self.clear_target(round)
        columns = {table.name: {column.name for column in table.columns} for table in round.tables}
        for table in round.tables:
            table.foreign = [key for key in table.foreign if columns.get(key.to, set()).issuperset(key.to_columns)]
        with closing(Filler(self.source, round.settings())) as filler:
            round.tables = [table for table in round.tables if filler.fill(table)]
            for table in round.tables:
                table.foreign = [key for key in table.foreign if not key.late or filler.accepts(table.add_foreign(key))]


class Filler:
    """Runs single statements, some of which may be refused."""

    def __init__(self, end, settings):
        self.end = end
        if end.kind == "sqlite":
            self.connection = end.connect()
            self.execute = self.connection.execute
        else:
            self.execute = end.cursor().execute
        for setting in settings:
            self.execute(setting)
        if end.kind == "sqlite":
            self.execute("BEGIN")

    def close(self):
        if self.end.kind == "sqlite":
            self.execute("COMMIT")
            self.connection.close()
        elif self.end.kind == "mariadb":
            self.execute(f"SET sql_mode = '{self.end.mode}'")

    def accepts(self, statement):
        try:
            self.execute(statement)
        except REFUSALS:
            return False
        return True

    def fill(self, table):
        if not self.create(table):
            return False
        table.rows = [row for row in table.rows if self.accepts(table.insert(row))]
        return True

    def create(self, table):
        """Without what it refers to, then without what it computes, then without its keys and defaults, where the source takes it no other way."""
        taken = self.accepts(table.create()[0])
        for plainer in (table.drop_foreign, table.drop_generated, table.drop_trimmings):
            if not taken:
                plainer()
                taken = self.accepts(table.create()[0])
        if not taken:
            return False
        table.keys = [key for key, index in zip(table.keys, table.create()[1:]) if self.accepts(index)]
        return True


# What came of it.


def judge(round, result, lab):
    if result.status not in (0, 1, 3):
        return [Fault("crash", "", f"exit status {result.status}: {result.err[-500:]}")]
    found = [event for event in result.events if event["event"] == "result"]
    if not found:
        return [Fault("refused", "", result.err[-500:])]
    if found[0].get("blockers"):
        return of_blockers(round, result, lab)
    tables = [TableJudge(table, report_of(found[0], table.name, lab.target), lab, round) for table in round.tables]
    orphans = not round.enforced or any(judged.leaves_rows_out() for judged in tables)
    faults, states = [], []
    for judged in tables:
        judged.orphans = orphans and bool(judged.table.foreign)
        faults += judged.faults()
        states.append(judged.state)
    if None not in states and result.status != 3:
        faults += [fault for judged in tables for fault in judged.of_schema()]
    if faults or None in states:
        return faults
    wanted = max([0, *states])
    if result.status != wanted:
        faults.append(Fault("status", "", f"exit status {result.status} where {wanted} is true"))
    return faults


def of_blockers(round, result, lab):
    """Said aloud before anything was touched, and only where the target has its own tables."""
    said = "; ".join(f"{event['code']}: {event['message']}" for event in result.events if event["event"] == "finding" and event["severity"] == "blocker")
    if not (round.existing or round.ruled) or result.status != 3 or "internal" in said:
        return [Fault("refused", "", said)]
    there = lab.there if round.existing else {}
    return [Fault("touched", name, said) for name in there if Counter(canonical.cells(lab.target, name)) != Counter(lab.before.get(name, []))]


def report_of(result, name, target):
    names = [name] if target.kind == "sqlite" else [f"public.{name}", f"{target.name}.{name}"]
    found = [table for table in result["tables"] if table["target"] in names]
    return found[0] if len(found) == 1 else None


def declared_types(end, table):
    """As declared, but JSON where MariaDB says longtext."""
    types = [type for _, type in end.columns(table)]
    if end.kind != "mariadb":
        return types
    checks = end.query("SELECT check_clause FROM information_schema.check_constraints WHERE constraint_schema = %s AND table_name = %s", end.name, table)
    clauses = {clause for (clause,) in checks}
    return ["json" if f"json_valid({quote(name)})" in clauses else type for name, type in end.columns(table)]


class TableJudge:
    """`state` is the exit status that the table by itself stands for; None where that cannot be told."""

    def __init__(self, table, report, lab, round):
        self.table, self.report, self.lab, self.allowed = table, report, lab, round.rejects_allowed
        self.kept = round.existing
        self.orphans = False  # whether rows may name rows that are not there
        self.name = table.name
        self.state = 3

    def fault(self, kind, text):
        return Fault(kind, self.name, text)

    def faults(self):
        if self.report is None:
            return [self.fault("report", "the result does not name it")]
        errors = "; ".join(f"{error['code']}: {error['message']}" for error in self.report["errors"])
        if self.name not in self.lab.target.tables():
            if self.name not in self.lab.there:
                return [self.fault("refused", errors)]
            self.state = None  # a default that is none of the type that a rule wants
            return []
        self.read()
        if self.collides:
            self.state = None
            return self.extras()
        self.listed = []  # of self.loose
        faults = self.of_rejects()
        if self.fails_over_keys():
            self.state = None
            return self.extras() + faults + self.of_missing()
        self.state = 0 if not (self.unfit or self.listed) else 1 if self.allowed else 3
        if self.report["state"] == "failed" and not self.rejects and not self.unfit:
            return [self.fault("refused", errors)]
        return self.extras() + faults + self.of_missing() + self.of_report(errors)

    def read(self):
        self.read_columns()
        self.read_source()
        self.found = self.rows_there(canonical.cells(self.lab.target, self.name))
        before = self.rows_there(self.lab.before.get(self.name, []) if "truncate" not in self.kept else [])
        wanted = Counter(text for _, text in self.fit)
        self.gone = before - self.found
        self.found -= before
        self.missing, self.more = wanted - self.found, self.found - wanted
        lines = self.reject_lines()
        self.rejects = [line for line in lines if line["page"] is not None]
        self.violations = [line for line in lines if line["page"] is None]
        self.collides = self.varied is None and self.has_twins()
        self.loose = self.rows_that_may_be_listed(before)

    def read_columns(self):
        """`varied` are the columns that have other types than a copy gives them; None where all are as it makes them."""
        source, target = self.lab.source, self.lab.target
        self.varied = self.lab.there.get(self.name)
        self.owns = canonical.own_forms(source, self.name)
        self.types = declared_types(target, self.name)
        self.names = [name for name, _ in target.columns(self.name)]
        self.places = list(range(len(self.names)))
        if self.varied is not None:
            return self.align(self.types)
        self.forms = canonical.forms_between(source, target, self.name)
        self.theirs = canonical.own_forms(target, self.name)

    def read_source(self):
        not_null = self.lab.target.not_null(self.name)
        self.cells = canonical.cells(self.lab.source, self.name)
        columns = [(own, form, self.types[place], name in not_null, name) for own, form, place, name in zip(self.owns, self.forms, self.places, self.names)]
        whys = [[self.why_not(cell, *column) for cell, column in zip(row, columns)] for row in self.cells]
        texts = [self.row_text(row, self.owns) for row in self.cells]
        self.unfit = [(row, [f"{name}: {why}" for name, why in zip(self.names, reasons) if why]) for row, reasons in zip(self.cells, whys) if any(reasons)]
        self.fit = [(row, text) for row, text, reasons in zip(self.cells, texts, whys) if not any(reasons)]

    def align(self, types):
        """Columns by their names, in the source's order."""
        source, target = self.lab.source, self.lab.target
        theirs = canonical.own_forms(target, self.name)
        there, self.names = self.names, [name for name, _ in source.columns(self.name)]
        self.places = [there.index(name) for name in self.names]
        self.theirs = [theirs[place] for place in self.places]
        self.forms = [form_there(source.kind, target.kind, own, form, types[place], name in self.varied, self.kept) for own, form, place, name in zip(self.owns, self.theirs, self.places, self.names)]
        if target.kind == "sqlite" != source.kind and self.kept:
            self.theirs = [form if name in self.varied else own for own, form, name in zip(self.theirs, self.forms, self.names)]
        if source.kind != target.kind:
            self.owns = [own_form(source.kind, target.kind, own, form, self.kept) if name in self.varied else own for own, form, name in zip(self.owns, self.forms, self.names)]

    def row_text(self, row, owns):
        if self.varied is None:
            return canonical.canonical_row(row, owns, self.forms)
        files = self.lab.source.kind == self.lab.target.kind == "sqlite"
        return tuple(self.meaning(*one) for one in zip(row, self.owns if files else owns, self.forms, strict=True))

    def meaning(self, cell, own, form):
        if cell is not None and form == canonical.STORED:
            return canonical.stored(cell)
        files = self.lab.source.kind == self.lab.target.kind == "sqlite"
        return meaning_in_files(cell, own, form) if files else meaning(cell, own, form)

    def rows_there(self, cells):
        return Counter(self.row_text([row[place] for place in self.places], self.theirs) for row in cells)

    def rows_that_may_be_listed(self, before):
        """Of a table that was there: what its types, collations and rows refuse only the target itself can say. But a row
        must be one or the other: there or listed. So too where the target computes columns, which it does with narrower
        numbers than the source."""
        computed = any(column.generated for column in self.table.columns)
        if not computed and (self.varied is None or not (self.varied or before or self.has_keys())):
            return []
        left, rows = Counter(self.missing), []
        for row, text in self.fit:
            if left[text]:
                left[text] -= 1
                rows.append(row)
        return rows

    def fails_over_keys(self):
        """Rows have landed and break a key made afterwards, or it is one that columns of such types cannot have: said aloud."""
        stated = any(error["code"].endswith(".statement") for error in self.report["errors"])
        return bool(self.violations and self.may_violate()) or (self.varied is not None and stated)

    def may_violate(self):
        return self.orphans or (self.varied is not None and self.has_keys())

    def leaves_rows_out(self):
        """Which others may name."""
        return self.report is not None and any(line["page"] is not None for line in self.reject_lines())

    def of_schema(self):
        """Foreign keys are carried, or it is said that they are not."""
        source, target = self.lab.source, self.lab.target
        if self.state != 0 or self.varied is not None or any("oreign key" in said for said in self.report["not_carried"]):
            return []
        wanted, found = (with_one_restriction(end.foreign_keys(self.name)) if "mariadb" in (source.kind, target.kind) else end.foreign_keys(self.name) for end in (source, target))
        return [self.fault("schema", f"{wanted} became {found}")] if wanted != found else []

    def has_keys(self):
        return self.table.primary or any(key.unique for key in self.table.keys)

    def why_not(self, cell, own, form, type, held, name):
        if cell is None:
            return "NULL in a column that takes none" if held else None
        if self.varied is not None and name in self.varied:
            text = self.meaning(cell, own, form)
            return text if text.startswith("\0no form") else None
        return self.lab.oracle.why_not(cell, own, form, type)

    def reject_lines(self):
        path = self.report["reject_file"]
        if not path:
            return []
        with open(path) as lines:
            return [json.loads(line) for line in lines]

    def has_twins(self):
        """Rows that differ at the source and are one to a key of the target."""
        if self.lab.source.kind == self.lab.target.kind:
            return False
        for key in [self.table.primary, *(key.columns for key in self.table.keys if key.unique)]:
            places = [column.name for column in self.table.columns if column.name in key]
            places = [self.names.index(name) for name in places]
            keys = [key_of([text[place] for place in places], [self.forms[place] for place in places]) for _, text in self.fit]
            keys = [one for one in keys if key and None not in one]
            if len(set(keys)) != len(keys):
                return True
        return False

    def extras(self):
        if self.gone:
            return [self.fault("lost", f"rows that were there before: {shown(self.gone)}")]
        if not self.more:
            return []
        beside = f", missing {shown(self.missing)}" if self.missing else f", unfit {self.unfit[:2]!r}" if self.unfit else ""
        return [self.fault("changed" if self.missing or self.unfit else "doubled", f"too many at the target {shown(self.more)}{beside}")]

    def of_rejects(self):
        """Each unfit row listed once, none else listed."""
        broken = [] if self.may_violate() else self.violations[:1]
        faults, left = [self.fault("rejected without cause", f"{line['key']}: {line['reason']}") for line in broken], list(self.unfit)
        for reject in self.rejects:
            place = next((n for n, (row, _) in enumerate(left) if self.is_row(reject, row)), None)
            loose = next((n for n, row in enumerate(self.loose) if self.is_row(reject, row)), None)
            if place is not None:
                del left[place]
            elif loose is not None:
                self.listed.append(self.loose.pop(loose))
            else:
                faults.append(self.fault("rejected without cause", f"{reject['column']}: {reject['reason']}: {json.dumps(reject['row'])[:400]}"))
            if not reject["reason"]:
                faults.append(self.fault("report", "a reject without a reason"))
        if not self.more:
            faults += [self.fault("unlisted", f"{row!r:.400} is not in the reject file: {why}") for row, why in left[:1]]
        return faults

    def of_missing(self):
        """Without leave a page stays open as a whole, and a table whose key does not lead to pages is one. The next run
        has to land those rows."""
        open_page = (self.unfit or self.listed) and not self.allowed
        all_listed = len(self.listed) == self.missing.total()
        if not self.missing or open_page or all_listed or self.rejected_fit():
            return []
        return [self.fault("lost", f"missing at the target {shown(self.missing)}")]

    def rejected_fit(self):
        return len(self.rejects) > len(self.unfit) + len(self.listed)

    def of_report(self, errors):
        counts = (self.report["rejects"], self.report["left_out"])
        wanted = (0, len(self.rejects)) if self.allowed else (len(self.rejects), 0)
        faults = [self.fault("report", f"rejects, left_out: {counts} for {len(self.rejects)} lines")] if counts != wanted else []
        state = "failed" if self.state == 3 else "done"
        # A second run may find types in a table whose rows it cannot prove to be the same still.
        told = "done" if self.report["state"] in ("earlier", "not_one_point") else self.report["state"]
        if told != state and not self.rejected_fit() and len(self.rejects) == len(self.unfit) + len(self.listed):
            faults.append(self.fault("refused" if state == "done" else "status", f"{told}, not {state}: {errors}"))
        return faults

    def is_row(self, reject, row):
        values = reject["row"]
        return all(name not in values or same(values[name], cell, own, form) for name, cell, own, form in zip(self.names, row, self.owns, self.forms))


def same(value, cell, own, form):
    """Whether a value of a reject file is this cell."""
    if value is None or cell is None:
        return value is None and cell is None
    storage, raw = cell
    if own.kind == "decimal" and isinstance(value, str):
        value = re.sub(r"^(-?)\$", r"\1", value).replace(",", "")  # money
    if isinstance(value, dict):
        return own.kind == "text" or bytes.fromhex(value["hex"]) == raw
    if storage in ("int", "real") and is_number(value, raw):
        return True
    if own.kind == "bits" and value.isdigit() and re.fullmatch(b"[01]+", raw) and int(value) == int(raw, 2):  # as MariaDB's clients show them
        return True
    if storage in ("int", "real"):
        return value in forms_of(cell, own, form)
    text = raw.decode(errors="surrogateescape") if storage == "text" else raw.hex()
    return value == text or bool(forms_of(cell, own, form) & forms_of(("text", value.encode()), own, form))


def forms_of(cell, own, form):
    found = set()
    for one in {own, form} - {canonical.STORED}:
        try:
            found.add(canonical.canonical(cell, own, one))
        except NoForm:
            pass
    return found


def is_number(value, raw):
    try:
        return value in (str(raw), "true" if raw == 1 else "false") or float(value) == float(raw) or (raw != raw and value == "NaN")
    except ValueError:
        return False


def shown(rows, most=2):
    return " ".join(f"{count} x {row!r}"[:600] for row, count in list(rows.items())[:most])
