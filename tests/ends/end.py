"""What all ends have in common."""

import urllib.parse
import uuid
from contextlib import nullcontext

from .names import quote


class End:
    """Made of query()."""

    def one(self, sql, *values):
        return self.query(sql, *values)[0][0]

    def count(self, table):
        return self.one(f"SELECT count(*) FROM {quote(table)}")

    def reading(self):
        """A context in which many queries are cheap."""
        return nullcontext()


class ServerEnd(End):
    """A database of its own on a server, made of on_server()."""

    def __init__(self, server_url, server):
        self.server_url = server_url
        self.server = server  # its name for tests/servers.sh
        self.name = "test_" + uuid.uuid4().hex[:12]
        self.on_server(f"CREATE DATABASE {self.name} {self.options}")
        self.url = self.url_with(path="/" + self.name)
        self.own = None  # a connection that is kept

    def url_with(self, **parts):
        return urllib.parse.urlsplit(self.server_url)._replace(path="/" + self.name)._replace(**parts).geturl()

    def url_of(self, user, password="secret"):
        parts = urllib.parse.urlsplit(self.server_url)
        return self.url_with(netloc=f"{user}:{password}@{parts.hostname}:{parts.port}")

    def exists(self):
        return True
