"""Tables that stand at the target and would take values in their own way: nothing changes without a word."""

import pytest


def codes(run):
    return {event["code"] for event in run.events if event["event"] == "finding"} | {
        error["code"] for event in run.events if event["event"] == "result" for table in event["tables"] for error in table["errors"]
    }


def keys(run, table):
    return [row["key"] for row in run.rejected(table)]


BENT = {
    "real digits": ("sqlite-mariadb", "a REAL", "1.23456", "a DOUBLE(7,3)"),
    "texts that only mean the same": ("postgres-mariadb", "a text", "'0:0:0:0:0:0:0:1'", "a INET6"),
    "texts that only mean the same, of SQLite": ("sqlite-mariadb", "a TEXT", "'0:0:0:0:0:0:0:1'", "a INET6"),
    "fractions of numbers": ("postgres-mariadb", "a numeric(10,2)", "1.50", "a BIGINT UNSIGNED"),
    "short bits": ("postgres-mariadb", "a bit(3)", "B'101'", "a BIT(8)"),
    "bits of any length": ("postgres-mariadb", "a bit varying(8)", "B'1'", "a BIT(8)"),
    "spaces behind": ("postgres-postgres", "a varchar(5)", "'a '", "a char(5)"),
    "spaces behind, of MariaDB": ("mariadb-postgres", "a VARCHAR(5)", "'a '", "a char(5)"),
    "truth as a text": ("postgres-mariadb", "a boolean", "true", "a VARCHAR(9)"),
}


@pytest.mark.parametrize("case", BENT)
def test_a_column_that_would_bend_values_is_refused(rowferry, pair_of, case):
    name, source, value, target = BENT[case]
    pair = pair_of(name)
    pair.source.run(f"CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, {source})")
    pair.source.run(f"INSERT INTO t VALUES (1, {value})")
    pair.target.run(f"CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, {target})")
    run = rowferry.copy(*pair.urls, "--data-only").expect(3)
    assert "column.misfit" in codes(run)
    assert pair.target.count("t") == 0


PADDED = {
    "sqlite-mariadb": ("a BLOB, b TEXT", "a BINARY(2), b CHAR(3)"),
    "sqlite-postgres": ("a BLOB, b TEXT", "a bytea, b char(3)"),
}


@pytest.mark.parametrize("name", PADDED)
def test_what_a_column_of_fixed_length_would_pad_or_trim_is_rejected(rowferry, pair_of, name):
    pair = pair_of(name)
    source, target = PADDED[name]
    pair.source.run(f"CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, {source})")
    pair.source.run("INSERT INTO t VALUES (1, x'0102', 'abc'), (2, x'0102', 'a '), (3, x'01', 'ab')")
    pair.target.run(f"CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, {target})")
    run = rowferry.copy(*pair.urls, "--data-only", "--max-rejects", "5").expect(1)
    refused = ["id=2"] + (["id=3"] if "BINARY" in target else [])
    assert keys(run, "t") == refused
    assert pair.target.count("t") == 3 - len(refused)
    run = rowferry("check", *pair.urls, "--data-only", "--existing", "append", "--probe", "--output", "json").expect(3)
    assert sum(event["count"] for event in run.events if event.get("code") == "value.padded") == len(refused)


@pytest.mark.parametrize("type, refused", [("char(3)", ["id=2"]), ("binary(2)", ["id=1"]), ("binary(3)", ["id=2"]), ("double(7,3)", None), ("inet6", None)])
def test_rules_do_not_bend_values_either(rowferry, pair_of, type, refused):
    pair = pair_of("postgres-mariadb")
    pair.source.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a text)")
    pair.source.run("INSERT INTO t VALUES (1, 'abc'), (2, 'a ')")
    run = rowferry.copy(*pair.urls, "--max-rejects", "5", "--rule", f"t.a:type={type}")
    if refused is None:
        run.expect(3)
        assert "t" not in pair.target.tables() or pair.target.count("t") == 0
    else:
        assert keys(run.expect(1), "t") == refused


def test_columns_of_char_take_values_of_char(rowferry, pair_of):
    pair = pair_of("mariadb-postgres")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, a CHAR(2), b CHAR(2))")
    pair.source.run("INSERT INTO t VALUES (1, 'DE', 'x')")
    pair.target.run("CREATE TABLE t (id int PRIMARY KEY, a char(2), b char(4))")
    rowferry.copy(*pair.urls, "--data-only").expect(0)
    assert pair.target.query("SELECT a, b = 'x' FROM t") == [("DE", True)]


