"""Random tables with random rows between every pair: each row is at the target as it was, or listed with a reason that is
true. Which rounds are made hangs on the seed alone; one that fails is made small and printed as SQL."""

import os
import random

import pytest
from conftest import PAIRS, SEED
from ends.names import quote
from program import Program
from rounds.judge import Lab, judge
from rounds.making import make_round
from rounds.model import Column, Round, Table, Type
from rounds.shrink import shrink

ROUNDS = int(os.environ.get("ROWFERRY_TEST_ROUNDS") or (2000 if os.environ.get("ROWFERRY_TEST_ALL") else 200))
SHRINK_SECONDS = 30


def lab_of(pair, program_path, dir):
    return Lab(pair.source, pair.target, program_path, dir)


def report(lab, round, faults, seed):
    """A round that fails, as small as it can be made."""
    small = shrink(round, faults[0].kind, lab.faults, SHRINK_SECONDS)
    left = lab.faults(small)
    command = f"rowferry copy {lab.source.kind} {lab.target.kind} {' '.join(small.options)}"
    return "\n".join([f"seed '{seed}'", *map(str, left or faults), "", *(f"at the target: {one};" for one in [*small.target_prelude(), *small.made_there]), small.script(), command])


@pytest.mark.parametrize("name", PAIRS)
def test_random_rounds(program_path, pair_of, tmp_path, name):
    lab = lab_of(pair_of(name), program_path, tmp_path)
    for number in range(ROUNDS // len(PAIRS) + 1):
        seed = f"{SEED} {name} {number}"
        round = make_round(random.Random(seed), *name.split("-"))
        faults = lab.faults(round)
        if faults:
            pytest.fail(report(lab, round, faults, seed), pytrace=False)


# That it can fail, and what it makes of that.


def whole(declared="BIGINT"):
    return Type(declared, lambda random: str(random.randrange(100)))


def plain_round(source, target, rejects_allowed=True):
    """Two tables of which one has the column `n`, whose values are 0 to 19."""
    columns = [Column("id", whole(), nullable=False), Column("n", whole()), Column("word", Type("TEXT", lambda random: "'a'"))]
    table = Table("t", columns, primary=["id"], rows=[[str(n), str(n), f"'word {n}'"] for n in range(20)])
    other = Table("other", [Column("a", whole())], rows=[[str(n)] for n in range(10)])
    return Round(source, target, [other, table], rejects_allowed)


def where_n_is_7(end, statement):
    def meddle(_):
        for table in end.tables():
            if "n" in [name for name, _ in end.columns(table)]:
                end.run(statement.format(table=quote(table)))

    return meddle


def forget_rejects(dir):
    for path in dir.glob("jobs/*/rejects/*"):
        path.write_text("")


DAMAGES = [
    ("UPDATE {table} SET n = 70 WHERE n = 7", "changed"),
    ("UPDATE {table} SET n = NULL WHERE n = 7", "changed"),
    ("DELETE FROM {table} WHERE n = 7", "lost"),
    ("CREATE TABLE more AS SELECT * FROM {table} WHERE n = 7; UPDATE more SET id = 700; INSERT INTO {table} SELECT * FROM more; DROP TABLE more", "doubled"),
]


@pytest.mark.parametrize("name", PAIRS)
def test_damage_at_the_target_is_found(program_path, pair_of, tmp_path, name):
    lab = lab_of(pair_of(name), program_path, tmp_path)
    assert lab.faults(plain_round(*name.split("-"))) == []
    for statement, kind in DAMAGES:
        lab.meddle = where_n_is_7(lab.target, statement)
        assert kind in [fault.kind for fault in lab.faults(plain_round(*name.split("-")))], statement


def round_into_tables_that_are_there(pair, existing, filled=False):
    round = plain_round(*pair.split("-"))
    round.existing, round.filled = existing, filled
    return round


@pytest.mark.parametrize("name", ["sqlite-sqlite", "sqlite-postgres", "postgres-mariadb"])
@pytest.mark.parametrize("filled", [False, True])
def test_damage_in_a_table_that_was_there_is_found(program_path, pair_of, tmp_path, name, filled):
    lab = lab_of(pair_of(name), program_path, tmp_path)
    round = round_into_tables_that_are_there(name, ["--existing", "append"], filled)
    round.tables[1].primary = []
    assert lab.faults(round) == []
    for statement, kind in (("UPDATE {table} SET n = 70 WHERE n = 7", "lost" if filled else "changed"), ("DELETE FROM {table} WHERE n = 7", "lost")):
        lab.meddle = where_n_is_7(lab.target, statement)
        assert kind in [fault.kind for fault in lab.faults(round)], statement


def test_rows_that_were_there_before_may_hold_others_up_but_not_unsaid(program_path, pair_of, tmp_path):
    """Each row of the second copy is a duplicate."""
    lab = lab_of(pair_of("sqlite-postgres"), program_path, tmp_path)
    round = round_into_tables_that_are_there("sqlite-postgres", ["--data-only", "--existing", "append"], filled=True)
    assert lab.faults(round) == []
    lab.meddle = forget_rejects
    assert "lost" in {fault.kind for fault in lab.faults(round)}


def test_a_narrower_column_has_rows_listed(program_path, pair_of, tmp_path):
    """A wish of almost 1 is the last of the types that there are: 19 rows of 20 are neither true nor false."""
    lab = lab_of(pair_of("sqlite-postgres"), program_path, tmp_path)
    round = round_into_tables_that_are_there("sqlite-postgres", ["--data-only"])
    round.tables[1].wishes = {"n": 0.99}
    assert lab.faults(round) == []
    assert dict(lab.target.columns("t"))["n"] == "boolean" and lab.target.count("t") == 2
    lab.meddle = forget_rejects
    assert "lost" in {fault.kind for fault in lab.faults(round)} or "unlisted" in {fault.kind for fault in lab.faults(round)}


def test_damage_where_a_rule_wants_another_type_is_found(program_path, pair_of, tmp_path):
    lab = lab_of(pair_of("sqlite-postgres"), program_path, tmp_path)
    round = plain_round("sqlite", "postgres")
    round.ruled, round.tables[1].wishes = True, {"n": 0.0}
    assert lab.faults(round) == []
    assert round.rules == ["--rule", "t.n:type=numeric"] and dict(lab.target.columns("t"))["n"] == "numeric"
    lab.meddle = where_n_is_7(lab.target, "UPDATE {table} SET n = 70 WHERE n = 7")
    assert "changed" in [fault.kind for fault in lab.faults(round)]


def test_a_fault_is_made_small(program_path, pair_of, tmp_path):
    lab = lab_of(pair_of("sqlite-sqlite"), program_path, tmp_path)
    lab.meddle = where_n_is_7(lab.target, "UPDATE {table} SET n = 70 WHERE n = 7")
    small = shrink(plain_round("sqlite", "sqlite"), "changed", lab.faults, seconds=120)
    (table,) = small.tables
    assert [column.name for column in table.columns] == ["n"]
    assert (table.rows, table.primary) == ([["7"]], [])


def unfit_round(rejects_allowed):
    round = plain_round("sqlite", "postgres", rejects_allowed)
    round.tables[1].rows[3][1] = "'three'"
    return round


@pytest.mark.parametrize("allowed", [True, False])
def test_a_row_that_is_neither_there_nor_listed_is_found(program_path, pair_of, tmp_path, allowed):
    lab = lab_of(pair_of("sqlite-postgres"), program_path, tmp_path)
    assert lab.faults(unfit_round(allowed)) == []
    lab.meddle = forget_rejects
    assert {fault.kind for fault in lab.faults(unfit_round(allowed))} == {"unlisted", "report"}


def test_a_reject_without_cause_is_found(program_path, pair_of, tmp_path, monkeypatch):
    """The program is right here; the oracle is told that text fits a number."""
    lab = lab_of(pair_of("sqlite-postgres"), program_path, tmp_path)
    monkeypatch.setattr(lab.oracle, "why_not", lambda *_: None)
    assert "rejected without cause" in [fault.kind for fault in lab.faults(unfit_round(True))]


def test_an_exit_status_that_is_not_true_is_found(program_path, pair_of, tmp_path):
    lab = lab_of(pair_of("sqlite-postgres"), program_path, tmp_path)
    round = unfit_round(True)
    lab.build(round)
    result = Program(program_path, tmp_path).copy(lab.source, lab.target, *round.options).expect(1)
    result.status = 0
    assert [fault.kind for fault in judge(round, result, lab)] == ["status"]


def test_the_same_seed_makes_the_same_round():
    for name in PAIRS:
        first, second = (make_round(random.Random(f"1 {name} 2"), *name.split("-")).script() for _ in range(2))
        assert first == second
    assert len({make_round(random.Random(n), "postgres", "sqlite").script() for n in range(20)}) == 20
