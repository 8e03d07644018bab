"""The play's loop in the worker: first the demo station's past, then its present, at the speed of its switch."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from importlib import import_module

from django.db import Error, connection
from django.utils import timezone

from fengqiao.ground.models import Station
from fengqiao.play import switch
from fengqiao.play.history import play_history
from fengqiao.play.live import LivePlay
from fengqiao.play.playbook import Playbook
from fengqiao.play.standing import Standing, play_standing
from fengqiao.server.finding import kind_modules

PAUSE = 1.0
# A gentle month: some 150 alerts, played in the background within a minute of the first start.
PAST_SEED, PAST_RATE = 20220510, 5.0
log = logging.getLogger("fengqiao.play")


def books() -> list[Playbook]:
    """Every kind that has a sample."""
    return [import_module(name).PLAYBOOK for name in kind_modules("sample")]


def standings() -> list[Standing]:
    """What each kind has under way from the demo station's first day."""
    return [import_module(name).STANDING for name in kind_modules("standing")]


def run(stop: threading.Event) -> None:
    """Play until told to stop; a station that is no demo is never touched."""
    plays: dict[int, LivePlay] = {}
    while not stop.is_set():
        try:
            for station in Station.objects.filter(demo=True):
                if switch.may_play(station):
                    play = plays.setdefault(station.pk, LivePlay(station.pk, books(), standings()))
                    tend(station, play, stopped=stop.is_set)
        except Error:
            log.warning("the play could not reach the database; trying again")
            connection.close()
        except Exception:
            # A play that broke must never take the clocks down with it.
            log.warning("the play stumbled; trying again", exc_info=True)
            stop.wait(10 * PAUSE)
        stop.wait(PAUSE)
    connection.close()


def tend(station: Station, play: LivePlay, *, stopped: Callable[[], bool]) -> None:
    """One turn: a round of the present; where the past is not played yet, all of it, the present going on."""
    held = switch.read(station)
    play.round(at=timezone.now(), speed=held.speed)
    if held.past_done:
        return
    past = held.past or switch.begin_past(station.pk, at=timezone.now()).past
    assert past is not None

    def present_goes_on() -> bool:
        play.round(at=timezone.now(), speed=switch.read(Station.objects.get(pk=station.pk)).speed)
        return not stopped()

    for one in play.standings:
        play_standing(station.pk, one, play.books, ends=past[1], goes_on=present_goes_on)
    play_history(
        station.pk,
        play.books,
        begins=past[0],
        ends=past[1],
        seed=PAST_SEED,
        rate=PAST_RATE,
        goes_on=present_goes_on,
    )
    if not stopped():
        switch.end_past(station.pk)
        log.info("the demo station's past has been played")
