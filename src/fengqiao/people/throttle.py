"""Guessing is slowed down without becoming a weapon: nobody can lock an account's owner out.

Failures are counted by keyed digests of account, address and device. A browser in which the account has
signed in before is counted for itself: other people's failures, even from its own address, do not touch it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from fengqiao.kit.problems import TooMany
from fengqiao.people.models import SignInTrial
from fengqiao.store.scope import require_transaction
from fengqiao.store.vault import fingerprint

WINDOW = timedelta(minutes=15)
DAY = timedelta(days=1)
PER_PAIR = 10  # failures of one account from one address (or one known device) in a window
PER_ADDRESS = 30  # failures from one address in a window: many accounts, one password
UNHURRIED = 10  # failures of one account from anywhere in a day, before each further one costs a wait
LONGEST_WAIT = 300.0  # seconds


@dataclass(frozen=True, slots=True)
class Trial:
    """One attempt to sign in: which counters it stands under."""

    account: str
    address: str
    pair: str
    device: str = ""

    @classmethod
    def of(cls, *, username: str, address: str, device: str = "") -> Trial:
        """`device` is the id of a browser this account has signed in from before, else empty."""
        return cls(
            account=fingerprint(["account", username]),
            address=fingerprint(["address", address]),
            pair=fingerprint(["pair", username, address]),
            device=fingerprint(["device", username, device]) if device else "",
        )

    @property
    def counters(self) -> dict[str, str]:
        if self.device:
            return {"device": self.device}
        return {"account": self.account, "address": self.address, "pair": self.pair}


def require_turn(trial: Trial, *, at: datetime) -> None:
    """Raises TooMany when this attempt must wait. Attempts under one counter queue up until the commit."""
    require_transaction()
    _queue(trial.device or trial.address)
    found = _standing(trial, at=at)
    if max(found["device"], found["pair"]) >= PER_PAIR or found["address"] >= PER_ADDRESS:
        raise TooMany(_("尝试次数过多，请 15 分钟后再试，或请安全管理员重置口令"))
    wait = _wait(found["account"])
    if found["last"] is not None and at < found["last"] + timedelta(seconds=wait):
        raise TooMany(_("请稍等 {} 秒再试").format(int(wait)))


def note_failure(trial: Trial, *, at: datetime) -> None:
    rows = [SignInTrial(scope=scope, digest=digest, at=at) for scope, digest in trial.counters.items()]
    SignInTrial.objects.bulk_create(rows)


def forget(trial: Trial) -> None:
    """After a success: one's own typing errors are forgiven, the address's and others' are not."""
    SignInTrial.objects.filter(digest__in=[d for d in (trial.pair, trial.device) if d]).delete()


def require_few(scope: str, mark: str, *, most: int, window: timedelta, at: datetime) -> None:
    """Raises TooMany when `most` failures of this sort stand under the mark (an address, a person) within
    the window. Attempts under one mark queue up until the commit.
    """
    require_transaction()
    digest = fingerprint([scope, mark])
    _queue(digest)
    failed = SignInTrial.objects.filter(scope=scope, digest=digest, at__gt=at - window).count()
    if failed >= most:
        minutes = int(window.total_seconds() // 60)
        raise TooMany(_("尝试次数过多，请 {} 分钟后再试").format(minutes))


def note(scope: str, mark: str, *, at: datetime) -> None:
    """One failure more under the mark."""
    SignInTrial.objects.create(scope=scope, digest=fingerprint([scope, mark]), at=at)


def _wait(failures: int) -> float:
    """Seconds after the last failure: 2, 4, 8 … five minutes."""
    over = failures - UNHURRIED
    return 0.0 if over < 0 else min(2.0 ** (over + 1), LONGEST_WAIT)


def _standing(trial: Trial, *, at: datetime) -> dict[str, Any]:
    mine = Q()
    for scope, digest in trial.counters.items():
        mine |= Q(scope=scope, digest=digest)
    lately = Q(at__gt=at - WINDOW)
    return SignInTrial.objects.filter(mine, at__gt=at - DAY).aggregate(
        **{scope: Count("pk", filter=lately & Q(scope=scope)) for scope in ("device", "pair", "address")},
        account=Count("pk", filter=Q(scope="account")),
        last=Max("at", filter=Q(scope="account")),
    )


def _queue(digest: str) -> None:
    """A burst of parallel guesses is counted one by one; the lock falls with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(('x' || %s)::bit(64)::bigint)", [digest[:16]])
