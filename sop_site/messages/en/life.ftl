# The life of a page: when it becomes public and ends, its history, withdrawal, another address.
site-history-title = History of changes
site-history-more = and { $count } earlier approvals; all of them are in this page’s git history
site-event-over = This event ended on { $time }.
site-event-done = over
site-event-off = cancelled
site-moved-title = This page has another address
site-moved-text = You will be taken to its new address. If nothing happens, follow the link below.
