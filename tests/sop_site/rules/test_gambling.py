"""Gambling: the vocabulary in its disguises is found, the office's own words and warnings are left alone."""

import time

import pytest

from sop_site.rules import MediaFacts, gambling
from tests.sop_site.rules import values

ADVERTS = [
    "Main slot gacor hari ini",
    "Situs slot terpercaya",
    "slot88",
    "SLOT 88",
    "RTP live tertinggi",
    "maxwin setiap hari",
    "max win",
    "scatter hitam",
    "Togel Singapura",
    "toto macau",
    "bandar judi",
    "judi bola",
    "sbobet",
    "pragmatic play",
    "Mahjong Ways 2",
    "Gates of Olympus",
    "starlight princess",
    "zeus",
    "sweet bonanza",
    "pg soft",
    "habanero",
    "link alternatif",
    "bonus new member",
    "depo pulsa tanpa potongan",
    "deposit qris",
    "freebet",
    "mix parlay",
    "casino online",
    "kasino online",
    "bandarqq",
    "dominoqq",
    "poker online",
    "akun pro kamboja",
    "gampang menang",
    "anti rungkad",
    "jp paus",
]
DISGUISES = [
    "sl0t g4c0r",
    "5L0T 64C0R slot88",
    "Jud1 0nline",
    "T0gel",
    "s.l.o.t g.a.c.o.r",
    "s l o t  g a c o r",
    "j*u*d*i online",
    "g-a-c-o-r hari ini",
    "slot-gacor-terbaru",
    "#slotgacor777",
    "https://slotgacor.example/",
    "ｓｌｏｔ ｇａｃｏｒ",
    "slot\u200bgacor",
    "to\u200bgel",
    "t\u00adogel",
    "ѕlоt gасоr",
    "tógel",
    "slot\ngacor",
    "Selesai.Togel di sini",
    "**slot** gacor",
]
INNOCENT = [
    "Betul, slot waktu pelayanan masih ada dan bet-nya total.",
    "Slot waktu pelayanan dibuka pukul 08.00.",
    "Total 1.500 kursi, toto tidak ada.",
    "Bank soal dan akun profesional pegawai.",
    "Bandara dan bandar udara, bonus demografi, menang lomba.",
    "Rapat pukul 10.00 s.d. 12.00 di aula.",
    "a. b. c. d. e. f.",
    "Deposito daerah dan dana desa.",
    "Pemohon mengisi formulir secara online.",
]
WARNINGS = [
    "Sosialisasi bahaya judi online bagi pelajar.",
    "Warga diimbau menjauhi judi online.",
    "Waspada tautan slot gacor yang menyusup ke situs desa.",
    "Camat menolak segala bentuk judi online.",
    "Judi online merusak keluarga.",
    "Sosialisasi bahaya judi\nonline bagi remaja.",
]
ADVERT, ERROR = "gambling-phrase", "error"


@pytest.mark.parametrize("text", ADVERTS)
def test_one_phrase_of_the_trade_is_too_many(text: str) -> None:
    assert set(values.said(gambling.nobody_advertises_gambling, f"{text}, daftar sekarang.")) == {ADVERT}


@pytest.mark.parametrize("text", DISGUISES)
def test_a_disguise_does_not_help(text: str) -> None:
    assert set(values.said(gambling.nobody_advertises_gambling, text)) == {ADVERT}


@pytest.mark.parametrize("text", INNOCENT)
def test_the_offices_own_words_are_innocent(text: str) -> None:
    body = f"{text}\n\n[Laman lain](https://contoh.example/)"

    for rule in gambling.RULES:
        assert values.said(rule, body) == []


@pytest.mark.parametrize("text", WARNINGS)
def test_a_warning_may_name_what_it_warns_of(text: str) -> None:
    linked = f"{text}\n\n[Lapor](https://aduan.go.id/x) [Desa](https://banyuning.desa.id/) [Kontak](/kontak/)"

    assert values.said(gambling.nobody_advertises_gambling, text) == []
    assert values.said(gambling.nobody_advertises_gambling, linked) == []


@pytest.mark.parametrize(
    "more",
    [
        "[Lihat](https://contoh.example/)",
        "[Lihat](https://go.id.contoh.example/)",
        "[Lihat](https://contohgo.id/)",
        "Waspada togel dan casino online.",
        "Kunjungi judi bola.",
    ],
)
def test_no_advert_hides_behind_a_warning(more: str) -> None:
    body = f"Waspada bahaya judi online.\n\n{more}"

    assert ADVERT in values.said(gambling.nobody_advertises_gambling, body)


def test_every_place_of_the_page_is_read_and_each_has_its_line() -> None:
    page = values.given(
        "Satu.\n\n- dua\n- slot gacor\n",
        image="togel.jpg",
        image_alt="Poster situs slot",
        title="Kabar togel",
    )

    told = list(gambling.nobody_advertises_gambling(page))

    lines = page.page.body_line, page.head.line(("title",)), page.head.line(("image_alt",))
    assert {(finding.severity, finding.path) for finding in told} == {(ERROR, page.path)}
    assert {lines[0] + 3, lines[1], lines[2]} <= {finding.line for finding in told}


def test_files_and_names_are_read_too() -> None:
    files = [MediaFacts("a.pdf", "pdf", 9, text="Main slot gacor"), MediaFacts("situs-slot.jpg", "jpg", 9)]
    path = "content/berita/2026-01-05-togel-hari-ini/index.md"

    told = list(gambling.nobody_advertises_gambling(values.given("Isi.", media=files, path=path)))

    folder = path.removesuffix("index.md")
    assert sorted(finding.path for finding in told) == [f"{folder}a.pdf", path, f"{folder}situs-slot.jpg"]


def test_weak_words_count_only_together_and_beside_a_foreign_link() -> None:
    words, link = "Slot, jackpot dan taruhan.", "[Laman lain](https://contoh.example/)"
    rule = gambling.weak_words_do_not_advertise_a_foreign_site

    assert values.said(rule, f"{words}\n\n{link}") == ["gambling-words"]
    assert values.said(rule, words) == []
    assert values.said(rule, f"Slot waktu dan taruhan.\n\n{link}") == []
    assert values.said(rule, f"{words}\n\n[Kontak](/kontak/) [Desa](https://a.desa.id)") == []


@pytest.mark.parametrize(
    "heap", ["a", "a.", "a ", "1", "judi ", "slot\n", "\n", "judi online. ", "\u200b", "-"]
)
def test_no_text_takes_long(heap: str) -> None:
    text = heap * (60_000 // len(heap))
    started = time.process_time()

    list(gambling._advertisements(text, innocent=True))

    assert time.process_time() - started < 3
