"""A line that can be bad: everything passes through to the program, unless a story says what gets lost."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HOP = {"connection", "transfer-encoding", "keep-alive", "content-length"}


class Line:
    """`loses(method, path)`: the server hears it, and its answer never comes back. `alters(path, body)`: what
    comes back instead, or None for a 404. `carried` is what was asked, in order."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = ""
        self.mend()

    def mend(self) -> None:
        self.loses: Callable[[str, str], bool] = lambda method, path: False
        self.alters: Callable[[str, bytes], bytes | None] = lambda path, body: body
        self.carried: list[tuple[str, str]] = []


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    line = Line(port)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Passing", (_Passing,), {"line": line}))
    server.daemon_threads = True
    line.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield line
    finally:
        server.shutdown()
        server.server_close()


class _Passing(BaseHTTPRequestHandler):
    """One request carried there and back."""

    line: Line
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._pass()

    def do_POST(self) -> None:
        self._pass()

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def _pass(self) -> None:
        path = self.path.split("?")[0]
        self.line.carried.append((self.command, path))
        status, headers, content = self._asked(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        if self.line.loses(self.command, path):
            self.close_connection = True
            return
        altered = self.line.alters(path, content)
        self._answer(404 if altered is None else status, headers, altered or b"")

    def _asked(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        behind = http.client.HTTPConnection("127.0.0.1", self.line.port, timeout=30)
        try:
            # Unpacked, so that a story can alter it.
            headers = {k: v for k, v in self.headers.items() if k.lower() not in {"accept-encoding", *HOP}}
            behind.request(self.command, self.path, body or None, headers)
            answer = behind.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            behind.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in {*HOP, "date", "server"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
