"""Digests that servers take of their rows say the same as reading the rows does: equal for what a copy has made, and
different for every value that is another one, type by type."""

import pytest
from canonical import forms_between
from conftest import ALL
from ends.names import quote
from zoo_test import canonical_cells, zoos

assert zoos  # a fixture

SAMPLE = 2  # columns of a table
PAIRS = ["postgres-postgres", "mariadb-mariadb", "postgres-mariadb", "mariadb-postgres", "sqlite-postgres"]


def verified(rowferry, run, *options):
    found = rowferry("verify", run.source.url, run.target.url, "--digests", "servers", "--output", "json", *options)
    tables = {event["source"].rpartition(".")[2]: event for event in found.events if event["event"] == "verified"}
    changed = {}
    for event in found.events:
        if event["event"] == "difference" and event["what"] == "changed":
            changed.setdefault(event["source"].rpartition(".")[2], set()).add(event["key"])
    return tables, changed


def in_servers(table):
    return "MD5" in table["how"] or "summed up" in table["how"]


@pytest.mark.parametrize("strong", ["", "--strong"])
@pytest.mark.parametrize("pair", PAIRS)
def test_what_was_copied_has_the_same_digests(zoos, rowferry, pair, strong):
    run = zoos.run(pair)
    tables, _ = verified(rowferry, run, *strong.split())
    digested = {name: table for name, table in tables.items() if in_servers(table) and table["verdict"] == "equal" and name != "large"}  # whose values are too large for one
    assert len(digested) > 2, {name: (table["verdict"], table["how"]) for name, table in tables.items()}
    # Where digests had differed the page would have been read, too.
    assert [name for name, table in digested.items() if table["statements"] != 1] == []


def columns_to_change(run, table):
    taken = {name for name, _ in run.target.columns(table)}
    # Of jsonb the meaning is compared: 1 and 1.0 are one value.
    return [name for name, type in run.source.columns(table) if name != "id" and name in taken and type != "jsonb"]


def turn(end, table, column):
    """Each row gets the value of the next one; False where the server does not let it."""
    name, rows = quote(table), quote(column)
    try:
        end.run(f"CREATE TABLE turned AS SELECT id, {rows} AS v FROM {name}")
        end.run(f"UPDATE {name} SET {rows} = (SELECT v FROM turned WHERE turned.id = coalesce((SELECT min(t.id) FROM turned t WHERE t.id > {name}.id), (SELECT min(t.id) FROM turned t)))")
        return True
    except Exception:  # computed, or checked
        return False
    finally:
        end.run("DROP TABLE IF EXISTS turned")


@pytest.mark.parametrize("strong", ["", "--strong"])
@pytest.mark.parametrize("pair", PAIRS[:4])
def test_each_value_that_is_another_is_seen(zoos, rowferry, seeded, pair, strong):
    """By digests of pages of one row each: nothing but the row's own values hides behind them."""
    if strong and pair not in ("postgres-postgres", "mariadb-mariadb"):
        pytest.skip("digests are strong there in any case")
    run = zoos.run(pair)
    tables, _ = verified(rowferry, run)
    looked_at = 0
    for table in [name for name, found in tables.items() if in_servers(found) and found["verdict"] == "equal" and name in run.tables]:
        forms = forms_between(run.source, run.target, table)
        ours = canonical_cells(run.source, table, forms)
        if table == "signs":  # in old character sets, some of which have two codes for one sign of Unicode
            continue
        columns = columns_to_change(run, table)
        for column in columns if ALL else seeded.sample(columns, min(SAMPLE, len(columns))):
            if not turn(run.target, table, column):
                continue
            theirs = canonical_cells(run.target, table, forms)
            wanted = {f"id={id}" for id in ours if ours[id] != theirs[id]}
            found = verified(rowferry, run, "-t", table, "--zoom", "1", *strong.split())
            assert found[1].get(table, set()) == wanted, (table, column)
            looked_at += len(wanted)
            rowferry("sync", run.source.url, run.target.url, "-t", table, "-q").expect(0)
    assert looked_at > (300 if ALL else 50)
