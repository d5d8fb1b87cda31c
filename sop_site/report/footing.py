"""Cross-footing: every total of the report is counted again from its lists, another way than it was made."""

from sop_site.report.month import MonthlyReport, is_public


def faults(report: MonthlyReport) -> tuple[str, ...]:
    """Names of the figures that do not agree with the lists; empty when everything adds up."""
    counts, waiting = report.counts, report.waiting
    pages = [page for approval in report.approvals for page in approval.pages]
    sections = {page.section for page in pages}
    by_section = {
        section: [page for page in pages if page.section == section] for section in sorted(sections)
    }
    people = {decision.by for decision in (*report.approvals, *report.returned, *report.rejected)}
    decided = sum(
        decision.by == person
        for person in people
        for decision in (*report.approvals, *report.returned, *report.rejected)
    )
    expected = {
        "submitted": len({fact.commit for fact in report.submissions}),
        "approved": len({fact.commit for fact in report.approvals}),
        "returned": len({fact.commit for fact in report.returned}),
        "rejected": len({fact.commit for fact in report.rejected}),
        "reopened": len({fact.commit for fact in report.reopened}),
        "published": sum(len([page for page in some if is_public(page)]) for some in by_section.values()),
        "withdrawn": sum(len([page for page in some if not is_public(page)]) for some in by_section.values()),
        "undecided": len({waiting.submission.commit for waiting in report.undecided}),
        "archives": len({fact.commit for fact in report.archives}),
    }
    wrong = [name for name, value in expected.items() if getattr(counts, name) != value]
    if decided != counts.approved + counts.returned + counts.rejected:
        wrong.append("decided")
    if waiting.measured + waiting.unmeasured != decided:
        wrong.append("waiting")
    times = [fact.at for fact in report.submissions]
    times += [fact.at for fact in (*report.approvals, *report.returned, *report.rejected, *report.reopened)]
    outside = any(not report.month.contains(moment, report.zone) for moment in times)
    return (*wrong, "month") if outside else tuple(wrong)
