"""Words as people type, paste and scan them: one spelling to compare, one mask to show."""

from __future__ import annotations

import re
import unicodedata

# Full-width commas and stops are how Chinese is written; only what hinders comparing is narrowed.
_KEPT_WIDE = frozenset("\uff0c\uff1b\uff1a\uff1f\uff01")
_NARROW = {
    code: unicodedata.normalize("NFKC", chr(code))
    for code in (0x3000, *range(0xFF01, 0xFF5F), *range(0x2F00, 0x2FE0))
    if chr(code) not in _KEPT_WIDE
}
# A list of ranges rather than Unicode categories: rare characters of names are newer than Python's tables.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_SPACES = re.compile(r"\s+")
# What most words are made of, in their one spelling already.
_SIGNS = "[!-~\u4e00-\u9fff\u3001\u3002\uff0c\uff1b\uff1a\uff1f\uff01]"
_PLAIN = re.compile(f"(?:{_SIGNS}+(?: {_SIGNS}+)*)?")


def clean(text: str) -> str:
    """Without control, zero-width and unpaired characters, stripped; line ends and tabs stay."""
    return _UNSEEN.sub("", text).strip()


def normalise(text: str) -> str:
    """One line, one spelling: narrow digits, letters and brackets, single spaces, nothing unseen."""
    if _PLAIN.fullmatch(text):
        return str(text)
    spaced = _SPACES.sub(" ", text.translate(_NARROW))
    return _SPACES.sub(" ", unicodedata.normalize("NFC", clean(spaced)))


def digits(text: str) -> str:
    """Its digits, narrow, and nothing else."""
    return "".join(c for c in text.translate(_NARROW) if c.isascii() and c.isdigit())


_PHONE = re.compile(
    r"(?P<mobile>1[3-9][0-9]{9})"
    r"|(?P<area>010|02[0-9]|0[3-9][0-9]{2})(?P<local>[2-9][0-9]{6,7})(?:转(?P<inner>[0-9]{1,6}))?"
)


def phone(text: str) -> str | None:
    """A mainland number, `13812341234` or `0757-28381234` (with `-801` for an extension); None for others.

    A landline without its area code could be anywhere, so it is none.
    """
    bare = normalise(text).lower()
    bare = re.sub(r"(?<=[0-9])\s*(?:ext\.?|分机|转)\s*(?=[0-9])", "转", bare)
    bare = re.sub(r"(?<=[0-9]{7})-(?=[0-9]{1,6}$)", "转", bare) if bare.startswith("0") else bare
    bare = re.sub(r"[\s()./·—-]", "", bare)
    abroad = re.match(r"(?:\+|00)?86(?=1[3-9][0-9]{9}$|0?[1-9][0-9]{8,})", bare)
    if abroad:
        rest = bare[abroad.end() :]
        bare = rest if rest.startswith(("0", "1")) and rest[:2] != "10" else f"0{rest}"
    match = _PHONE.fullmatch(bare)
    if match is None:
        return None
    parts = (match["area"], match["local"], match["inner"])
    return match["mobile"] or "-".join(part for part in parts if part)


def mask_name(name: str) -> str:
    """`张三` to `张*`; never more than three stars, so that a long name keeps its length to itself."""
    name = normalise(name)
    return name[0] + "*" * min(len(name) - 1, 3) if len(name) > 1 else "*" * len(name)


def mask_phone(number: str) -> str:
    """`13812341234` to `138****1234`; of a number too short to tell apart nothing stays."""
    known = phone(number)
    if known and "-" in known:
        area, local, *_ = known.split("-")
        return f"{area}-****{local[-4:]}"
    bare = known or digits(number)
    if len(bare) >= 11:
        return f"{bare[:3]}****{bare[-4:]}"
    return f"****{bare[-4:]}" if len(bare) >= 8 else "****" if number.strip() else ""


_AREA = re.compile(r".*(?:路|街道?|大道|巷|社区|村|镇|乡|区|县|市|省|花园|苑|公寓|大厦|广场|学校|园区)")


def mask_address(address: str) -> str:
    """Up to the street; house number, building, floor and room give way to `…`.

    In a village a house number alone names a dwelling, so it is not shown either.
    """
    address = normalise(address)
    area = _AREA.match(re.split(r"[0-9]", address, maxsplit=1)[0])
    kept = area[0] if area else ""
    return kept if kept == address else f"{kept}…"


def pinyin_key(text: str) -> str:
    """A key that sorts Chinese as a dictionary does: by sound and tone, then by the characters."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 slow import

    text = normalise(text)
    return " ".join([*lazy_pinyin(text.lower(), style=Style.TONE3, neutral_tone_with_five=True), text])


_COMMUNITY = re.compile(
    r"(?P<short>.{2,}?)(?P<kind>(?:社区|村)?(?:居民委员会|居委会)|村民委员会|村委会|(?:社区)?工作站|社区|村)"
)


def short_community_name(name: str) -> str:
    """`海尾社区居委会` to `海尾`; a name without such an ending stays."""
    name = normalise(name)
    match = _COMMUNITY.fullmatch(name)
    return match["short"] if match else name


def community_aliases(name: str) -> list[str]:
    """The ways people write this community, its own name first, each once."""
    name, short = normalise(name), short_community_name(name)
    kind = name.removeprefix(short)
    village = kind.startswith("村") and "居" not in kind
    endings = (
        ("村", "村委会", "村民委员会")
        if village
        else ("社区", "居委会", "社区居委会", "社区居民委员会", "居民委员会")
    )
    return list(dict.fromkeys([name, short, *(short + ending for ending in endings)]))
