# The queue of drafts: what became of an approved one, and what goes first.
state-scheduled = terjadwal
state-public = tayang
state-withdrawn = ditarik
queue-urgent = SERTA-MERTA: memperingatkan masyarakat, didahulukan.
queue-next-wait = Selesai; tayang mulai { $at }.
queue-next-public = Sudah tayang.
queue-next-withdrawn = Halamannya sudah ditarik.
queue-earlier = { $count } draf lain sudah selesai lebih dari dua pekan lalu; “sop queue --all” menampilkannya.
