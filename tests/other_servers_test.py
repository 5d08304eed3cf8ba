"""What only MySQL 8 and TiDB have. Without their servers (ROWFERRY_TEST_MYSQL, ROWFERRY_TEST_TIDB) these are skipped."""

import math
import uuid

import pymysql
import pytest
from check_test import check, expect_finding, finding, findings, setting, user
from compare import assert_clean, assert_same
from rules_test import codes_of, rules, types

assert user  # a fixture


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


def test_keys_that_lie_closer_than_mysql_prints_sums_make_pages(rowferry, pair_of):
    pair = pair_of("mysql-mysql")
    pair.source.run("CREATE TABLE t (id DOUBLE NOT NULL PRIMARY KEY)")
    keys = [1e-100]
    for _ in range(11):
        keys.append(math.nextafter(keys[-1], 1))
    pair.source.run("INSERT INTO t VALUES " + ", ".join(f"({key!r}), ({-key!r})" for key in keys))
    run = rowferry.copy(*pair.urls, "--page-size", "1").expect(0)
    assert sum(event["event"] == "page" for event in run.events) >= 24, run
    assert sorted(pair.target.query("SELECT id FROM t")) == sorted((sign * key,) for key in keys for sign in (1, -1))


@pytest.mark.parametrize("to", ["sqlite", "postgres"])
def test_defaults_of_bytes_are_named_elsewhere(rowferry, pair_of, to):
    pair = pair_of(f"mysql-{to}")
    pair.source.run("CREATE TABLE t (id INT NOT NULL PRIMARY KEY, a VARBINARY(9) DEFAULT 0x00ff, b BLOB DEFAULT (x'00ff'))")
    run = rowferry.copy(*pair.urls).expect(0)
    for column in "ab":
        assert any(f"column {column}: default" in text for text in run.table("t")["not_carried"]), run
    pair.target.run("INSERT INTO t (id) VALUES (1)")
    assert pair.target.query("SELECT a, b FROM t") == [(None, None)]


@pytest.mark.parametrize("kind", ["mysql", "tidb"])
def test_documents_that_these_servers_do_not_take_are_rejected_one_by_one(rowferry, pair_of, kind):
    pair = pair_of(f"postgres-{kind}")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, j JSON)")
    pair.source.insert("t", [(1, "[" * 100 + "]" * 100), (2, "[" * 1000 + "]" * 1000), (3, "[1e400]"), (4, '{"a": 1}')])
    run = rowferry.copy(*pair.urls, "--max-rejects", "9").expect(1)
    assert [line["key"] for line in run.rejected("t")] == ["id=2", "id=3"]
    assert sorted(pair.target.query("SELECT id FROM t")) == [(1,), (4,)]


def test_half_of_a_surrogate_pair_stays_behind(rowferry, pair_of):
    pair = pair_of("mariadb-mysql")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(9) CHARACTER SET ucs2); INSERT INTO t VALUES (1, x'D83D'), (2, 'ä')")
    run = rowferry.copy(*pair.urls, "--max-rejects", "9").expect(1)
    assert [(line["key"], line["column"]) for line in run.rejected("t")] == [("id=1", "a")]
    assert pair.target.query("SELECT id, a FROM t") == [(2, "ä")]


def test_shapes_of_another_reference_than_the_columns_are_rejected(rowferry, pair_of):
    pair = pair_of("mysql-mysql")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, p POINT); INSERT INTO t VALUES (1, ST_GeomFromText('POINT(1 2)')), (2, ST_GeomFromText('POINT(1 2)', 4326))")
    pair.target.run("CREATE TABLE t (id INT PRIMARY KEY, p POINT SRID 4326)")
    run = rowferry.copy(*pair.urls, "--data-only", "--max-rejects", "9").expect(1)
    assert [line["key"] for line in run.rejected("t")] == ["id=1"]
    assert pair.target.query("SELECT id, ST_SRID(p) FROM t") == [(2, 4326)]


