"""``sop verify``: is every public byte the head's word? (SOP step 5; approval protocol §9)."""

from datetime import datetime
from pathlib import Path

import click

from pipeline.desk import Answer, Desk
from pipeline.options import now_option, trust_option
from pipeline.verification import verification
from sop_site.approval.chain import Approval


@click.command("verify", help="Periksa seluruh riwayat persetujuan / verify the whole history.")
@trust_option
@now_option
@click.option("--full", is_flag=True, help="Tanpa ingatan dari pemeriksaan sebelumnya / from nothing.")
@click.pass_obj
def command(desk: Desk, trust: Path | None, now: datetime | None, full: bool) -> Answer:
    """From genesis to tip, in a repository of the verifier's own.

    ``memory`` tells whether it went on from what an earlier run had verified.
    """
    with verification(desk.repo(), trust, now or desk.clock(), full=full) as verified:
        verdict, seconds, remembered = verified.verdict, verified.seconds, verified.remembered
    data = {
        "tip": verdict.tip,
        "verified_tip": verdict.verified_tip,
        "approvals": [_told(approval) for approval in verdict.approvals],
        "refusals": desk.shown(verdict.refusals),
        "seconds": round(seconds, 4),
        "memory": remembered,
    }
    if verdict.ok:
        line = desk.say("verify-good", count=len(verdict.approvals), tip=(verdict.tip or "")[:12])
        how = desk.say("verify-remembered" if remembered else "verify-from-genesis")
        return Answer(True, data, [line, how] if desk.verbose else [line])
    good = (verdict.verified_tip or "–")[:12]
    return Answer(False, data, [desk.say("verify-refused", tip=good), *desk.told(verdict.refusals)])


def _told(approval: Approval) -> dict[str, object]:
    return {
        "commit": approval.commit,
        "sequence": approval.sequence,
        "approver": approval.approver,
        "role": approval.role,
        "time": approval.time.isoformat(),
        "draft": approval.draft,
        "assurance": approval.assurance,
        "paths": list(approval.paths),
    }
