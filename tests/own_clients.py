"""Databases filled and read through the clients that come with their servers: psql, mariadb, sqlite3."""

import os
import subprocess
import urllib.parse

from ends.names import quote

# What prints would hang on otherwise.
SESSION = "-c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c extra_float_digits=3 -c bytea_output=hex -c client_encoding=UTF8 -c statement_timeout=0"
PINNED = SESSION + " -c search_path="


def command_of(end):
    """The client's command line and environment, on the end's database."""
    if end.kind == "sqlite":
        return ["sqlite3", "-batch", "-bail", "-init", os.devnull, str(end.path)], {}
    if end.kind == "postgres":
        return ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", end.url], {"PGOPTIONS": SESSION + " -c search_path=public -c standard_conforming_strings=on -c xmloption=content -c array_nulls=on -c transform_null_equals=off -c statement_timeout=0 -c lock_timeout=0"}
    parts = urllib.parse.urlsplit(end.url)
    words = ["mariadb", "--no-defaults", "-h", parts.hostname, "-P", str(parts.port), "-u", parts.username, "--batch", "-N", "--default-character-set=utf8mb4"]
    words += [f"--init-command=SET NAMES utf8mb4, time_zone = '+00:00', sql_mode = {end.script_mode}, {end.pinned}"]
    return [*words, "--max-allowed-packet=1G", parts.path[1:]], {"MYSQL_PWD": urllib.parse.unquote(parts.password)}


def run(end, script, **settings):
    """What the client prints, as bytes."""
    command, secrets = command_of(end)
    done = subprocess.run(command, input=script.encode(), capture_output=True, env={**os.environ, **secrets, **settings}, timeout=120)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stderr.decode(errors='replace')[-3000:]}"
    return done.stdout


MARK = "=== "  # begins the line before a table's rows


def printed(end, tables):
    """{table: {id: cells}} of tables whose first column is their id: what the client shows of each value, such that values
    which differ anywhere are shown differently."""
    script, settings = {"postgres": postgres_script, "mariadb": mariadb_script, "sqlite": sqlite_script}[end.kind](end, tables)
    shown = run(end, script, **settings).split(b"\n" + MARK.encode())[1:]
    return {name.decode(): rows_of(lines) for name, _, lines in (part.partition(b"\n") for part in shown)}


def rows_of(lines):
    rows = [line.split(b"\t") for line in lines.removesuffix(b"\n").split(b"\n") if line]
    found = {row[0]: row for row in rows}
    assert len(found) == len(rows), "an id stands twice"
    return found


def postgres_script(end, tables):
    parts = ["\\echo"]
    for table in tables:
        names = ", ".join(quote(name) for name, _ in end.columns(table))
        parts += [f"\\echo '{MARK}{table}'", f"COPY (SELECT {names} FROM public.{quote(table)}) TO STDOUT;"]
    return "\n".join(parts) + "\n", {"PGOPTIONS": PINNED}


def mariadb_cell(name, type):
    """Bytes as they are stored; numbers and dates as text with all their digits."""
    name = "`" + name + "`"
    if type.startswith("enum"):
        return f"CONCAT({name} + 0, ' ', HEX({name}))"
    if type.startswith("float"):  # whose own text leaves digits out, and whose sum the sign of a zero
        return f"CONCAT({name} + 0e0, ' ', {name})"
    if type.startswith("bit"):
        return f"HEX({name} + 0)"
    if type.startswith(("tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "double", "year", "date", "time", "uuid", "inet")):
        return f"CAST({name} AS CHAR)"
    return f"HEX({name})"


def mariadb_script(end, tables):
    parts = ["SET time_zone = '+00:00', sql_mode = ''; SELECT '';"]
    for table in tables:
        cells = ", ".join(mariadb_cell(name, type) for name, type in end.columns(table))
        parts += [f"SELECT '{MARK}{table}'; SELECT {cells} FROM `{table}`;"]
    return "\n".join(parts) + "\n", {}


def sqlite_cell(name, _):
    name = quote(name)
    return (
        f"CASE typeof({name}) WHEN 'real' THEN 'real ' || hex(ieee754_to_blob({name})) WHEN 'integer' THEN quote({name})"
        f" ELSE typeof({name}) || ' ' || hex({name}) END"
    )


def sqlite_script(end, tables):
    parts = [".mode list", '.separator "\\t"', ".print"]
    for table in tables:
        cells = ", ".join(sqlite_cell(name, type) for name, type in end.columns(table))
        parts += [f'.print "{MARK}{table}"', f"SELECT {cells} FROM {quote(table)};"]
    return "\n".join(parts) + "\n", {}
