"""What the pipeline hands to Pelican: one JSON file, named by an environment variable, and nothing else."""

import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sop_site import settings as office_settings
from sop_site.errors import RenderingFailed
from sop_site.proof import Proof
from sop_site.publication import Publication

VARIABLE = "SOP_RENDER"
"""Names the JSON file, whose keys are the fields of ``Handover``."""


@dataclass(frozen=True, slots=True)
class Handover:
    """One rendering: whose office, which pages by whose word, seen at what time."""

    settings: office_settings.Settings
    publication: Publication
    now: datetime
    """When expiry and embargo are judged; aware."""
    well_known: str
    """Text of ``/.well-known/sop.json``, the only file that may change with every publication."""
    report: Path | None = None
    """Where the renderer notes what it wrote, for the completeness check."""
    proof: Proof = field(default_factory=Proof)
    """What ``/bukti/`` shows."""

    def to_json(self, settings_text: str) -> str:
        """The file's text; ``settings_text`` is the approved site.toml as it stands."""
        values = {
            "settings": settings_text,
            "publication": json.loads(self.publication.to_json()),
            "now": self.now.isoformat(),
            "well_known": self.well_known,
            "report": str(self.report) if self.report else None,
            "proof": self.proof.to_json(),
        }
        return json.dumps(values, ensure_ascii=False)


def read() -> Handover:
    """The handover that the environment names; ``RenderingFailed`` where there is none."""
    name = os.environ.get(VARIABLE)
    if not name:
        raise RenderingFailed("render-no-handover", variable=VARIABLE)
    values = json.loads(Path(name).read_text(encoding="utf-8"))
    return Handover(
        settings=office_settings.parse(values["settings"].encode()),
        publication=Publication.from_json(json.dumps(values["publication"])),
        now=datetime.fromisoformat(values["now"]),
        well_known=values["well_known"],
        report=Path(values["report"]) if values["report"] else None,
        proof=Proof.from_json(values["proof"]),
    )
