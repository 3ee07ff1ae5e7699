"""The watch: a source that falls silent is noticed, told once, and told again when it ends."""
