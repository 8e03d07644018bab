"""Compile the English catalogues (.po to .mo) without gettext installed; Chinese is the language of the sources.

What scripts in the browser say (every catalogue but `django.po`) becomes one flat .json instead.

The GNU MO file is two tables of lengths and offsets before the texts: a few lines, and one dependency less
than a library that a plain `make run` would not need for anything else.
"""

from __future__ import annotations

import ast
import json
import struct
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def entries(po: Path) -> Iterator[tuple[str, str]]:
    """(msgid, msgstr) pairs; plural forms are joined by NUL as gettext wants them."""
    parts: dict[str, str] = {}
    field = ""
    for line in [*po.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("#"):
            continue
        if not line.strip():
            yield from _entry(parts)
            parts, field = {}, ""
        elif line.startswith('"'):
            parts[field] += ast.literal_eval(line)
        else:
            field, _, text = line.partition(" ")
            if field == "msgid" and "msgid" in parts:
                yield from _entry(parts)
                parts = {}
            parts[field] = ast.literal_eval(text)


def _entry(parts: dict[str, str]) -> Iterator[tuple[str, str]]:
    if "msgid" not in parts:
        return
    if "msgid_plural" in parts:
        forms = [parts[name] for name in sorted(parts) if name.startswith("msgstr[")]
        yield f"{parts['msgid']}\0{parts['msgid_plural']}", "\0".join(forms)
    elif parts.get("msgstr"):
        context = f"{parts['msgctxt']}\4" if "msgctxt" in parts else ""
        yield context + parts["msgid"], parts["msgstr"]


def compile_catalogue(po: Path) -> None:
    pairs = sorted((key.encode(), value.encode()) for key, value in dict(entries(po)).items())
    keys, values = b"", b""
    spans = []
    for key, value in pairs:
        spans.append((len(key), len(keys), len(value), len(values)))
        keys, values = keys + key + b"\0", values + value + b"\0"
    start = 28 + 16 * len(pairs)
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    first = b"".join(struct.pack("<2I", length, start + at) for length, at, _, _ in spans)
    second = b"".join(struct.pack("<2I", length, start + len(keys) + at) for _, _, length, at in spans)
    po.with_suffix(".mo").write_bytes(head + first + second + keys + values)


def write_json(po: Path) -> None:
    told = {key: value for key, value in entries(po) if key}
    po.with_suffix(".json").write_text(json.dumps(told, ensure_ascii=False, separators=(",", ":")), "utf-8")


def main() -> None:
    for po in sorted((ROOT / "src").rglob("*.po")):
        if po.name == "django.po":
            compile_catalogue(po)
        elif not po.name.endswith(".part.po"):
            write_json(po)


if __name__ == "__main__":
    main()
