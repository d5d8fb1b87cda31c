"""The demonstration: its story, its raw material, and the stand-in of the portal."""
