"""Tables for bad input to happen to, and what must hold after it."""

from compare import assert_clean, assert_same_rows

THREE = """
CREATE TABLE good (id INTEGER NOT NULL PRIMARY KEY, word TEXT);
CREATE TABLE bad (id INTEGER NOT NULL PRIMARY KEY, word TEXT, size DOUBLE PRECISION, price DECIMAL(10,2));
CREATE TABLE last (word TEXT);
"""
PAGES = ["--page-size", "200"]


def fill_three(end, rows=2000):
    end.run(THREE)
    end.insert("good", [(n, f"word {n}") for n in range(rows)])
    end.insert("bad", [(n, f"word {n}", n / 4, n) for n in range(rows)])
    end.insert("last", [(f"word {n % 50}",) for n in range(rows)])


def expect_error(error, kind, code):
    """Kind and code as they are documented; a place; and a hint that tells what to do."""
    assert (error["kind"], error["code"]) == (kind, code), error
    assert error["message"], error
    assert error.get("hint"), f"no hint: {error}"


def expect_code(run, code):
    """Of an error or finding, wherever it is told."""
    assert f'"code":"{code}"' in run.out, str(run)


def expect_blocked(run, code, where=""):
    """The copy ended before it touched anything, for this reason alone, which is named with what to do."""
    run.expect(3)
    found = [event for event in run.events if event["event"] == "finding"]
    assert found and {(one["severity"], one["code"]) for one in found} == {("blocker", code)}, str(run)
    assert all(where in one["where"] and one["hint"] for one in found), str(run)
    assert run.result["blockers"] == len(found) and run.result["tables"] == [], str(run)
    return found[0]


def expect_failed_alone(run, table, kind, code):
    """One table failed, and the others are done."""
    run.expect(3)
    states = {t["target"].rpartition(".")[2]: t["state"] for t in run.result["tables"]}
    assert states.pop(table) == "failed", str(run)
    assert set(states.values()) <= {"done"}, str(run)
    error = run.table(table)["errors"][0]
    assert (error["kind"], error["code"]) == (kind, code), error
    assert table in error["where"], error
    return error


def expect_mended(run, source, target):
    """The same command after the cause is gone: whole, or said to be of two points in time."""
    assert run.status in (0, 1), str(run)
    assert_same_rows(source, target)
    assert_clean(target)
