"""Our Pelican plugin: an approved tree and its publication in, the public site out.

handover -> office (reads with the strict reader) -> layout (plans) -> theme templates -> files
shown, words, lists, pictures        what templates are given
feeds, calendar_file, site_map       what machines are given
"""
