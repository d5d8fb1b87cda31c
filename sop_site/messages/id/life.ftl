# Masa hidup halaman: jadwal tayang, berakhir, riwayat perubahan, penarikan, perpindahan alamat.
site-history-title = Riwayat perubahan
site-history-more = dan { $count } persetujuan sebelumnya; semuanya ada dalam riwayat git halaman ini
site-event-over = Acara ini sudah selesai pada { $time }.
site-event-done = sudah selesai
site-event-off = dibatalkan
site-moved-title = Halaman ini berpindah alamat
site-moved-text = Anda akan dibawa ke alamat barunya. Bila tidak terjadi apa-apa, ikuti tautan di bawah ini.
