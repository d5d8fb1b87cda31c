"""Pages as offices write them every week: the checks have nothing to say, so that people believe them."""

import pytest

from sop_site import resources
from sop_site.rules import check
from sop_site.settings import parse
from tests.sop_site.rules import values

VILLAGES = parse(resources.data("skeleton/site.toml").read_bytes()).village
OFFICE = values.SETTINGS.model_copy(update={"village": VILLAGES})
ORDINARY = {
    "news": "Buleleng, Minggu, 20 Juli 2025 – Camat bersama Perbekel Sari Mekar dan Lurah Banyuning meninjau "
    "gotong royong di Desa Anturan. Sebanyak 1.250 warga hadir, naik 12,5% dari tahun lalu.",
    "hours": "Loket pelayanan buka Senin sampai Kamis pukul 08.00–15.30 WITA dan Jumat pukul 07.30–13.00 "
    "WITA.",
    "budget": "| Kode rekening | Uraian | Jumlah |\n|---|---|---|\n| 5.1.02.01.001.00024 | Alat tulis | "
    "Rp1.500.000 |\n"
    "| 5.1.02.02.001.00013 | Jasa | Rp 2.750.000,00 |",
    "letter": "Nomor 000.8.3.3/234/VI/2023 tanggal 05 Juni 2023, menurut Undang-Undang Nomor 25 Tahun "
    "2009, Pasal 21.",
    "events": "Musrenbang dilaksanakan pada 10/02/2026 di aula, dilanjutkan lomba voli 3 x 4 regu pada "
    "11-02-2026.",
    "rahina": "Om Swastyastu. Pelayanan ditutup pada Hari Raya Galungan, Rabu, 17 Juni 2026, dan Kuningan.",
    "posyandu": "Posyandu di Banjar Dinas Kauh melayani penimbangan setiap tanggal 5. Bawa buku KIA dan "
    "KTP asli.",
    "names": "Hadir Lurah Kampung Baru, Lurah Banjar Tegal, Perbekel Kalibukbuk, Kelian Desa Adat "
    "Banyuning, serta "
    "Kelurahan Penarukan dan Desa Tukadmungga.",
    "links": "Pengaduan lewat [SP4N-LAPOR!](https://www.lapor.go.id/) atau [kontak kantor](/kontak/).",
    "english words": "Pelatihan e-government dan public speaking bagi operator website diikuti 30 "
    "peserta dari desa.",
    "slot": "Slot waktu pelayanan terbatas untuk 20 orang per hari; betul, pendaftaran dibuka pukul 08.00.",
    "list": "## Syarat\n\n1. Kartu keluarga asli\n2. Surat pengantar\n\n## Langkah\n\n- Datang ke "
    "loket\n- Terima surat",
    "codes": "Kode pos 81119, telepon (0362) 21985, koordinat -8.112, 115.088, luas 46,94 km2.",
    "flood": "Banjir 25 Desember 2025 menggenangi 14 rumah; bantuan 1,5 ton beras disalurkan pukul 15.00 "
    "WITA.",
}


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_page_is_silent(name: str) -> None:
    assert [
        (found.code, dict(found.values)) for found in check(values.given(ORDINARY[name], settings=OFFICE))
    ] == []
