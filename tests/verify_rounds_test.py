"""Random tables, copied and compared: what the program says of both sides is what it said of the copy, and a row that is
changed behind its back is found. Rounds are those of random_rounds_test.py; a sample has the same ones each time."""

import os
import random
import re
from collections import Counter

import pytest
from conftest import PAIRS, SEED
from ends.names import quote
from rounds.judge import REFUSALS, Fault, Lab
from rounds.making import make_round
from rounds.shrink import shrink

ROUNDS = int(os.environ.get("ROWFERRY_TEST_VERIFY_ROUNDS") or (900 if os.environ.get("ROWFERRY_TEST_ALL") else 36))
FIRST = SEED if os.environ.get("ROWFERRY_TEST_ALL") or os.environ.get("ROWFERRY_TEST_VERIFY_ROUNDS") else "the same"  # in a sample
SHRINK_SECONDS = 30


ONE_ROW_LESS = {
    "postgres": "DELETE FROM {0} WHERE ctid = (SELECT min(ctid) FROM {0})",
    "mariadb": "DELETE FROM {0} LIMIT 1",
    "sqlite": "DELETE FROM {0} WHERE rowid = (SELECT min(rowid) FROM {0})",
}


def plain(key):
    """A row's name where a truth may be told as such, by who read it, or as the number that it becomes."""
    return re.sub(r"=(false|true)\b", lambda found: "=1" if found[1] == "true" else "=0", key)


class VerifyLab(Lab):
    """Asks the program of both sides after each copy."""

    def faults_of_run(self, round, program):
        result = program.copy(self.source, self.target, *round.options)
        if result.status not in (0, 1):
            return [], result  # what does not end is another test's
        tables = {t["target"]: t for t in result.result["tables"]}
        listed = Counter((name, plain(line["key"])) for name in tables for line in result.rejected(name))
        return [*self.compare(round, program, listed), *self.look_for_damage(round, program, listed)], result

    def verify(self, round, program):
        return program("verify", self.source.url, self.target.url, "--page-size", str(round.page_rows), "--output", "json")

    def compare(self, round, program, listed):
        run = self.verify(round, program)
        said = [event for event in run.events if event["event"] == "difference"]
        found = Counter((event["target"], plain(event["key"])) for event in said)
        # Without a primary key a row may be told of by other columns: then by how many there are.
        more, less = (Counter(table for table, _ in rows.elements()) for rows in (found - listed, listed - found))
        faults = [Fault("differs", table, str([event for event in said if event["target"] == table])) for table in more - less]
        faults += [Fault("overlooked", table, str(listed)) for table in less - more]
        odd = [event for event in said if event["what"] not in ("only_source", "unreadable")]
        faults += [Fault("differs", event["target"], str(event)) for event in odd]
        if run.status != (1 if said else 0):
            faults.append(Fault("status", "", f"{run.status}\n{run}"))
        return faults

    def look_for_damage(self, round, program, listed):
        for table in sorted(self.target.tables()):
            if self.target.count(table) == 0 or not self.lose_a_row(table):
                continue
            tables = self.verify(round, program).result["tables"]
            gone, named = sum(t["source_rows"] - t["target_rows"] for t in tables), sum(t["only_source"] for t in tables)
            return [] if gone == named > 0 else [Fault("overlooked", table, f"{gone} rows are gone, {named} are named")]
        return []

    def lose_a_row(self, table):
        """False where the table has no row of a name, or a key of another table minds."""
        try:
            self.target.run(ONE_ROW_LESS[self.target.kind].format(quote(table)))
        except REFUSALS:
            return False
        return True


@pytest.mark.parametrize("name", PAIRS)
def test_what_was_copied_is_called_equal(program_path, pair_of, tmp_path, name):
    pair = pair_of(name)
    lab = VerifyLab(pair.source, pair.target, program_path, tmp_path)
    for number in range(ROUNDS // len(PAIRS) + 1):
        seed = f"{FIRST} verify {name} {number}"
        round = make_round(random.Random(seed), *name.split("-"))
        faults = lab.faults(round)
        if not faults:
            continue
        small = shrink(round, faults[0].kind, lab.faults, SHRINK_SECONDS)
        left = lab.faults(small)
        pytest.fail("\n".join([f"seed '{seed}'", *map(str, left or faults), "", small.script()]), pytrace=False)

