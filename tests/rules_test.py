"""Decisions of the user's own: --rule."""

import pytest


def codes_of(run):
    """Of what ended the copy before it began."""
    return {event["code"] for event in run.events if event["event"] == "finding" and event["severity"] == "blocker"}


def types(end, table):
    return dict(end.columns(table))


def rules(*texts):
    return [part for text in texts for part in ("--rule", text)]


# Types.


def test_a_type_becomes_another(rowferry, pair_of):
    pair = pair_of("mariadb-postgres")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, paid TINYINT(1) DEFAULT 1, free TINYINT(1), n BIGINT UNSIGNED, u BINARY(16))")
    pair.source.run("INSERT INTO t VALUES (1, 1, 0, 7, x'6ccd780cbaba102695645b8c656024db'), (2, NULL, 1, 9223372036854775807, NULL)")
    rowferry.copy(*pair.urls, *rules("tinyint(1)=boolean", "bigint*unsigned=bigint", "t.u:type=uuid", "t.free:type=smallint")).expect(0)
    assert types(pair.target, "t") == {"id": "integer", "paid": "boolean", "free": "smallint", "n": "bigint", "u": "uuid"}
    rows = pair.target.query("SELECT id, paid, free, n, u::text FROM t ORDER BY id")
    assert rows == [(1, True, 0, 7, "6ccd780c-baba-1026-9564-5b8c656024db"), (2, None, 1, 9223372036854775807, None)]
    pair.target.run("INSERT INTO t (id) VALUES (3)")
    assert pair.target.one("SELECT paid FROM t WHERE id = 3") is True


def test_values_that_do_not_fit_the_other_type_are_rejected(rowferry, pair_of):
    pair = pair_of("mariadb-postgres")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, n TINYINT(1), w VARCHAR(10), d DATETIME(3))")
    pair.source.run(
        "INSERT INTO t VALUES (1, 1, '12', '2024-01-01'), (2, 5, '1', '2024-01-01'), (3, 0, '1.5', '2024-01-01'), (4, 0, '1', '2024-01-01 10:00:00.5'), (5, 0, '-7', '2024-01-01')"
    )
    run = rowferry.copy(*pair.urls, "--max-rejects", "9", *rules("t.n:type=boolean", "t.w:type=int", "t.d:type=date")).expect(1)
    assert types(pair.target, "t") == {"id": "integer", "n": "boolean", "w": "integer", "d": "date"}
    assert [(r["key"], r["column"], r["row"]["n"], r["row"]["w"], r["row"]["d"]) for r in run.rejected("t")] == [
        ("id=2", "n", "5", "1", "2024-01-01 00:00:00"),
        ("id=3", "w", "0", "1.5", "2024-01-01 00:00:00"),
        ("id=4", "d", "0", "1", "2024-01-01 10:00:00.5"),
    ]
    assert pair.target.query("SELECT id, n, w, d::text FROM t ORDER BY id") == [(1, True, 12, "2024-01-01"), (5, False, -7, "2024-01-01")]


def test_check_knows_the_rules(rowferry, pair_of):
    pair = pair_of("mariadb-postgres")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, n TINYINT(1), d DATE NOT NULL, w VARCHAR(9))")
    pair.source.run("SET sql_mode = 'ANSI_QUOTES'; INSERT INTO t VALUES (1, 5, '0000-00-00', 'a'), (2, 1, '2024-01-01', 'b')")
    found = {event["code"]: event for event in rowferry("check", *pair.urls, "--probe", "--output", "json").events if event["event"] == "finding"}
    assert "value.zero_date" in found and "value.rule" not in found
    run = rowferry("check", *pair.urls, "--probe", "--output", "json", *rules("zero-date=null", "tinyint(1)=boolean")).expect(3)
    found = {event["code"]: event for event in run.events if event["event"] == "finding"}
    assert "value.zero_date" not in found and "column.nullable" in found
    assert found["value.rule"]["keys"] == ["id=1"] and found["value.rule"]["count"] == 1


