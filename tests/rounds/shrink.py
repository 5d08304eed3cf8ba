"""A smaller round with the same fault, found by trying."""

import copy
import time


def shrink(round, kind, faults_of, seconds):
    """`kind` of fault must stay. Ends after `seconds` with the smallest found by then."""
    end = time.monotonic() + seconds
    best = round

    def still(candidate):
        if time.monotonic() > end or not all(table.columns for table in candidate.tables):
            return False
        candidate = copy.deepcopy(candidate)
        return any(fault.kind == kind for fault in faults_of(candidate))

    changed = True
    while changed and time.monotonic() < end:
        changed = False
        for step in (fewer_tables, plainer_target, fewer_rows, fewer_columns, fewer_trimmings, simpler_values, simpler_names):
            for candidate in step(best, still):
                best, changed = candidate, True
    return best


def fewer_tables(round, still):
    if len(round.tables) < 2:
        return
    for table in round.tables:
        candidate = copy.copy(round)
        candidate.tables = [table]
        if still(candidate):
            yield candidate
            return


def plainer_target(round, still):
    """A target without rows, and one that is empty."""
    for part, plain in (("filled", False), ("existing", []), ("ruled", False)):
        if getattr(round, part) and not (part == "existing" and round.filled):
            candidate = copy.copy(round)
            setattr(candidate, part, plain)
            if still(candidate):
                round = candidate
                yield round


def with_table(round, number, table):
    candidate = copy.copy(round)
    candidate.tables = [table if n == number else one for n, one in enumerate(round.tables)]
    return candidate


def fewer_rows(round, still):
    """Takes away halves, then quarters, down to single rows."""
    for number in range(len(round.tables)):
        size = max(1, len(round.tables[number].rows) // 2)
        while size:
            start = 0
            while start < len(round.tables[number].rows):
                table = copy.copy(round.tables[number])
                table.rows = table.rows[:start] + table.rows[start + size :]
                candidate = with_table(round, number, table)
                if still(candidate):
                    round = candidate
                    yield round
                else:
                    start += size
            size //= 2


def fewer_columns(round, still):
    for number in range(len(round.tables)):
        for column in list(round.tables[number].columns):
            if len(round.tables[number].columns) < 2:
                break
            candidate = with_table(round, number, round.tables[number].without_column(column.name))
            if still(candidate):
                round = candidate
                yield round


def fewer_trimmings(round, still):
    for number in range(len(round.tables)):
        for trim in trims(round.tables[number]):
            table = copy.deepcopy(round.tables[number])
            trim(table)
            candidate = with_table(round, number, table)
            if still(candidate):
                round = candidate
                yield round


def trims(table):
    if table.tail:
        yield lambda table: setattr(table, "tail", "")
    for name in ("turned", "more_there", "strict_there", "held_there"):
        if getattr(table, name):
            yield lambda table, name=name: setattr(table, name, type(getattr(table, name))())
    for name in table.wishes:
        yield lambda table, name=name: table.wishes.pop(name)
    if table.primary:
        yield lambda table: (setattr(table, "primary", []), setattr(table, "tail", ""))
    if table.keys:
        yield lambda table: setattr(table, "keys", [])
    if table.checks:
        yield lambda table: setattr(table, "checks", [])
    if table.foreign:
        yield lambda table: setattr(table, "foreign", [])
        yield lambda table: [setattr(key, "more", "") for key in table.foreign]
    for place, column in enumerate(table.columns):
        if column.default:
            yield lambda table, place=place: setattr(table.columns[place], "default", "")
        if not column.nullable:
            yield lambda table, place=place: setattr(table.columns[place], "nullable", True)


def simpler_values(round, still):
    for number in range(len(round.tables)):
        for line, row in enumerate(round.tables[number].rows):
            for place in range(len(row)):
                value = round.tables[number].rows[line][place]
                if value in ("NULL", "") or round.tables[number].columns[place].name in round.tables[number].primary:
                    continue
                table = copy.deepcopy(round.tables[number])
                table.rows[line][place] = "NULL"
                candidate = with_table(round, number, table)
                if still(candidate):
                    round = candidate
                    yield round


def simpler_names(round, still):
    for number, table in enumerate(round.tables):
        plain = {column.name: f"c{place}" for place, column in enumerate(table.columns)}
        if table.name == f"t{number}" and all(old == new for old, new in plain.items()):
            continue
        candidate = copy.deepcopy(round)
        for key in [key for one in candidate.tables for key in one.foreign if key.to == table.name]:
            key.to, key.to_columns = f"t{number}", [plain.get(name, name) for name in key.to_columns]
        table = candidate.tables[number]
        table.name = f"t{number}"
        for key in table.foreign:
            key.columns = [plain[name] for name in key.columns]
        for column in table.columns:
            column.name = plain[column.name]
            column.parts = {letter: plain.get(name, name) for letter, name in column.parts.items()}
        table.primary = [plain[name] for name in table.primary]
        for key in table.keys:
            key.columns = [plain[name] for name in key.columns]
        table.checks = [(condition, {letter: plain[name] for letter, name in parts.items()}) for condition, parts in table.checks]
        table.wishes = {plain[name]: wish for name, wish in table.wishes.items()}
        table.held_there = [plain[name] for name in table.held_there]
        if still(candidate):
            round = candidate
            yield round
