"""What only MySQL 8 and TiDB have. Without their servers (ROWFERRY_TEST_MYSQL, ROWFERRY_TEST_TIDB) these are skipped."""

import pytest
from compare import assert_clean, assert_same


def plan(run):
    return " ".join(run.out.split())


def test_defaults_that_hold_a_zero_byte_stay_whole(rowferry, pair_of):
    pair = pair_of("mysql-mysql")
    pair.source.run("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, a BINARY(3) DEFAULT 0x00ff01, b VARBINARY(9) NOT NULL DEFAULT 0x410042, c VARBINARY(9) DEFAULT '', d VARBINARY(9) DEFAULT 'a''\\\\,b')")
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("INSERT INTO t (id) VALUES (1)")
    assert pair.target.query("SELECT HEX(a), HEX(b), HEX(c), HEX(d) FROM t") == [("00FF01", "410042", "", "61275C2C62")]


@pytest.mark.parametrize("to", ["mysql", "tidb"])
def test_defaults_of_mariadb_stand_in_the_words_of_another_server(rowferry, pair_of, to):
    pair = pair_of(f"mariadb-{to}")
    pair.source.run(
        "CREATE TABLE t (id INT NOT NULL PRIMARY KEY, word LONGTEXT DEFAULT 'it''s', day DATE DEFAULT CURRENT_DATE,"
        " made DATETIME(3) DEFAULT CURRENT_TIMESTAMP(3), code VARCHAR(36) DEFAULT UUID(), n INT DEFAULT -5, loud VARCHAR(9) DEFAULT UPPER('x'))"
    )
    run = rowferry("copy", *pair.urls).expect(0)
    pair.target.run_script("INSERT INTO t (id) VALUES (1)")
    found = pair.target.query("SELECT word, day IS NULL, made IS NULL, length(code), n, loud FROM t")
    if to == "mysql":
        assert found == [("it's", 0, 0, 36, -5, "X")], run.out
    else:
        assert found == [(None, 0, 0, 36, -5, None)], run.out
        assert "column word: default 'it''s', of which the target has none" in run.out
        assert "column loud: default ucase('x'), of which the target has none" in run.out


def test_keys_that_tidb_draws_at_random_stay_as_they_are(rowferry, pair_of):
    pair = pair_of("tidb-tidb")
    pair.source.run("CREATE TABLE t (id BIGINT NOT NULL AUTO_RANDOM(5) PRIMARY KEY, word VARCHAR(20))")
    pair.source.run("INSERT INTO t (word) VALUES " + ", ".join(f"('w{n}')" for n in range(500)))
    rowferry.copy(*pair.urls, "--page-size", "50").expect(0)
    assert sorted(pair.source.rows("t")) == sorted(pair.target.rows("t"))
    assert "AUTO_RANDOM(5)" in pair.target.query("SHOW CREATE TABLE t")[0][1]
    pair.target.run("INSERT INTO t (word) VALUES ('new')")
    assert pair.target.count("t") == 501
    assert_clean(pair.target)


@pytest.mark.parametrize("to", ["postgres", "mariadb", "sqlite"])
def test_keys_that_tidb_drew_at_random_are_counted_on_elsewhere(rowferry, pair_of, ends, to):
    source, target = ends.make("tidb", "source"), ends.make(to, "target")
    source.run("CREATE TABLE t (id BIGINT NOT NULL AUTO_RANDOM(5) PRIMARY KEY, word VARCHAR(20))")
    source.run("INSERT INTO t (word) VALUES " + ", ".join(f"('w{n}')" for n in range(50)))
    run = rowferry("copy", source.url, target.url).expect(0)
    assert "AUTO_RANDOM(5) becomes counting from the largest number on" in run.out
    assert sorted(n for (n,) in source.query("SELECT id FROM t")) == sorted(n for (n,) in target.query("SELECT id FROM t"))
    largest = target.one("SELECT max(id) FROM t")
    target.run("INSERT INTO t (word) VALUES ('new')")
    assert target.one("SELECT max(id) FROM t") == largest + 1


@pytest.mark.parametrize("clustered", ["CLUSTERED", "NONCLUSTERED"])
def test_tables_of_tidb_keep_how_they_lie(rowferry, pair_of, clustered):
    pair = pair_of("tidb-tidb")
    pair.source.run(f"CREATE TABLE t (a VARCHAR(20) NOT NULL, b INT NOT NULL, c INT, PRIMARY KEY (a, b) {clustered})")
    pair.source.insert("t", [(f"w{n % 7}", n, n) for n in range(900)])
    rowferry.copy(*pair.urls, "--page-size", "100").expect(0)
    assert_same(pair.source, pair.target)
    assert f"] {clustered} */" in pair.target.query("SHOW CREATE TABLE t")[0][1]


def test_what_tidb_takes_and_does_not_keep_is_named(rowferry, pair_of):
    pair = pair_of("mariadb-tidb")
    pair.source.run("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, a INT, body TEXT, KEY down (a DESC), FULLTEXT KEY words (body), CHECK (a < 5))")
    for options in (["--dry-run"], []):
        out = rowferry("copy", *pair.urls, *options).expect(0).out
        assert "index down: a descending, which TiDB does not keep" in out
        assert "index words: FULLTEXT, which TiDB has none of" in out
        assert "the target keeps none" in out


