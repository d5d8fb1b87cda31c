"""The archive: a BagIt 1.0 folder that proves itself and can be read without this program (SOP step 9).

bag (set of files and every byte) <- making | proving (bundle, approvals) | restoring (and rebuilding)
"""
