"""The roles a post can carry. What a role may do is said by each act; what it may see, by `seen_by`."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OFFICER = "officer", _("社区警长")
    AUXILIARY = "auxiliary", _("辅警")
    GRID_MEMBER = "grid_member", _("网格员")
    DESK = "desk", _("值班室")
    CHIEF = "chief", _("所长")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDIT_ADMIN = "audit_admin", _("审计管理员")
    PARTY = "party", _("当事人")


# The three administrators exclude each other and every other role, and see no business data (GB/T 22239).
ADMINS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
# These carry power over others' accounts, log or rules: given and taken by two persons (people.commands.powers).
POWERFUL = ADMINS | {Role.CHIEF}
# These serve the whole station; the others serve the communities of their posts.
STATION_WIDE = frozenset({Role.DESK, Role.CHIEF})
# Not a post: whoever came by a link that opens one matter to a party to it (matters.links).
OUTSIDE = frozenset({Role.PARTY})
POST_ROLES = [(role.value, role.label) for role in Role if role not in OUTSIDE]
SERVING = frozenset(Role) - ADMINS - OUTSIDE
# Who may be put in charge of a matter.
FIELD = frozenset({Role.OFFICER, Role.AUXILIARY, Role.GRID_MEMBER})
# Who enforces the law; all others may come along.
POLICE = frozenset({Role.OFFICER, Role.CHIEF})
