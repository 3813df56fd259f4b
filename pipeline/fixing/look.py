"""What reading and checking says of a project: its problems, and what each file means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.check import check, without
from pipeline.check.american import american
from pipeline.check.chinese import chinese
from pipeline.check.typography import typography
from pipeline.config import Config
from pipeline.errors import Problem
from pipeline.read import read_all


@dataclass(frozen=True, slots=True)
class Look:
    """Problems, and by file what was read from it: an article's version, a concept, a reference …"""

    problems: tuple[Problem, ...]
    documents: Mapping[str, object]

    def rules_of(self, file: str) -> Counter[str]:
        """How many problems of each rule a file has."""
        return Counter(problem.rule for problem in self.problems if problem.where.file == file)


def look(config: Config) -> Look:
    sources, problems = read_all(config)
    asked = check(without(sources, problems), (american, chinese, typography))
    documents: dict[str, object] = {}
    for topic in sources.articles.values():
        for page in topic.pages:
            for version in page.versions.values():
                # A summary takes over what is its topic's.
                documents[version.file] = version.document if page.parent else (version.metadata, version.document)
    documents.update({concept.file: concept for concept in sources.concepts.values()})
    if sources.references:
        documents["articles/references.bib"] = dict(sources.references)
    return Look(tuple(sorted({*problems, *asked})), documents)
