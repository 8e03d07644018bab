"""The one loop all kinds share, and what may be said of a record."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class LoopState(models.TextChoices):
    RAISED = "raised", _("待受理")
    ASSIGNED = "assigned", _("处理中")
    ACTED = "acted", _("待核查")
    VERIFIED = "verified", _("已核查")
    CLOSED = "closed", _("已办结")


OPEN = tuple(state for state in LoopState if state != LoopState.CLOSED)


class Standing(models.TextChoices):
    """What an event counts for: done, kept as an open question, or a question that was settled."""

    DONE = "done", _("已生效")
    QUESTION = "question", _("待核实")
    SETTLED = "settled", _("已核实")
