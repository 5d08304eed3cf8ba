"""Rules of the repository that a compiler does not check. Each rule is a function over a tree that
returns the places where it is broken; each is also shown a tree where it must find something."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ["core", "engine", "flow", "workflow", "app"]
ENGINE_NAME = re.compile(
    r"postgres|pgsql|libpq|pqxx|\bPQ[a-z]\w*|\bPG(?:conn|result)\b|\bpg_\w+|sqlite|mysql|mariadb|tidb"
    r"|sqlserver|freetds|dblib|sybdb|kafka|pegasus|zookeeper",
    re.IGNORECASE,
)
JUNK_WORDS = {"util", "utils", "helper", "helpers", "common", "manager", "context", "info", "misc"}

CXX_TOKEN = re.compile(
    r'(?P<raw>R"(?P<tag>[^(\s\\)]*)\(.*?\)(?P=tag)")'
    r'|(?P<string>"(?:\\.|[^"\\\n])*")'
    r"|(?P<char>'(?:\\[^\n]{1,8}?|[^'\\\n])')"
    r"|(?P<comment>//[^\n]*|/\*.*?\*/)",
    re.DOTALL,
)


def blank(text):
    """The same lines without what stands on them."""
    return re.sub(r"[^\n]", " ", text)


def without_comments(text):
    return CXX_TOKEN.sub(lambda m: blank(m[0]) if m["comment"] else m[0], text)


def string_literals(text):
    return [m["raw"] or m["string"] for m in CXX_TOKEN.finditer(text) if m["raw"] or m["string"]]


def sources(root, tests=True):
    """(path relative to src, text) of every C++ file."""
    src = root / "src"
    for path in sorted([*src.rglob("*.h"), *src.rglob("*.cc")]):
        if tests or not path.stem.endswith("_test"):
            yield path.relative_to(src), path.read_text(encoding="utf-8")


def line_of(text, position):
    return text.count("\n", 0, position) + 1


# The rules.


def upward_includes(root):
    broken = []
    for path, text in sources(root):
        layer = path.parts[0]
        for include in re.finditer(r'^\s*#\s*include\s*[<"]([a-z]+)/', text, re.MULTILINE):
            if include[1] in LAYERS and layer in LAYERS:
                if LAYERS.index(include[1]) > LAYERS.index(layer):
                    broken.append(f"src/{path}:{line_of(text, include.end())}: {layer} includes {include[1]}")
    return broken


def engine_names(root):
    """Names of engines and client libraries outside the engine's own folder. In core and in the parts
    that engines share, comments may say where a format comes from. Tests open real engines."""
    broken = []
    for path, text in sources(root, tests=False):
        if path.as_posix() == "app/examples.h":  # URLs in the help, as users write them
            continue
        if path.parts[0] == "engine":
            if len(path.parts) > 2 and path.parts[1] != "sql" or path.name == "engines.cc":
                continue
        if path.parts[0] in ("core", "engine"):
            text = without_comments(text)
        for found in ENGINE_NAME.finditer(text):
            broken.append(f"src/{path}:{line_of(text, found.start())}: names {found[0]}")
    return broken


def junk_names(root):
    broken = []
    for folder in ("src", "tests", "cmake", "bench"):
        for path in sorted((root / folder).rglob("*")):
            words = re.split(r"[_\-.\s]", path.name.lower())
            if JUNK_WORDS.intersection(words):
                broken.append(f"{path.relative_to(root)}: says nothing about what it holds")
    return broken


def pages(root):
    return sorted((root / "docs").rglob("*.md"))


def options(root):
    """Every option that the source declares."""
    table = root / "src/app/option_table.cc"
    if not table.exists():
        return []
    rows = re.findall(r"""\{\s*"([a-z][a-z0-9-]*)",\s*(?:0|'\w'),\s*"[^"]*",\s*(?:true|false)""", table.read_text())
    return ["--" + name for name in rows]


