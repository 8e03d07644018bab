"""A username as typed and as stored: one spelling, so that nobody is locked out by a full-width letter."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from fengqiao.kit.problems import BadInput
from fengqiao.kit.text import normalise

_USERNAME = re.compile(r"[\w.@+-]{2,60}")


def one_spelling(typed: str) -> str:
    """How the name is looked for: narrow, lower case, nothing unseen."""
    return normalise(typed).casefold()


def as_username(typed: str) -> str:
    """How the name is stored; raises BadInput when it is no usable name."""
    name = one_spelling(typed)
    if not _USERNAME.fullmatch(name):
        raise BadInput.at("username", _("登录名用 2 至 60 个字母、数字、汉字或 . @ + - _"))
    return name
