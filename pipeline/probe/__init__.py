"""Looking at other people's sites and our own, as a citizen's browser would (SOP step 8a).

reach (one connection, phase by phase) -> look (redirects, content -> one class) -> results (kept outside git)
rolled up: sop_site.availability -> a signed ledger entry
"""

from pipeline.probe.look import ProbeResult, look

__all__ = ["ProbeResult", "look"]
