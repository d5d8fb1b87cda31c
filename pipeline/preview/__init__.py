"""A draft as the public would see it, served on this machine and, if asked, to telephones in the office.

sources (public tree + draft + unsaved edits) -> showcase (a plan, renewed when files change) -> serving
door (who is let in), network (addresses of this computer), codes (QR)
"""
