"""Passwords: judged by the deployment's validators, stored by argon2, made for one use where somebody else sets them."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fengqiao.kit.problems import BadInput
from fengqiao.people.models import Person

# Nothing that looks like something else: read out over a telephone, typed once.
_CLEAR = "abcdefghjkmnpqrstuvwxyz23456789"
_BLOCKS, _BLOCK = 4, 4


def one_time_password() -> str:
    """About 79 bits, as four blocks: `k7mq-2hxw-…`."""
    blocks = ("".join(secrets.choice(_CLEAR) for _char in range(_BLOCK)) for _block in range(_BLOCKS))
    return "-".join(blocks)


def judge(new: str, person: Person, *, field: str = "new") -> None:
    """Raises BadInput naming every rule the new password breaks."""
    try:
        validate_password(new, person)
    except ValidationError as error:
        raise BadInput.at(field, " ".join(error.messages)) from None
    if person.password and person.check_password(new):
        raise BadInput.at(field, _("不能与原口令相同"))


def put(person: Person, password: str, *, at: datetime, must_change: bool) -> list[str]:
    """Set the hash on the person, unsaved; gives the columns that changed."""
    person.set_password(password)
    person.password_changed_at, person.must_change_password = at, must_change
    return ["password", "password_changed_at", "must_change_password"]
