"""Trees that mean something else on another system, or that never end (protocol §5)."""

import pytest

from tests.pipeline.attacks.catalogue import Act, Attack, Catalogue, must_be_refused
from tests.pipeline.attacks.scene import FILE, FOLDER, ZERO_DIGEST, Scene

TREES = Catalogue("trees")
BESIDE = b"content/pengumuman/2026-01-05-ketiga/"


def merged(scene: Scene, tree: str) -> None:
    """A draft with that tree, approved; its digest is whatever the approver says."""
    scene.publish(scene.approval(scene.writes(tree=tree), tree=tree, digest=ZERO_DIGEST))


def named(name: str | bytes, below: bytes = b"") -> Act:
    """A page's folder holds one more file (or folder) of that name."""

    def act(scene: Scene) -> None:
        raw = name.encode() if isinstance(name, str) else name
        merged(scene, _put(scene, raw, below))

    return act


def _put(scene: Scene, name: bytes, below: bytes) -> str:
    """Names with a slash cannot be meant, so that the entry is written, not walked to."""
    blob = scene.put("blob", b"x")
    entry = (FILE, name, blob)
    if below:
        entry = (FOLDER, name, scene.raw_tree([(FILE, below, blob)]))
    folder = scene.sorted_tree([(FILE, b"index.md", blob), entry])
    return scene.with_entry(scene.tree_of(scene.tip), BESIDE.rstrip(b"/"), (FOLDER, folder))


def moded(mode: bytes, data: bytes = b"x") -> Act:
    """An entry of another mode."""
    return lambda scene: merged(
        scene, scene.with_entry(scene.tree_of(scene.tip), BESIDE + b"a", (mode, scene.put("blob", data)))
    )


def twins(*names: str) -> Act:
    """Several entries in one folder."""

    def act(scene: Scene) -> None:
        blob = scene.put("blob", b"x")
        folder = scene.sorted_tree([(FILE, name.encode(), blob) for name in names])
        merged(scene, scene.with_entry(scene.tree_of(scene.tip), BESIDE + b"lagi", (FOLDER, folder)))

    return act


