"""The table of divisions and functional zones: how it is read, named and found in text."""
