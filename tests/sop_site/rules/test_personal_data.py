"""Personal data: found in whatever guise, told from what an office writes every day, and never repeated."""

import json
import time
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from sop_site import messages
from sop_site.rules import MediaFacts, check, personal_data
from sop_site.rules.numbers import PROVINCES, is_nik, is_nip, luhn
from tests.sop_site.rules import values
from tests.sop_site.rules.values import SETTINGS

MAN, WOMAN = "5108062812760001", "5108066812760003"
NIP = "197603152001121002"


def found(text: str, **options: bool) -> list[tuple[str, str]]:
    return [
        (finding.code.removeprefix("personal-"), finding.severity)
        for finding in personal_data.findings(text, "x", SETTINGS, **options)
    ]


ERRORS = [
    # NIK: any spelling, any neighbour
    (f"NIK {MAN}", "nik"),
    (f"Pemohon: Warga ({WOMAN})", "nik"),
    ("51.08.06.281276.0001", "nik"),
    ("5108 0628 1276 0001", "nik"),
    ("510806 281276 0001", "nik"),
    ("510806-281276-0001", "nik"),
    ("51 08 06 28 12 76 0001", "nik"),
    ("NIK: 5 1 0 8 0 6 2 8 1 2 7 6 0 0 0 1", "nik"),
    ("NIK 51-0806-2812-760001", "nik"),
    ("No. KTP : 5108  0628  1276  0001", "nik"),
    (f"{MAN},{MAN}", "nik"),
    (f"1. {MAN}. Lunas", "nik"),
    (f"nama;{MAN};alamat", "nik"),
    (f"NIK{MAN}", "nik"),
    (f"{MAN}Warga", "nik"),
    (f"| 1 | Warga | {MAN} |", "nik"),
    (f"https://contoh.go.id/cek?nik={MAN}", "nik"),
    ("５１０８０６２８１２７６０００１", "nik"),
    ("5108\u20110628\u20111276\u20110001", "nik"),
    ("5108\u00a00628\u00a01276\u00a00001", "nik"),
    ("51080628\u200b12760001", "nik"),
    ("51080628\u00ad12760001", "nik"),
    ("510806**2812**760001", "nik"),
    ("5108\\.0628\\.1276\\.0001", "nik"),
    ("&#53;108062812760001", "nik"),
    ("1271032902040001", "nik"),
    # … broken over lines, which a browser draws as one, or put into a list
    ("5108\n0628\n1276\n0001", "nik"),
    ("- 5108\n- 0628\n- 1276\n- 0001", "nik"),
    # KK, NPWP, account, card, BPJS, passport
    ("No. KK 5108061501100002", "kk"),
    ("Nomor Kartu Keluarga: 5108 0615 0110 0002", "kk"),
    ("KK: 9999999912345678", "kk"),
    ("01.234.567.8-901.000", "npwp"),
    ("NPWP 012345678901000", "npwp"),
    ("NPWP: 0012 3456 7890 1000", "npwp"),
    ("Rekening BPD Bali 010.02.02.12345-6", "account"),
    ("No. Rek. 0123456789 a.n. Panitia", "account"),
    ("BRI 0123-01-000123-50-1", "account"),
    ("Bank Mandiri 1450012345678", "account"),
    ("4111 1111 1111 1111", "card"),
    ("5500005555555559", "card"),
    ("3782 822463 10005", "card"),
    ("Nomor BPJS 0001234567890", "bpjs"),
    ("Kartu KIS: 0001 2345 6789 0", "bpjs"),
    ("Paspor nomor B1234567", "passport"),
    ("No. paspor: AB 123456", "passport"),
    # Birth dates
    ("Tempat, tanggal lahir: Singaraja, 12 Mei 1980", "birth"),
    ("TTL Singaraja / 12-05-1980", "birth"),
    ("Tgl. lahir 12/05/1980", "birth"),
    ("Warga itu lahir di Singaraja pada 12 Mei 1980.", "birth"),
    ("Tanggal lahir: 1980-05-12", "birth"),
    ("Tanggal Lahir\n: 12 Mei 1980", "birth"),
    ("| Nama | Tgl lahir |\n|---|---|\n| A | 12-05-1980 |", "birth"),
    # Contacts
    ("Hubungi 081234567890", "mobile"),
    ("WA +62 812-3456-7890", "mobile"),
    ("0853.3700.1234", "mobile"),
    ("(0812) 3456-789", "mobile"),
    ("+62 (0) 812 3456 7890", "mobile"),
    ("https://wa.me/6281234567890", "mobile"),
    ("WA081234567890", "mobile"),
    ("warga.biasa@gmail.com", "mail"),
    ("WARGA@YAHOO.CO.ID", "mail"),
    ("warga(at)gmail.com", "mail"),
    # A civil servant's number outside a signature
    (f"Pegawai dengan NIP {NIP} hadir.", "nip"),
    (f"| Kepala Seksi | Warga Percontohan | {NIP} |", "nip"),
    ("19760315 200112 1 002", "nip"),
    ("19760315.200112.1.002", "nip"),
    (f"Camat,\n\nWarga Percontohan\nsatu\ndua\ntiga\nempat\nNIP {NIP}", "nip"),
    # Registers of residents
    (
        "1. Wayan Contoh, Jalan Mawar No. 5\n2. Ketut Contoh, Jalan Melati No. 7",
        "addresses",
    ),
    ("| Budi Contoh | RT 01/RW 02 |\n| Siti Contoh | RT 003 RW 004 |", "addresses"),
    ("BUDI CONTOH Jl. Mawar 12\nSITI CONTOH Jl. Melati 3A", "addresses"),
]


