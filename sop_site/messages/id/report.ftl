# Laporan bulanan dan penataan dokumen.
typst-missing = Pustaka penata dokumen (typst) belum terpasang, sehingga PDF tidak dapat dibuat.
    .advice = Pasang dengan: pip install "sop-site[report]"; atau mintalah --format html.
typesetting-failed = Dokumen tidak dapat ditata menjadi PDF: { $detail }
    .advice = Jalankan “sop doctor”; bila tetap terjadi, kirimkan kalimat ini kepada pengelola program.
report-written = Laporan ditulis: { $path }
report-is-draft = Bertanda DRAF: rencana bulan berikutnya belum ditulis di { $path }.
report-is-provisional = Bertanda SEMENTARA: bulan itu belum berakhir.
report-docx-later = Laporan dalam bentuk DOCX belum tersedia.
    .advice = Mintalah --format pdf,html; tabelnya tersedia dengan --format csv.
report-history-refused = Laporan tidak dibuat, karena riwayat tidak lolos pemeriksaan.
report-does-not-foot = Laporan tidak ditulis: jumlah pada laporan tidak sama dengan daftarnya ({ $figures }).
    .advice = Jalankan “sop verify --full”; bila tetap terjadi, kirimkan kalimat ini kepada pengelola program.
report-plan-unreadable = Berkas rencana { $path } tidak dapat dibaca sebagai teks UTF-8, atau lebih dari 64 KB.
    .advice = Simpan ulang sebagai teks biasa (UTF-8) yang ringkas, lalu buat laporan kembali.
