"""What a page is: ten kinds, typed, read strictly from one Markdown file.

places        kinds, sections, ids, addresses
front_matter  strict YAML with a line for every key
fields, kinds the types
reading       file → Parsed (page and findings)
markdown      body → HTML and outline
schema        the same types for editors
"""

from sop_site.content import forms, markdown, schema
from sop_site.content.kinds import KINDS, Page
from sop_site.content.media import media_of
from sop_site.content.places import (
    DATED,
    RESERVED_IDS,
    SECTION_OF,
    SECTIONS,
    folder_of,
    id_problem,
    place_of,
    url_of,
)
from sop_site.content.reading import Parsed, parse

__all__ = [
    "DATED", "KINDS", "RESERVED_IDS", "SECTIONS", "SECTION_OF", "Page", "Parsed", "folder_of", "forms",
    "id_problem", "markdown", "media_of", "parse", "place_of", "schema", "url_of",
]  # fmt: skip
