"""The commands of `fazhi`, a file a group. What is slow to import is imported where it is used."""