def test_a_text_of_a_strict_table_stays_a_text(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a ANY) STRICT; INSERT INTO t VALUES (1, '12'), (2, 'x')")
    pair.target.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a ANY)")
    run = rowferry.copy(*pair.urls, "--data-only", "--max-rejects", "5").expect(1)
    assert keys(run, "t") == ["id=1"]


def test_another_column_of_another_type_changes_nothing_in_sqlite(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    values = [(1, "13:45", "x", "-0", "abc")]
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a TIME, b TEXT, c DECIMAL_TEXT, d INTEGER)")
    pair.source.insert("t", values)
    pair.target.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a TIME, b VARCHAR(9), c DECIMAL_TEXT, d INTEGER)")
    pair.source.run("ALTER TABLE t ADD e TEXT")
    pair.target.run("ALTER TABLE t ADD e BLOB")
    rowferry.copy(*pair.urls, "--data-only").expect(0)
    assert pair.target.query("SELECT id, a, b, c, d FROM t") == values


def test_a_generated_column_that_computes_something_else_is_named(rowferry, pair_of):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TABLE t (id int PRIMARY KEY, g int GENERATED ALWAYS AS (id + 1) STORED, h int GENERATED ALWAYS AS (id) STORED, s int GENERATED ALWAYS AS (id * 2) STORED)")
    pair.source.run("INSERT INTO t VALUES (1)")
    pair.target.run("CREATE TABLE t (id int PRIMARY KEY, g int GENERATED ALWAYS AS (id * 100) STORED, s int GENERATED ALWAYS AS (id * 2) STORED)")
    run = rowferry.copy(*pair.urls, "--data-only").expect(0)
    assert run.table("t")["not_carried"] == [
        "column g: generated as (id + 1); the target computes it as (id * 100)",
        "column h: generated as id; the target has no such column",
    ]


COMPUTED = "CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a INTEGER, b INTEGER GENERATED ALWAYS AS ({}) STORED)"


@pytest.mark.parametrize("name", ["postgres-sqlite", "postgres-postgres", "postgres-mariadb", "sqlite-sqlite", "mariadb-postgres"])
def test_a_generated_column_of_a_table_that_takes_more_rows_is_named_as_well(rowferry, pair_of, name):
    pair = pair_of(name)
    pair.source.run(COMPUTED.format("a * 3") + "; INSERT INTO t (id, a) VALUES (1, 2)")
    pair.target.run(COMPUTED.format("a * 2"))
    run = rowferry.copy(*pair.urls, "--existing", "append").expect(0)
    (said,) = run.table("t")["not_carried"]
    assert said.startswith("column b: generated as ") and "; the target computes it as " in said


@pytest.mark.parametrize("name", ["postgres-sqlite", "postgres-postgres", "postgres-mariadb", "sqlite-sqlite", "mariadb-postgres", "sqlite-mariadb", "mariadb-mariadb"])
def test_a_generated_column_that_was_copied_computes_the_same(rowferry, pair_of, name):
    pair = pair_of(name)
    pair.source.run(COMPUTED.format("(a + id) * 3 - 1") + "; INSERT INTO t (id, a) VALUES (1, 2)")
    rowferry.copy(*pair.urls).expect(0)
    assert not [said for said in rowferry.copy(*pair.urls, "--restart", "--existing", "truncate").expect(0).table("t")["not_carried"] if "computes" in said]


@pytest.mark.parametrize("engine", ["sqlite", "postgres", "mariadb"])
@pytest.mark.parametrize("option", ["append", "truncate"])
def test_a_column_that_numbers_rows_takes_no_null(rowferry, pair_of, engine, option):
    pair = pair_of(f"{engine}-sqlite")
    pair.source.run("CREATE TABLE t (id INTEGER, a TEXT); INSERT INTO t VALUES (NULL, 'a'), (7, 'b'), (NULL, 'c')")
    pair.target.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
    run = rowferry.copy(*pair.urls, "--existing", option, "--max-rejects", "9").expect(1)
    assert pair.target.query("SELECT id, a FROM t") == [(7, "b")]
    assert {(line["column"], line["reason"]) for line in run.rejected("t")} == {("id", "the column takes no NULL: it would give out a number instead")}


