"""Random tables with random rows between every pair: each row is at the target as it was, or listed with a reason that is
true. Which rounds are made hangs on the seed alone; one that fails is made small and printed as SQL."""

import os
import random

import pytest
from conftest import PAIRS, SEED
from rounds.judge import Lab
from rounds.making import make_round
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
    return "\n".join([f"seed '{seed}'", *map(str, left or faults), "", *(f"at the target: {one};" for one in small.target_prelude()), small.script(), command])


@pytest.mark.parametrize("name", PAIRS)
def test_random_rounds(program_path, pair_of, tmp_path, name):
    lab = lab_of(pair_of(name), program_path, tmp_path)
    for number in range(ROUNDS // len(PAIRS) + 1):
        seed = f"{SEED} {name} {number}"
        round = make_round(random.Random(seed), *name.split("-"))
        faults = lab.faults(round)
        if faults:
            pytest.fail(report(lab, round, faults, seed), pytrace=False)
