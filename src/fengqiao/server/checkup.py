"""What `fengqiao doctor` tells: where things are, which versions run, what the environment says."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator, Mapping

import django

from fengqiao.server.database import Database
from fengqiao.server.home import Home
from fengqiao.server.nightly import last_told

ENVIRONMENT = {
    "FENGQIAO_HOME": "数据目录",
    "DATABASE_URL": "外部数据库地址(不设则用自带的)",
    "DATABASE_OWNER_URL": "外部数据库属主的地址(迁移用)",
    "PORT": "网页端口，默认 8000",
    "FENGQIAO_HOST": "监听地址，默认 127.0.0.1",
    "FENGQIAO_HOSTS": "允许的域名，逗号分隔",
    "FENGQIAO_ORIGINS": "经代理访问时的网址，逗号分隔",
    "FENGQIAO_HTTPS": "1 表示前面有 HTTPS 代理",
    "FENGQIAO_PROXIES": "前面有几层代理，用来认来访地址，默认 0",
    "FENGQIAO_PRODUCTION": "1 表示正式运行，检查更严",
    "FENGQIAO_DEVELOPMENT": "1 表示开发，允许调试",
    "FENGQIAO_DEBUG": "1 打开调试页，只在开发时用",
    "FENGQIAO_WORKERS": "网页进程数，默认 1",
    "FENGQIAO_THREADS": "每个网页进程的线程数，默认 256",
    "FENGQIAO_POOL": "每个进程的数据库连接数上限，默认 24",
    "FENGQIAO_IDLE_MINUTES": "无操作多少分钟后须重新登录，默认 15",
    "FENGQIAO_VISIT_CODE_MINUTES": "上门核验码最长有效多少分钟，默认 120",
    "FENGQIAO_BACKUP": "nightly 每夜自动备份，off 不备份；不设则演示站以外都备份",
    "FENGQIAO_PLAY": "0 表示演示派出所不自动演示，默认 1；正式派出所从不演示",
    "FENGQIAO_TILES": "地图底图地址，含 {z}/{x}/{y}，默认无底图",
    "FENGQIAO_TILES_DATUM": "底图坐标系：wgs84(默认)或 gcj02",
    "FENGQIAO_METRICS": "1 打开 /metrics",
    "FENGQIAO_SEAL_COPY": "封条的第二份库外副本放在哪里(另一块盘或共享目录)",
    "FENGQIAO_STATIC": "静态文件目录",
    "FENGQIAO_SECRET_KEY": "会话签名密钥(不设则自动生成)",
    "FENGQIAO_MASTER_KEY": "加密主密钥(不设则自动生成)",
    "FENGQIAO_CIPHER": "加密算法：aes-gcm(默认)或 sm4-gcm(国密)",
}


def lines(home: Home, database: Database) -> Iterator[str]:
    """One fact a line; secrets are said to be set, never shown."""
    free = shutil.disk_usage(home.root).free // 2**30
    with database.connect_as_app() as connection:
        server = connection.execute("SHOW server_version").fetchone()
    yield f"程序      Python {platform.python_version()}, Django {django.get_version()}"
    yield f"数据目录  {home.root}(剩余 {free} GB)"
    yield f"数据库    PostgreSQL {server[0] if server else '?'}, {'自带' if database.embedded else '外部'}"
    yield f"自动备份  {last_told(home)}"
    for name, shown, says in settings_told(os.environ):
        yield f"{name:<22} {shown}  {says}"


def settings_told(environ: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(name, what it is set to, what it is for); a secret is said to be set, never shown."""
    return [(name, _shown(name, environ.get(name)), says) for name, says in ENVIRONMENT.items()]


def _shown(name: str, given: str | None) -> str:
    if given is None:
        return "(未设)"
    return "(已设)" if "KEY" in name or "URL" in name else given
