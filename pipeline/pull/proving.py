"""One page: trace its edits, then render the patched sources and keep only what comes out as the person wrote it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.deploy.drift import Drift
from pipeline.errors import SourceError
from pipeline.pull.authors import Followed, with_authors
from pipeline.pull.lines import hunks, lines_of
from pipeline.pull.names import names_for
from pipeline.pull.outcome import Pull, SourceEdit, Traced, Untraced
from pipeline.pull.places import Places, places_of_article, places_of_values
from pipeline.pull.remake import patched, with_files
from pipeline.pull.rendering import Rendering, render_one
from pipeline.pull.trace import Item, Partly, Tracer
from pipeline.read.article import Sources
from pipeline.render.resolver import Resolver
from pipeline.render.wikitext.headings import anchors
from pipeline.run.results import Results


@dataclass(frozen=True, slots=True)
class PulledPage:
    """What was found for one page; `texts` are the files that were looked at, as they are."""

    pull: Pull
    edits: tuple[SourceEdit, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)


def pulled_page(
    drift: Drift, sources: Sources, results: Mapping[str, Results], others: Mapping[str, Sequence[SourceEdit]]
) -> PulledPage:
    """Trace one page; `others` are the edits that pages before it made in the same files."""
    nothing = Pull(drift.title, drift.source, drift.edits)
    if drift.taken_over:
        return PulledPage(nothing)
    why = _nothing_to_follow(drift)
    if why:
        return PulledPage(replace(nothing, untraced=(Untraced(1, "", drift.now, why),)))
    try:
        rendering = render_one(sources, results, {}, drift.title)
    except KeyError:
        return PulledPage(replace(nothing, untraced=tuple(_of_no_article(drift))))
    tracer = tracer_of(rendering, sources)
    tracing = tracer.trace(drift.before, drift.now)

    def follow(text: str) -> Followed:
        version = tracer_of(rendering, sources).trace(drift.before, text)
        return version.disagreements, version.untraced

    texts = {file: places.text for file, places in tracer.places.items()}
    kept, refused = _Proof(tracer, sources, results, texts, others).of(tracing.items)
    pull = replace(
        nothing,
        traced=tuple(Traced(item.where, item.before, item.now) for item in kept if not item.respelled),
        respelled=tuple(Traced(item.where, item.before, item.now) for item in kept if item.respelled),
        untraced=tuple(sorted((*tracing.untraced, *refused), key=lambda one: one.line)),
        disagreements=with_authors(tracing.disagreements, drift, follow),
        sources_moved_on=tracing.moved_on,
    )
    return PulledPage(pull, tuple(edit for item in kept for edit in item.edits), texts)


def _nothing_to_follow(drift: Drift) -> str:
    if drift.title.startswith("File:"):
        return "a picture has no lines: bring it into the sources by hand, or upload the one that they make"
    if not drift.before:
        return "the bot has no text of its own there: a person made this page"
    if not drift.now.strip():
        return "the page was emptied, or an administrator hid its text"
    if re.match(r"\s*#\w+\s*:?\s*\[\[", drift.now):
        return "the page was made a redirect"
    return ""


def tracer_of(rendering: Rendering, sources: Sources) -> Tracer:
    """Read the files that a page is made from."""
    files = {rendering.file} | {run.file for run in rendering.runs if run.file}
    read = places_of_article if rendering.model is not None else places_of_values
    places: dict[str, Places] = {file: read((sources.root / file).read_text(encoding="utf-8")) for file in files}
    if rendering.model is None:
        return Tracer(rendering, names_for(sources, rendering.language, None, {}), places)
    model = rendering.model
    resolver = Resolver(sources, model.article, model.language, model.results)
    return Tracer(rendering, names_for(sources, model.language, resolver, anchors(model.blocks)), places)


def _of_no_article(drift: Drift) -> list[Untraced]:
    old, new = lines_of(drift.before), lines_of(drift.now)
    place = f"change {drift.source}" if drift.source else "it is made from many sources"
    why = f"no article or glossary concept makes this page: {place}"
    return [
        Untraced(
            new[min(hunk.k, len(new) - 1)].number,
            "\n".join(line.text for line in old[hunk.i : hunk.j]),
            "\n".join(line.text for line in new[hunk.k : hunk.m]),
            why,
        )
        for hunk in hunks(old, new)
    ]


def with_others(edits: Sequence[SourceEdit], others: Mapping[str, Sequence[SourceEdit]], file: str) -> list[SourceEdit]:
    """Edits of a file by all pages; what two pages have in common, such as a caption, is changed once."""
    before = others.get(file, ())
    return [*before, *(edit for edit in edits if edit not in before)]


@dataclass(slots=True)
class _Proof:
    tracer: Tracer
    sources: Sources
    results: Mapping[str, Results]
    texts: Mapping[str, str]
    others: Mapping[str, Sequence[SourceEdit]]

    def of(self, items: Sequence[Item]) -> tuple[list[Item], list[Untraced]]:
        """All at once where that holds, else one after the other, each together with those that held before it."""
        if not items or not self.fault(items):
            return list(items), []
        kept: list[Item] = []
        refused: list[Untraced] = []
        for item in items:
            fault = self.fault([*kept, item])
            if fault and item.meaning is not None:
                respelled = replace(item, lines=(item.meaning,), respelled=True)
                if not self.fault([*kept, respelled]):
                    kept.append(respelled)
                    continue
            if fault:
                refused.append(Untraced(item.number, item.before, item.now, fault, item.where))
            else:
                kept.append(item)
        return kept, refused

    def fault(self, items: Sequence[Item]) -> str:
        """Say why the patched sources do not make the page that was wanted, "" when they do."""
        edits: dict[str, list[SourceEdit]] = {}
        for edit in (edit for item in items for edit in item.edits):
            edits.setdefault(edit.file, []).append(edit)
        try:
            files = {file: patched(self.texts[file], with_others(edits[file], self.others, file)) for file in edits}
            made = render_one(with_files(self.sources, files), self.results, {}, self.tracer.rendering.title)
        except SourceError as error:
            return f"the source would be wrong: {error.problems[0].message}"
        except ValueError as error:
            return str(error)
        except KeyError:
            return "the page would get another title"
        return self._difference(items, made)

    def _difference(self, items: Sequence[Item], made: Rendering) -> str:
        wanted: list[str | Partly] = [line.text for line in self.tracer.lines]
        for item in sorted(items, key=lambda item: (item.i, item.j), reverse=True):
            wanted[item.i : item.j] = item.lines
        lines = [line.text for line in lines_of(made.text)]
        whole = [line for piece in wanted for line in _again(piece)]
        if len(whole) == len(lines) and all(
            self.tracer.matches(one, line) for one, line in zip(whole, lines, strict=True)
        ):
            return ""
        for one, line in zip(whole, lines, strict=False):
            if not self.tracer.matches(one, line):
                return f"the sources would say it otherwise: {line or 'an empty line'}"
        return "the sources would say it otherwise"


def _again(piece: str | Partly) -> list[str | Partly]:
    return [line.text for line in lines_of(piece)] if isinstance(piece, str) else [piece]
