"""Drawings (SVG): an allow-list of shapes; whatever could run, load or lead elsewhere refuses the file."""

import re

from lxml import etree

from pipeline.media import budgets
from pipeline.media.cleaned import Cleaned, public_name
from sop_site.errors import AnswerIsNo

_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"
_KEPT_FOREIGN = {
    _HREF,
    "{http://www.w3.org/XML/1998/namespace}space",
    "{http://www.w3.org/XML/1998/namespace}lang",
}
_ELEMENTS = frozenset(
    [
        "svg",
        "g",
        "defs",
        "symbol",
        "use",
        "title",
        "desc",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "textPath",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "pattern",
        "marker",
        "style",
        "filter",
        "feGaussianBlur",
        "feOffset",
        "feBlend",
        "feFlood",
        "feComposite",
        "feMerge",
        "feMergeNode",
        "feColorMatrix",
        "feDropShadow",
        "switch",
        "view",
    ]
)
_ATTRIBUTES = frozenset(
    ["id", "class", "style", "href", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "fx",
     "fy", "fr", "dx", "dy", "d", "points", "width", "height", "viewBox", "version", "preserveAspectRatio",
     "transform", "gradientUnits", "gradientTransform", "spreadMethod", "offset", "stop-color",
     "stop-opacity", "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity",
     "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-dasharray", "stroke-dashoffset",
     "opacity", "color", "display", "visibility", "overflow", "clip-path", "clip-rule", "clipPathUnits",
     "mask", "maskUnits", "maskContentUnits", "filter", "filterUnits", "primitiveUnits", "pattern",
     "patternUnits", "patternContentUnits", "patternTransform", "marker-start", "marker-mid", "marker-end",
     "markerWidth", "markerHeight", "markerUnits", "refX", "refY", "orient", "font-family", "font-size",
     "font-style", "font-weight", "font-variant", "letter-spacing", "word-spacing", "text-anchor",
     "text-decoration", "dominant-baseline", "alignment-baseline", "baseline-shift", "writing-mode",
     "direction", "rotate", "textLength", "lengthAdjust", "startOffset", "role", "lang", "type",
     "aria-label", "aria-labelledby", "aria-describedby", "aria-hidden", "focusable", "in", "in2", "result",
     "stdDeviation", "mode", "operator", "k1", "k2", "k3", "k4", "values", "flood-color", "flood-opacity",
     "vector-effect", "paint-order", "shape-rendering", "text-rendering", "color-interpolation",
     "color-interpolation-filters", "mix-blend-mode", "isolation", "enable-background"]
)  # fmt: skip
_URL = re.compile(r"url\s*\(\s*(['\"]?)(.*?)\1\s*\)", re.IGNORECASE | re.DOTALL)
_ACTIVE = re.compile(
    r"javascript\s*:|vbscript\s*:|data\s*:|expression\s*\(|@import|behaviou?r\s*:|-moz-binding|\\", re.I
)
_FETCHES = re.compile(r"image-set|cross-fade|\bsrc\s*\(|@font-face|@namespace|@charset|//|\bimage\s*\(", re.I)
"""Further ways of CSS to load something; addresses have no business in a drawing's style."""
_SPACE = re.compile(r"[\s\x00-\x1f]+")
_SHAPES, _COPIES_DEEP = 100_000, 20
_NUMBER = re.compile(r"^\s*([0-9]+(?:\.[0-9]+)?)\s*(?:px)?\s*$")


def clean(name: str, data: bytes) -> Cleaned:
    """The drawing without editor's notes; ``AnswerIsNo`` where it holds more than a drawing."""
    if len(data) > budgets.TEXT_FILE_BYTES * 4:
        raise AnswerIsNo("media-too-big", name=name, bytes=len(data), limit=budgets.TEXT_FILE_BYTES)
    root = _parsed(name, data)
    _prune(name, root)
    _check_copies(name, root)
    etree.cleanup_namespaces(root)
    made: bytes = etree.tostring(root, encoding="utf-8", with_tail=False) + b"\n"
    if len(made) > budgets.TEXT_FILE_BYTES:
        raise AnswerIsNo("media-too-big", name=name, bytes=len(made), limit=budgets.TEXT_FILE_BYTES)
    _parsed(name, made)
    width, height = _size(root)
    text = " ".join(str(piece).strip() for piece in root.itertext() if str(piece).strip())
    return Cleaned(public_name(name, "svg"), made, "picture", width, height, text=text)