def test_fractions_that_the_target_does_not_keep_are_rejected(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, m TIMESTAMP(3)); INSERT INTO t VALUES (1, '2024-01-01 00:00:00.1234'), (2, '2024-01-01 00:00:00.123')")
    run = rowferry("check", *pair.urls, "--probe", "--output", "json").expect(3)
    assert [event["keys"] for event in run.events if event.get("code") == "value.fraction"] == [["id=1"]]
    rowferry.copy(*pair.urls, "--max-rejects", "1").expect(1)
    assert pair.target.query("SELECT m::text FROM t") == [("2024-01-01 00:00:00.123",)]


@pytest.mark.parametrize("name", ["postgres-mariadb", "postgres-sqlite", "postgres-postgres", "sqlite-postgres", "mariadb-mariadb"])
def test_numbers_become_texts(rowferry, pair_of, name):
    pair = pair_of(name)
    pair.source.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, n BIGINT, r DOUBLE PRECISION)")
    pair.source.insert("t", [(1, -5, 0.1), (2, 9223372036854775807, 1e20)])
    text = "varchar(40)"
    rowferry.copy(*pair.urls, *rules(f"t.n:type={text}", f"t.r:type={text}")).expect(0)
    rows = [tuple(map(str, row)) for row in pair.target.query("SELECT n, r FROM t ORDER BY id")]
    assert rows == [("-5", "0.1"), ("9223372036854775807", "1e+20")]


def test_a_table_goes_on_after_a_kill_under_the_same_rules(rowferry, faulty, pair_of):
    pair = pair_of("mariadb-postgres")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, e ENUM('new','old') NOT NULL DEFAULT 'new', b TINYINT(1), v VARCHAR(20))")
    pair.source.insert("t", [(n, "new" if n % 3 else "old", n % 2, "x" * (n % 20)) for n in range(500)])
    command = [*pair.urls, "--page-size", "50", "--jobs", "1", *rules("enum=enum", "tinyint(1)=bool", "t.v:type=varchar(20)")]
    faulty.with_fault("writer.commit.after:3=kill").copy(*command)
    run = rowferry.copy(*command).expect(0)
    assert run.result["resumed"] and pair.target.count("t") == 500
    assert types(pair.target, "t")["e"] == "t_e"
    assert pair.target.one("SELECT count(*) FROM t WHERE e = 'old' AND b = (id % 2 = 1)") == 167


# Dates, texts.


def test_zero_dates_become_null(rowferry, pair_of):
    pair = pair_of("mariadb-postgres")
    pair.source.run("CREATE TABLE z (id INT PRIMARY KEY, d DATE NOT NULL, t DATETIME(2))")
    pair.source.run("SET sql_mode = ''; INSERT INTO z VALUES (1, '0000-00-00', '2024-00-10 10:00:00'), (2, '2024-02-29', '0000-00-00'), (3, '2024-02-29', '2024-02-29 01:02:03.04')")
    run = rowferry.copy(*pair.urls, *rules("zero-date=null")).expect(0)
    assert any("NOT NULL" in text for text in run.table("z")["not_carried"])
    rows = pair.target.query("SELECT id, d::text, t::text FROM z ORDER BY id")
    assert rows == [(1, None, None), (2, "2024-02-29", None), (3, "2024-02-29", "2024-02-29 01:02:03.04")]


def test_a_rule_with_a_scope_goes_before_one_without(rowferry, pair_of):
    pair = pair_of("mariadb-sqlite")
    pair.source.run("CREATE TABLE z (id INT PRIMARY KEY, a DATE, b DATE)")
    pair.source.run("SET sql_mode = ''; INSERT INTO z VALUES (1, '0000-00-00', NULL), (2, NULL, '0000-00-00')")
    run = rowferry.copy(*pair.urls, "--max-rejects", "1", *rules("z.b:zero-date=error", "zero-date=null")).expect(1)
    assert [reject["key"] for reject in run.rejected("z")] == ["id=2"]
    assert pair.target.query("SELECT id, a FROM z") == [(1, None)]


