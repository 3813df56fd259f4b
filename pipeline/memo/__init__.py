"""What a build remembers: every step with what it read, so that a change costs what depends on it and no more.

A build is written as queries, small functions that ask each other (see engine.py). What a query asked, and what came
out, is kept in `.marovi/memo`; the next build asks again only where something below has changed. Nothing here knows how
to read, check or render: the queries call the stages' own functions, on sources that notice what is looked at.
"""
