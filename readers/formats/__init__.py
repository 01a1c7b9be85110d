"""A reader for each form of file: bytes to blocks of text, or the reason why there are none."""