@pytest.mark.parametrize("source", ["mariadb", "sqlite"])
def test_nul_is_stripped_or_kept_as_bytes(rowferry, pair_of, source):
    pair = pair_of(f"{source}-postgres")
    pair.source.run("CREATE TABLE n (id INTEGER PRIMARY KEY, a TEXT, b TEXT)")
    pair.source.insert("n", [(1, "a\0b\0", "c\0d"), (2, "plain", "é")])
    rowferry.copy(*pair.urls, *rules("n.a:nul=strip", "n.b:nul=bytes")).expect(0)
    assert types(pair.target, "n")["b"] == "bytea"
    assert pair.target.query("SELECT a, encode(b, 'hex') FROM n ORDER BY id") == [("ab", "630064"), ("plain", "c3a9")]


def test_bad_utf8_is_kept_as_bytes(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE u (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO u VALUES (1, CAST(x'ff41' AS TEXT)), (2, 'plain'), (3, x'00'), (4, 12)")
    rowferry.copy(*pair.urls, *rules("bad-utf8=bytes")).expect(0)
    assert pair.target.query("SELECT encode(a, 'hex') FROM u ORDER BY id") == [("ff41",), ("706c61696e",), ("00",), ("3132",)]


@pytest.mark.parametrize("source", ["mariadb", "sqlite", "postgres"])
def test_texts_are_cut_to_what_the_target_holds(rowferry, pair_of, source):
    pair = pair_of(f"{source}-postgres")
    pair.source.run("CREATE TABLE w (id INTEGER PRIMARY KEY, a VARCHAR(50))")
    pair.source.insert("w", [(1, "ééééé😀"), (2, "ab"), (3, "abc   "), (4, None)])
    pair.target.run("CREATE TABLE w (id INTEGER PRIMARY KEY, a VARCHAR(3))")
    if source != "sqlite":  # whose declared lengths are no promise
        assert codes_of(rowferry.copy(*pair.urls, "--data-only").expect(3)) == {"column.misfit"}
    rowferry.copy(*pair.urls, "--data-only", *rules("too-long=truncate")).expect(0)
    assert pair.target.query("SELECT a FROM w ORDER BY id") == [("ééé",), ("ab",), ("abc",), (None,)]


# Enums.


def test_an_enum_becomes_an_enum(rowferry, pair_of):
    pair = pair_of("mariadb-postgres")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, e ENUM('a,b','it''s','é') DEFAULT 'é')")
    pair.source.insert("t", [(1, "a,b"), (2, "it's"), (3, None)])
    rowferry.copy(*pair.urls, *rules("enum=enum")).expect(0)
    assert types(pair.target, "t")["e"] == "t_e"
    pair.target.run("INSERT INTO t (id) VALUES (4)")
    assert [row[0] for row in pair.target.query("SELECT e::text FROM t ORDER BY id")] == ["a,b", "it's", None, "é"]
    assert pair.target.query("SELECT enum_range(NULL::t_e)::text") == [('{"a,b",it\'s,é}',)]


def test_an_enum_of_postgres_becomes_one_of_mariadb(rowferry, pair_of):
    pair = pair_of("postgres-mariadb")
    pair.source.run("CREATE TYPE \"Mood\" AS ENUM ('sad', 'it''s ok'); CREATE TABLE t (id INT PRIMARY KEY, m \"Mood\" DEFAULT 'sad'); INSERT INTO t VALUES (1, 'it''s ok'), (2, NULL)")
    run = rowferry.copy(*pair.urls, *rules("enum=enum")).expect(0)
    assert types(pair.target, "t")["m"] == "enum('sad','it''s ok')" and run.result["not_carried"] == []
    assert pair.target.query("SELECT m FROM t ORDER BY id") == [("it's ok",), (None,)]


@pytest.mark.parametrize("name", ["mariadb-postgres", "mariadb-sqlite", "postgres-sqlite", "postgres-mariadb"])
def test_an_enum_becomes_text_with_a_check(rowferry, pair_of, name):
    pair = pair_of(name)
    enum = "ENUM('a','it''s')"
    if pair.source.kind == "postgres":
        pair.source.run(f"CREATE TYPE e AS {enum}")
        enum = "e"
    pair.source.run(f"CREATE TABLE t (id INT PRIMARY KEY, e {enum})")
    pair.source.insert("t", [(1, "a"), (2, "it's"), (3, None)])
    rowferry.copy(*pair.urls, *rules("enum=check")).expect(0)
    assert pair.target.query("SELECT e FROM t ORDER BY id") == [("a",), ("it's",), (None,)]
    with pytest.raises(Exception, match="(?i)check|constraint"):
        pair.target.run("INSERT INTO t VALUES (9, 'other')")


def test_an_enum_where_the_target_has_none_is_refused(rowferry, pair_of):
    pair = pair_of("mariadb-sqlite")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, e ENUM('a'))")
    run = rowferry.copy(*pair.urls, *rules("enum=enum")).expect(3)
    assert "rule.enum" in codes_of(run)