@pytest.mark.parametrize("mode", ["ENABLE", "ENABLE ALWAYS", "ENABLE REPLICA"])
def test_triggers_of_partitions_do_not_fire(rowferry, pair_of, mode):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT); INSERT INTO t VALUES (0, 'c'), (1, 'a')")
    pair.target.run(
        """CREATE TABLE t (id bigint PRIMARY KEY, v text) PARTITION BY LIST (id); CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);
        CREATE TABLE t2 PARTITION OF t DEFAULT;
        CREATE FUNCTION bent() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN new.v = 'bent'; RETURN new; END$$;
        CREATE TRIGGER bends BEFORE INSERT ON t1 FOR EACH ROW EXECUTE FUNCTION bent()"""
    )
    pair.target.run(f"ALTER TABLE t1 {mode} TRIGGER bends")
    run = rowferry.copy(*pair.urls, "--existing", "append").expect(0 if mode == "ENABLE" else 3)
    assert sorted(pair.target.query("SELECT id, v FROM t")) == ([(0, "c"), (1, "a")] if mode == "ENABLE" else [])
    assert mode == "ENABLE" or "trigger.always" in codes(run)


@pytest.mark.parametrize("key", ["UNIQUE (v)", "CONSTRAINT odd_name UNIQUE (v)", "EXCLUDE (v WITH =)"])
def test_rows_that_break_a_key_which_is_proven_at_the_commit_are_listed(rowferry, pair_of, key):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 10), (2, 20), (3, 30), (4, 20), (5, NULL)")
    pair.target.run(f"CREATE TABLE t (id int PRIMARY KEY, v int, {key} DEFERRABLE INITIALLY DEFERRED)")
    run = rowferry.copy(*pair.urls, "--existing", "append", "--max-rejects", "9", "--page-size", "2").expect(1)
    assert len(keys(run, "t")) == 1 and keys(run, "t")[0] in ("id=2", "id=4")
    assert pair.target.count("t") == 4


def test_a_composite_type_of_other_fields_is_refused(rowferry, pair_of):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TYPE inside AS (x numeric(10,4)); CREATE TYPE whole AS (i inside, y text)")
    pair.source.run("CREATE TABLE t (id int PRIMARY KEY, v whole); INSERT INTO t VALUES (1, ROW(ROW(1.2345), 'a'))")
    pair.target.run("CREATE TYPE inside AS (x numeric(10,2)); CREATE TYPE whole AS (i inside, y text)")
    pair.target.run("CREATE TABLE t (id int PRIMARY KEY, v whole)")
    run = rowferry.copy(*pair.urls, "--data-only").expect(3)
    assert "another one at the target" in run.text
    assert pair.target.count("t") == 0
    pair.target.run("DROP TABLE t; DROP TYPE whole; DROP TYPE inside")
    pair.target.run("CREATE TYPE public.inside AS (x numeric(10,4)); CREATE TYPE public.whole AS (i public.inside, y text); CREATE TABLE public.t (id int PRIMARY KEY, v public.whole)")
    rowferry.copy(*pair.urls, "--data-only").expect(0)


@pytest.mark.parametrize("engine", ["postgres", "mariadb"])
def test_a_table_numbered_by_the_server_goes_on_in_sqlite(rowferry, pair_of, engine):
    pair = pair_of(f"{engine}-sqlite")
    number = "int GENERATED BY DEFAULT AS IDENTITY" if engine == "postgres" else "INT AUTO_INCREMENT"
    pair.source.run(f"CREATE TABLE t (id {number} PRIMARY KEY, v DECIMAL(3))")
    pair.source.run("INSERT INTO t (v) VALUES (1), (2), (3)")
    rule = ["--rule", "t.v:type=BOOLEAN"]
    rowferry.copy(*pair.urls, "--page-size", "1", *rule).expect(3)
    run = rowferry.copy(*pair.urls, "--page-size", "1", *rule, "--max-rejects", "9").expect(1)
    assert run.result["resumed"] and keys(run, "t") == ["id=2", "id=3"]


def test_a_rule_s_type_may_be_spelled_in_any_way_when_the_job_goes_on(rowferry, pair_of):
    pair = pair_of("sqlite-mariadb")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b REAL); INSERT INTO t VALUES (1, '7', 1.5), (2, 'x', 2), (3, '8', 3)")
    rule = ["--rule", "t.a:type=decimal(10)", "--rule", "t.b:type=Double Precision"]
    rowferry.copy(*pair.urls, "--page-size", "1", *rule).expect(3)
    run = rowferry.copy(*pair.urls, "--page-size", "1", *rule, "--max-rejects", "9").expect(1)
    assert keys(run, "t") == ["id=2"] and pair.target.count("t") == 2


