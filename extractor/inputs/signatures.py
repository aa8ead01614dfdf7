"""What kind a file is by its first bytes, or by the names in an archive; nothing is parsed here."""

from __future__ import annotations

import re

from extractor.inputs.limits import RefusedError

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*")
_REFUSED = (
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"{\\rtf", "rtf"),
    (b"\x7fELF", "program"),
    (b"MZ\x90\x00", "program"),
    (b"GIF8", "picture"),
)
_PACKAGES = (  # a file in the archive, the kind, the module that reads it or None
    (b"word/document", "docx"),
    (b"xl/workbook", "xlsx"),
    (b"OFD.xml", None),
    (b"ppt/presentation", None),
    (b"META-INF/manifest.xml", None),
)
_NOT_READ = {
    b"OFD.xml": "ofd",
    b"ppt/presentation": "slides",
    b"META-INF/manifest.xml": "opendocument",
}
_UTF16 = "utf-16-le"


def kinds_of(data: bytes) -> list[str]:
    """Modules of this package that may know the file, the likeliest first."""
    if data.startswith(_ZIP):
        return [kind for name, kind in _PACKAGES if kind and _in_archive(data, name)]
    if data.startswith(_OLE):
        if _stream(data, "WordDocument"):
            return ["doc"]
        return ["xls"] if _stream(data, "Workbook") or _stream(data, "Book") else []
    if b"%PDF-" in data[:1024]:
        return ["pdf"]
    if data.startswith(_PICTURES):
        return ["scan"]
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if re.match(rb"[A-Za-z-]{2,40}:", head):
        return ["mht"]
    if head[:1] in (b"{", b"[", b'"'):
        return ["jsontext"]
    return ["html"] if head[:1] == b"<" or head[:2] in (b"\xff\xfe", b"\xfe\xff") else []


def is_plain(head: bytes) -> bool:
    """Whether a file that is of no kind known here is text without a doubt, as most are."""
    start = head[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return b"\0" not in head and (start.isalnum() or start >= b"\x80" or start in (b"", b"#", b"|"))


def refusal_of(data: bytes) -> RefusedError | None:
    """Why a file of its kind is not read; None for one that is, or for text."""
    if data.startswith(_ZIP):
        for name, kind in _PACKAGES:
            if _in_archive(data, name):
                return None if kind else RefusedError(_NOT_READ[name])
        return RefusedError("zip")
    if data.startswith(_OLE):
        if _stream(data, "EncryptedPackage"):
            return RefusedError("encrypted")
        if any(_stream(data, name) for name in ("WordDocument", "Workbook", "Book")):
            return None
        return RefusedError(
            "wps" if _stream(data, "WpsDocument") or _stream(data, "Text") else "ole"
        )
    if data.startswith(b"BM") and len(data) > 26 and data[14:18] in (b"(\0\0\0", b"|\0\0\0"):
        return RefusedError("picture")
    if b"<?mso-application" in data[:2048] and b"<?xml" in data[:512]:
        return RefusedError("officexml")
    for begin, code in _REFUSED:
        if data.startswith(begin):
            return RefusedError(code)
    return None


def _in_archive(data: bytes, name: bytes) -> bool:
    """Whether an archive names a file so: in its list at the end, or as the files themselves do."""
    return name in data


def _stream(data: bytes, name: str) -> bool:
    """Whether a compound file has a stream of this name: an entry of its directory begins with it."""
    wanted = name.encode(_UTF16) + b"\0\0"
    at = data.find(wanted)
    while at >= 0:
        if at % 128 == 0:
            return True
        at = data.find(wanted, at + 1)
    return False
