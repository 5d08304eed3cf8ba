"""What a value means in a column that is of another type than a copy would make by itself, as the column was there before
or a rule wants it so."""

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation

import canonical
from canonical import STORED, WHOLE, Form, NoForm, between, float_text, of_kind, taken_apart

FLOATS = ("float32", "float64")
MOMENTS = ("timestamp", "timestamptz")


def form_there(source, target, own, there, declared, varied, kept):
    """The columns of a SQLite table that is `kept` hold any value, whatever they are declared as: that of the source's."""
    if not varied and source == target:
        return STORED
    if target == "sqlite" and source != "sqlite" and varied and kept:
        return own if own.kind != "document" else replace(own, kind="json")
    if own.fixed and own.kind == "text" and taken_apart(declared)[0].startswith("char"):
        return own
    return between(own, there)


def own_form(source, target, own, form, kept):
    """What cells of a varied column are read as: SQLite's are what they are, unless the declared type is one that MariaDB
    keeps in its own way, and no rule says otherwise."""
    declared = ("boolean", "uuid", "time", "timestamptz", "decimal", "interval", "bits") if target == "mariadb" and kept else ()
    return form if source == "sqlite" and own.kind not in declared else own


def meaning(cell, own, form):
    """The canonical text; where there is none a text that equals no other's."""
    if cell is None:
        return None
    try:
        return converted(cell, own, form)
    except NoForm as fault:
        return f"\0no form: {fault}"


def meaning_in_files(cell, own, form):
    """Between SQLite's columns, whose values bring their own types along: `own` is the source's, of both sides."""
    for kind in (form, own):
        try:
            return None if cell is None else of_kind(cell, kind)
        except NoForm:
            pass
    return f"as it is: {canonical.stored(cell)}"


def converted(cell, own, form):
    if form.kind in WHOLE and cell[0] == "real" and cell[1] == cell[1] // 1:
        cell = "int", int(cell[1])  # in a column of reals
    if own.kind == form.kind or form.kind == "stored":
        return of_number(cell, form) if form.kind in FLOATS else canonical.canonical(cell, own, form)
    if form.kind in FLOATS and cell[0] != "text":
        return of_number(cell, form)
    for (froms, tos), convert in CONVERSIONS:
        if own.kind in froms and form.kind in tos:
            return convert(cell, own, form)
    return canonical.canonical(cell, own, form)


def words(cell, own):
    return of_kind(cell, own if own.kind != "document" else Form("json"))


def anew(text, form):
    """A text that is a value of the form's own type."""
    return of_kind(("text", text.encode(errors="surrogateescape")), form)


def of_number(cell, form):
    """Floats also from what other kinds of column print."""
    storage, value = cell
    if storage == "int" and int(float(value)) == value:
        return of_kind(("real", float(value)), form)
    if storage != "text":
        return of_kind(cell, form)
    return of_digits(value.decode(errors="surrogateescape"), form)


def of_digits(text, form):
    try:
        digits = Decimal(text)
        printed = float_text(float(text), 64 if form.kind == "float64" else 32)
    except (InvalidOperation, ValueError, OverflowError) as fault:
        raise NoForm(f"{text!r} is no {form.kind}") from fault
    if printed not in ("NaN", "Infinity", "-Infinity") and Decimal(printed) != digits:
        raise NoForm(f"{text} is no {form.kind}")
    return printed


def to_whole(cell, own, form):
    text = words(cell, own)
    if own.kind == "bits":
        text = str(int(text or "0", 2))
    if own.kind == "boolean":
        text = {"true": "1", "false": "0"}[text]
    try:
        number = Decimal(text)
    except InvalidOperation as fault:
        raise NoForm(f"{text!r} is no number") from fault
    if not number.is_finite() or number != int(number):
        raise NoForm(f"{text} is no whole number")
    return anew(str(int(number)), form)


def to_boolean(cell, own, form):
    text = words(cell, own)
    return anew({"1.0": "1", "0.0": "0"}.get(text, text) if own.kind != "bits" else str(int(text or "0", 2)), form)


def to_date(cell, own, form):
    text = words(cell, own).replace("+00", "")
    day, clock, era = re.fullmatch(r"(\S+)(?: (\d\d:\S+))?( BC)?", text).groups()
    if clock not in (None, "00:00:00"):
        raise NoForm(f"{text} has a time of day")
    return anew(day + (era or ""), form)


def to_moment(cell, own, form):
    text = words(cell, own)
    if "infinity" in text:
        return text
    bare, era = (text[:-3], " BC") if text.endswith(" BC") else (text, "")
    bare = bare.removesuffix("+00")
    bare += " 00:00:00" if own.kind == "date" else ""
    return bare + ("+00" if form.kind == "timestamptz" else "") + era


def to_octets(cell, own, form):
    text = words(cell, own)
    return text.replace("-", "") if own.kind == "uuid" else text.encode(errors="surrogateescape").hex()


def to_words(cell, own, form):
    if cell[0] != "bytes":
        return canonical.canonical(cell, own, form)
    try:
        return canonical.padded(cell[1].decode(), form)
    except UnicodeDecodeError as fault:
        raise NoForm("bytes that are no text") from fault


NUMBERS = {*WHOLE, *FLOATS, "decimal"}
CONVERSIONS = [
    (({*NUMBERS, "text", "bits", "boolean"}, {*WHOLE}), to_whole),
    (({*NUMBERS, "text", "bits"}, {"boolean"}), to_boolean),
    (({*NUMBERS, "text"}, {*FLOATS}), lambda cell, own, form: of_digits(words(cell, own), form)),
    (({"boolean", "bits"}, {"decimal"}), lambda cell, own, form: anew(to_whole(cell, own, Form("int64")), form)),
    (({*MOMENTS}, {"date"}), to_date),
    (({*MOMENTS, "date"}, {*MOMENTS}), to_moment),
    (({"text", "json", "uuid"}, {"bytes"}), to_octets),
    (({"bytes"}, {"text"}), to_words),
]
