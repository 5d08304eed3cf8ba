"""What tables are made of besides rows and plain columns: it is carried, or it is named."""

import pytest


def test_a_domain_gives_its_default_and_not_null(rowferry, pair_of):
    pair = pair_of("postgres-mariadb")
    pair.source.run("CREATE DOMAIN filled AS int DEFAULT 7 NOT NULL; CREATE DOMAIN of_it AS filled")
    pair.source.run("CREATE TABLE t (id int PRIMARY KEY, a filled, b of_it, c filled DEFAULT 8)")
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("INSERT INTO t (id) VALUES (1)")
    assert pair.target.query("SELECT a, b, c FROM t") == [(7, 7, 8)]
    assert set(pair.target.not_null("t")) >= {"a", "b", "c"}


def test_a_foreign_key_sets_the_columns_that_it_did(rowferry, pair_of):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TABLE p (a int, b int, PRIMARY KEY (a, b)); INSERT INTO p VALUES (1, 1)")
    pair.source.run("CREATE TABLE c (a int, b int, FOREIGN KEY (a, b) REFERENCES p ON DELETE SET NULL (b)); INSERT INTO c VALUES (1, 1)")
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("DELETE FROM p")
    assert pair.target.query("SELECT a, b FROM c") == [(1, None)]


def test_a_foreign_key_that_sets_more_elsewhere_is_named(rowferry, pair_of):
    pair = pair_of("postgres-mariadb")
    pair.source.run("CREATE TABLE p (a int, b int, PRIMARY KEY (a, b))")
    pair.source.run("CREATE TABLE c (a int, b int, CONSTRAINT k FOREIGN KEY (a, b) REFERENCES p ON DELETE SET NULL (b))")
    run = rowferry.copy(*pair.urls).expect(0)
    assert "foreign key k to public.p: ON DELETE SET NULL (b) sets all its columns" in run.table("c")["not_carried"]


def test_a_check_that_children_would_not_inherit_is_named(rowferry, pair_of):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TABLE t (id int PRIMARY KEY, CONSTRAINT few CHECK (id < 9) NO INHERIT)")
    assert rowferry.copy(*pair.urls).expect(0).table("t")["not_carried"] == ["check few: NO INHERIT"]


GENERATED = {
    "mariadb-postgres": ("a VARCHAR(9), g CHAR(6) AS (COALESCE(a, a)) STORED", "'a  '", "a"),
    "mariadb-sqlite": ("a VARCHAR(9), g CHAR(6) AS (COALESCE(a, a)) VIRTUAL", "'a  '", "a"),
    "mariadb-postgres, unsigned": ("a INT, g INT UNSIGNED AS (-a) STORED", "1", "0"),
    "postgres-mariadb": ("a int, g numeric(5,-2) GENERATED ALWAYS AS (a) STORED", "149", "100"),
    "postgres-sqlite": ("a bigint, g real GENERATED ALWAYS AS (a) STORED", "16777217", "16777216.0"),
    "sqlite-postgres": ("a TEXT, g BLOB GENERATED ALWAYS AS (a || 'x') STORED", "'1'", "1x"),
}


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_column_whose_type_changes_what_is_computed_brings_its_values(rowferry, pair_of, name):
    columns, value, computed = GENERATED[name]
    pair = pair_of(name.partition(",")[0])
    if "unsigned" in name:
        pair.source.run("SET sql_mode = ''")
    pair.source.run(f"CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, {columns})")
    pair.source.run(f"INSERT INTO t (id, a) VALUES (1, {value})")
    run = rowferry.copy(*pair.urls, "--max-rejects", "1")
    if name == "sqlite-postgres":  # a text in a column of bytes
        assert run.expect(1).table("t")["left_out"] == 1
    else:
        run.expect(0)
        assert str(pair.target.one("SELECT g FROM t")) == computed
    assert any("its values are copied" in text for text in run.table("t")["not_carried"])


