"""Between versions of PostgreSQL: what both have passes, and what only the newer one has is kept, named or refused.
Without a server of PostgreSQL 18 (ROWFERRY_TEST_POSTGRES18) these are skipped."""

import pytest
import resume_tables
from compare import assert_clean, assert_same, assert_same_rows
from conftest import Pair
from program import KILLED

PAGES = ["--page-size", "25"]
ROWS = 200

BOTH = """
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE parent (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code TEXT NOT NULL CONSTRAINT code_once UNIQUE, n INTEGER CONSTRAINT positive CHECK (n > 0));
CREATE TABLE child (a INTEGER, b TEXT, parent BIGINT CONSTRAINT of_parent REFERENCES parent ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE, PRIMARY KEY (a, b));
CREATE TABLE every (
  id SERIAL PRIMARY KEY, small SMALLINT, price NUMERIC(30,10), free NUMERIC, f REAL, d DOUBLE PRECISION, word TEXT COLLATE "C", short VARCHAR(9), fixed CHAR(5),
  raw BYTEA, key UUID NOT NULL DEFAULT gen_random_uuid(), day DATE, hour TIME(3), made TIMESTAMP, seen TIMESTAMPTZ DEFAULT now(), span INTERVAL, doc JSON, docb JSONB,
  bits BIT(5), ints INTEGER[], words TEXT[][], during INT4RANGE, times TSTZMULTIRANGE, numbers INT4MULTIRANGE, net INET, feeling mood, markup XML, found TSVECTOR,
  twice INTEGER GENERATED ALWAYS AS (small * 2) STORED);
CREATE UNIQUE INDEX every_key ON every (key) INCLUDE (word);
CREATE INDEX every_part ON every (day DESC NULLS LAST) WHERE small > 5;
CREATE INDEX every_lower ON every (lower(word));
CREATE INDEX every_doc ON every USING gin (docb);
CREATE INDEX every_during ON every USING gist (during);
CREATE TABLE keyless (n INTEGER, word TEXT);
CREATE TABLE parted (id INTEGER, day DATE, word TEXT, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE parted_old PARTITION OF parted FOR VALUES FROM (MINVALUE) TO ('2024-02-01');
CREATE TABLE parted_new PARTITION OF parted DEFAULT PARTITION BY HASH (id);
CREATE TABLE parted_new_0 PARTITION OF parted_new FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parted_new_1 PARTITION OF parted_new FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parent (code, n) SELECT 'code ' || n, n FROM generate_series(1, 200) n;
INSERT INTO child SELECT n % 10, 'b' || n, n FROM generate_series(1, 200) n;
INSERT INTO every (small, price, free, f, d, word, short, fixed, raw, day, hour, made, span, doc, docb, bits, ints, words, during, times, numbers, net, feeling, markup, found)
  SELECT n, n / 7.0, CASE n WHEN 1 THEN 'NaN'::NUMERIC WHEN 2 THEN 'Infinity' ELSE n END, n / 3.0, CASE n WHEN 1 THEN '-0'::DOUBLE PRECISION ELSE n / 3.0 END, 'ö\\😀' || n, 'short', 'ab', '\\x00ff5c',
    CASE n WHEN 1 THEN 'infinity'::DATE WHEN 2 THEN '0044-03-15 BC' ELSE '2024-01-01'::date + n END, '10:00:00.123', '2024-01-01 10:00:00.000001', make_interval(1, n, 0, -n, 4, 5, 6.5),
    '{"a":  1.0, "a": 2}', '{"a": 1.0}', '10101', ARRAY[n, NULL], '{{a,NULL},{"c d","\\\\"}}', int4range(n, n + 5), '{[2024-01-01 00:00:00+00,2024-01-02 00:00:00+00),[2024-02-01 00:00:00+00,)}',
    '{[1,3),[5,9)}', '10.0.0.0/8', CASE n % 2 WHEN 0 THEN 'glad'::mood END, '<a>ö</a>', to_tsvector('simple', 'some words')
  FROM generate_series(1, 200) n;
INSERT INTO keyless SELECT n / 2, 'w' FROM generate_series(1, 200) n;
INSERT INTO parted SELECT n, '2024-01-01'::date + n, 'w' || n FROM generate_series(1, 200) n
"""


