"""Our Pelican plugin: an approved tree and its publication in, the public site out.

handover -> office (reads with the strict reader) -> layout (plans) -> theme templates -> files
shown, words, lists, pictures        what templates are given
proof_pages, commands                the pages under /bukti/, and what one can run to check them
feeds, calendar_file, site_map       what machines are given
"""
