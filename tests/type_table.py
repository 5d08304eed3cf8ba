"""The tables of docs/engines/: which type becomes which. A row's first cell names types of the page's engine, its other
cells what they become on another engine and, behind a colon, what is lost. Rows are tried from above.

Lower-case letters in parentheses stand for numbers, `…` for anything: `numeric(p,s)` where 0 ≤ s, s ≤ p ≤ 15"""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "docs/engines"
PAGES = {"postgres": "postgres.md", "mariadb": "mysql.md", "sqlite": "sqlite.md"}
HEADINGS = {"PostgreSQL": "postgres", "MySQL, MariaDB, TiDB": "mariadb", "SQLite": "sqlite"}


@dataclass(frozen=True)
class Becomes:
    type: str
    lost: str  # "" where nothing is


@dataclass(frozen=True)
class Entry:
    """A row: a pattern of types and what becomes of them by kind of target."""

    pattern: str
    where: str
    becomes: dict

    def match(self, type):
        """The numbers that the letters of the pattern stand for; None where the type is another."""
        found = re.fullmatch(expression_of(self.pattern), type, re.DOTALL | re.IGNORECASE)
        if not found:
            return None
        numbers = {letter: int(number) for letter, number in found.groupdict().items()}
        return numbers if holds(self.where, numbers) else None


def expression_of(pattern):
    def number(found):
        return re.sub("[a-z]", lambda letter: rf"(?P<{letter[0]}>-?\d+)", found[0])

    text = re.escape(pattern).replace("…", ".*")
    return re.sub(r"(?<=\\\()[a-z](,[a-z])?(?=\\\))", number, text)


def holds(where, numbers):
    """Whether `0 ≤ s ≤ 30, s ≤ p ≤ 65` does."""
    return all(chain_holds(chain.split(), numbers) for chain in where.split(", ") if chain)


def chain_holds(words, numbers):
    values = [numbers[word] if word in numbers else int(word) for word in words[::2]]
    compare = {"≤": lambda a, b: a <= b, "<": lambda a, b: a < b, ">": lambda a, b: a > b}
    return all(compare[sign](a, b) for a, sign, b in zip(values, words[1::2], values[1:]))


def filled(template, numbers):
    return re.sub(r"(?<=[(,])[a-z](?=[,)])", lambda letter: str(numbers[letter[0]]), template)


def entries(kind):
    """Every type that the page of `kind` names, in its order."""
    head, _, *rows = next(table for table in tables(kind) if HEADINGS.get(table[0][0]) == kind)
    return [entry for row in rows for entry in entries_of(row, [HEADINGS[name] for name in head[1:]])]


def reasons(kind):
    """Regular expressions of the reasons why values of `kind` are refused."""
    head, _, *rows = next(table for table in tables(kind) if "reason" in table[0])
    found = [reason for row in rows for reason in re.findall("`([^`]+)`", row[head.index("reason")])]
    return sorted({re.escape(reason).replace("…", ".*") for reason in found})


def tables(kind):
    text = (FOLDER / PAGES[kind]).read_text(encoding="utf-8")
    return [[cells_of(line) for line in table.splitlines()] for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)]


def cells_of(line):
    return [cell.strip() for cell in line.split("|")[1:-1]]


def entries_of(cells, heads):
    names, _, where = cells[0].partition(" where ")
    becomes = {head: becomes_of(cell) for head, cell in zip(heads, cells[1:], strict=True)}
    return [Entry(name, where, becomes) for name in re.findall("`([^`]+)`", names) or [names]]


def becomes_of(cell):
    type, _, lost = cell.partition(": ")
    return Becomes(type.strip("`"), lost)
