"""Word 97 documents (.doc), through LibreOffice where it is installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile

from extractor.inputs import docx
from extractor.inputs.limits import MOST_SECONDS, RefusedError
from verify.document.model import Document

MEDIA_TYPE = "application/msword"
RENDERER = f"doc/1+{docx.RENDERER}"
_NAMES = ("soffice", "libreoffice")
_ON_A_MAC = "/Applications/LibreOffice.app/Contents/MacOS/soffice"


def sniff(head: bytes) -> int:
    """90 for a compound file, whose streams tell the kind."""
    return 90 if head.startswith(b"\xd0\xcf\x11\xe0") else 0


def read(data: bytes) -> Document:
    """The document of a Word 97 file; macros do not run, and a profile of its own is used and thrown away.

    Raises:
        RefusedError: LibreOffice is not installed or does not convert it, or as for .docx.
    """
    program = next(filter(None, map(shutil.which, (*_NAMES, _ON_A_MAC))), None)
    if program is None:
        raise RefusedError("soffice")
    with tempfile.TemporaryDirectory(prefix="gouji-") as folder:
        path = os.path.join(folder, "report.doc")
        with open(path, "wb") as file:
            file.write(data)
        command = [
            program,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            folder,
            path,
        ]
        try:
            subprocess.run(  # noqa: S603 - our own arguments
                command,
                check=False,
                timeout=MOST_SECONDS,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            with open(os.path.join(folder, "report.docx"), "rb") as file:
                converted = file.read()
        except (OSError, subprocess.SubprocessError):
            raise RefusedError("conversion") from None
    return docx.render(converted, MEDIA_TYPE, RENDERER)
