"""The monthly report of SOP step 10: history -> facts -> MonthlyReport -> document -> PDF, HTML, CSV, JSON.

facts     what history says, as plain values (gathered by ``pipeline.history``)
month     one calendar month in the office's time zone, and its report
footing   whether every total agrees with the list that it sums up
document  the report as headings, paragraphs and tables in Bahasa Indonesia
formats   the document as HTML, CSV and JSON (PDF: ``pipeline.typesetting``)
"""