def test_labels_in_bytes_may_differ_by_case(rowferry, pair_of):
    pair = pair_of("mysql-mysql")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, e ENUM('a','A') CHARACTER SET binary, s SET('b','B') CHARACTER SET binary); INSERT INTO t VALUES (1, 'a', 'b'), (2, 'A', 'b,B')")
    rowferry.copy(*pair.urls).expect(0)
    assert pair.target.query("SELECT id, e, s FROM t ORDER BY id") == [(1, b"a", b"b"), (2, b"A", b"b,B")]
    assert pair.target.query("SHOW CREATE TABLE t") == pair.source.query("SHOW CREATE TABLE t")


def collations_of(end):
    """Those that a text there can have."""
    found = []
    for (name,) in end.query("SELECT collation_name FROM information_schema.collations WHERE character_set_name <> 'binary' ORDER BY 1"):
        try:
            end.run(f"CREATE TABLE c_{name} (id INT NOT NULL PRIMARY KEY, v VARCHAR(20) COLLATE {name}, w VARCHAR(20)) COLLATE {name}")
        except pymysql.Error:
            continue
        found.append(name)
    return found


@pytest.mark.parametrize("name", ["mysql-mariadb", "mariadb-mysql", "mysql-tidb", "mariadb-tidb", "tidb-mysql", "tidb-mariadb"])
def test_every_collation_becomes_one_that_the_other_server_has(rowferry, pair_of, name):
    pair = pair_of(name)
    every = collations_of(pair.source)
    assert len(every) > 10
    run = rowferry.copy(*pair.urls, timeout=500).expect(0)
    theirs = {name for (name,) in pair.target.query("SELECT DISTINCT collation_name FROM information_schema.columns WHERE table_schema = %s AND column_name IN ('v', 'w')", pair.target.name)}
    theirs |= {name.replace("utf8mb3_", "utf8_") for name in theirs}  # as TiDB calls them
    for one in sorted(set(every) - theirs):
        assert any(f"collation {one} becomes " in text for text in run.table(f"c_{one}")["not_carried"]), one


@pytest.mark.parametrize("source", ["mysql", "mariadb"])
def test_types_and_signs_that_tidb_has_not_become_others(rowferry, pair_of, source):
    pair = pair_of(f"{source}-tidb")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY, p POINT, s VARCHAR(9), j VARCHAR(9) CHARACTER SET sjis) CHARACTER SET latin1; INSERT INTO t VALUES (1, ST_GeomFromText('POINT(1 2)'), 'Größe', '漢字')")
    run = rowferry.copy(*pair.urls).expect(0)
    assert "column p: point becomes longblob" in run.table("t")["not_carried"], run
    assert types(pair.target, "t")["p"] == "longblob"
    assert pair.target.query("SELECT HEX(p), s, j FROM t") == pair.source.query("SELECT HEX(p), s, j FROM t")


# Will it work?

BOTH = pytest.mark.parametrize("kind", ["mysql", "tidb"])


@BOTH
def test_facts_of_these_servers(rowferry, pair_of, kind):
    pair = pair_of(f"{kind}-{kind}")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY)")
    run = check(rowferry, pair.source, pair.target)
    for end in ("source", "target"):
        for code in ("clock.same", "setting.time_zone", "setting.sql_mode"):
            assert any(one["end"] == end and one["severity"] == "note" for one in findings(run, code)), f"{code} of {end}\n{run}"
    assert [one["message"] for one in findings(run, "setting.binlog")] == (["binary log: ROW, kept 30 days"] if kind == "mysql" else [])
    assert run.result["blockers"] == 0


@pytest.mark.parametrize("kept", ["ROW, kept 36 hours", "ROW, kept until it is purged"])
def test_how_long_mysql_keeps_its_log(rowferry, pair_of, kept):
    pair = pair_of("mysql-sqlite")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY)")
    with setting(pair.source, "binlog_expire_logs_seconds", 36 * 3600 if "hours" in kept else 0):
        assert finding(check(rowferry, pair.source, pair.target), "setting.binlog")["message"] == f"binary log: {kept}"