def _parsed(name: str, data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise AnswerIsNo("media-broken", name=name) from error
    if root.tag != f"{{{_SVG}}}svg":
        raise AnswerIsNo("media-broken", name=name)
    return root


def _prune(name: str, root: etree._Element) -> None:
    """Drop what other programs noted for themselves; refuse what is no drawing."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            # Entities are never needed in a drawing and are how a small file becomes a large one.
            raise AnswerIsNo("media-svg-active", name=name, part="entity")
        space, local = _split(str(element.tag))
        if space != _SVG or local == "metadata":
            _drop(element)
        elif local not in _ELEMENTS:
            raise AnswerIsNo("media-svg-active", name=name, part=local)
        elif local == "style":
            _check_css(name, "".join(map(str, element.itertext())))
    for element in root.iter():
        _check_attributes(name, element)


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _check_attributes(name: str, element: etree._Element) -> None:
    for key in list(element.attrib):
        label, value = str(key), str(element.attrib[key])
        if label.lower().startswith("on"):
            raise AnswerIsNo("media-svg-active", name=name, part=label)
        if label in ("href", _HREF) and not value.strip().startswith("#"):
            raise AnswerIsNo("media-svg-active", name=name, part="href")
        _check_style(name, value)
        if label == "style":
            _check_css(name, value)
        if label not in _ATTRIBUTES and label not in _KEPT_FOREIGN:
            del element.attrib[key]


def _check_style(name: str, value: str) -> None:
    if _ACTIVE.search(_SPACE.sub(" ", value)) or _ACTIVE.search(_SPACE.sub("", value)) or "/*" in value:
        raise AnswerIsNo("media-svg-active", name=name, part="style")
    if any(not target.strip().startswith("#") for _, target in _URL.findall(value)):
        raise AnswerIsNo("media-svg-active", name=name, part="url")
    if len(_URL.findall(value)) != len(re.findall(r"url\s*\(", value, re.IGNORECASE)):
        raise AnswerIsNo("media-svg-active", name=name, part="url")


def _check_css(name: str, value: str) -> None:
    _check_style(name, value)
    if _FETCHES.search(value):
        raise AnswerIsNo("media-svg-active", name=name, part="style")


def _check_copies(name: str, root: etree._Element) -> None:
    """Copies of copies: a few lines can ask a browser to draw millions of shapes, or to turn in circles."""
    by_id = {str(element.get("id")): element for element in root.iter() if element.get("id")}
    known: dict[str, int] = {}

    def shapes(element: etree._Element, above: tuple[str, ...]) -> int:
        total = 0
        for inner in element.iter():
            total += 1
            for target in _drawn_again(inner):
                if target not in by_id:
                    continue
                if target in above or len(above) > _COPIES_DEEP:
                    raise AnswerIsNo("media-svg-active", name=name, part="use")
                if target not in known:
                    known[target] = shapes(by_id[target], (*above, target))
                total += known[target]
                if total > _SHAPES:
                    raise AnswerIsNo("media-too-demanding", name=name)
        return total

    shapes(root, ())


def _drawn_again(element: etree._Element) -> list[str]:
    """Ids of what is drawn where this stands: the target of a copy, and patterns, masks and markers."""
    found = [target.strip().removeprefix("#") for value in element.attrib.values()
             for _, target in _URL.findall(str(value))]  # fmt: skip
    if _split(str(element.tag))[1] == "use":
        found.append(str(element.get("href") or element.get(_HREF) or "").strip().removeprefix("#"))
    return found


def _split(tag: str) -> tuple[str, str]:
    space, _, local = tag.rpartition("}")
    return space.removeprefix("{"), local


def _size(root: etree._Element) -> tuple[int | None, int | None]:
    sides = [_NUMBER.match(str(root.get(side) or "")) for side in ("width", "height")]
    if sides[0] and sides[1]:
        return _pixels(sides[0][1]), _pixels(sides[1][1])
    box = re.split(r"[\s,]+", str(root.get("viewBox") or "").strip())
    try:
        return _pixels(box[2]), _pixels(box[3])
    except (IndexError, ValueError, OverflowError):
        return None, None


def _pixels(number: str) -> int:
    return min(round(float(number)), 1_000_000)
