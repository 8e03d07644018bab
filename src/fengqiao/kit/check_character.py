"""A check character by ISO/IEC 7064, MOD 37,36: it finds every single wrong character and nearly every swap of neighbours.

The standard's hybrid system: 0-9 and A-Z in, one of the same characters out.
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_M = len(ALPHABET)


def check_character(text: str) -> str:
    """The character to append; raises ValueError for a character outside the alphabet."""
    return ALPHABET[(1 - _carried(text)) % _M]


def is_sound(text: str) -> bool:
    """Whether the last character is the check character of those before it."""
    if len(text) < 2 or set(text) - set(ALPHABET):
        return False
    return (_carried(text[:-1]) + ALPHABET.index(text[-1])) % _M == 1


def _carried(text: str) -> int:
    """The product the standard carries from character to character, begun with M."""
    carried = _M
    for character in text:
        carried = ((carried + ALPHABET.index(character)) % _M or _M) * 2 % (_M + 1)
    return carried