@BOTH
@pytest.mark.parametrize("end", ["source", "target"])
def test_the_grants_that_are_named_are_enough(rowferry, pair_of, user, kind, end):
    pair = pair_of(f"{kind}-{kind}")
    pair.source.run("CREATE TABLE a (id INT PRIMARY KEY, p INT, CONSTRAINT own FOREIGN KEY (p) REFERENCES a (id)); INSERT INTO a VALUES (1, NULL)")
    ends = {"source": pair.source, "target": pair.target}
    first = "GRANT INSERT ON {database}.a TO {user}" if end == "source" else "GRANT SHOW VIEW ON {database}.* TO {user}"
    urls = {**{name: one.url for name, one in ends.items()}, end: user(ends[end], first)}
    run = check(rowferry, urls["source"], urls["target"]).expect(3)
    missing = findings(run, "privilege.missing")
    assert missing and all(one["end"] == end for one in missing)
    for one in missing:
        ends[end].run_script(one["hint"])
    assert check(rowferry, urls["source"], urls["target"]).result["blockers"] == 0
    rowferry.copy(urls["source"], urls["target"]).expect(0)


@BOTH
def test_roles_count_where_they_are_on(rowferry, pair_of, user, kind):
    pair = pair_of(f"{kind}-sqlite")
    pair.source.run("CREATE TABLE a (id INT PRIMARY KEY)")
    role = "role_" + uuid.uuid4().hex[:8]
    source = user(pair.source, f"CREATE ROLE {role}; GRANT SELECT, LOCK TABLES ON {{database}}.* TO {role}; GRANT {role} TO {{user}}; SET DEFAULT ROLE {role} TO {{user}}")
    try:
        check(rowferry, source, pair.target).expect(0)
        rowferry.copy(source, pair.target).expect(0)
    finally:
        pair.source.run(f"DROP ROLE {role}")


@BOTH
def test_roles_that_are_off_do_not_count(rowferry, pair_of, user, kind):
    pair = pair_of(f"{kind}-sqlite")
    pair.source.run("CREATE TABLE a (id INT PRIMARY KEY)")
    role = "role_" + uuid.uuid4().hex[:8]
    source = user(pair.source, f"CREATE ROLE {role}; GRANT SELECT ON {{database}}.* TO {role}; GRANT {role} TO {{user}}; GRANT INSERT ON {{database}}.a TO {{user}}")
    try:
        expect_finding(check(rowferry, source, pair.target).expect(3), "blocker", "privilege.missing", "SELECT on ")
    finally:
        pair.source.run(f"DROP ROLE {role}")


def test_what_more_readers_would_need_on_mysql(rowferry, pair_of, user):
    pair = pair_of("mysql-sqlite")
    pair.source.run("CREATE TABLE a (id INT PRIMARY KEY); INSERT INTO a VALUES (1)")
    source = user(pair.source, "GRANT SELECT ON {database}.* TO {user}")
    wanted = expect_finding(check(rowferry, source, pair.target).expect(1), "warning", "privilege.wanted", "LOCK TABLES")
    assert "one session reads everything" in rowferry("copy", source, pair.target.url).expect(0).text
    pair.source.run_script(wanted["hint"])
    assert findings(check(rowferry, source, pair.target).expect(0), "privilege.wanted") == []


def test_what_is_revoked_of_a_global_grant_is_missing_on_mysql(rowferry, pair_of, user):
    pair = pair_of("mysql-sqlite")
    pair.source.run("CREATE TABLE a (id INT PRIMARY KEY)")
    with setting(pair.source, "partial_revokes", 1):
        source = user(pair.source, "GRANT SELECT, INSERT, LOCK TABLES ON *.* TO {user}; REVOKE SELECT ON {database}.* FROM {user}")
        run = check(rowferry, source, pair.target)
        name = source.split("//")[1].split(":")[0]
        pair.source.run(f"DROP USER {name}; CREATE USER {name}")  # or the setting could not go back
    expect_finding(run.expect(3), "blocker", "privilege.missing", "SELECT on ")


