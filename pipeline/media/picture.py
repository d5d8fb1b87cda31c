"""Pictures: decoded, turned upright, brought to sRGB, made small, written anew without any metadata.

Only pixels cross from the old file to the new one; that, not a list of fields to delete, keeps GPS out.
"""

import io
import warnings

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from pipeline.media import budgets, containers
from pipeline.media.cleaned import Cleaned, public_name
from sop_site.errors import AnswerIsNo

_DECODERS = {
    "jpg": ["JPEG"], "png": ["PNG"], "webp": ["WEBP"], "gif": ["GIF"], "tiff": ["TIFF"],
    "bmp": ["BMP"], "heic": ["HEIF"], "avif": ["AVIF"],
}  # fmt: skip
_QUALITIES = (82, 74, 66, 58, 50)
_WEIGHTS = {82: 1.0, 74: 0.82, 66: 0.71, 58: 0.64, 50: 0.58}
"""How much a JPEG weighs at a quality against the best one; a guess, that spares trying all of them."""
_JPEG_PIXELS = 3 * budgets.DECODED_PIXELS
"""A JPEG may have more, for it is not unpacked whole."""
_HALVED_FROM = 2 * budgets.PICTURE_LONG_SIDE
_RAW_TAGS = (0xC612, 0x014A)  # a camera's negative (DNG), and pictures hidden behind the first
_SUBFILE, _REDUCED = 0x00FE, 1
_PACKED = 0.95
"""What a JPEG weighs when its tables fit it, against the quick version."""
_SMALLER = 0.85
_HOPEFUL = 3
"""How many times too heavy a quickly packed PNG may be for a well packed one to be worth trying."""
_SIXTEEN_BIT = ("I;16", "I;16L", "I;16B", "I;16N")


def clean(name: str, kind: str, data: bytes) -> Cleaned:
    """A picture fit to be public: jpg or webp or png, long side and bytes within the budgets.

    ``AnswerIsNo`` where it is broken, claims too many pixels, or its decoder is not installed.
    """
    image, moving = _decoded(name, kind, data)
    extension, made, size = _within_budget(image, drawing=kind in ("png", "gif", "bmp"))
    if containers.has_metadata(extension, made):
        raise AnswerIsNo("media-metadata-stays", name=name)
    return Cleaned(
        name=public_name(name, extension),
        data=made,
        kind="picture",
        width=size[0],
        height=size[1],
        notes=("media-animation-lost",) if moving else (),
    )


def still(name: str, image: Image.Image) -> Cleaned:
    """The poster of a video from one of its frames."""
    extension, made, size = _within_budget(_plain(image), drawing=False)
    return Cleaned(public_name(name, extension), made, "picture", size[0], size[1])


def _decoded(name: str, kind: str, data: bytes) -> tuple[Image.Image, bool]:
    if kind == "heic":
        _learn_heic()
    with warnings.catch_warnings():
        # Odd EXIF and TIFF tags are warned of and thrown away; what cannot be decoded raises.
        warnings.simplefilter("ignore")
        Image.MAX_IMAGE_PIXELS = None  # our own limit, before a single row is unpacked
        try:
            with Image.open(io.BytesIO(data), formats=_DECODERS[kind]) as opened:
                if kind == "tiff" and _is_raw(opened):
                    raise AnswerIsNo("media-raw-photo", name=name)
                if kind == "jpg" and max(opened.size) >= _HALVED_FROM and _pixels(opened) <= _JPEG_PIXELS:
                    # Decoded at half its size, still larger than it will be: quick, and little memory.
                    opened.draft(None, (budgets.PICTURE_LONG_SIDE,) * 2)
                if _pixels(opened) > budgets.DECODED_PIXELS:
                    raise AnswerIsNo(
                        "media-too-many-pixels", name=name, width=opened.width, height=opened.height
                    )
                moving = kind in ("gif", "png", "webp", "avif") and bool(
                    getattr(opened, "is_animated", False)
                )
                opened.load()
                _turn_upright(opened)
        except (
            UnidentifiedImageError,
            OSError,
            SyntaxError,
            ValueError,
            EOFError,
            Image.DecompressionBombError,
        ) as error:
            raise AnswerIsNo("media-broken", name=name) from error
        return _plain(opened), moving


