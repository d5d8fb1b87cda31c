# Monthly report and typesetting.
typst-missing = The typesetting library (typst) is not installed, so no PDF can be made.
    .advice = Install it with: pip install "sop-site[report]"; or ask for --format html.
typesetting-failed = The document could not be typeset as PDF: { $detail }
    .advice = Run “sop doctor”; if it happens again, send this sentence to whoever looks after the program.
