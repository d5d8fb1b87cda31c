# Kata-kata untuk mencari berkas yang sudah ada dan mengenali gambar yang serupa.
finding-learning = Mengenali berkas yang sudah ada
finding-public = sudah tayang
finding-draft = dalam draf { $draft }
finding-unused = tidak disebut di halamannya
finding-size = { $kilobytes } KB
finding-kind-picture = gambar
finding-kind-drawing = gambar garis
finding-kind-document = dokumen
finding-kind-video = video
finding-kind-captions = teks video
finding-kind-office = berkas kantor
media-near-duplicate = Gambar ini tampak sama dengan yang sudah tayang di { $page }: { $known }
    .advice = Bila memang gambar yang sama, cukup tautkan ke halaman itu atau pilih foto lain.
