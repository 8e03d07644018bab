"""The system administrator's page: whether every part runs, by their own signs of life; no business data."""

from __future__ import annotations

import os
import platform
import shutil
from datetime import timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from fengqiao.people.auditing import last_check
from fengqiao.people.doors import allowed
from fengqiao.people.roles import Role
from fengqiao.server.checkup import settings_told
from fengqiao.store.heartbeat import SCANNER, STANDS_STILL_AFTER, seconds_since
from fengqiao.store.sealing import BEHIND_AFTER, SEALER, is_behind
from fengqiao.store.seals import last_seal

# A backup says it lives under this name when it has been written whole.
BACKUP = "backup"
BACKUP_DUE_AFTER = 26 * 3600.0
LEAST_FREE_GB = 5
JOBS = {"todo": "等待", "doing": "在做", "failed": "失败"}


@allowed(Role.SYSTEM_ADMIN)
def system_health(request: HttpRequest) -> HttpResponse:
    context = {
        "parts": [
            _part(_("时限扫描"), SCANNER, STANDS_STILL_AFTER),
            _part(_("日志封存"), SEALER, BEHIND_AFTER),
            _part(_("备份"), BACKUP, BACKUP_DUE_AFTER),
        ],
        "last": last_seal(),
        "behind": is_behind(),
        "check": last_check(),
        "jobs": _jobs(),
        "disks": _disks(),
        "versions": _versions(),
        "settings": settings_told(os.environ),
    }
    return render(request, "desk/health.html", context)


def _part(says: str, name: str, patience: float) -> dict[str, Any]:
    """`silent` is None for a part never heard of."""
    seconds = seconds_since(name)
    return {
        "says": says,
        "silent": None if seconds is None else timedelta(seconds=round(seconds)),
        "good": seconds is not None and seconds <= patience,
    }


def _jobs() -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status")
        counts = dict(cursor.fetchall())
    return [(_(says), counts.get(status, 0)) for status, says in JOBS.items()]


def _disks() -> list[dict[str, Any]]:
    """Free space where the program writes; a copy's folder that is away is said to be."""
    home = settings.FENGQIAO_HOME or "."
    found = []
    for folder in dict.fromkeys([home, *(str(folder.parent) for folder in settings.SEAL_FOLDERS)]):
        try:
            free: int | None = shutil.disk_usage(folder).free // 2**30
        except OSError:
            free = None
        found.append({"folder": folder, "free": free, "good": free is not None and free >= LEAST_FREE_GB})
    return found


def _versions() -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (server,) = cursor.fetchone()
    try:
        ours = version("fengqiao")
    except PackageNotFoundError:
        ours = _("源码运行")
    return [
        ("fengqiao", ours),
        ("Python", platform.python_version()),
        ("Django", django.get_version()),
        ("PostgreSQL", server),
    ]
