# Monthly report and typesetting.
typst-missing = The typesetting library (typst) is not installed, so no PDF can be made.
    .advice = Install it with: pip install "sop-site[report]"; or ask for --format html.
typesetting-failed = The document could not be typeset as PDF: { $detail }
    .advice = Run “sop doctor”; if it happens again, send this sentence to whoever looks after the program.
report-written = Report written: { $path }
report-is-draft = Marked DRAF: next month's plan has not been written in { $path }.
report-is-provisional = Marked SEMENTARA: that month is not over.
report-docx-later = The report is not available as DOCX yet.
    .advice = Ask for --format pdf,html; its tables are there with --format csv.
report-history-refused = No report was made, because the history does not verify.
report-does-not-foot = The report was not written: totals and lists do not agree ({ $figures }).
    .advice = Run “sop verify --full”; if it happens again, send this sentence to whoever looks after the program.
report-plan-unreadable = The plan { $path } cannot be read as UTF-8 text, or is longer than 64 KB.
    .advice = Save it again as short plain text (UTF-8), then make the report again.
