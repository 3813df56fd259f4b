"""The project beside its peers, in one run: executing, rendering, deploying, and a table for the README.

`.venv/bin/python -m bench.compare` makes everything it needs below .marovi/: the peers' environment with pinned
versions, generated topics, throw-away wikis. Nothing of it is a dependency of the project.
"""
