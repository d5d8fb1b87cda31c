"""What a draft changes for the public, told so that the head can decide: values and judgements, no git.

drawing       a text → pieces (safe tags and words)
differences   two texts → paragraphs that stayed, changed, came, went or moved
values        front matter → the office's own words
page_changes  two versions of a page → everything that differs
document      all of that → one page for a browser
"""
