# Laporan bulanan dan penataan dokumen.
typst-missing = Pustaka penata dokumen (typst) belum terpasang, sehingga PDF tidak dapat dibuat.
    .advice = Pasang dengan: pip install "sop-site[report]"; atau mintalah --format html.
typesetting-failed = Dokumen tidak dapat ditata menjadi PDF: { $detail }
    .advice = Jalankan “sop doctor”; bila tetap terjadi, kirimkan kalimat ini kepada pengelola program.