def options_of_help(program):
    """Every option that the program's own help shows."""
    show = lambda *words: subprocess.run([program, *words, "--help"], capture_output=True, text=True, check=True).stdout
    top = show()
    found = set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", top))
    for verb in re.findall(r"^  (\w[\w-]*)\s{2,}\S", top, re.MULTILINE):
        found.update(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*", show(verb)))
    return sorted(found)


def tables(root):
    """Every table that rowferry makes for itself: ledger and journal."""
    found = set()
    for path, text in sources(root, tests=False):
        if path.parts[0] == "engine" or path.name.startswith("journal"):
            for literal in string_literals(text):
                found.update(re.findall(r"\b_rowferry_\w+|\browferry\.[a-z]\w*", literal))
                if path.name.startswith("journal") or path.parts[:2] == ("engine", "sql"):
                    found.update(re.findall(r'CREATE TABLE (?:IF NOT EXISTS )?"?([A-Za-z_][\w.]*)', literal))
    return sorted(found)


# Literals of the same form that are no codes: columns in SQL, our own tables and files.
NO_CODES = re.compile(r"[a-z]\.\w+|rowferry\.\w+|journal\.db|config\.toml|copy\.db|shop\.db")


def codes(root):
    """Every code of an error or finding that the source gives."""
    found = set()
    for path, text in sources(root, tests=False):
        if path.as_posix() in ("app/examples.h", "engine/sqlite/test_database.h"):
            continue
        for literal in string_literals(without_comments(text)):
            if re.fullmatch(r'"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*"', literal) and not NO_CODES.fullmatch(literal[1:-1]):
                found.add(literal[1:-1])
        found.update(re.findall(r'Error\(ErrorKind::\w+,\s*"([a-z_]+)"', text))
    return sorted(found)


def codes_of_docs(root):
    page = root / "docs/errors.md"
    rows = re.findall(r"^\| (`[a-z].*?) \|", page.read_text(encoding="utf-8"), re.MULTILINE) if page.exists() else []
    return [code for row in rows for code in re.findall(r"`([a-z0-9_.]+)`", row)]


def codes_out_of_step(root):
    """Codes of the source that docs/errors.md does not list, and the other way round."""
    given, listed = codes(root), codes_of_docs(root)
    broken = [f"{code}: not in docs/errors.md" for code in given if code not in listed]
    broken += [f"{code}: in docs/errors.md, and nothing gives it" for code in listed if code not in given]
    return broken + [f"{code}: twice in docs/errors.md" for code in sorted({c for c in listed if listed.count(c) > 1})]


def codes_without_a_test(root):
    tests = [path for path in (root / "tests").rglob("*") if path.is_file() and path.name != "structure_test.py"]
    text = "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in [*tests, *(root / "src").rglob("*_test.cc")])
    named = set(re.findall(r"[a-z_]+\.[a-z0-9_]+|internal|interrupted", text))
    return [f"{code}: no test names it" for code in codes_of_docs(root) if code not in named]


def undocumented(root, names):
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages(root))
    return [f"{name}: not in docs/" for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)]


def markdown_links(page):
    """(target, line) of every link in a page, outside code."""
    text = re.sub(r"```.*?```|`[^`\n]*`", lambda m: blank(m[0]), page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in re.finditer(r"\[[^\]]*\]\(([^)\s]+)\)", text):
        yield link[1], line_of(text, link.start())


def heading_anchors(page):
    anchors = set()
    for heading in re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE):
        anchors.add(re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-"))
    return anchors


def broken_links(root):
    broken = []
    for page in [*sorted(root.glob("*.md")), *pages(root)]:
        for target, line in markdown_links(page):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            to = (page.parent / path).resolve() if path else page
            if not to.exists():
                broken.append(f"{page.relative_to(root)}:{line}: {target} is not there")
            elif anchor and to.suffix == ".md" and anchor not in heading_anchors(to):
                broken.append(f"{page.relative_to(root)}:{line}: {target} has no such heading")
    return broken


def unlinked_pages(root):
    linked = set()
    for index in (root / "README.md", root / "docs/README.md"):
        if index.exists():
            linked.update((index.parent / target.partition("#")[0]).resolve() for target, _ in markdown_links(index))
    return [
        f"{page.relative_to(root)}: neither README.md nor docs/README.md leads to it"
        for page in pages(root)
        if page.resolve() not in linked and page.name != "README.md"
    ]


# The repository keeps them.


def expect_none(broken):
    assert not broken, "\n" + "\n".join(broken)


@pytest.mark.parametrize("rule", [upward_includes, engine_names, junk_names])
def test_the_source_keeps(rule):
    expect_none(rule(ROOT))


@pytest.mark.parametrize("rule", [broken_links, unlinked_pages, codes_out_of_step, codes_without_a_test])
def test_the_docs_keep(rule):
    expect_none(rule(ROOT))


def test_docs_name_every_option():
    found = options(ROOT)
    assert found, "no options found: has the table of options moved?"
    expect_none(undocumented(ROOT, found))


def test_docs_name_every_option_of_the_help():
    program = os.environ.get("ROWFERRY_TEST_PROGRAM")
    if not program:
        pytest.skip("ROWFERRY_TEST_PROGRAM is not set")
    found = options_of_help(program)
    assert {"--help", "--jobs", "--dir"} <= set(found)
    expect_none(undocumented(ROOT, found))


def test_docs_name_every_table():
    found = tables(ROOT)
    assert found, "no tables found: have ledger and journal moved?"
    expect_none(undocumented(ROOT, found))


# Each rule finds what is planted.


def plant(root, path, text=""):
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "rule, path, text, finds",
    [
        (upward_includes, "src/core/a.h", '#include "engine/engine.h"\n', True),
        (upward_includes, "src/engine/sqlite/a.cc", '#include <flow/lane.h>\n', True),
        (upward_includes, "src/workflow/a.cc", '#pragma once\n  # include "app/options.h"\n', True),
        (upward_includes, "src/app/a.cc", '#include "core/error.h"\n#include "app/b.h"\n', False),
        (engine_names, "src/flow/a.cc", "// Waits as PostgreSQL does.\n", True),
        (engine_names, "src/workflow/a.cc", 'if (scheme == "sqlite") {}\n', True),
        (engine_names, "src/app/a.cc", "#include <libpq-fe.h>\n", True),
        (engine_names, "src/core/a.h", "// As PostgreSQL sends it.\n/* and\n SQLite */ int a = 1'000; // mysql\n", False),
        (engine_names, "src/core/a.cc", 'auto a = "// not a comment, but mysql";\n', True),
        (engine_names, "src/core/a.cc", 'auto a = R"x(" // )" mariadb)x";\n', True),
        (engine_names, "src/core/a.cc", "char q = '\"'; // sqlite\nint b = PQstatus(c);\n", True),
        (engine_names, "src/core/a.cc", "char q = '\"'; // sqlite\n", False),
        (engine_names, "src/engine/sql/a.cc", "int sqlite_only;\n", True),
        (engine_names, "src/engine/engine.h", "struct PostgresFacts {};\n", True),
        (engine_names, "src/engine/engines.cc", '#include "engine/sqlite/engine.h"\n', False),
        (engine_names, "src/engine/sqlite/a.cc", "#include <sqlite3.h>\n", False),
        (engine_names, "src/flow/load_test.cc", 'open("sqlite:a.db");\n', False),
        (junk_names, "src/core/string_util.h", "", True),
        (junk_names, "src/flow/context.cc", "", True),
        (junk_names, "src/app/helpers/a.cc", "", True),
        (junk_names, "src/core/information.h", "", False),
        (broken_links, "docs/a.md", "[b](b.md)\n", True),
        (broken_links, "docs/a.md", "# One thing\n[b](#another-thing)\n", True),
        (broken_links, "docs/a.md", "# One `thing`\n[b](#one-thing) `[x](y.md)` [c](https://example.com)\n", False),
        (unlinked_pages, "docs/a.md", "alone\n", True),
        (unlinked_pages, "docs/README.md", "the index itself\n", False),
    ],
)
def test_rule_on_a_planted_file(tmp_path, rule, path, text, finds):
    plant(tmp_path, path, text)
    assert bool(rule(tmp_path)) == finds


