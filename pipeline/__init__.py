"""The stages from a folder of Markdown to pages on a wiki: read, run, verify, check, render, deploy."""
