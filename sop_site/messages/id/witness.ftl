# Kata-kata mesin saksi: apa yang terlihat tayang.
witness-looking = Melihat apa yang tayang
witness-recorded = Tercatat (nomor { $sequence }): persetujuan { $tip } terlihat tayang di { $place } sejak { $since }.
witness-checked = Tercatat (nomor { $sequence }): persetujuan { $tip } masih tayang di { $place }; terlihat sejak { $since }.
witness-known = Sudah tercatat: persetujuan { $tip } terlihat tayang di { $place } sejak { $since }, terakhir dicatat { $checked }.
witness-behind = Perhatikan: { $behind } persetujuan yang lebih baru belum tayang di sana. Tayangkan dengan “sop build” dan “sop deploy”.
build-tip-unknown = { $tip } bukan persetujuan dalam riwayat ini.
    .advice = Sebutkan commit persetujuan secara lengkap; “sop verify --json” menyebut semuanya.
witness-refused = Tidak ada yang dicatat: riwayat persetujuan tidak lolos pemeriksaan.
witness-not-sound = Yang tayang di { $place } tidak sama dengan manifesnya. Tidak ada yang dicatat.
    .advice = Jalankan “sop audit { $place }” untuk rinciannya, lalu tayangkan kembali dengan “sop deploy”. Bila baru saja ditayangkan, tunggu beberapa menit dan ulangi.
witness-foreign = Yang tayang di { $place } menyebut persetujuan { $tip }, yang tidak ada dalam riwayat yang sah di sini. Tidak ada yang dicatat.
    .advice = Ambil riwayat terbaru dari sumber bersama, lalu ulangi. Bila tetap terjadi, anggap situs itu tidak dapat dipercaya dan tayangkan kembali dengan “sop build” dan “sop deploy”.
witness-outdated = Yang tayang di { $place } dibangun untuk waktu { $built }; sejak itu ada halaman yang mulai atau berakhir masa tayangnya. Tidak ada yang dicatat.
    .advice = Bangun dengan “sop build --now” untuk waktu sekarang, jalankan “sop deploy”, lalu ulangi.
witness-not-approved = Yang tayang di { $place } bukan yang dihasilkan dari isi yang disetujui. Tidak ada yang dicatat.
    .advice = Tayangkan kembali dengan “sop build --clean” dan “sop deploy”, dan cari tahu siapa yang mengubah tayangan itu.
