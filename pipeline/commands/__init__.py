"""The commands, one file each: gather, ask, act, say. ``pipeline.cli`` finds them by their file name."""