def _pixels(opened: Image.Image) -> int:
    return opened.width * opened.height


def _turn_upright(opened: Image.Image) -> None:
    """As its notes say; a picture whose notes are damaged is as good as one without any."""
    try:
        ImageOps.exif_transpose(opened, in_place=True)
    except MemoryError:
        raise
    except Exception:  # foreign EXIF in any state: loops, lies about lengths, types that do not fit
        return


def _is_raw(opened: Image.Image) -> bool:
    """Whether a TIFF is a camera's negative: what Pillow would show of it is a thumbnail."""
    tags = getattr(opened, "tag_v2", {})
    return any(tag in tags for tag in _RAW_TAGS) or tags.get(_SUBFILE) == _REDUCED


def _learn_heic() -> None:
    try:
        # Imported here: an extra, needed only for telephones' own format.
        import pillow_heif
    except ImportError as error:
        raise AnswerIsNo("extra-missing", extra="media", library="pillow-heif") from error
    pillow_heif.register_heif_opener(thumbnails=False)


def _plain(image: Image.Image) -> Image.Image:
    """Pixels alone, in RGB or RGBA of the sRGB colour space and at most as large as the site shows."""
    if image.mode in _SIXTEEN_BIT or image.mode in ("I", "F"):
        image = image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    profile = image.info.get("icc_profile")
    see_through = image.has_transparency_data
    if image.mode in ("P", "PA"):
        image = image.convert("RGBA" if see_through else "RGB")
    # Hamming's filter: as sharp as the others where a picture becomes smaller, in half their time.
    image.thumbnail((budgets.PICTURE_LONG_SIDE,) * 2, Image.Resampling.HAMMING)
    if profile and image.mode in ("L", "RGB", "RGBA", "CMYK"):
        image = _to_srgb(image, profile)
    mode = "RGBA" if see_through else "RGB"
    if image.mode != mode:
        image = image.convert(mode)
    if mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image, mode = image.convert("RGB"), "RGB"
    # Pixels alone go on: what is said of them stays behind.
    return Image.frombytes(mode, image.size, image.tobytes())


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """``image`` in sRGB; unchanged where its profile is broken or belongs to another kind of picture."""
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    base = image.convert("RGB") if alpha is not None else image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        seen = ImageCms.profileToProfile(base, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    if seen is None:
        return image
    if alpha is not None:
        seen.putalpha(alpha)
    return seen


def _within_budget(image: Image.Image, *, drawing: bool) -> tuple[str, bytes, tuple[int, int]]:
    """Extension, bytes and size of the best version that fits; drawings stay PNG where they can."""
    if drawing and len(_written(image, "PNG", compress_level=1)) <= _HOPEFUL * budgets.PICTURE_BYTES:
        made = _written(image, "PNG", optimize=True)
        if len(made) <= budgets.PICTURE_BYTES:
            return "png", made, image.size
    extension = "webp" if image.mode == "RGBA" else "jpg"
    while True:
        quality = _guess(image) if extension == "jpg" else _QUALITIES[0]
        for lower in (step for step in _QUALITIES if step <= quality):
            made = _encoded(image, extension, lower)
            if len(made) <= budgets.PICTURE_BYTES:
                return extension, made, image.size
        smaller = tuple(max(1, round(side * _SMALLER)) for side in image.size)
        image = image.resize((smaller[0], smaller[1]), Image.Resampling.LANCZOS)


def _guess(image: Image.Image) -> int:
    """The quality at which a JPEG will probably fit: from one quick version at the best."""
    weight = len(_written(image, "JPEG", quality=_QUALITIES[0], subsampling="4:2:0"))
    share = budgets.PICTURE_BYTES / (weight * _PACKED)
    return next((quality for quality in _QUALITIES if _WEIGHTS[quality] <= share), _QUALITIES[-1])


def _encoded(image: Image.Image, extension: str, quality: int) -> bytes:
    if extension == "webp":
        return _written(image, "WEBP", quality=quality, method=4)
    return _written(image, "JPEG", quality=quality, optimize=True, progressive=True, subsampling="4:2:0")


def _written(image: Image.Image, form: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, form, **options)
    return target.getvalue()