def test_a_foreign_key_that_waits_is_named(rowferry, pair_of):
    for name in ("postgres-postgres", "postgres-sqlite"):
        pair = pair_of(name)
        pair.source.run("CREATE TABLE p (id int PRIMARY KEY, v text); INSERT INTO p VALUES (1, 'ab')")
        pair.source.run("CREATE TABLE c (id int PRIMARY KEY, p int CONSTRAINT k REFERENCES p); INSERT INTO c VALUES (1, 1)")
        rule = ["--rule", "p.v:type=int"]
        run = rowferry.copy(*pair.urls, *rule).expect(3)
        assert any("waits for table" in text and "which failed" in text for text in run.table("c")["not_carried"])  # foreign_key.waits
        pair.source.run("UPDATE p SET v = '7'")
        run = rowferry.copy(*pair.urls, *rule).expect(0)
        assert run.table("c")["not_carried"] == []


@pytest.mark.parametrize("rule", ["timestamp", "timestamptz"])
def test_a_date_beyond_the_calendar_of_moments_is_refused(rowferry, pair_of, rule):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TABLE t (id int PRIMARY KEY, d date); INSERT INTO t VALUES (1, '2024-02-29'), (2, '5874897-12-31'), (3, 'infinity')")
    rowferry.copy(*pair.urls, "--rule", f"date={rule}", "--max-rejects", "1").expect(1)
    assert pair.target.query("SELECT id, d::text LIKE '2024-02-29 00:00:00%', d::text = 'infinity' FROM t ORDER BY id") == [(1, True, False), (3, False, True)]


def test_numbers_become_floats_where_they_are_the_same(rowferry, pair_of):
    pair = pair_of("mariadb-postgres")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, a DOUBLE, b VARCHAR(20), c INT)")
    pair.source.run("INSERT INTO t VALUES (1, 0.5, '0.1', 16777216), (2, 0.1, '1', 1), (3, 1, '0.123456789', 1), (4, 1, '1', 16777217)")
    run = rowferry.copy(*pair.urls, "--rule", "t.a:type=real", "--rule", "t.b:type=real", "--rule", "t.c:type=real", "--max-rejects", "3").expect(1)
    assert pair.target.query("SELECT a, b::text, c FROM t") == [(0.5, "0.1", 16777216.0)]
    assert run.table("t")["left_out"] == 3


def test_a_zero_with_a_sign_is_no_decimal(rowferry, pair_of):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TABLE t (id int PRIMARY KEY, a float8); INSERT INTO t VALUES (1, '-0'), (2, 0), (3, -0.5)")
    rowferry.copy(*pair.urls, "--rule", "t.a:type=numeric(4,2)", "--max-rejects", "1").expect(1)
    assert [str(a) for (a,) in pair.target.query("SELECT a FROM t ORDER BY id")] == ["0.00", "-0.50"]


def test_a_default_that_no_calendar_has_is_named(rowferry, pair_of):
    pair = pair_of("mariadb-postgres")
    pair.source.run("SET sql_mode = 'ALLOW_INVALID_DATES'; CREATE TABLE t (id INT PRIMARY KEY, d DATE NOT NULL DEFAULT '2020-02-30', e DATE DEFAULT '2020-02-29')")
    run = rowferry.copy(*pair.urls).expect(0)
    assert [text for text in run.table("t")["not_carried"] if "default" in text] == ["column d: default '2020-02-30'"]


def test_rows_that_share_a_key_are_listed_each(rowferry, pair_of):
    pair = pair_of("mariadb-postgres")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, code VARCHAR(20) COLLATE utf8mb4_bin UNIQUE)")
    pair.source.run("INSERT INTO t VALUES (1, 'ab'), (2, CONCAT('a', CHAR(0), 'b')), (3, 'c'), (4, NULL), (5, NULL)")
    run = rowferry.copy(*pair.urls, "--rule", "nul=strip").expect(3)
    assert sorted(row["key"] for row in run.rejected("t")) == ["id=1, code=ab", "id=2, code=ab"]


