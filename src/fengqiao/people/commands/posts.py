"""Posts: who serves as what, where, from when to when."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from fengqiao.ground.models import Community
from fengqiao.kit.problems import BadInput, NotFound, Problem
from fengqiao.people.commands.accounts import locked, require_another_administrator, rights_changed
from fengqiao.people.leaving import require_empty_hands
from fengqiao.people.models import Person, Post
from fengqiao.people.roles import ADMINS, FIELD, OUTSIDE, Role


class PostsExclude(Problem):
    """The three administrators exclude each other and every serving role (GB/T 22239-2019 8.1.5)."""

    code, status, says = "posts_exclude", 409, "三员互斥：管理员岗位不能与其他岗位兼任"


def appoint(
    *,
    person_id: UUID,
    role: Role,
    starts_on: date,
    community_code: str = "",
    ends_on: date | None = None,
    title: str = "",
    lead: bool = False,
) -> Post:
    """Give a post; raises BadInput by field, PostsExclude, NotFound."""
    person = locked(person_id)
    if role in OUTSIDE:
        raise BadInput.at("role", _("当事人不是岗位"))
    if not person.is_active:
        raise BadInput(_("账号已停用"))
    if ends_on is not None and ends_on < starts_on:
        raise BadInput.at("ends_on", _("不能早于开始日期"))
    community = _community(role, community_code)
    meanwhile = _overlapping(starts_on, ends_on)
    _require_compatible(meanwhile.filter(person=person), role, community)
    if lead:
        _require_lead_free(meanwhile, role, community)
    post = Post.objects.create(
        station_id=person.station_id,
        person=person,
        role=role,
        community=community,
        title=title,
        lead=lead,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    rights_changed(person)
    return post


def end_post(*, post_id: int, last_day: date, at: datetime) -> Post:
    """The post's last day; one before today ends it at once. Raises StillHolds, LastAdministrator."""
    post, person = _locked_post(post_id)
    if last_day < post.starts_on:
        raise BadInput.at("last_day", _("不能早于开始日期"))
    if last_day <= timezone.localdate(at):
        _require_dispensable(post, person, at=at)
    post.ends_on = last_day
    post.save(update_fields=["ends_on"])
    rights_changed(person)
    return post


def void_post(*, post_id: int, at: datetime) -> Post:
    """The post was a mistake: it counts no more, from this moment."""
    post, person = _locked_post(post_id)
    _require_dispensable(post, person, at=at)
    post.voided_at = at
    post.save(update_fields=["voided_at"])
    rights_changed(person)
    return post


def _locked_post(post_id: int) -> tuple[Post, Person]:
    post = Post.objects.filter(pk=post_id, voided_at=None).first()
    if post is None:
        raise NotFound
    return post, locked(post.person_id)


def _community(role: Role, code: str) -> Community | None:
    """Field roles serve a community, all others the station. The row is locked: one lead at a time."""
    if role not in FIELD:
        if code:
            raise BadInput.at("community", _("这个岗位属于全所，不填社区"))
        return None
    community = Community.objects.select_for_update().filter(code=code).first()
    if community is None:
        raise BadInput.at("community", _("请选择社区"))
    return community


def _overlapping(first: date, last: date | None) -> QuerySet[Post]:
    """Posts that count on at least one day of the span."""
    found = Post.objects.filter(Q(ends_on=None) | Q(ends_on__gte=first), voided_at=None)
    return found if last is None else found.filter(starts_on__lte=last)


def _require_compatible(held: QuerySet[Post], role: Role, community: Community | None) -> None:
    roles = set(held.values_list("role", flat=True))
    excluded = roles - {role} if role in ADMINS else roles & ADMINS
    if excluded:
        names = "、".join(sorted(str(Role(other).label) for other in excluded))
        raise PostsExclude(_("{} 与 {} 不能由同一人在同一时期担任").format(role.label, names))
    if held.filter(role=role, community=community).exists():
        raise BadInput.at("role", _("此人这段时间已在这个岗位上"))


def _require_lead_free(meanwhile: QuerySet[Post], role: Role, community: Community | None) -> None:
    if role != Role.OFFICER:
        raise BadInput.at("lead", _("责任警长须由社区警长担任"))
    other = (
        meanwhile.filter(community=community, lead=True, person__is_active=True)
        .select_related("person")
        .first()
    )
    if other is not None:
        raise BadInput.at("lead", _("该社区这段时间的责任警长是 {}").format(other.person.name))


def _require_dispensable(post: Post, person: Person, *, at: datetime) -> None:
    """Nothing may be left to a person whom no post brings to it any more."""
    if post.role == Role.SECURITY_ADMIN:
        require_another_administrator(person, at=at)
    tomorrow = timezone.localdate(at) + timedelta(days=1)
    staying = _overlapping(tomorrow, None).filter(person=person, community=post.community).exclude(pk=post.pk)
    if post.role in FIELD and not staying.filter(role__in=FIELD).exists():
        require_empty_hands(person.pk, community_id=post.community_id)
