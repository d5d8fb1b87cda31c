"""What the office knows: pages, rules, approval and what follows from them, as plain values.

content -> rules -> approval -> publication -> manifest      (no git, no network, no clock)
facts   -> report
plugins/                                                      (the same values inside Pelican)
"""
