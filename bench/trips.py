"""A proxy in front of a server that counts round trips: that the server speaks after the client has spoken.

Several messages that the client sends in one go are one trip; what it says without being answered is none."""
import collections
import contextlib
import dataclasses
import re
import socket
import threading

# What a trip is for. What names none of the tables, and reads no catalog, is work, too: transactions and savepoints.
OPENING = re.compile(r"SET |START TRANSACTION WITH CONSISTENT|BEGIN ISOLATION LEVEL REPEATABLE")
TABLES = re.compile(r"""["`](measured|_rowferry_\w+)["`]""")
CATALOG = re.compile(r"information_schema|SHOW |@@|GET_LOCK|pg_catalog")


def statement_of_mariadb(data):
    """The text of a message that begins something, "" if it has none; otherwise nothing."""
    begins = len(data) > 4 and data[3] == 0
    if begins and data[4] in (0x03, 0x16):  # a query, or one to be prepared
        return data[5:]
    return b"" if begins and data[4] in (0x02, 0x0e, 0x1f) else None  # another database, a ping, a reset


def statement_of_postgres(data):
    return data[5:].lstrip(b"\0") if data[:1] in (b"Q", b"P") else None


def purpose(statement):
    text = statement[:4000].decode("ascii", "replace")
    if not text or OPENING.match(text):
        return "opening"
    if "information_schema" not in text and TABLES.search(text):
        return "work"
    return "catalog" if CATALOG.search(text) else "work"


@dataclasses.dataclass
class Session:
    number: int
    asked: bool = False
    purpose: str = "opening"
    trips: collections.Counter = dataclasses.field(default_factory=collections.Counter)


class Counted:
    """`statement_of` reads a message of this server's protocol. The file `log` gets a line a trip, without logins."""

    def __init__(self, port, statement_of, log):
        self.server, self.statement_of, self.all = ("127.0.0.1", port), statement_of, []
        self.log, self.mutex = open(log, "w", buffering=1), threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def trips(self):
        return sum((session.trips for session in self.all), collections.Counter())

    @property
    def sessions(self):
        return len(self.all)

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.create_connection(self.server)
                session = Session(len(self.all) + 1)
                self.all.append(session)
                for one, other, heard in ((client, server, self.asks), (server, client, self.answers)):
                    threading.Thread(target=carry, args=(one, other, heard, session), daemon=True).start()

    def asks(self, session, data):
        """What begins nothing goes on with what the session began last."""
        if session.asked:
            return
        session.asked = True
        statement = self.statement_of(data)
        if statement is not None:
            session.purpose = purpose(statement)
        said = (statement or b"")[:300].decode("ascii", "replace")
        with self.mutex:
            print(session.number, session.purpose, "".join(sign if sign.isprintable() else "." for sign in said), file=self.log)

    def answers(self, session, data):
        if session.asked:
            session.asked = False
            session.trips[session.purpose] += 1

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()


def carry(one, other, heard, session):
    """What one end says, to the other, which hears nothing before it is counted."""
    with contextlib.suppress(OSError):
        while data := one.recv(1 << 16):
            heard(session, data)
            other.sendall(data)
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_WR)
