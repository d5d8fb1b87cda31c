"""The checks of a draft (SOP step 3): a rule is a function in a tuple, and all findings come at once.

inputs                what a rule is given
form, links           how a page is built, where it leads
personal_data         what must never be published
gambling, law         what an office does not say
media, language       its files, its words
life                  when it is public, and where it lay before
"""

from sop_site.answers import Finding
from sop_site.rules import form, gambling, language, law, life, links, media, personal_data, secrets
from sop_site.rules.inputs import Around, MediaFacts, PageInput, Rule

__all__ = ["RULES", "Around", "MediaFacts", "PageInput", "check"]

RULES: tuple[Rule, ...] = (
    *form.RULES,
    *links.RULES,
    *personal_data.RULES,
    *secrets.RULES,
    *gambling.RULES,
    *law.RULES,
    *life.RULES,
    *media.RULES,
    *language.RULES,
)


def check(page: PageInput) -> tuple[Finding, ...]:
    """Everything that any rule has to say about a page, in the order of its lines."""
    found = [finding for rule in RULES for finding in rule(page)]
    unique = {(f.code, f.path, f.line, tuple(sorted(f.values.items()))): f for f in found}
    return tuple(sorted(unique.values(), key=lambda finding: (finding.path, finding.line or 0, finding.code)))