def test_large_pages_do_not_make_transactions_that_tidb_refuses(rowferry, pair_of):
    pair = pair_of("sqlite-tidb")
    pair.source.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, body TEXT)")
    pair.source.insert("t", [(n, f"{n:06}" + "x" * 200_000) for n in range(700)])
    run = rowferry.copy(*pair.urls, "--page-size", "1GiB").expect(0)
    assert sum(event["event"] == "page" for event in run.events) >= 4, str(run)
    assert_same(pair.source, pair.target)


def test_what_mysql_keeps_and_another_server_may_not(rowferry, pair_of):
    pair = pair_of("mysql-mysql")
    pair.source.run(
        "SET time_zone = '+02:00'; CREATE TABLE t (id INT NOT NULL PRIMARY KEY, ts TIMESTAMP NOT NULL DEFAULT '2020-01-01 00:00:00', word VARCHAR(30) DEFAULT 'CURRENT_TIMESTAMP',"
        " twice INT GENERATED ALWAYS AS (id * 2) STORED NOT NULL, place POINT NOT NULL SRID 4326, doc JSON,"
        " CONSTRAINT loose CHECK (id < 0) NOT ENFORCED) STATS_PERSISTENT=1;"
        "SET time_zone = '+00:00'; INSERT INTO t (id, place) VALUES (1, ST_GeomFromText('POINT(1 2)', 4326))"
    )
    out = rowferry("copy", *pair.urls).expect(0).out
    for named in ("check loose: (`id` < 0), not enforced", "column place: SRID 4326", "table option stats_persistent=1", "column doc: decimals in documents become floats"):
        assert named in out, out
    pair.target.run("INSERT INTO t (id, place) VALUES (2, ST_GeomFromText('POINT(1 2)', 4326))")
    assert pair.target.query("SELECT DISTINCT ts + 0, word FROM t") == [(20191231220000, "CURRENT_TIMESTAMP")]
    assert "twice" in pair.target.not_null("t")


def test_partitions_of_mysql_with_its_own_collation_are_kept_by_mariadb(rowferry, pair_of):
    pair = pair_of("mysql-mariadb")
    pair.source.run("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, word VARCHAR(9)) COLLATE utf8mb4_0900_ai_ci PARTITION BY HASH (id) PARTITIONS 2; INSERT INTO t VALUES (1, 'a'), (2, 'b')")
    rowferry.copy(*pair.urls).expect(0)
    assert pair.target.one("SELECT count(*) FROM information_schema.partitions WHERE table_schema = %s AND table_name = 't'", pair.target.name) == 2
    assert pair.target.count("t") == 2


def test_labels_and_ranges_of_tidb_stay_as_they_are(rowferry, pair_of):
    pair = pair_of("tidb-tidb")
    pair.source.run("CREATE TABLE t (id BIGINT NOT NULL AUTO_RANDOM(5, 54) PRIMARY KEY, e ENUM('a\\b', 'x''y'))")
    pair.source.run("INSERT INTO t (e) VALUES ('a\\b'), ('x''y')")
    rowferry.copy(*pair.urls).expect(0)
    assert sorted(pair.source.rows("t")) == sorted(pair.target.rows("t"))
    assert "AUTO_RANDOM(5, 54)" in pair.target.query("SHOW CREATE TABLE t")[0][1]


def test_options_that_only_tidb_has_are_named(rowferry, pair_of):
    pair = pair_of("tidb-tidb")
    pair.source.run("CREATE TABLE t (id INT NOT NULL PRIMARY KEY NONCLUSTERED, made DATETIME) TTL = made + INTERVAL 1 DAY SHARD_ROW_ID_BITS = 4 AUTO_ID_CACHE = 10")
    out = rowferry("copy", *pair.urls, "--dry-run").expect(0).out
    assert "table option TTL=" in out and "table option SHARD_ROW_ID_BITS=" in out and "table option AUTO_ID_CACHE=" in out


@pytest.mark.parametrize("to", ["mysql", "mariadb"])
def test_signs_of_any_length_stay_in_expressions(rowferry, pair_of, to):
    """information_schema tells them as Latin-1, or as question marks."""
    pair = pair_of(f"mysql-{to}")
    pair.source.run("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, a VARCHAR(10) DEFAULT 'é😀?', g VARCHAR(20) AS (CONCAT(a, 'é😀?')) STORED, CHECK (a <> 'é😁'))")
    rowferry.copy(*pair.urls).expect(0)
    pair.target.run("INSERT INTO t (id) VALUES (1)")
    assert pair.target.query("SELECT a, g FROM t") == [("é😀?", "é😀?é😀?")]
    with pytest.raises(Exception, match="(?i)constraint"):
        pair.target.run("INSERT INTO t (id, a) VALUES (2, 'é😁')")


def test_a_negative_zero_is_kept_or_refused(rowferry, pair_of):
    for kind, status in (("mysql", 0), ("tidb", 3)):
        pair = pair_of(f"postgres-{kind}")
        pair.source.run("CREATE TABLE z (id INTEGER PRIMARY KEY, d DOUBLE PRECISION); INSERT INTO z VALUES (1, '-0')")
        rowferry.copy(*pair.urls).expect(status)
        assert pair.target.query("SELECT ATAN2(d, -1) < 0 FROM z") == ([(1,)] if status == 0 else [])
