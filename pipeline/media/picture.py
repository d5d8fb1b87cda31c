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
_SMALLER = 0.85
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
                if opened.width * opened.height > budgets.DECODED_PIXELS:
                    raise AnswerIsNo(
                        "media-too-many-pixels", name=name, width=opened.width, height=opened.height
                    )
                moving = kind in ("gif", "png", "webp", "avif") and getattr(opened, "n_frames", 1) > 1
                opened.load()
                upright = ImageOps.exif_transpose(opened)
        except (
            UnidentifiedImageError,
            OSError,
            SyntaxError,
            ValueError,
            EOFError,
            Image.DecompressionBombError,
        ) as error:
            raise AnswerIsNo("media-broken", name=name) from error
        return _plain(upright), moving


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
    image.thumbnail((budgets.PICTURE_LONG_SIDE,) * 2, Image.Resampling.LANCZOS)
    if profile and image.mode in ("L", "RGB", "RGBA", "CMYK"):
        image = _to_srgb(image, profile)
    mode = "RGBA" if see_through else "RGB"
    if image.mode != mode:
        image = image.convert(mode)
    if mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image, mode = image.convert("RGB"), "RGB"
    fresh = Image.new(mode, image.size)
    fresh.paste(image)
    return fresh


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
    if drawing:
        made = _written(image, "PNG", optimize=True)
        if len(made) <= budgets.PICTURE_BYTES:
            return "png", made, image.size
    extension = "webp" if image.mode == "RGBA" else "jpg"
    while True:
        for quality in _QUALITIES:
            made = _encoded(image, extension, quality)
            if len(made) <= budgets.PICTURE_BYTES:
                return extension, made, image.size
        smaller = tuple(max(1, round(side * _SMALLER)) for side in image.size)
        image = image.resize((smaller[0], smaller[1]), Image.Resampling.LANCZOS)


def _encoded(image: Image.Image, extension: str, quality: int) -> bytes:
    if extension == "webp":
        return _written(image, "WEBP", quality=quality, method=4)
    return _written(image, "JPEG", quality=quality, optimize=True, progressive=True, subsampling="4:2:0")


def _written(image: Image.Image, form: str, **options: object) -> bytes:
    target = io.BytesIO()
    image.save(target, form, **options)
    return target.getvalue()
