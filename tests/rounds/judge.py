"""One round at work: makes the source, runs the program, and says what is wrong with what came of it."""

import json
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
from ends.names import quote
from program import Program

from .oracle import Oracle, key_of

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

    def faults(self, round):
        self.build(round)
        dir = Path(tempfile.mkdtemp(prefix="round-", dir=self.dir))
        try:
            return self.faults_of_runs(round, Program(self.program, dir))
        finally:
            shutil.rmtree(dir)

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
        for end in (self.source, self.target):
            end.clear()
            if end.kind == "postgres":  # the ledger's schema has the name of the tests' user
                end.run("SET search_path = public")
        for end, statements in ((self.source, round.prelude()), (self.target, round.target_prelude())):
            for statement in statements:
                end.run(statement)
        with closing(Filler(self.source, round.settings())) as filler:
            round.tables = [table for table in round.tables if filler.fill(table)]


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
        """Without its keys and defaults where the source takes it no other way."""
        create, *_ = table.create()
        if not self.accepts(create):
            table.primary, table.tail = [], ""
            for column in table.columns:
                column.default = column.type.tail = ""
            if not self.accepts(table.create()[0]):
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
    faults, states = [], []
    for table in round.tables:
        judged = TableJudge(table, report_of(found[0], table.name, lab.target), lab, round.rejects_allowed)
        faults += judged.faults()
        states.append(judged.state)
    if faults or None in states:
        return faults
    wanted = max([0, *states])
    if result.status != wanted:
        faults.append(Fault("status", "", f"exit status {result.status} where {wanted} is true"))
    return faults


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

    def __init__(self, table, report, lab, allowed):
        self.table, self.report, self.lab, self.allowed = table, report, lab, allowed
        self.name = table.name
        self.state = 3

    def fault(self, kind, text):
        return Fault(kind, self.name, text)

    def faults(self):
        if self.report is None:
            return [self.fault("report", "the result does not name it")]
        errors = "; ".join(f"{error['code']}: {error['message']}" for error in self.report["errors"])
        if self.name not in self.lab.target.tables():
            return [self.fault("refused", errors)]
        self.read()
        if self.collides:
            self.state = None
            return self.extras()
        self.state = 0 if not self.unfit else 1 if self.allowed else 3
        if self.report["state"] == "failed" and not self.rejects and not self.unfit:
            return [self.fault("refused", errors)]
        return self.extras() + self.of_rejects() + self.of_missing() + self.of_report(errors)

    def read(self):
        source, target = self.lab.source, self.lab.target
        self.owns = canonical.own_forms(source, self.name)
        self.forms = canonical.forms_between(source, target, self.name)
        self.cells = canonical.cells(source, self.name)
        self.names = [name for name, _ in target.columns(self.name)]
        types = declared_types(target, self.name)
        held = [name in target.not_null(self.name) for name in self.names]
        whys = [[self.why_not(*one) for one in zip(row, self.owns, self.forms, types, held)] for row in self.cells]
        texts = [canonical.canonical_row(row, self.owns, self.forms) for row in self.cells]
        self.unfit = [(row, [f"{name}: {why}" for name, why in zip(self.names, reasons) if why]) for row, reasons in zip(self.cells, whys) if any(reasons)]
        self.fit = [(row, text) for row, text, reasons in zip(self.cells, texts, whys) if not any(reasons)]
        self.found = canonical.canonical_rows(target, self.name, self.forms)
        wanted = Counter(text for _, text in self.fit)
        self.missing, self.more = wanted - self.found, self.found - wanted
        self.rejects = self.reject_lines()
        self.collides = self.has_twins()

    def why_not(self, cell, own, form, type, held):
        if cell is None:
            return "NULL in a column that takes none" if held else None
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
        if not self.more:
            return []
        beside = f", missing {shown(self.missing)}" if self.missing else f", unfit {self.unfit[:2]!r}" if self.unfit else ""
        return [self.fault("changed" if self.missing or self.unfit else "doubled", f"too many at the target {shown(self.more)}{beside}")]

    def of_rejects(self):
        """Each unfit row listed once, none else listed."""
        faults, left = [], list(self.unfit)
        for reject in self.rejects:
            place = next((n for n, (row, _) in enumerate(left) if self.is_row(reject, row)), None)
            if place is not None:
                del left[place]
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
        open_page = self.unfit and not self.allowed
        if not self.missing or open_page or self.rejected_fit():
            return []
        return [self.fault("lost", f"missing at the target {shown(self.missing)}")]

    def rejected_fit(self):
        return len(self.rejects) > len(self.unfit)

    def of_report(self, errors):
        counts = (self.report["rejects"], self.report["left_out"])
        wanted = (0, len(self.rejects)) if self.allowed else (len(self.rejects), 0)
        faults = [self.fault("report", f"rejects, left_out: {counts} for {len(self.rejects)} lines")] if counts != wanted else []
        state = "failed" if self.state == 3 else "done"
        told = "done" if self.report["state"] == "earlier" else self.report["state"]
        if told != state and len(self.rejects) == len(self.unfit):
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
    if isinstance(value, dict):
        return own.kind == "text" or bytes.fromhex(value["hex"]) == raw
    if storage in ("int", "real") and is_number(value, raw):
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
