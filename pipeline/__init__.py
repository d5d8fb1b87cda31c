"""What the office does: one module or small package per outside thing, one file per command.

The only arrow runs from here to ``sop_site``; nothing there knows git, the network, a clock or click.
"""
