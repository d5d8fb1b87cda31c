"""Our Pelican plugin: an approved tree and its publication in, the public site out.

handover -> office (reads with the strict reader) -> layout (plans) -> theme templates -> files
shown, words, lists, pictures, frame what templates are given
preview_pages                        the same pages with a draft on top, one by one and marked as such
proof_pages, commands                the pages under /bukti/, and what one can run to check them
feeds, calendar_file, site_map       what machines are given
"""
