"""What a column of the target can hold, apart from how the program decides it: why a cell cannot land, or None."""

import re
from decimal import Decimal

import psycopg2
from canonical import NoForm, canonical, day_number, taken_apart

POSTGRES_DAYS = day_number(-4713, 11, 24), day_number(5874897, 12, 31)
POSTGRES_MOMENTS = day_number(-4713, 11, 24), day_number(294276, 12, 31)
MARIADB_DAYS = day_number(1, 1, 1), day_number(9999, 12, 31)


class Oracle:
    def __init__(self, source, target):
        self.source, self.target = source, target
        self.documents = {}

    def why_not(self, cell, own, form, declared):
        """`declared` is the column's type at the target."""
        if cell is None or form.kind == "stored":
            return None
        try:
            text = canonical(cell, own, form)
        except NoForm as fault:
            return str(fault)
        limits = {"postgres": self.limits_of_postgres, "mariadb": self.limits_of_mariadb, "sqlite": self.limits_of_sqlite}
        return too_fine(text, form, declared) or limits[self.target.kind](text, form, declared)

    def limits_of_postgres(self, text, form, declared):
        if form.kind in ("text", "json"):
            return no_unicode(text) or ("a NUL" if "\0" in text else too_long(text, declared)) or (form.kind == "json" and self.no_document(text)) or None
        if form.kind == "date":
            return beyond(text, POSTGRES_DAYS)
        if form.kind in ("timestamp", "timestamptz"):
            return beyond(text, POSTGRES_MOMENTS)
        return None

    def limits_of_mariadb(self, text, form, declared):
        if form.kind in ("float32", "float64", "decimal") and text in ("NaN", "Infinity", "-Infinity", "-0"):
            return f"{text} in a {declared}"
        if form.kind in ("date", "timestamp", "timestamptz"):
            return "infinite" if "inf" in text else beyond(text, MARIADB_DAYS)
        if form.kind == "int16" and declared.startswith("tinyint"):
            return None if -128 <= int(text) <= 127 else "beyond a tinyint"
        if form.kind == "bytes":
            return "too long" if declared.startswith("varbinary") and len(text) // 2 > taken_apart(declared)[1][0] else None
        if form.kind == "text":
            return no_unicode(text) or too_long(text, declared) or (self.is_document(declared) and self.no_document(text)) or None
        return None

    def limits_of_sqlite(self, text, form, declared):
        if form.kind in ("float32", "float64") and text in ("NaN", "-0"):
            return f"{text} in a {declared}"
        return None

    @staticmethod
    def is_document(declared):
        """Of a column of JSON, which MariaDB calls a longtext: the reader of tables marks it."""
        return declared == "json"

    def no_document(self, text):
        """The server itself says whether it takes the text for JSON."""
        if text not in self.documents:
            self.documents[text] = self.ask(text)
        return self.documents[text]

    def ask(self, text):
        if self.target.kind == "mariadb":
            return None if self.target.one("SELECT JSON_VALID(%s)", text) == 1 else "no JSON to the server"
        try:
            self.target.query("SELECT %s::json", text)
        except psycopg2.Error:
            return "no JSON to the server"
        return None


def no_unicode(text):
    return "no UTF-8" if re.search("[\ud800-\udfff]", text) else None


def too_long(text, declared):
    found = re.match(r"(?:varchar|character varying|char|character)\((\d+)\)", declared)
    return "too long" if found and len(text) > int(found[1]) else None


def beyond(text, days):
    found = re.match(r"(\d{4,})-(\d\d)-(\d\d).*?( BC)?$", text)
    if not found:
        return None
    year = int(found[1])
    day = day_number(1 - year if found[4] else year, int(found[2]), int(found[3]))
    return None if days[0] <= day <= days[1] else "beyond its days"


def too_fine(text, form, declared):
    """Digits of a second that the target would round away."""
    if form.kind not in ("time", "timestamp", "timestamptz", "interval"):
        return None
    name, numbers = taken_apart(declared)
    if name == "interval" or name.endswith("_text"):
        return None
    allowed = numbers[0] if numbers else 0 if name == "datetime" else 6
    found = re.search(r"\.(\d+)", text)
    return "too fine" if found and len(found[1]) > allowed else None


def key_of(texts, forms):
    """What is equal to a unique index is equal here."""
    return tuple(one if one is None else plain(one, form) for one, form in zip(texts, forms))


def plain(text, form):
    if form.kind == "decimal" and re.fullmatch(r"-?[\d.]+", text):
        return Decimal(text).normalize()
    return "0" if form.kind.startswith("float") and text == "-0" else text