# Names.


@pytest.mark.parametrize("letters, names", [("lower", ("orderlines", "orderid", "unitprice")), ("snake", ("order_lines", "order_id", "unit_price"))])
@pytest.mark.parametrize("name", ["sqlite-postgres", "mariadb-postgres", "postgres-mariadb", "postgres-postgres", "sqlite-sqlite", "mariadb-mariadb"])
def test_names_change_their_case(rowferry, pair_of, name, letters, names):
    pair = pair_of(name)
    table, key, price = names
    pair.source.run(
        'CREATE TABLE "Orders" ("OrderID" INTEGER NOT NULL PRIMARY KEY);'
        ' CREATE TABLE "OrderLines" ("LineID" INTEGER NOT NULL PRIMARY KEY, "OrderID" INTEGER REFERENCES "Orders" ("OrderID"), "UnitPrice" INTEGER,'
        ' CONSTRAINT "PriceIsSane" CHECK ("UnitPrice" >= 0 OR "UnitPrice" IS NULL), FOREIGN KEY ("OrderID") REFERENCES "Orders" ("OrderID"));'
        ' CREATE INDEX "ByPrice" ON "OrderLines" ("UnitPrice");'
        " INSERT INTO \"Orders\" VALUES (1); INSERT INTO \"OrderLines\" VALUES (1, 1, 5)"
    )
    rowferry.copy(*pair.urls, *rules(f"names={letters}"), "--where", '*ines="UnitPrice" > 1' if pair.source.kind != "mariadb" else "*ines=`UnitPrice` > 1").expect(0)
    assert pair.target.tables() == sorted(["orders", table])
    assert [column for column, _ in pair.target.columns(table)][1:] == [key, price]
    assert pair.target.query(f"SELECT {key}, {price} FROM {table}") == [(1, 5)]
    assert {(columns, to, to_columns) for columns, to, to_columns, *_ in pair.target.foreign_keys(table)} == {((key,), "orders", (key,))}
    with pytest.raises(Exception, match="(?i)check|constraint"):
        pair.target.run(f"INSERT INTO {table} VALUES (9, 1, -1)")


def test_names_that_would_be_one_are_refused(rowferry, pair_of):
    pair = pair_of("postgres-postgres")
    pair.source.run('CREATE TABLE t (id INT PRIMARY KEY, "A" INT, a INT)')
    run = rowferry.copy(*pair.urls, *rules("names=lower")).expect(3)
    assert "name.case" in codes_of(run)


# Rules as such.


@pytest.mark.parametrize(
    "rule, code",
    [
        ("zero-date=perhaps", "rule.decision"),
        ("type=boolean", "rule.scope"),
        ("nosuch.*:nul=strip", "rule.unused"),
        ("tinyint(9)=boolean", "rule.unused"),
    ],
)
def test_a_rule_that_means_nothing_is_refused(rowferry, pair_of, rule, code):
    pair = pair_of("sqlite-sqlite")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    run = rowferry.copy(*pair.urls, "--rule", rule).expect(2)
    assert run.error["code"] == code, run
    assert not pair.target.exists() or pair.target.tables() == []