@pytest.mark.parametrize("variable", ["read_only", "super_read_only"])
def test_a_target_of_mysql_that_takes_no_writes(rowferry, pair_of, user, variable):
    pair = pair_of("sqlite-mysql")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    plain = user(pair.target, "GRANT ALL ON {database}.* TO {user}")
    passes = user(pair.target, "GRANT ALL ON {database}.* TO {user}; GRANT CONNECTION_ADMIN ON *.* TO {user}")
    try:
        with setting(pair.target, variable, 1):
            expect_finding(check(rowferry, pair.source, plain).expect(3), "blocker", "server.read_only")
            assert bool(findings(check(rowferry, pair.source, passes), "server.read_only")) == (variable == "super_read_only")
    finally:
        pair.target.run_script("SET GLOBAL read_only = 0")


@pytest.mark.parametrize("variable", ["tidb_restricted_read_only", "tidb_super_read_only"])
def test_a_target_of_tidb_that_takes_no_writes(rowferry, pair_of, user, variable):
    pair = pair_of("sqlite-tidb")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    plain = user(pair.target, "GRANT ALL ON {database}.* TO {user}")
    try:
        with setting(pair.target, variable, 1):
            expect_finding(check(rowferry, pair.source, plain).expect(3), "blocker", "server.read_only")
    finally:
        pair.target.run_script("SET GLOBAL tidb_super_read_only = 0")


@BOTH
@pytest.mark.parametrize("on", [True, False])
def test_loading_from_the_client_may_be_off(rowferry, pair_of, kind, on):
    """As MySQL is shipped. Rows land all the same."""
    pair = pair_of(f"sqlite-{kind}")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
    pair.source.insert("t", [(n, f"w\\{n}'\t") for n in range(50)])
    with setting(pair.target, "local_infile", int(on)):
        run = check(rowferry, pair.source, pair.target)
        if not on:
            hint = expect_finding(run, "warning", "setting.local_infile", "target")["hint"]
            rowferry.copy(*pair.urls, "--page-size", "10").expect(0)
            pair.target.run_script(hint)
            run = check(rowferry, pair.source, pair.target)
        assert findings(run, "setting.local_infile") == []
        if on:
            rowferry.copy(*pair.urls, "--page-size", "10").expect(0)
    assert_same(pair.source, pair.target)


@BOTH
def test_clocks_that_are_apart(rowferry, pair_of, user, kind):
    pair = pair_of(f"{kind}-sqlite")
    source = user(pair.source, "GRANT SELECT, LOCK TABLES ON {database}.* TO {user}")
    with setting(pair.source, "init_connect", "'SET timestamp = 1700000000'"):
        run = check(rowferry, source, pair.target).expect(1)
    assert "behind" in expect_finding(run, "warning", "clock.apart", "source")["message"]


@pytest.mark.parametrize("mode", ["disabled", "required"])
def test_a_password_that_mysql_has_not_seen_passes_without_tls_too(rowferry, pair_of, user, mode):
    """caching_sha2_password sends it under the server's own key."""
    pair = pair_of("mysql-sqlite")
    pair.source.run("CREATE TABLE t (id INT PRIMARY KEY)")
    source = user(pair.source, "GRANT SELECT, LOCK TABLES ON {database}.* TO {user}")
    run = check(rowferry, source + f"?ssl-mode={mode}", pair.target).expect(0)
    expect_finding(run, "note", "tls.local" if mode == "disabled" else "tls.on", "source")