@pytest.mark.parametrize(("text", "code"), ERRORS)
def test_personal_data_is_found_in_every_guise(text: str, code: str) -> None:
    assert {(code, "error")} == set(found(text))


WARNINGS = [
    ("Nomor 5108062812769999123", None),
    ("Kode 1234567890123456", "sixteen"),
    ("NIK 5108069912760002", "sixteen"),
    ("Kode rekening 5.1.02.03.02.0112.0035", "sixteen"),
    ("12-05-2023 01-06-2023", "sixteen"),
    ("Rumah Wayan Contoh di Jalan Mawar No. 5 roboh.", "address"),
]


@pytest.mark.parametrize(("text", "code"), WARNINGS)
def test_what_may_be_personal_is_mentioned_at_most(text: str, code: str | None) -> None:
    assert found(text) == ([(code, "warning")] if code else [])


INNOCENT = [
    "Nomor SOP 000.8.3.3/234/VI/2023 tanggal 5 Juni 2023",
    "Telepon kantor (0362) 21985, pukul 08.00-15.30, Jumat 07.30-13.00",
    "Layanan WhatsApp kantor: 0812-3600-0001 atau +62 812 3600 0001",
    "kantor@percontohan.go.id dan layanan.percontohan@gmail.com",
    "Anggaran Rp1.234.567.890.123.456,00",
    "Kode rekening 5.1.02.01.01.0024",
    "Rekening listrik dibayar tanggal 12-05-2023",
    "Untuk nomor rekening hubungi (0362) 21985",
    "Tahun 2021 2022 2023 2024",
    "Jumlah penduduk 12.345 jiwa, 6.789 laki-laki, 5.556 perempuan",
    "Koordinat -8.1120512345678912, 115.0877512345678",
    "sha256 ab5108062812760001ff3c9d",
    "https://www.facebook.com/kantor/posts/4111111111111111",
    "0000 0000 0000 0000",
    "NIK terdiri atas 16 angka, nomor KK juga 16 angka",
    "Fotokopi KTP dan KK 2 lembar",
    "Syarat: surat pengantar RT/RW, kartu BPJS, paspor bila ada",
    "Anak yang lahir setelah 1 Januari 2020",
    "Anak yang lahir tanggal 1 Januari 2020 atau sesudahnya",
    "Hari lahir Pancasila, 1 Juni 1945",
    "Isi nama, tanggal lahir, dan alamat pada formulir tanggal 12 Mei 2025 kemudian",
    "Hotline bebas pulsa 0800-1-234567",
    "Undang-Undang Nomor 14 Tahun 2008, Peraturan Nomor 1 Tahun 2021",
    "Kantor Kelurahan Banyuning, Jalan Gajah Mada No. 5\nKantor Desa Anturan, Jalan Seririt No. 7",
    "Puskesmas Satu, RT 01/RW 02\nPuskesmas Dua, RT 03/RW 04",
    "Datang ke Jalan Mawar No. 5\nlalu ke Jalan Melati No. 7",
    f"Camat Percontohan,\n\n\n\n**Warga Percontohan**\n\nPembina Tk. I\n\nNIP. {NIP}",
    f"a.n. Camat\nSekretaris Kecamatan,\nWARGA PERCONTOHAN\nNIP {NIP[:8]} {NIP[8:14]} {NIP[14]} {NIP[15:]}",
]  # fmt: skip