def test_rules_come_from_the_configuration_file(rowferry, pair_of, tmp_path):
    pair = pair_of("mariadb-sqlite")
    pair.source.run("CREATE TABLE z (id INT PRIMARY KEY, d DATE, n TINYINT(1))")
    pair.source.run("SET sql_mode = ''; INSERT INTO z VALUES (1, '0000-00-00', 1)")
    (tmp_path / "c.toml").write_text('[options.rule]\n"z.*:zero-date" = "null"\n"tinyint(1)" = "BOOLEAN"\n')
    rowferry.copy(*pair.urls, "--config", str(tmp_path / "c.toml")).expect(0)
    assert types(pair.target, "z")["n"] == "boolean"
    assert pair.target.query("SELECT d, n FROM z") == [(None, 1)]


def test_other_rules_are_another_job(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, w TEXT)")
    plain = rowferry.copy(*pair.urls, "--dry-run").expect(0).event("plan")["job"]
    ruled = rowferry.copy(*pair.urls, "--dry-run", *rules("nul=strip")).expect(0).event("plan")["job"]
    assert plain != ruled


def test_rows_that_are_left_out_are_listed_with_the_dates_that_the_source_has(rowferry, pair_of):
    pair = pair_of("mariadb-postgres")
    pair.source.run("CREATE TABLE t (d DATE, a INT, w VARCHAR(9), PRIMARY KEY (d, a))")
    pair.source.run("SET sql_mode = ''; INSERT INTO t VALUES ('0000-00-00', 1, 'abcdef'), ('2024-00-00', 1, 'xy'), ('2024-02-29', 1, 'abcxyz'), ('2024-02-29', 2, NULL)")
    run = rowferry.copy(*pair.urls, *rules("zero-date=null"), "--max-rejects", "9").expect(1)
    assert [(line["key"], line["row"]) for line in run.rejected("t")] == [
        ("d=0000-00-00, a=1", {"d": "0000-00-00", "a": "1", "w": "abcdef"}),
        ("d=2024-00-00, a=1", {"d": "2024-00-00", "a": "1", "w": "xy"}),
    ]


@pytest.mark.parametrize("name", ["postgres-postgres", "postgres-mariadb", "sqlite-postgres", "mariadb-mariadb"])
def test_rows_that_are_left_out_are_listed_with_the_texts_that_the_source_has(rowferry, pair_of, name):
    pair = pair_of(name)
    pair.source.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, w VARCHAR(9))")
    pair.source.insert("t", [(1, "abcdef"), (2, "xyz"), (3, "abcxyz"), (4, None), (5, "xyzabc")])
    pair.target.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, w VARCHAR(3) UNIQUE)")
    run = rowferry.copy(*pair.urls, *rules("too-long=truncate"), "--existing", "append", "--max-rejects", "9").expect(1)
    assert [(line["key"], line["row"]) for line in run.rejected("t")] == [("id=3", {"id": "3", "w": "abcxyz"}), ("id=5", {"id": "5", "w": "xyzabc"})]
    assert sorted(pair.target.query("SELECT id, w FROM t")) == [(1, "abc"), (2, "xyz"), (4, None)]


def test_an_enum_with_a_default_becomes_an_enum_of_its_own(rowferry, pair_of):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TYPE size AS ENUM ('S', 'L'); CREATE TABLE t (id int PRIMARY KEY, v size DEFAULT 'L'); INSERT INTO t VALUES (1, 'S')")
    rowferry.copy(*pair.urls, *rules("enum=enum")).expect(0)
    pair.target.run("INSERT INTO t (id) VALUES (2)")
    assert sorted(pair.target.query("SELECT id, v::text FROM t")) == [(1, "S"), (2, "L")]
