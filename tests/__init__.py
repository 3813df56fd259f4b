"""A package of its own: some distributions bring a top-level `tests` too, which would win over a plain folder."""
