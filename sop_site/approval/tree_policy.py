"""Which trees may be public at all: names, modes, sizes and numbers (protocol §5)."""

from sop_site.approval.folders import COMPONENTS, ENTRIES_LIMIT, Folder
from sop_site.approval.reasons import Reasons

BYTES_LIMIT = 4 * 1024**3
PATH_BYTES = 1_024


def judge(root: Folder, reasons: Reasons) -> bool:
    """Note ``TREE_POLICY`` and ``LIMIT`` for a root tree; whether it may be public."""
    for code, detail in root.problems:
        reasons.add(code, detail)
    if root.height > COMPONENTS:
        reasons.add("TREE_POLICY", f"a path of more than {COMPONENTS} components")
    if root.longest > PATH_BYTES:
        reasons.add("TREE_POLICY", f"a path longer than {PATH_BYTES} bytes")
    if root.entries > ENTRIES_LIMIT:
        reasons.add("LIMIT", f"more than {ENTRIES_LIMIT} files and folders")
    if root.size > BYTES_LIMIT:
        reasons.add("LIMIT", f"more than {BYTES_LIMIT} bytes")
    return not ("TREE_POLICY" in reasons or "LIMIT" in reasons)