ROWS = [
    ("value.zero_date", "d", "{}-postgres", "CREATE TABLE t (id INT PRIMARY KEY, d DATE); SET sql_mode = 'ANSI_QUOTES,ALLOW_INVALID_DATES'; INSERT INTO t VALUES (1, '0000-00-00'), (2, '2024-02-31'), (3, '2024-02-01')", "", 2),
    ("value.date", "d", "postgres-{}", "CREATE TABLE t (id INT PRIMARY KEY, d DATE); INSERT INTO t VALUES (1, '10000-01-01'), (2, 'infinity'), (3, '9999-12-31'), (4, '0001-01-01 BC')", "", 3),
    ("value.nul", "a", "{}-postgres", "CREATE TABLE t (id INT PRIMARY KEY, a VARCHAR(10)); INSERT INTO t VALUES (1, CONCAT('x', CHAR(0), 'y')), (2, 'x')", "", 1),
    ("value.length", "a", "sqlite-{}", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'abcd'), (2, 'äöü')", "CREATE TABLE t (id BIGINT PRIMARY KEY, a VARCHAR(3))", 1),
    ("value.range", "a", "postgres-{}", "CREATE TABLE t (id INT PRIMARY KEY, a INTERVAL); INSERT INTO t VALUES (1, '900 hours'), (2, '838 hours'), (3, '1 day')", "CREATE TABLE t (id INT PRIMARY KEY, a TIME(6))", 2),
    ("value.range", "a", "sqlite-{}", "CREATE TABLE t (id INTEGER PRIMARY KEY, a INT); INSERT INTO t VALUES (1, 256), (2, 255), (3, -1)", "CREATE TABLE t (id BIGINT PRIMARY KEY, a TINYINT UNSIGNED)", 2),
    ("value.number", "a", "sqlite-{}", "CREATE TABLE t (id INTEGER PRIMARY KEY, a DECIMAL(4,2)); INSERT INTO t VALUES (1, 123.4), (2, 1.25), (3, 1.125)", "", 2),
    ("value.nan", "a", "postgres-{}", "CREATE TABLE t (id INT PRIMARY KEY, a FLOAT8); INSERT INTO t VALUES (1, 'NaN'), (2, 'infinity'), (3, 1)", "", 2),
    ("value.label", "a", "sqlite-{}", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, 'x'), (2, 'X'), (3, 'z')", "CREATE TABLE t (id BIGINT PRIMARY KEY, a ENUM('x','y'))", 2),
    ("value.null", "a", "sqlite-{}", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT); INSERT INTO t VALUES (1, NULL), (2, 'x')", "CREATE TABLE t (id BIGINT PRIMARY KEY, a LONGTEXT NOT NULL)", 1),
]


@BOTH
@pytest.mark.parametrize("code, column, pair, source, target, count", ROWS)
def test_of_the_rows(rowferry, pair_of, kind, code, column, pair, source, target, count):
    pair = pair_of(pair.format(kind))
    pair.source.run(source)
    if target:
        pair.target.run_script(target)
    run = check(rowferry, pair.source, pair.target, "--probe").expect(3)
    found = expect_finding(run, "blocker", code, f"column {column}")
    assert (found["count"], len(found["keys"])) == (count, count)
    assert len([event for event in run.events if event["event"] == "finding" and event["severity"] == "blocker"]) == 1, run
    # The copy refuses the very same rows.
    assert rowferry.copy(pair.source, pair.target, "--max-rejects", "100").expect(1).table("t")["left_out"] == count


@pytest.mark.parametrize("kind, collation, found", [("mysql", "utf8mb4_0900_ai_ci", ["id=2 and id=1"]), ("mysql", "utf8mb4_general_ci", ["id=2 and id=1", "id=5 and id=4"]),
                                                    ("tidb", "utf8mb4_general_ci", ["id=2 and id=1", "id=5 and id=4"]), ("tidb", "utf8mb4_bin", ["id=5 and id=4"])])
def test_duplicates_under_the_collation_of_the_target(rowferry, pair_of, kind, collation, found):
    pair = pair_of(f"sqlite-{kind}")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY, n INT, a TEXT)")
    pair.source.insert("t", [(1, 1, "Ä"), (2, 1, "a"), (3, 2, "a"), (4, 1, "b"), (5, 1, "b "), (6, 1, None), (7, 1, None)])
    pair.target.run_script(f"CREATE TABLE t (id BIGINT PRIMARY KEY, n BIGINT, a VARCHAR(50) COLLATE {collation}, UNIQUE KEY both_of (n, a))")
    assert expect_finding(check(rowferry, pair.source, pair.target, "--probe").expect(3), "blocker", "key.collides", "key both_of")["keys"] == found
    assert rowferry.copy(*pair.urls, "--max-rejects", "9").expect(1).table("t")["left_out"] == len(found)