def test_a_key_of_a_type_with_an_order_of_its_own_is_copied_once(rowferry, pair_of):
    pair = pair_of("postgres-postgres")
    for end in (pair.source, pair.target):
        end.run("CREATE EXTENSION citext")
    pair.source.run("CREATE TABLE t (k citext PRIMARY KEY, v int)")
    pair.source.run("INSERT INTO t SELECT CASE WHEN i % 2 = 0 THEN 'a' ELSE 'B' END || i, i FROM generate_series(1, 200) i")
    pair.target.run("CREATE TABLE t (k citext, v int)")
    rowferry.copy(*pair.urls, "--data-only", "--page-size", "7").expect(0)
    assert pair.target.query("SELECT count(*), count(DISTINCT v) FROM t") == [(200, 200)]


def test_rows_without_a_key_are_named_by_their_first_columns(rowferry, pair_of):
    pair = pair_of("mariadb-postgres")
    pair.source.run("CREATE TABLE t (a INT, d DATE)")
    pair.source.run("SET sql_mode = ''; INSERT INTO t VALUES (7, '0000-00-00')")
    run = rowferry.copy(*pair.urls, "--max-rejects", "5").expect(1)
    assert keys(run, "t")[0].startswith("a=7")


def test_null_for_a_column_that_takes_none_is_found_beforehand(rowferry, pair_of):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, NULL), (2, 3), (3, NULL)")
    pair.target.run("CREATE TABLE t (id int PRIMARY KEY, v int NOT NULL)")
    run = rowferry("check", *pair.urls, "--data-only", "--probe", "--output", "json").expect(3)
    found = next(event for event in run.events if event.get("code") == "value.null")
    assert (found["count"], found["keys"]) == (2, ["id=1", "id=3"])


def test_what_a_check_of_the_user_s_own_raises_is_a_row_s_fault(rowferry, pair_of):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3)")
    pair.target.run("CREATE FUNCTION odd(n int) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF n = 2 THEN RAISE EXCEPTION 'not two'; END IF; RETURN true; END $$")
    pair.target.run("CREATE TABLE t (id int PRIMARY KEY CHECK (odd(id)))")
    run = rowferry.copy(*pair.urls, "--data-only", "--max-rejects", "1").expect(1)
    assert keys(run, "t") == ["id=2"] and "not two" in run.rejected("t")[0]["reason"]


def test_a_sequence_that_has_come_to_its_end_stays_there(rowferry, pair_of):
    pair = pair_of("mariadb-postgres")
    pair.source.run("CREATE TABLE t (id SMALLINT AUTO_INCREMENT PRIMARY KEY); INSERT INTO t VALUES (32767)")
    rowferry.copy(*pair.urls).expect(0)
    with pytest.raises(Exception, match="maximum value"):
        pair.target.run("INSERT INTO t DEFAULT VALUES")


def test_the_file_of_rows_left_out_before_is_named_again(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, v INTEGER); INSERT INTO t VALUES (1, 1), (2, 'x')")
    pair.source.run("CREATE TABLE u (id INTEGER PRIMARY KEY, v INTEGER); INSERT INTO u VALUES (1, 'x'), (2, 'x')")
    first, again = (rowferry.copy(*pair.urls, "--max-rejects", "1").expect(3) for _ in range(2))
    assert first.table("t")["left_out"] == again.table("t")["left_out"] == 1
    assert first.table("t")["reject_file"] == again.table("t")["reject_file"] != ""


def test_a_table_that_another_refers_to_is_not_emptied(rowferry, pair_of):
    pair = pair_of("postgres-sqlite")
    pair.source.run("CREATE TABLE p (id int PRIMARY KEY); INSERT INTO p VALUES (1), (2)")
    pair.target.run("CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (id INTEGER PRIMARY KEY, p INTEGER REFERENCES P (id))")
    pair.target.run("INSERT INTO p VALUES (9); INSERT INTO c VALUES (7, 9)")
    for existing in ("truncate", "drop"):
        run = rowferry.copy(*pair.urls, "--existing", existing).expect(3)
        assert run.error["code"] == "table.referenced"
    assert pair.target.query("SELECT id FROM p") == [(9,)]


def test_bytes_of_a_row_that_passes_as_text_are_told_as_bytes(rowferry, pair_of):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TABLE t (id int PRIMARY KEY, b bytea, o oidvector, n int); INSERT INTO t VALUES (1, '\\x0a5c', '1 2', NULL)")
    pair.target.run("CREATE TABLE t (id int PRIMARY KEY, b bytea, o oidvector, n int NOT NULL)")
    run = rowferry.copy(*pair.urls, "--data-only", "--max-rejects", "1").expect(1)
    assert run.rejected("t")[0]["row"] == {"id": "1", "b": {"hex": "0a5c"}, "o": "1 2", "n": None}
