"""What a topic asks to be read before it does not, in the end, ask for the topic itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pipeline.errors import Problem
from pipeline.read.article import Sources


def prerequisites(sources: Sources) -> Iterator[Problem]:
    needs = {slug: article.source.metadata.prerequisites for slug, article in sources.articles.items()}
    round_trip = circle(needs)
    if round_trip:
        way = " → ".join((*round_trip, round_trip[0]))
        where = sources.articles[round_trip[0]].source.metadata.where
        yield Problem(where, f"the prerequisites go round: {way}", "take one of them out", "prerequisites")


def circle(needs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return keys each of which needs the next, and the last one the first; () where nothing goes round."""
    done: set[str] = set()

    def walk(slug: str, way: tuple[str, ...]) -> tuple[str, ...]:
        if slug in way:
            return way[way.index(slug) :]
        if slug in done:
            return ()
        for name in needs.get(slug, ()):
            found = walk(name, (*way, slug))
            if found:
                return found
        done.add(slug)
        return ()

    return next((found for slug in needs if (found := walk(slug, ()))), ())