def test_a_linked_page_is_found(tmp_path):
    plant(tmp_path, "docs/a.md")
    plant(tmp_path, "README.md", "[a](docs/a.md#top)\n")
    assert unlinked_pages(tmp_path) == []


def test_an_option_missing_from_the_docs_is_found(tmp_path):
    plant(tmp_path, "src/app/option_table.cc", '{"jobs", \'j\', "N", false, kAll},\n{"job-size", 0, "", true, kAll},\n')
    plant(tmp_path, "docs/cli.md", "`--job-size` and `--jobs-more`\n")
    assert undocumented(tmp_path, options(tmp_path)) == ["--jobs: not in docs/"]


def test_an_option_of_the_help_is_found(tmp_path):
    program = tmp_path / "program"
    plant(tmp_path, "program", '#!/bin/sh\ncase $1 in copy) echo "  -j, --jobs N  pages" ;; *) echo "  --help"; echo "  copy   rows" ;; esac\n')
    program.chmod(0o755)
    assert options_of_help(str(program)) == ["--help", "--jobs"]


def test_codes_are_compared_both_ways(tmp_path):
    plant(tmp_path, "src/core/a.cc", 'throw Error(ErrorKind::data, "value.odd", "x"); // "no.code"\nauto file = "journal.db"; Error(ErrorKind::internal, "internal", "");\n')
    plant(tmp_path, "docs/errors.md", "| `value.even`, `internal` | said of `value.odd` |\n| `internal` | |\n")
    assert codes(tmp_path) == ["internal", "value.odd"]
    assert codes_out_of_step(tmp_path) == ["value.odd: not in docs/errors.md", "value.even: in docs/errors.md, and nothing gives it", "internal: twice in docs/errors.md"]


def test_a_code_without_a_test_is_found(tmp_path):
    plant(tmp_path, "docs/errors.md", "| `value.odd` | |\n| `value.even` | |\n")
    plant(tmp_path, "tests/a_test.py", 'expect("value.even")\n')
    assert codes_without_a_test(tmp_path) == ["value.odd: no test names it"]


def test_a_table_missing_from_the_docs_is_found(tmp_path):
    plant(tmp_path, "src/flow/journal.cc", 'run("CREATE TABLE IF NOT EXISTS job (id)");\n')
    plant(tmp_path, "src/engine/x/place.cc", 'Place{"public._rowferry_page", "rowferry.run"};  // rowferry.not\n')
    plant(tmp_path, "docs/a.md", "the table `job`\n")
    assert tables(tmp_path) == ["_rowferry_page", "job", "rowferry.run"]
    assert undocumented(tmp_path, tables(tmp_path)) == ["_rowferry_page: not in docs/", "rowferry.run: not in docs/"]