@pytest.fixture(params=["postgres-postgres18", "postgres18-postgres", "postgres18-postgres18"])
def versions(request, ends):
    return Pair(request.param, ends)


def fill(end):
    end.run(BOTH)


def test_what_both_versions_have_passes_whole(rowferry, versions):
    fill(versions.source)
    run = rowferry.copy(*versions.urls, *PAGES, "--jobs", "3").expect(0)
    assert_same(versions.source, versions.target)
    assert_clean(versions.target)
    assert {table["source"]: table["not_carried"] for table in run.result["tables"] if table["not_carried"]} == {
        "public.parted": ["partitioned by RANGE (day): the copy is one table"]
    }
    what = (
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype <> 'n' AND conrelid IN ('parent'::regclass, 'child'::regclass, 'every'::regclass, 'parted'::regclass) AND connamespace = 'public'::regnamespace ORDER BY 1, 2"
    )
    assert versions.source.query(what) == versions.target.query(what)


@pytest.mark.parametrize("versions", ["postgres-postgres18", "postgres18-postgres"], indirect=True)
def test_a_copy_to_another_version_goes_on_after_kills(rowferry, faulty, versions):
    fill(versions.source)
    for occurrence in (5, 9):
        faulty.with_fault(f"writer.commit.after:{occurrence}=kill").copy(*versions.urls, *PAGES).expect(KILLED)
    run = rowferry.copy(*versions.urls, *PAGES).expect(0)
    assert run.result["resumed"] and run.result["not_one_point"] == "", str(run)
    assert sum(table["rows_moved"] for table in run.result["tables"]) <= sum(table["rows"] for table in run.result["tables"]) - 3 * 25
    assert_same(versions.source, versions.target)
    assert_clean(versions.target)


@pytest.mark.parametrize("pair", ["sqlite-postgres18", "mariadb-postgres18", "postgres18-sqlite", "postgres18-mariadb"], indirect=True)
def test_other_kinds_of_databases_pass_to_and_from_it(rowferry, pair):
    resume_tables.fill(pair.source)
    rowferry.copy(*pair.urls, *resume_tables.PAGE).expect(0)
    assert_same(pair.source, pair.target)
    assert_clean(pair.target)


# What the newer version has.

NAMED = {
    "a virtual column": (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, v INTEGER GENERATED ALWAYS AS (a * 2)); INSERT INTO t SELECT n, n FROM generate_series(1, 200) n",
        ["column v: virtual becomes stored"],
    ),
    "a NOT NULL with a name": (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER CONSTRAINT a_is_there NOT NULL); INSERT INTO t SELECT n, n FROM generate_series(1, 200) n",
        ["column a: the name a_is_there of its NOT NULL"],
    ),
    "a NOT NULL that some rows break": (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER); INSERT INTO t VALUES (1, NULL), (2, 2); ALTER TABLE t ADD CONSTRAINT t_a_not_null NOT NULL a NOT VALID",
        ["column a: NOT NULL, not valid"],
    ),
    "a check that is not enforced": (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER CONSTRAINT loose CHECK (a > 0) NOT ENFORCED); INSERT INTO t VALUES (1, -1)",
        ["check loose: (a > 0), not enforced"],
    ),
    "a foreign key that is not enforced": (
        "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER CONSTRAINT loose REFERENCES p NOT ENFORCED); INSERT INTO t VALUES (1, -1)",
        ["foreign key loose: not enforced"],
    ),
    "a key over times": (
        "CREATE TABLE t (id INT4RANGE, at DATERANGE, word TEXT, CONSTRAINT once PRIMARY KEY (id, at WITHOUT OVERLAPS));"
        " INSERT INTO t SELECT int4range(n, n + 1), '[2024-01-01,2024-02-01)', 'w' FROM generate_series(1, 200) n",
        ["primary key once, and that its rows do not overlap"],
    ),
    "a unique constraint over times": (
        "CREATE TABLE t (k INTEGER PRIMARY KEY, id INT4RANGE, at DATERANGE, CONSTRAINT once UNIQUE (id, at WITHOUT OVERLAPS));"
        " INSERT INTO t SELECT n, int4range(n, n + 1), '[2024-01-01,2024-02-01)' FROM generate_series(1, 200) n",
        ["unique constraint once, and that its rows do not overlap"],
    ),
    "a foreign key over times": (
        "CREATE TABLE p (id INT4RANGE, at DATERANGE, CONSTRAINT p_once PRIMARY KEY (id, at WITHOUT OVERLAPS)); INSERT INTO p VALUES ('[1,2)', '[2024-01-01,2024-02-01)');"
        " CREATE TABLE t (k INTEGER PRIMARY KEY, id INT4RANGE, at DATERANGE, CONSTRAINT within FOREIGN KEY (id, PERIOD at) REFERENCES p (id, PERIOD at)); INSERT INTO t SELECT 1, id, at FROM p",
        ["foreign key within: over a PERIOD"],
    ),
}