def test_a_foreign_key_of_new_rows_only_is_no_fault(rowferry, pair_of):
    pair = pair_of("postgres-postgres")
    pair.source.run("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p int); INSERT INTO c VALUES (1, 1)")
    pair.source.run("ALTER TABLE c ADD CONSTRAINT k FOREIGN KEY (p) REFERENCES p NOT VALID")
    run = rowferry("check", *pair.urls, "--probe", "--output", "json")
    assert run.status < 3 and "key.orphan" not in {event.get("code") for event in run.events}
    rowferry.copy(*pair.urls).expect(0)


@pytest.mark.parametrize("name", ["mariadb-postgres", "mariadb-sqlite", "sqlite-postgres"])
def test_a_check_that_compares_texts_as_a_collation_does_is_named(rowferry, pair_of, name):
    pair = pair_of(name)
    column = "a VARCHAR(9) COLLATE utf8mb4_general_ci" if name.startswith("mariadb") else "a VARCHAR(9) COLLATE NOCASE"
    exact = "b VARCHAR(9) COLLATE utf8mb4_bin" if name.startswith("mariadb") else "b VARCHAR(9)"
    pair.source.run(f"CREATE TABLE t (id INTEGER PRIMARY KEY, {column}, {exact}, CONSTRAINT likes CHECK (a IN ('new', 'old')), CONSTRAINT exact CHECK (b <> 'x'))")
    pair.source.run("INSERT INTO t VALUES (1, 'NEW', 'y')")
    run = rowferry.copy(*pair.urls).expect(0)
    named = [text for text in run.table("t")["not_carried"] if text.startswith("check")]
    assert len(named) == 1 and named[0].startswith("check likes: ") and named[0].endswith(", which compares texts as the source's collation does")
    with pytest.raises(Exception, match="(?i)check|exact"):
        pair.target.run("INSERT INTO t VALUES (2, 'z', 'x')")


def test_what_names_the_column_that_counts_is_named_to_mariadb(rowferry, pair_of):
    pair = pair_of("postgres-mariadb")
    pair.source.run("CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, n int, g bigint GENERATED ALWAYS AS (id + 1) STORED, CONSTRAINT above CHECK (id > 0), CONSTRAINT kept CHECK (n > 0))")
    pair.source.run("INSERT INTO t (n) VALUES (1)")
    run = rowferry.copy(*pair.urls).expect(0)
    assert sorted(text.split(":")[0] for text in run.table("t")["not_carried"]) == ["check above", "column g"]
    assert pair.target.query("SELECT id, n, g FROM t") == [(1, 1, 2)]


def test_set_null_of_a_column_that_is_not_null_is_named_to_mariadb(rowferry, pair_of):
    pair = pair_of("postgres-mariadb")
    pair.source.run("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p int NOT NULL CONSTRAINT k REFERENCES p ON DELETE SET NULL)")
    pair.source.run("INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1)")
    run = rowferry.copy(*pair.urls).expect(0)
    assert run.table("c")["not_carried"] == ["foreign key k: ON DELETE SET NULL of a column that is NOT NULL"]
    assert len(pair.target.foreign_keys("c")) == 1


def test_the_sign_for_what_is_no_sign_is_one_where_the_character_set_has_it(rowferry, pair_of):
    pair = pair_of("mariadb-sqlite")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, c VARCHAR(5) CHARACTER SET big5)")
    pair.source.run("INSERT INTO t VALUES (1, x'A2CE'), (2, x'A440')")
    rowferry.copy(*pair.urls).expect(0)
    assert sorted(pair.target.query("SELECT id, c FROM t")) == [(1, "\ufffd"), (2, "一")]


