"""Rows that are not the job's are never taken away, and nothing is called done that is not there."""

import sqlite3


def make(path, *statements):
    with sqlite3.connect(path) as file:
        for statement in statements:
            file.execute(statement)
    file.close()

def rows(path, query):
    file = sqlite3.connect(path)
    try:
        return file.execute(query).fetchall()
    finally:
        file.close()

def test_a_restart_leaves_alone_what_a_finished_append_found(rowferry, tmp_path):
    make(tmp_path / "e.db", "CREATE TABLE q (id INTEGER PRIMARY KEY, v TEXT)")
    make(tmp_path / "t.db", "CREATE TABLE q (id INTEGER PRIMARY KEY, v TEXT)",
         "INSERT INTO q VALUES (1, 'own'), (2, 'own')")
    ends = (f"sqlite:{tmp_path}/e.db", f"sqlite:{tmp_path}/t.db")
    assert rowferry.copy(*ends, "--existing", "append").status == 0
    assert rowferry.copy(*ends, "--restart").status == 3
    assert rows(tmp_path / "t.db", "SELECT count(*) FROM q") == [(2,)]

def test_a_restart_empties_only_what_the_job_has_filled(rowferry, tmp_path):
    make(tmp_path / "g.db", "CREATE TABLE a (id INTEGER PRIMARY KEY)", "INSERT INTO a VALUES (1)")
    ends = (f"sqlite:{tmp_path}/g.db", f"sqlite:{tmp_path}/t.db")
    assert rowferry.copy(*ends).status == 0
    make(tmp_path / "g.db", "CREATE TABLE b (id INTEGER PRIMARY KEY)", "INSERT INTO b VALUES (7)")
    make(tmp_path / "t.db", "CREATE TABLE b (id INTEGER PRIMARY KEY)", "INSERT INTO b VALUES (1), (2)")
    assert rowferry.copy(*ends, "--restart").status == 3
    assert rows(tmp_path / "t.db", "SELECT id FROM b ORDER BY id") == [(1,), (2,)]

def test_a_finished_job_is_done_again_when_its_target_is_gone(rowferry, tmp_path):
    make(tmp_path / "h.db", "CREATE TABLE a (id INTEGER PRIMARY KEY)", "INSERT INTO a VALUES (1)")
    ends = (f"sqlite:{tmp_path}/h.db", f"sqlite:{tmp_path}/t.db")
    assert rowferry.copy(*ends).status == 0
    (tmp_path / "t.db").unlink()
    assert rowferry.copy(*ends).status == 0
    assert rows(tmp_path / "t.db", "SELECT id FROM a") == [(1,)]

def test_rows_of_another_source_are_not_mixed_into_a_begun_table(rowferry, tmp_path):
    for name, first in (("x", "'not a date'"), ("y", "'2020-01-01'")):
        make(tmp_path / f"{name}.db", "CREATE TABLE k (id INTEGER PRIMARY KEY, v INTEGER)",
             f"INSERT INTO k VALUES (1, 5), (2, {first})")
    make(tmp_path / "t.db", "CREATE TABLE k (id INTEGER, v TEXT CHECK (v <> 'not a date'))")
    target = f"sqlite:{tmp_path}/t.db"
    assert rowferry.copy(f"sqlite:{tmp_path}/x.db", target, "--data-only").status == 3
    assert rowferry.copy(f"sqlite:{tmp_path}/y.db", target, "--data-only").status == 0
    make(tmp_path / "x.db", "UPDATE k SET v = 6 WHERE id = 2")
    assert rowferry.copy(f"sqlite:{tmp_path}/x.db", target, "--data-only").status == 3
    assert rows(tmp_path / "t.db", "SELECT count(*) FROM k") == [(2,)]
