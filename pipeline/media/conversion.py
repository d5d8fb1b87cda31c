"""Office files become PDFs by LibreOffice: a profile of its own, no macros, nothing fetched, no network."""

import shutil
from collections.abc import Callable
from pathlib import Path

from sop_site.errors import AnswerIsNo

_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel"
 oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableActiveContent"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Load"><prop oor:name="UpdateDocMode" oor:op="fuse">
<value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse">
<value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse">
<value>2</value></prop></item>
</oor:items>
"""
"""LibreOffice's settings: no macros, and nothing is fetched that a document only points to."""
_SHOWN = {"xlsx": "calc", "ods": "calc", "pptx": "impress", "odp": "impress"}


def as_pdf(name: str, kind: str, source: Path, workspace: Path, convert: Callable[[list[str]], None]) -> Path:
    """The PDF that LibreOffice makes of it; ``AnswerIsNo`` where that is absent or fails.

    ``convert`` runs a command in limits; everything that it needs lies in ``workspace``.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        raise AnswerIsNo("media-office-unconverted", name=name)
    # A profile of its own: no settings or recent files of the person at this computer.
    settings = workspace / "profil" / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_PROFILE, encoding="utf-8")
    # Under a name of ours, too: what it is called is in no way part of what it becomes.
    given, made = workspace / f"asal.{kind}", workspace / "pdf" / "asal.pdf"
    shutil.copyfile(source, given)
    convert(
        [
            program, f"-env:UserInstallation={(workspace / 'profil').as_uri()}", "--headless", "--norestore",
            "--convert-to", f"pdf:{_SHOWN.get(kind, 'writer')}_pdf_Export" if kind != "ole" else "pdf",
            "--outdir", str(made.parent), str(given),
        ]
    )  # fmt: skip
    if not made.is_file() or made.is_symlink():
        raise AnswerIsNo("media-office-not-converted", name=name)
    return made