@BOTH
def test_orphans(rowferry, pair_of, kind):
    pair = pair_of(f"{kind}-sqlite")
    pair.source.run("SET foreign_key_checks = 0; CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE t (id INT PRIMARY KEY, p INT, CONSTRAINT f FOREIGN KEY (p) REFERENCES p (id))")
    pair.source.run("SET foreign_key_checks = 0; INSERT INTO p VALUES (1); INSERT INTO t VALUES (1, 1), (2, NULL), (3, 3)")
    found = expect_finding(check(rowferry, *pair.urls, "--probe").expect(3), "blocker", "key.orphan", "table ")
    assert found["keys"] == ["id=3, p=3"]


# Decisions of the user's own.


@BOTH
def test_rules_on_values_of_these_servers(rowferry, pair_of, kind):
    pair = pair_of(f"{kind}-postgres")
    pair.source.run(
        "CREATE TABLE OrderLines (LineId INT PRIMARY KEY, paid TINYINT(1) DEFAULT 1, n BIGINT UNSIGNED, u BINARY(16), d DATE NOT NULL, e ENUM('new','it''s') NOT NULL DEFAULT 'new', a VARCHAR(20), w VARCHAR(20));"
        "SET sql_mode = 'ANSI_QUOTES';"
        "INSERT INTO OrderLines VALUES (1, 1, 9223372036854775807, x'6ccd780cbaba102695645b8c656024db', '0000-00-00', 'it''s', CONCAT('a', CHAR(0), 'b'), 'éé😀x'), (2, 0, 7, NULL, '2024-02-29', 'new', NULL, 'ab')"
    )
    pair.source.own.close()
    run = rowferry.copy(
        *pair.urls,
        *rules("tinyint(1)=boolean", "bigint*unsigned=bigint", "OrderLines.u:type=uuid", "zero-date=null", "enum=enum", "nul=strip", "names=snake", "OrderLines.w:type=varchar(3)", "OrderLines.w:too-long=truncate"),
    ).expect(0)
    assert types(pair.target, "order_lines") | {"e": ""} == {"line_id": "integer", "paid": "boolean", "n": "bigint", "u": "uuid", "d": "date", "e": "", "a": "character varying(20)", "w": "character varying(3)"}
    rows = pair.target.query("SELECT line_id, paid, n, u::text, d::text, e::text, a, w FROM order_lines ORDER BY 1")
    assert rows == [(1, True, 9223372036854775807, "6ccd780c-baba-1026-9564-5b8c656024db", None, "it's", "ab", "éé😀"), (2, False, 7, None, "2024-02-29", "new", None, "ab")], run


@BOTH
def test_rules_on_columns_of_these_servers(rowferry, pair_of, kind):
    pair = pair_of(f"postgres-{kind}")
    pair.source.run(
        "CREATE TYPE mood AS ENUM ('sad', 'it''s ok'); CREATE TABLE t (id INT PRIMARY KEY, m mood DEFAULT 'sad', c mood, b BOOLEAN, u UUID, s TIMESTAMPTZ(3), w TEXT);"
        "INSERT INTO t VALUES (1, 'it''s ok', 'sad', true, '6ccd780c-baba-1026-9564-5b8c656024db', '2024-02-29 12:00:00.123+02', 'x'), (2, NULL, NULL, NULL, NULL, NULL, NULL)"
    )
    rowferry.copy(*pair.urls, *rules("t.m:enum=enum", "t.c:enum=check", "t.u:type=binary(16)", "t.s:type=timestamp(3)", "t.w:type=varchar(9)")).expect(0)
    made = types(pair.target, "t")
    assert (made["m"], made["u"], made["s"], made["w"]) == ("enum('sad','it''s ok')", "binary(16)", "timestamp(3)", "varchar(9)")
    assert pair.target.query("SELECT m, c, b, HEX(u), CAST(s AS CHAR), w FROM t ORDER BY id")[0] == ("it's ok", "sad", 1, "6CCD780CBABA102695645B8C656024DB", "2024-02-29 10:00:00.123", "x")


@BOTH
def test_rules_that_make_names_one_are_refused(rowferry, pair_of, kind):
    pair = pair_of(f"postgres-{kind}")
    pair.source.run('CREATE TABLE t (id INT PRIMARY KEY, "A" INT, a INT)')
    assert "name.case" in codes_of(rowferry.copy(*pair.urls, *rules("names=lower")).expect(3))
