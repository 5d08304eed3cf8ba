"""What the command line promises of the process itself, beyond what cases can say."""

import os
import subprocess
import time

import pytest

VERBS = ["check", "copy", "schema", "status", "cleanup"]


@pytest.mark.parametrize("verb", VERBS)
def test_help_of_a_verb_is_on_standard_output_with_examples(program_path, verb):
    done = subprocess.run([program_path, verb, "--help"], capture_output=True, text=True)
    assert done.returncode == 0 and done.stderr == ""
    assert "Examples:" in done.stdout and f"rowferry {verb}" in done.stdout


def test_version(program_path):
    done = subprocess.run([program_path, "--version"], capture_output=True, text=True)
    assert done.returncode == 0 and any(c.isdigit() for c in done.stdout)


def test_a_closed_pipe_ends_no_copy(rowferry, pair_of):
    pair = pair_of("sqlite-sqlite")
    pair.source.run("CREATE TABLE t (id INTEGER PRIMARY KEY)")
    pair.source.insert("t", [(i,) for i in range(2000)])
    shell = f'"$0" copy "$1" "$2" --page-size 10 --output json --dir {rowferry.jobs_dir} | head -n 1; exit ${{PIPESTATUS[0]}}'
    subprocess.run(["bash", "-c", shell, rowferry.path, *pair.urls], capture_output=True, timeout=60)
    rowferry.copy(*pair.urls).expect(0)
    assert pair.target.count("t") == 2000


def test_a_password_in_the_argument_list_is_overwritten(rowferry, ends):
    source, target = ends.make("postgres", "source"), ends.make("sqlite", "target")
    source.run("CREATE TABLE t (id integer)")
    with source.connect() as holder:
        holder.autocommit = False
        holder.cursor().execute("LOCK TABLE t IN ACCESS EXCLUSIVE MODE")
        run = rowferry.start_copy(source, target)
        seen = None
        for _ in range(100):
            with open(f"/proc/{run.process.pid}/cmdline", "rb") as file:
                seen = file.read()
            if b"postgres://" in seen and os.environ["ROWFERRY_TEST_PASSWORD"].encode() not in seen:
                break
            time.sleep(0.02)
        holder.rollback()
    run.wait().expect(0)
    assert os.environ["ROWFERRY_TEST_PASSWORD"].encode() not in seen