TREES.each(
    "TREE_POLICY",
    [
        ("not_utf8", named(b"a\xff.md")),
        ("overlong_utf8", named(b"a\xc0\xaf.md")),
        ("surrogate", named(b"a\xed\xa0\x80.md")),
        ("not_nfc", named("e\u0301.md")),
        ("not_nfc_hangul", named("\u1112\u1161\u11ab.md")),
        ("of_256_bytes", named("a" * 256)),
        ("of_256_bytes_in_128_letters", named("é" * 128)),
        ("line_feed", named("a\nb.md")),
        ("escape", named("a\x1b[2J.md")),
        ("delete", named("a\x7f.md")),
        ("next_line", named("a\x85.md")),
        ("right_to_left_override", named("a\u202edm.exe")),
        ("left_to_right_isolate", named("a\u2066.md")),
        ("arabic_letter_mark", named("a\u061c.md")),
        ("zero_width_space", named("a\u200b.md")),
        ("zero_width_joiner", named("👩\u200d💻.md")),
        ("word_joiner", named("a\u2060.md")),
        ("byte_order_mark", named("\ufeffa.md")),
        ("soft_hyphen", named("a\u00ad.md")),
        ("variation_selector", named("❤\ufe0f.md")),
        ("hangul_filler", named("a\u3164.md")),
        ("combining_grapheme_joiner", named("a\u034f.md")),
        ("mongolian_vowel_separator", named("a\u180e.md")),
        ("language_tag", named("a\U000e0041.md")),
        ("unassigned_but_unseen", named("a\U000e0080.md")),
        ("reserved_and_unseen", named("a\u2065.md")),
        ("line_separator", named("a\u2028.md")),
        ("backslash", named("a\\b.md")),
        *((f"sign_{number}", named(f"a{sign}b.md")) for number, sign in enumerate(':*?"<>|')),
        ("leading_space", named(" a.md")),
        ("trailing_space", named("a.md ")),
        ("leading_no_break_space", named("\u00a0a.md")),
        ("trailing_ideographic_space", named("a.md\u3000")),
        ("trailing_dot", named("a.")),
        ("dot", named(".")),
        ("two_dots", named("..")),
        ("three_dots", named("...")),
        ("folder_two_dots", named("..", b"x")),
        ("git_folder", named(".git", b"config")),
        ("git_file", named(".git")),
        ("git_in_capitals", named(".GIT", b"config")),
        ("git_in_mixed_letters", named(".gIt", b"config")),
        ("git_on_ntfs", named("git~1", b"config")),
        ("git_on_ntfs_in_capitals", named("GIT~2", b"config")),
        ("git_on_hfs", named(".g\u200cit", b"config")),
        ("gitmodules", named(".gitmodules")),
        ("gitmodules_in_capitals", named(".GitModules")),
        ("gitmodules_on_ntfs", named("GITMOD~1")),
        ("gitmodules_on_ntfs_hashed", named("gi7eba~1")),
        ("gitattributes", named(".gitattributes")),
        ("gitattributes_on_ntfs", named("gitatt~1")),
        ("windows_con", named("CON")),
        ("windows_nul_with_extension", named("nul.md")),
        ("windows_prn_with_two_extensions", named("prn.tar.gz")),
        ("windows_aux_as_a_folder", named("aux", b"index.md")),
        ("windows_com1", named("com1")),
        ("windows_lpt9_with_extension", named("LPT9.txt")),
        ("windows_com_superscript", named("com¹.md")),
        ("windows_conin", named("CONIN$")),
        ("windows_nul_and_space", named("nul .md")),
        ("folded_twins", twins("Foto.jpg", "foto.JPG")),
        ("folded_twins_of_sharp_s", twins("straße.md", "STRASSE.md")),
        ("folded_twins_with_a_ring", twins("å.md", "Å.md")),
        ("folded_twins_of_sigma", twins("ς.md", "σ.md")),
        ("folded_twins_of_long_s", twins("ſ.md", "s.md")),
        ("symbolic_link", moded(b"120000", b"/etc/passwd")),
        ("executable", moded(b"100755")),
        ("group_writable", moded(b"100664")),
        ("page_as_symbolic_link", lambda s: merged(s, _page_as(s, b"120000"))),
        ("page_as_executable", lambda s: merged(s, _page_as(s, b"100755"))),
        ("folder_empty", lambda s: merged(s, _with(s, FOLDER, s.raw_tree([])))),
        (
            "folder_of_empty_folders",
            lambda s: merged(s, _with(s, FOLDER, s.raw_tree([(FOLDER, b"a", s.raw_tree([]))]))),
        ),
        ("file_and_folder_of_one_name", lambda s: merged(s, _file_and_folder(s))),
        ("folders_of_two_spellings", lambda s: merged(s, _two_folders(s))),
        (
            "seventeen_components",
            lambda s: merged(s, s.with_files(s.tree_of(s.tip), {"content/" + "a/" * 15 + "x": b"x"})),
        ),
        (
            "sixty_components",
            lambda s: merged(s, s.with_files(s.tree_of(s.tip), {"content/" + "a/" * 58 + "x": b"x"})),
        ),
        ("path_of_1025_bytes", lambda s: merged(s, _long_path(s, 1025))),
    ],
    row=25,
)
TREES.each(
    "LIMIT",
    [
        ("page_of_64_mib_and_a_byte", lambda s: merged(s, _big_page(s))),
        ("more_than_four_gib_of_the_same_file", lambda s: merged(s, _four_gib(s))),
        ("two_hundred_thousand_and_one_files", lambda s: merged(s, _wide(s))),
        ("a_folder_listed_a_billion_times", lambda s: merged(s, _listed_again(s, 9))),
    ],
    row=25,
)
TREES.each(
    "OBJECT_CORRUPT",
    [
        ("entries_out_of_order", lambda s: merged(s, _with(s, FOLDER, s.raw_tree(list(reversed(_two(s))))))),
        ("entry_twice", lambda s: merged(s, _with(s, FOLDER, s.raw_tree([_two(s)[0]] * 2)))),
        (
            "mode_padded",
            lambda s: merged(s, _with(s, FOLDER, s.raw_tree([(b"0100644", b"a", _two(s)[0][2])]))),
        ),
        (
            "folder_mode_padded",
            lambda s: merged(s, _with(s, FOLDER, s.raw_tree([(b"040000", b"a", s.tree_of(s.tip))]))),
        ),
        (
            "mode_of_letters",
            lambda s: merged(s, _with(s, FOLDER, s.raw_tree([(b"10064x", b"a", _two(s)[0][2])]))),
        ),
        ("mode_zero", lambda s: merged(s, _with(s, FOLDER, s.raw_tree([(b"0", b"a", _two(s)[0][2])])))),
        ("name_empty", lambda s: merged(s, _with(s, FOLDER, s.raw_tree([(FILE, b"", _two(s)[0][2])])))),
        ("name_with_a_slash", named(b"a/b.md")),
        (
            "cut_in_the_middle",
            lambda s: merged(s, _with(s, FOLDER, s.put("tree", b"100644 a\0" + b"x" * 19))),
        ),
        ("bytes_after_the_last_entry", lambda s: merged(s, _with(s, FOLDER, _longer(s)))),
        ("nothing_but_noise", lambda s: merged(s, _with(s, FOLDER, s.put("tree", b"noise")))),
        ("folder_that_is_a_file", lambda s: merged(s, _with(s, FOLDER, s.put("blob", b"x")))),
        ("file_that_is_a_folder", lambda s: merged(s, _with(s, FILE, s.tree_of(s.tip)))),
        ("file_that_is_a_commit", lambda s: merged(s, _with(s, FILE, s.tip))),
        ("root_that_is_a_commit", lambda s: merged(s, s.tip)),
    ],
    row=25,
)