@pytest.mark.parametrize("text", INNOCENT)
def test_what_an_office_writes_every_day_is_left_in_peace(text: str) -> None:
    assert [item for item in found(text) if item != ("address", "warning")] == []


def test_a_nip_may_stand_where_the_office_presents_itself() -> None:
    assert found(f"NIP {NIP}", nip_allowed=True) == []
    body = f"Kepala seksi: NIP {NIP}"
    assert values.said(personal_data.text_is_free_of_it, body, kind="page", section="profil", topics="") == []
    assert values.said(personal_data.text_is_free_of_it, body, kind="page", section="ppid", topics="") == [
        "personal-nip"
    ]


def test_a_nip_of_three_zeros_is_mentioned_and_nothing_else() -> None:
    body = "Satu.\n\nDisahkan: NIP 19760315 200112 1 000"

    page = values.given(body, kind="page", section="profil", topics="")

    (told,) = check(page)

    assert (told.code, told.severity) == ("nip-ends-in-zeros", "warning")
    assert told.line == page.page.body_line + 2


def test_one_number_is_told_once_by_its_gravest_name() -> None:
    assert found(f"No. KK / NIK {MAN}") == [("nik", "error")]
    assert found(f"NPWP {MAN}") == [("nik", "error")]


def test_every_finding_has_the_line_in_the_file() -> None:
    page = values.given(f"Satu.\n\nNIK {MAN}\n", kind="announcement", number=f'"{WOMAN}"')

    told = list(personal_data.text_is_free_of_it(page))

    lines = page.page.body_line
    assert [(finding.code, finding.line) for finding in told] == [
        ("personal-nik", page.head.line(("number",))),
        ("personal-nik", lines + 2),
    ]


def test_a_register_is_one_even_if_it_hides_in_a_list_of_the_head() -> None:
    steps = '["Wayan Contoh, Jalan Mawar No. 5", "Ketut Contoh, Jalan Melati No. 7"]'

    assert values.said(personal_data.text_is_free_of_it, sources=steps) == ["personal-addresses"]


@pytest.mark.parametrize(
    ("facts", "code", "severity"),
    [
        (MediaFacts("surat.pdf", "pdf", 9, text=f"NIK {MAN}"), "personal-nik", "error"),
        (MediaFacts(f"ktp-{MAN}.pdf", "pdf", 9), "personal-nik", "error"),
        (MediaFacts("wa-081234567890.jpg", "jpg", 9), "personal-mobile", "error"),
        (MediaFacts("ktp-warga.jpg", "jpg", 9), "personal-picture", "warning"),
    ],
)
def test_files_and_their_names_are_read_too(facts: MediaFacts, code: str, severity: str) -> None:
    told = list(personal_data.files_are_free_of_it(values.given(media=[facts])))

    assert [(finding.code, finding.severity, finding.line) for finding in told] == [(code, severity, None)]
    assert told[0].path.endswith(facts.name)


def test_an_id_that_is_a_number_is_read_too() -> None:
    path = f"content/berita/2026-01-05-warga-{MAN}/index.md"

    assert values.said(personal_data.files_are_free_of_it, path=path) == ["personal-nik"]


@pytest.mark.parametrize("text", [text for text, _ in ERRORS])
@pytest.mark.parametrize("lang", messages.LANGUAGES)
def test_no_output_repeats_what_was_found(text: str, lang: str) -> None:
    told = personal_data.findings(text, "content/x/index.md", SETTINGS)
    shown = json.dumps([messages.as_json(lang, finding) for finding in told], ensure_ascii=False)
    plain = personal_data.readable(text)

    for item in personal_data.find(plain, SETTINGS):
        if item.end > item.start:
            assert plain[item.start : item.end] not in shown
    assert MAN not in shown
    assert NIP not in shown


