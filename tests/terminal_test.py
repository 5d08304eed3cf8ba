"""What a run draws while somebody looks at a terminal."""

import fcntl
import os
import pty
import re
import struct
import termios
from contextlib import suppress

import pytest

STRIP = re.compile(r"\[[ .0-9#]{60}\]")


def on_a_terminal(program, *arguments, columns=120):
    """What the program writes to a terminal until it ends."""
    pid, terminal = pty.fork()
    if pid == 0:
        fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        command = [program.path, *map(str, arguments), "--dir", str(program.jobs_dir)]
        os.execve(command[0], command, {"PATH": os.environ["PATH"], "HOME": str(program.dir), "TERM": "xterm"})
    out = b""
    with suppress(OSError):  # its end
        while piece := os.read(terminal, 65536):
            out += piece
    os.close(terminal)
    os.waitpid(pid, 0)
    return out.decode()


@pytest.fixture
def differing(pair_of):
    pair = pair_of("sqlite-sqlite")
    for end in (pair.source, pair.target):
        end.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
        end.insert("t", [(i, "x" * 1000) for i in range(600)])
    pair.target.run("UPDATE t SET a = 'y' WHERE id = 5 OR id BETWEEN 300 AND 320")
    return pair


@pytest.mark.parametrize("verb", ["verify", "sync"])
def test_the_strip_fills_while_rows_are_compared(rowferry, differing, verb):
    text = on_a_terminal(rowferry, verb, *differing.urls, "--page-size", "10", "--jobs", "1", "--max-rate", "600kB")
    strips = STRIP.findall(text)
    under_way = [strip for strip in strips if strip.startswith("[1") and strip.endswith(" ]")]
    assert under_way and any("8#1" in strip for strip in strips), strips
    # Each takes the place of the one before.
    assert text.count("\x1b[A\x1b[K") >= len(set(under_way)) - 1


def test_a_narrow_terminal_gets_no_strip(rowferry, differing):
    text = on_a_terminal(rowferry, "verify", *differing.urls, "--page-size", "10", "--max-rate", "2MB", columns=60)
    assert "\x1b[A" not in text and "rows" in text
