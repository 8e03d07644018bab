"""Roles that carry power are given and taken by two persons: asked by the security administrator, done when another
says yes. All other posts are given and ended by one; and whoever holds the machine itself may appoint, on record, so
that a station with one administrator is not stuck."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate

from fengqiao.people.actors import Actor
from fengqiao.people.approval import About, Approval, ApprovalAnswer
from fengqiao.people.commands import accounts, posts
from fengqiao.people.commands.approving import ask_approval, granted
from fengqiao.people.models import Person, Post
from fengqiao.people.roles import POWERFUL, Role
from fengqiao.store.vault import fingerprint

Given = dict[str, Any]  # as it stands in a row: ids and days in words


def change_post(
    *, do: str, person: Person, given: Given, says: str, purpose: str, by: Actor, at: datetime
) -> Approval | None:
    """One of `CHANGES`, done now (None); or, where it gives or takes power, tried and asked for. Raises what the
    change raises, and BadInput without a purpose."""
    if not _power(do, person, given, at):
        CHANGES[do](person.pk, given, at)
        return None
    with transaction.atomic():
        CHANGES[do](person.pk, given, at)
        transaction.set_rollback(True)
    content = {"do": do, "person": str(person.pk), "given": given}
    return ask_approval(
        about=About.ROLE, says=says, exactly=content, purpose=purpose, by=by, at=at, content=content
    )


def change_as_granted(approval: Approval) -> None:
    """Do what two persons have decided; raises what stands against it by now."""
    content = approval.content
    if "do" in content:
        CHANGES[content["do"]](UUID(content["person"]), content["given"], timezone.now())


def may_take_over(*, do: str, person: Person, says: str, purpose: str, by: Actor, at: datetime) -> bool:
    """Whether whoever asks may do now what opens an account: at once where it carries no power or nobody has ever
    used it; else it is asked for, and may be done once another has said yes. Raises BadInput without a purpose."""
    if not person.password or not holds_power(person, at=at):
        return True
    exactly = [do, str(person.pk)]
    if granted(about=About.ROLE, exactly=exactly, by=by, at=at):
        return True
    content = {"person": str(person.pk)}
    ask_approval(about=About.ROLE, says=says, exactly=exactly, purpose=purpose, by=by, at=at, content=content)
    return False


def appoint_by_operator(*, person_id: UUID, role: Role, at: datetime, **terms: Any) -> Post:
    """From the machine's own command line: done at once; where the role carries power, both rows of an approval say
    that nobody but the operator decided."""
    made = posts.appoint(person_id=person_id, role=role, **terms)
    if role in POWERFUL:
        content = {"do": "appoint", "person": str(person_id), "given": {"role": role.value}}
        asked = Approval.objects.create(
            station_id=made.station_id,
            about=About.ROLE,
            says=f"{made.person.name}：{role.label}"[:200],
            purpose="命令行任命",
            content=content,
            digest=fingerprint(content),
            at=at,
        )
        ApprovalAnswer.objects.create(station_id=made.station_id, approval=asked, granted=True, at=at)
    return made


def holds_power(person: Person, *, at: datetime) -> bool:
    """Whether a post of power is theirs, now or later."""
    held = Post.objects.filter(person=person, role__in=POWERFUL, voided_at=None)
    return held.exclude(ends_on__lt=localdate(at)).exists()


def _power(do: str, person: Person, given: Given, at: datetime) -> bool:
    if do == "appoint":
        return given["role"] in POWERFUL
    if do == "deactivate":
        return holds_power(person, at=at)
    return Post.objects.filter(pk=given["post"], role__in=POWERFUL).exists()


def _appoint(person_id: UUID, given: Given, at: datetime) -> None:
    posts.appoint(
        person_id=person_id,
        role=Role(given["role"]),
        community_code=given["community"],
        starts_on=date.fromisoformat(given["starts_on"]),
        ends_on=date.fromisoformat(given["ends_on"]) if given["ends_on"] else None,
        title=given["title"],
        lead=given["lead"],
    )


def _end(person_id: UUID, given: Given, at: datetime) -> None:
    posts.end_post(post_id=given["post"], last_day=date.fromisoformat(given["last_day"]), at=at)


def _void(person_id: UUID, given: Given, at: datetime) -> None:
    posts.void_post(post_id=given["post"], at=at)


def _deactivate(person_id: UUID, given: Given, at: datetime) -> None:
    accounts.deactivate(person_id=person_id, by=Person.objects.get(pk=given["by"]), at=at)


CHANGES: dict[str, Callable[[UUID, Given, datetime], None]] = {
    "appoint": _appoint,
    "end_post": _end,
    "void_post": _void,
    "deactivate": _deactivate,
}
