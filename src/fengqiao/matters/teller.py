"""The teller: one thread a process reads the tail of the event log and tells the open streams.

Writers never notify inside their transactions (a notification serialises commits). The teller asks for
the tail a few times a second while somebody listens, and sleeps otherwise. A listener whose rights
changed is sent away within a second.
"""

from __future__ import annotations

import json
import logging
import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.http import StreamingHttpResponse

from fengqiao.kit.problems import TooMany
from fengqiao.matters import queries
from fengqiao.people.actors import Actor
from fengqiao.people.models import Person
from fengqiao.store.scope import acting_for

PAUSE = 0.2
HEARTBEAT = 15.0
BACKLOG = 1000
log = logging.getLogger("fengqiao.teller")


@dataclass(eq=False, slots=True)
class Listener:
    actor: Actor
    rights_version: int
    heard: queue.Queue[dict[str, Any] | None] = field(default_factory=lambda: queue.Queue(BACKLOG))

    def tell(self, row: dict[str, Any] | None) -> None:
        """A listener that does not keep up is sent away; it reconnects and reads afresh."""
        try:
            self.heard.put_nowait(row)
        except queue.Full:
            self.heard.queue.clear()
            self.heard.put_nowait(None)


class Teller:
    """Started by the first listener, stopped by the last."""

    def __init__(self) -> None:
        self._listeners: set[Listener] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def listen(self, actor: Actor, rights_version: int) -> Listener:
        """Raises TooMany before streams could take every thread: the pages come first."""
        listener = Listener(actor, rights_version)
        with self._lock:
            if len(self._listeners) >= settings.STREAMS_MAX:
                raise TooMany("实时连接过多，页面会改为定时刷新")
            self._listeners.add(listener)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="teller", daemon=True)
                self._thread.start()
        return listener

    def leave(self, listener: Listener) -> None:
        with self._lock:
            self._listeners.discard(listener)

    def _run(self) -> None:
        reached: dict[int, queries.Cursor] = {}
        while listeners := self._present():
            try:
                for station_id in {listener.actor.station_id for listener in listeners}:
                    reached[station_id] = self._round(station_id, reached.get(station_id))
            except Error:
                log.warning("the tail could not be read; trying again")
                close_old_connections()
            time.sleep(PAUSE)
        connection.close()

    def _present(self) -> list[Listener]:
        with self._lock:
            if not self._listeners:
                self._thread = None
            return list(self._listeners)

    def _round(self, station_id: int, since: queries.Cursor | None) -> queries.Cursor:
        mine = [listener for listener in self._present() if listener.actor.station_id == station_id]
        with acting_for(station_id):
            if since is None:
                return queries.end_of_tail()
            rows, reached = queries.tail(since)
            versions = _rights({listener.actor.person_id for listener in mine})
        for listener in mine:
            if versions.get(listener.actor.person_id) != listener.rights_version:
                listener.tell(None)
                continue
            for row in rows:
                if queries.visible(row, listener.actor):
                    listener.tell(row)
        return reached


def _rights(person_ids: set[UUID | None]) -> dict[UUID | None, int]:
    held = Person.objects.filter(pk__in=[p for p in person_ids if p], is_active=True)
    return dict(held.values_list("pk", "rights_version"))


teller = Teller()


class Stream:
    """Server-sent events (WHATWG HTML §9.2) of what changed, for this actor: ids and acts, no words.

    Listening begins when it is made, so that a refusal still has a status; it ends with `close`, which the
    server calls however the response ends.
    """

    def __init__(self, actor: Actor, rights_version: int) -> None:
        self._listener = teller.listen(actor, rights_version)

    def close(self) -> None:
        teller.leave(self._listener)

    def __iter__(self) -> Iterator[bytes]:
        # The request's pooled connection goes back now: a stream may last all day.
        connection.close()
        yield b"retry: 2000\nevent: ready\ndata: {}\n\n"
        while True:
            try:
                row = self._listener.heard.get(timeout=HEARTBEAT)
            except queue.Empty:
                yield b": still here\n\n"
                continue
            if row is None:
                yield b"event: bye\ndata: {}\n\n"
                return
            yield _line(row)


def streaming(actor: Actor, rights_version: int) -> StreamingHttpResponse:
    """The response a door gives for a stream; raises TooMany."""
    response = StreamingHttpResponse(Stream(actor, rights_version), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def _line(row: dict[str, Any]) -> bytes:
    told = {"id": str(row["matter_id"]), "kind": row["kind"], "act": row["act"], "standing": row["standing"]}
    return f"id: {row['tx']}.{row['id']}\ndata: {json.dumps(told)}\n\n".encode()
