"""A TCP proxy in front of a server that cuts a connection in the middle."""

import math
import socket
import threading
import urllib.parse
from contextlib import suppress


class Proxy:
    """Cuts the first connection that carries more than `after` bytes in one direction ("up" is towards
    the server), and as many more as `times` says; passes all others on. To the server it comes `comes_from`."""

    comes_from = None  # a host and port of this machine's; None for any

    def __init__(self, url, direction="up", after=math.inf, times=1):
        self.parts = urllib.parse.urlsplit(url)
        self.direction = direction
        self.after = after
        self.left = times
        self.cuts = 0
        self.open = []
        self.mutex = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def url(self):
        login = self.parts.netloc.rpartition("@")[0]
        return self.parts._replace(netloc=f"{login}@127.0.0.1:{self.listener.getsockname()[1]}").geturl()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            server = socket.create_connection((self.parts.hostname, self.parts.port), source_address=self.comes_from)
            with self.mutex:
                self.open += [client, server]
            for name, source, sink in (("up", client, server), ("down", server, client)):
                threading.Thread(target=self.carry, args=(name, source, sink), daemon=True).start()

    def carry(self, name, source, sink):
        carried = 0
        with suppress(OSError):
            while data := source.recv(16384):
                carried += len(data)
                self.seen(name, data)
                if name == self.direction and carried > self.after and self.cut():
                    break
                sink.sendall(self.changed(name, data))
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def seen(self, direction, data):
        """For those who want to know what passes."""

    def changed(self, direction, data):
        """For those who want something else to pass."""
        return data

    def cut_all(self):
        """Cuts every connection that is open now; the server is not told more than that."""
        with self.mutex:
            for end in self.open:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            self.open.clear()

    def cut(self):
        with self.mutex:
            if self.left == 0:
                return False
            self.left -= 1
            self.cuts += 1
            return True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()


class Changing(Proxy):
    """Passes `new` on in that direction where `old` comes, which is as long, so that no message changes its length."""

    def __init__(self, url, direction, old, new):
        assert len(old) == len(new)
        super().__init__(url, direction)
        self.old, self.new = old, new

    def changed(self, direction, data):
        return data.replace(self.old, self.new) if direction == self.direction else data
