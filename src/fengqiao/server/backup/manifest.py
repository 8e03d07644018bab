"""The last entry of a backup: what it holds, to be compared after a restore."""

from __future__ import annotations

import base64
import hmac
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime

from fengqiao.server.backup.counting import Held
from fengqiao.server.backup.locks import BackupRefused

ENTRY = "manifest.json"
# The other entries: the dump in parts, the media by their names, and under a passphrase the secrets.
DUMP, MEDIA, SECRETS = "database/", "media/", "secrets.json"
FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """`taken_at`: the database's time of the snapshot. `master_key`: a digest that tells keys apart and
    gives none away. `media` and `dump` hold SHA-256 digests."""

    taken_at: datetime
    version: str
    postgres: int
    migrations: list[str]
    tables: dict[str, Held]
    dump: str
    media: dict[str, str]
    master_key: str
    settings: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(held.rows for held in self.tables.values())

    def written(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False, default=datetime.isoformat).encode()


def read(raw: bytes) -> Manifest:
    found = json.loads(raw)
    if found.get("format") != FORMAT:
        raise BackupRefused(
            f"备份的格式是第 {found.get('format')} 版，本程序只认第 {FORMAT} 版。请用新版程序恢复。"
        )
    found["tables"] = {table: Held(**held) for table, held in found["tables"].items()}
    found["taken_at"] = datetime.fromisoformat(found["taken_at"])
    return Manifest(**found)


def mark_of(master_key: str) -> str:
    return hmac.new(base64.b64decode(master_key), b"fengqiao backup", "sha256").hexdigest()[:16]
