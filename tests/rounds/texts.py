"""Texts and names with what tends to go wrong in them."""

TEXTS = [
    "", " ", "  ", "a", "ab ", " ab", "a  ", "'", '"', "''", "`", "\\", "\\\\", "\\N", "\\.", "\\n", "\t", "\n", "\r\n", "\r", "a\tb", "a\nb", "\x01", "\x1a", "\x1f\x7f",
    "NULL", "null", "0", "1.0", "-0", "NaN", "infinity", "true", "%", "%s", "_", ",", ";", "--", "/*", "{}", "{a,b}", "\\x00", "é", "e\u0301", "ß", "SS", "İ", "ı", "\u00a0",
    "\ufeff", "\u200d", "\u2028", "\ufffd", "\uffff", "\U0001f41f", "\U0010ffff", "\U0001f468\u200d\U0001f469", "日本語", "العربية", "a\u0308\u0323", "A", "aé\U0001f41f",
]  # fmt: skip
SIGNS = "abcXYZ019 _-'\"\\\t\n,;%é\u00fc\u0301ß日\U0001f41f\U0001d11e"
NAMES = [
    "id", "n", "Name", "order", "select", "table", "a b", "a.b", 'quo"te', "apo'strophe", "semi;colon", "per%cent", "%s", "back\\slash", "ünï", "日本", "tab\tname", "new\nline",
    "-", "1", "1a", "a,b", "(a)", "$1", "{}", "rowid", "part", "page", "run", "UPPER", "a`b", "e\u0301", "key", "value", "_x", "#", "@a", "?", ":a", "null", "default", "x" * 40,
]  # fmt: skip


def any_text(random, most=12):
    if random.random() < 0.5:
        fitting = [text for text in TEXTS if len(text) <= most]
        return random.choice(fitting)
    return "".join(random.choice(SIGNS) for _ in range(random.randint(0, most)))


def long_text(random):
    """Sometimes longer than any buffer that somebody has thought of."""
    if random.random() < 0.03:
        return random.choice(["x", "é", "\U0001f41f", "'", "\\", "\t"]) * random.choice([255, 256, 1000, 4096, 70_000])
    return any_text(random)


def names(random, count):
    """Names that differ by more than case."""
    found = []
    while len(found) < count:
        name = random.choice(NAMES) if random.random() < 0.4 else "c" + str(random.randint(1, 99))
        if name.casefold() not in {one.casefold() for one in found}:
            found.append(name)
    return found
