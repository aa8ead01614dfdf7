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
_PACKAGES = (  # a file in the archive, and the module that reads it or why it is not read
    (b"word/document", "docx"),
    (b"xl/workbook", "xlsx"),
    (b"OFD.xml", "ofd"),
    (b"ppt/presentation", "slides"),
    (b"META-INF/manifest.xml", "opendocument"),
)
_STREAMS = (  # the same of a stream of a compound file
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("WpsDocument", "wps"),
    ("Text", "wps"),
)
_READ = ("docx", "xlsx", "doc", "xls")
_UTF16 = "utf-16-le"


def kind_of(data: bytes) -> tuple[str, RefusedError | None]:
    """The module of this package that may know the file, or why none reads it; neither of text."""
    if data.startswith(_ZIP):
        found = next((kind for name, kind in _PACKAGES if name in data), "zip")
    elif data.startswith(_OLE):
        found = next((kind for name, kind in _STREAMS if _stream(data, name)), "ole")
    elif data.startswith(b"BM") and data[14:18] in (b"(\0\0\0", b"|\0\0\0"):
        found = "picture"
    elif b"<?mso-application" in data[:2048] and b"<?xml" in data[:512]:
        found = "officexml"
    else:
        found = next((code for begin, code in _REFUSED if data.startswith(begin)), "")
    if found:
        return (found, None) if found in _READ else ("", RefusedError(found))
    if b"%PDF-" in data[:1024]:
        return "pdf", None
    if data.startswith(_PICTURES):
        return "scan", None
    head = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")
    if re.match(rb"[A-Za-z-]{2,40}:", head):
        return "mht", None
    if head[:1] in (b"{", b"[", b'"'):
        return "jsontext", None
    return "html" if head[:1] == b"<" or head[:2] in (b"\xff\xfe", b"\xfe\xff") else "", None


def is_plain(head: bytes) -> bool:
    """Whether a file that is of no kind known here is text without a doubt, as most are."""
    start = head[:2048].lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    return b"\0" not in head and (start.isalnum() or start >= b"\x80" or start in (b"", b"#", b"|"))


def _stream(data: bytes, name: str) -> bool:
    """Whether a compound file has a stream of this name: an entry of its directory begins with it."""
    wanted = name.encode(_UTF16) + b"\0\0"
    at = data.find(wanted)
    while at >= 0:
        if at % 128 == 0:
            return True
        at = data.find(wanted, at + 1)
    return False