DEFAULTS = {
    "whole numbers beyond 64 bits": ("mariadb-sqlite", "BIGINT UNSIGNED DEFAULT 18446744073709551615", ["18446744073709551615"]),
    "long decimals": ("mariadb-sqlite", "DECIMAL(40,20) DEFAULT 12345678901234567890.12345678901234567891", ["12345678901234567890.12345678901234567891"]),
    "decimals without a scale": ("postgres-sqlite", "numeric DEFAULT 1.10", ["1.10"]),
    "decimals of a scale": ("postgres-sqlite", "numeric(20,2) DEFAULT 12345678901234567.5", ["12345678901234567.50"]),
    "a truth in a text": ("sqlite-postgres", "TEXT DEFAULT true", ["1"]),
    "a truth in a number": ("sqlite-postgres", "INT DEFAULT true", [1]),
    "a real in a text": ("sqlite-postgres", "TEXT DEFAULT 1e3", None),
    "a real in a text, of MariaDB": ("sqlite-mariadb", "TEXT DEFAULT 1.10", None),
    "a text that reads like no value": ("postgres-mariadb", "varchar(9) DEFAULT 'null'", ["null"]),
    "a text that reads like no value, of SQLite": ("sqlite-postgres", "TEXT DEFAULT 'NULL'", ["NULL"]),
    "minus zero": ("postgres-sqlite", "float8 DEFAULT '-0'", None),
    "minus zero, to MariaDB": ("postgres-mariadb", "float8 DEFAULT '-0'", None),
    "digits that are rounded": ("postgres-sqlite", "numeric(10,2) DEFAULT 1.005", None),
    "spaces that are cut": ("postgres-sqlite", "varchar(3) DEFAULT 'abc   '", None),
    "a truth that is none": ("sqlite-postgres", "BOOLEAN DEFAULT 5", None),
    "a number beyond all": ("sqlite-postgres", "REAL DEFAULT 1e400", None),
    "a number beyond all, to MariaDB": ("sqlite-mariadb", "REAL DEFAULT 1e400", None),
}


@pytest.mark.parametrize("case", DEFAULTS)
def test_a_default_gives_the_value_it_gave_or_is_named(rowferry, pair_of, case):
    name, column, value = DEFAULTS[case]
    pair = pair_of(name)
    pair.source.run(f"CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, a {column})")
    run = rowferry.copy(*pair.urls).expect(0)
    pair.target.run("INSERT INTO t (id) VALUES (1)")
    named = [text for text in run.table("t")["not_carried"] if text.startswith("column a: default ")]
    assert len(named) == (value is None), run
    assert pair.target.query("SELECT a FROM t") == [tuple(value or [None])]


def test_numbers_are_computed_in_their_full_width(rowferry, pair_of):
    pair = pair_of("mariadb-postgres")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, price INT, qty INT, total BIGINT AS (price * qty) STORED, same BIGINT AS (price = qty) STORED, CHECK (price * qty > 5), CHECK (qty))")
    pair.source.run("INSERT INTO t (id, price, qty) VALUES (1, 100000, 100000), (2, 3, 4)")
    run = rowferry.copy(*pair.urls).expect(0)
    assert sorted(pair.target.query("SELECT id, total, same FROM t")) == [(1, 10_000_000_000, 1), (2, 12, 0)]
    pair.target.run("INSERT INTO t (id, price, qty) VALUES (3, 200000, 200000)")
    assert pair.target.one("SELECT total FROM t WHERE id = 3") == 40_000_000_000
    with pytest.raises(Exception, match="check"):
        pair.target.run("INSERT INTO t (id, price, qty) VALUES (4, 1, 1)")
    said = " ".join(run.table("t")["not_carried"])
    assert "taken for true or false" in said and "column same: generated as" in said
    again = rowferry.copy(*pair.urls, "--restart", "--existing", "truncate").expect(0)
    assert "computes it as" not in " ".join(again.table("t")["not_carried"])


def test_small_numbers_of_sqlite_are_computed_in_their_full_width(rowferry, pair_of):
    pair = pair_of("sqlite-postgres")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a INT2, b INT2, g INT AS (a * b), h INT AS (a > b)); INSERT INTO t (id, a, b) VALUES (1, 300, 300)")
    rowferry.copy(*pair.urls).expect(0)
    assert pair.target.query("SELECT g, h FROM t") == [(90000, 0)]
