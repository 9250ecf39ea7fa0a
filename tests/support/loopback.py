"""Servers on this machine alone, for what leaves the house: a mail server and any TCP server."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def serving(server: socketserver.TCPServer) -> Iterator[int]:
    """Serve from a thread; gives the port."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Post(socketserver.StreamRequestHandler):
    """As much of a mail server as one message needs."""

    received: list[bytes] = []

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        for line in self.rfile:
            word = line.strip().upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                text = b""
                for each in self.rfile:
                    if each == b".\r\n":
                        break
                    text += each.removeprefix(b".") if each.startswith(b"..") else each
                self.received.append(text)
            if word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            self.wfile.write(b"250 ok\r\n")
