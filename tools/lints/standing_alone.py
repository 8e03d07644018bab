"""The project stands alone: no index address in a lock file, no path of one machine, no dead link in the docs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tools.lints.sources import ROOT

LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
LOCKS = (
    "requirements/run.lock",
    "requirements/dev.lock",
    "tools/uv.txt",
    "tools/node.txt",
    "web/package-lock.json",
)


def breaches() -> Iterator[str]:
    for name in LOCKS:
        text = (ROOT / name).read_text(encoding="utf-8")
        if re.search(r'"resolved"|--index-url|--find-links|\bregistry\.', text):
            yield f"{name}: holds the address of an index"
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "src").rglob("*.md")]:
        for target in LINK.findall(path.read_text(encoding="utf-8")):
            if (
                "://" not in target
                and not target.startswith("mailto:")
                and not (path.parent / target).exists()
            ):
                yield f"{path.relative_to(ROOT)}: the link to {target} leads nowhere"
