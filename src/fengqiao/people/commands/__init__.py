"""Everything that changes an account: each call locks the person, judges, writes, and counts rights up."""

from fengqiao.people.commands.accounts import (
    change_password,
    create_person,
    deactivate,
    describe,
    reactivate,
    reset_password,
    reset_second_factor,
)
from fengqiao.people.commands.phones import make_enrolment, order_wipe
from fengqiao.people.commands.posts import appoint, end_post, void_post
from fengqiao.people.commands.tokens import issue_token, revoke_token

__all__ = [
    "appoint",
    "change_password",
    "create_person",
    "deactivate",
    "describe",
    "end_post",
    "issue_token",
    "make_enrolment",
    "order_wipe",
    "reactivate",
    "reset_password",
    "reset_second_factor",
    "revoke_token",
    "void_post",
]