@pytest.mark.parametrize("to", ["postgres", "postgres18"])
@pytest.mark.parametrize("what", NAMED)
def test_what_only_the_newer_version_has_is_named(rowferry, ends, what, to):
    source, target = ends.make("postgres18", "source"), ends.make(to, "target")
    sql, named = NAMED[what]
    source.run(sql)
    run = rowferry.copy(source, target, *PAGES).expect(0)
    assert run.table("t")["not_carried"] == named
    assert_same_rows(source, target)
    assert_clean(target)
    left = target.query("SELECT conname FROM pg_constraint WHERE contype NOT IN ('n', 'p') AND conrelid = 't'::regclass")
    assert left == [], "what was named as not carried stands there, or more"


REFUSED = {
    "a default": ("CREATE TABLE t (id UUID DEFAULT uuidv7() PRIMARY KEY, n INTEGER)", "uuidv7"),
    "a check": ("CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT CHECK (casefold(word) = word))", "casefold"),
    "a generated column": ("CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT, folded TEXT GENERATED ALWAYS AS (casefold(word)) STORED)", "casefold"),
    "an index": ("CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT); CREATE INDEX folded ON t (casefold(word))", "casefold"),
    "a collation": ("CREATE TABLE t (id INTEGER PRIMARY KEY, word TEXT COLLATE pg_unicode_fast)", "pg_unicode_fast"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_functions_and_collations_that_the_older_version_lacks_are_refused_by_name(rowferry, pair_of, what):
    pair = pair_of("postgres18-postgres")
    sql, missing = REFUSED[what]
    pair.source.run(sql + "; CREATE TABLE other (id INTEGER PRIMARY KEY); INSERT INTO other VALUES (1)")
    run = rowferry.copy(*pair.urls).expect(3)
    error = run.table("t")["errors"][0]
    assert error["kind"] == "schema" and missing in error["message"] and "does not exist" in error["message"], error
    assert "--data-only" in error["hint"], error
    assert pair.target.count("other") == 1


@pytest.mark.parametrize("what", REFUSED)
def test_functions_and_collations_pass_within_the_newer_version(rowferry, pair_of, what):
    pair = pair_of("postgres18-postgres18")
    pair.source.run(REFUSED[what][0])
    rowferry.copy(*pair.urls).expect(0)
    assert_same(pair.source, pair.target)


# Infinite intervals came with 17. Their bytes are those of a finite one to servers before.

INFINITE = "CREATE TABLE t (id INTEGER PRIMARY KEY, span INTERVAL); INSERT INTO t VALUES (1, '1 day'), (2, 'infinity'), (3, '-infinity')"


def test_an_infinite_interval_is_refused_by_a_server_that_has_none(rowferry, pair_of):
    pair = pair_of("postgres18-postgres")
    pair.source.run(INFINITE)
    error = rowferry.copy(*pair.urls).expect(3).table("t")["errors"][0]
    assert error["kind"] == "data" and "infinity" in error["message"], error
    assert pair.target.count("t") == 0
    pair.source.run("DELETE FROM t WHERE id > 1")
    rowferry.copy(*pair.urls).expect(0)
    assert pair.target.rows("t") == [("1", "1 day")]


@pytest.mark.parametrize("to", ["postgres18", "sqlite", "mariadb"])
def test_an_infinite_interval_stays_infinite(rowferry, ends, to):
    source, target = ends.make("postgres18", "source"), ends.make(to, "target")
    source.run(INFINITE)
    rowferry.copy(source, target).expect(0)
    assert target.query("SELECT span FROM t ORDER BY id") == [("1 day",), ("infinity",), ("-infinity",)] if to != "postgres18" else True
    assert_same_rows(source, target)
