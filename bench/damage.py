"""What is done to the target, untimed, for somebody to find: statements that MariaDB and PostgreSQL understand."""
import random

COPIED = """tiny, small, medium, large, price, rate, ratio, day, created, changed, code, name, note, payload, active,
  token, detail"""


def one_row(rows):
    """One column of the row in the middle. The same statement again undoes it."""
    return [f"UPDATE measured SET tiny = -tiny - 1 WHERE id = {rows // 2 * 3}"]


def scattered(rows, count=1000):
    """As many rows deleted as changed as inserted, wherever chance has it, the same in each run."""
    chosen = random.Random(1).sample(range(1, rows + 1), count)
    gone, changed, more = (", ".join(str(number * 3) for number in chosen[part::3]) for part in range(3))
    return [f"DELETE FROM measured WHERE id IN ({gone})",
            f"UPDATE measured SET price = price + 1, note = CONCAT(note, '!') WHERE id IN ({changed})",
            f"INSERT INTO measured SELECT id + 1, {COPIED} FROM measured WHERE id IN ({more})"]


def pages(rows):
    """Ten ranges of keys, a tenth of the table together: every row in them is changed."""
    ranges = [(part * rows // 10, part * rows // 10 + rows // 100) for part in range(10)]
    return [f"UPDATE measured SET price = price + 1 WHERE id > {first * 3} AND id <= {last * 3}" for first, last in ranges]