def test_whoever_puts_a_number_in_a_heading_does_not_read_it_in_other_findings() -> None:
    told = check(values.given(f"#### NIK {MAN} warga@gmail.com\n\n![{MAN}](https://contoh.id/a.jpg)"))
    shown = json.dumps([messages.as_json("id", finding) for finding in told])

    assert {"heading-skips-level", "personal-nik", "personal-mail", "picture-from-elsewhere"} <= {
        finding.code for finding in told
    }
    assert MAN not in shown
    assert "warga@" not in shown


NIKS = st.builds(
    lambda province, town, day, woman, serial: (
        f"{province:02}{town:04}{day.day + 40 * woman:02}{day:%m%y}{serial:04}"
    ),
    st.sampled_from(sorted(PROVINCES)),
    st.integers(101, 9999).filter(lambda code: code % 100 and code // 100),
    st.dates(date(1930, 1, 1), date(2025, 12, 31)),
    st.booleans(),
    st.integers(1, 9999),
)
AROUND = st.sampled_from(["", " ", "\n", "(", "NIK ", "a.n. warga ", "| ", "nomor: ", "- ", ", ", "; ", "“"])
QUICK = effort(max_examples=200, deadline=timedelta(seconds=2))


@QUICK
@given(NIKS, AROUND, AROUND, st.sampled_from([(16,), (6, 6, 4), (4, 4, 4, 4), (2, 2, 2, 6, 4)]))
def test_every_possible_nik_is_found(nik: str, before: str, after: str, shape: tuple[int, ...]) -> None:
    assert is_nik(nik)
    cut = [nik[sum(shape[:part]) : sum(shape[: part + 1])] for part in range(len(shape))]

    told = found(f"{before}{' '.join(cut)}{after}")

    assert told in ([("nik", "error")], [("kk", "error")])


@QUICK
@given(st.text("0123456789", min_size=16, max_size=16))
def test_other_sixteen_digits_are_a_warning_at_most(digits: str) -> None:
    assume(not is_nik(digits) and not (luhn(digits) and digits[0] in "23456"))

    assert {severity for _, severity in found(f"Kode {digits}.")} <= {"warning"}


@QUICK
@given(NIKS, st.sampled_from("0123456789"))
def test_a_longer_or_shorter_row_of_digits_is_no_nik(nik: str, digit: str) -> None:
    for row in (nik[:-1], nik + digit):
        assert ("nik", "error") not in found(f"Kode {row}")


@QUICK
@given(st.text(st.sampled_from("0123456789 .-/|\n()NIKkTPrek.@gmail+62lahirJl"), max_size=300))
def test_any_heap_of_digits_is_read_without_fail(text: str) -> None:
    for finding in personal_data.findings(text, "x", SETTINGS):
        assert finding.line is not None
        assert 1 <= finding.line <= text.count("\n") + 1


@pytest.mark.parametrize(
    "heap",
    ["1", "1 ", "12 ", "1234 ", "5108062812760001 ", "a", "a.", "@", "lahir ", "| ttl ", "Jl. A ", "RT ",
     "rek ", "Wayan ", "- ", "\n", "A ", "62 ", "*_", "&#49;", "\u200b1", "aA", "paspor ", "NIP "],
)  # fmt: skip
def test_no_text_takes_long(heap: str) -> None:
    text = heap * (60_000 // len(heap))
    started = time.process_time()

    personal_data.findings(text, "x", SETTINGS)

    assert time.process_time() - started < 3


def test_a_nip_is_told_from_other_rows_of_eighteen_digits() -> None:
    assert is_nip(NIP)
    assert not is_nip("123456789012345678")
    assert not is_nip(NIP[:14] + "3" + NIP[15:])


def test_a_text_may_be_shown_with_its_values_masked_and_its_other_lines_as_written() -> None:
    text = f"Satu **dua**.\nNIK 5108\u200b{MAN[4:]} lunas\nWA 0877-6200-\n1234\nTiga."

    shown = personal_data.concealed(text, SETTINGS)

    assert shown.split("\n")[0] == "Satu **dua**."
    assert shown.split("\n")[1] == "NIK 51…01 lunas"
    assert shown.count("\n") == text.count("\n")
    assert "6200" not in shown
    assert personal_data.concealed("Tidak *ada*.", SETTINGS) == "Tidak *ada*."