def _with(scene: Scene, mode: bytes, oid: str) -> str:
    return scene.with_entry(scene.tree_of(scene.tip), BESIDE + b"lagi", (mode, oid))


def _two(scene: Scene) -> list[tuple[bytes, bytes, str]]:
    blob = scene.put("blob", b"x")
    return [(FILE, b"a", blob), (FILE, b"b", blob)]


def _longer(scene: Scene) -> str:
    return scene.put("tree", scene.objects[scene.raw_tree(_two(scene))][1] + b"\0")


def _page_as(scene: Scene, mode: bytes) -> str:
    path = b"content/halaman/profil/index.md"
    blob = scene.put("blob", scene.file(scene.tip, path.decode()))
    return scene.with_entry(scene.tree_of(scene.tip), path, (mode, blob))


def _file_and_folder(scene: Scene) -> str:
    blob = scene.put("blob", b"x")
    inside = scene.raw_tree([(FILE, b"x", blob)])
    return _with(scene, FOLDER, scene.raw_tree([(FILE, b"a", blob), (FOLDER, b"a", inside)]))


def _two_folders(scene: Scene) -> str:
    inside = scene.raw_tree(_two(scene))
    return _with(scene, FOLDER, scene.raw_tree([(FOLDER, b"Foto", inside), (FOLDER, b"foto", inside)]))


def _long_path(scene: Scene, size: int) -> str:
    """``content/``, four folders of 200 letters, and a file that fills it up."""
    front = "content/" + ("a" * 200 + "/") * 4
    names = front + "b" * 100 + "/"
    return scene.with_files(scene.tree_of(scene.tip), {names + "c" * (size - len(names)): b"x"})


def _big_page(scene: Scene) -> str:
    return _with(scene, FILE, scene.put("blob", b"a" * (64 * 1024**2 + 1)))


def _four_gib(scene: Scene) -> str:
    """Sixty-five times one file of 64 MiB: each is allowed, all together are not."""
    blob = scene.put("blob", b"a" * (64 * 1024**2))
    return _with(scene, FOLDER, scene.sorted_tree([(FILE, b"%03d" % n, blob) for n in range(65)]))


def _wide(scene: Scene) -> str:
    blob = scene.put("blob", b"x")
    return _with(scene, FOLDER, scene.raw_tree([(FILE, b"%06d" % n, blob) for n in range(200_001)]))


def _listed_again(scene: Scene, levels: int) -> str:
    """Each folder lists the one below ten times."""
    tree = scene.raw_tree(_two(scene))
    for _ in range(levels):
        tree = scene.raw_tree([(FOLDER, b"%d" % n, tree) for n in range(10)])
    return _with(scene, FOLDER, tree)


@TREES.attack("TREE_POLICY", "LIMIT", row=25)
def folders_beyond_all_depth(scene: Scene) -> None:
    """Each folder lists the one below ten times, fourteen deep: more paths than atoms in a page."""
    merged(scene, _listed_again(scene, 14))


@TREES.attack("TREE_POLICY", row=25)
def gitlink(scene: Scene) -> None:
    merged(scene, _with(scene, b"160000", scene.tip))


@TREES.attack("OBJECT_MISSING", row=25)
def a_page_that_is_nowhere(scene: Scene) -> None:
    merged(scene, _with(scene, FILE, "1" * 40))


@TREES.attack("OBJECT_MISSING", row=25)
def a_folder_that_is_nowhere(scene: Scene) -> None:
    merged(scene, _with(scene, FOLDER, "1" * 40))


@TREES.attack("OBJECT_MISSING", row=25)
def a_page_of_no_id(scene: Scene) -> None:
    merged(scene, _with(scene, FILE, "0" * 40))


@pytest.mark.parametrize("attack", TREES.attacks, ids=str)
def test_a_tree_means_the_same_everywhere(scene: Scene, attack: Attack) -> None:
    must_be_refused(attack, scene)
