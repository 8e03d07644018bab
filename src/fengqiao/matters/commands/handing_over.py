"""hand_over: everything open that one person holds goes to another, so that nothing belongs to nobody."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from fengqiao.kit.problems import BadInput
from fengqiao.matters.commands.performing import perform
from fengqiao.matters.models import Matter
from fengqiao.people.actors import Actor
from fengqiao.store.scope import require_transaction


def hand_over(
    *, giver: UUID, taker: UUID, by: Actor, at: datetime, key: str, community_id: int | None = None
) -> int:
    """Assign each open matter of the giver (in one community, or all) to the taker; gives their number.

    Each is an act of its own in its matter's timeline, so both sides see it; a repeat changes nothing.
    Raises Forbidden, and BadInput where the taker serves nowhere today or is the giver.
    """
    require_transaction()
    if giver == taker:
        raise BadInput.at("taker", "不能移交给本人")
    held = Matter.objects.seen_by(by).open().filter(holder_id=giver).order_by("pk")
    if community_id is not None:
        held = held.filter(community_id=community_id)
    matter_ids = list(held.values_list("pk", flat=True))
    for matter_id in matter_ids:
        perform(
            matter_id=matter_id,
            act="assign",
            given={"holder": str(taker)},
            by=by,
            at=at,
            key=f"{key[:60]}:{matter_id}",
        )
    return len(matter_ids)
