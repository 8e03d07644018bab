"""What a file is, by its first bytes: the name and the type it claims are nobody's business."""

from __future__ import annotations

from django.utils.translation import gettext as _

from fengqiao.kit.problems import UnsupportedFile

# Media type -> the one decoder the worker may open it with.
DECODERS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
_HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def media_of(content: bytes) -> str:
    """JPEG, PNG or WebP; raises UnsupportedFile, saying what to do instead."""
    found = _known(content)
    if found:
        return found
    if _brand(content) in _HEIC:
        raise UnsupportedFile(
            _("这是 HEIC 照片，请把相机的格式设为 JPEG(iPhone：设置-相机-格式-兼容性最佳)后重拍")
        )
    raise UnsupportedFile(_("{}请上传 JPEG、PNG 或 WebP 照片").format(_told(content)))


def _known(content: bytes) -> str:
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    return "image/webp" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""


def _brand(content: bytes) -> bytes:
    """The first brand of an ISO media file (HEIC, AVIF, MP4)."""
    return content[8:12] if content[4:8] == b"ftyp" else b""


def _told(content: bytes) -> str:
    head = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not content:
        return str(_("文件是空的，"))
    if head.startswith(b"gif8"):
        return str(_("不收 GIF 动图，"))
    if head.startswith(b"%pdf"):
        return str(_("这是 PDF，不是照片，"))
    if head.startswith((b"<svg", b"<?xml", b"<!doctype", b"<html")):
        return str(_("这是网页或矢量图，不是照片，"))
    return str(_("这不是照片，"))
