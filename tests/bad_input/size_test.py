"""Huge values pass, and memory stays bounded by a few of them."""

import hashlib

import pytest
from conftest import ALL, PAIRS

MIB = 1 << 20
VALUE = (512 if ALL else 64) * MIB


def make(end, size):
    end.run("CREATE TABLE huge (id INTEGER NOT NULL PRIMARY KEY, body BLOB)")
    if end.kind == "sqlite":
        end.run(f"INSERT INTO huge VALUES (1, CAST(replace(hex(zeroblob({size // 2})), '00', 'ab') AS BLOB)), (2, x'')")
    elif end.kind == "mariadb":
        end.run(f"ALTER TABLE huge MODIFY body LONGBLOB; INSERT INTO huge VALUES (1, repeat('ab', {size // 2})), (2, '')")
    else:
        end.run(f"INSERT INTO huge VALUES (1, convert_to(repeat('ab', {size // 2}), 'UTF8')), (2, x'')")


def digests(end):
    if end.kind == "postgres":
        return [tuple(row) for row in end.query("SELECT id, length(body), md5(body) FROM huge ORDER BY id")]
    return [(id, len(body), hashlib.md5(body).hexdigest()) for id, body in end.query("SELECT id, body FROM huge ORDER BY id")]


def test_a_huge_value_arrives_within_the_promised_memory(rowferry, pair):
    make(pair.source, VALUE)
    run = rowferry.copy(*pair.urls, timeout=900).expect(0)
    assert digests(pair.target) == digests(pair.source)
    most = 64 * MIB + 4 * VALUE
    assert run.peak_memory <= most, f"{run.peak_memory / MIB:.0f} MiB, and {most / MIB:.0f} MiB are promised"


@pytest.mark.parametrize("name", PAIRS if ALL else ["sqlite-postgres", "postgres-sqlite"])
def test_many_rows_stay_within_a_small_memory(rowferry, pair_of, name):
    pair = pair_of(name)
    pair.source.run("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, word TEXT)")
    many = 400_000 if ALL else 150_000
    pair.source.insert("t", ((n, "word " * 20) for n in range(many)))
    run = rowferry.copy(*pair.urls, timeout=300).expect(0)
    assert pair.target.count("t") == many
    assert run.peak_memory <= 192 * MIB, f"{run.peak_memory / MIB:.0f} MiB"
