"""Pull: what people changed on the wiki becomes a patch of the sources, and what cannot is said exactly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pipeline.deploy.drift import Drift
from pipeline.pull.outcome import Disagreement, Pull, SourceEdit, Traced, Untraced
from pipeline.pull.patch import unified, write
from pipeline.pull.proving import pulled_page, with_others
from pipeline.pull.remake import patched
from pipeline.pull.show import pulled_json, show_pulled
from pipeline.read.article import Sources
from pipeline.run.results import Results

__all__ = [
    "Disagreement", "Pull", "Pulled", "Traced", "Untraced", "pull", "pulled_json", "show_pulled", "write",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pulled:
    """All pages that people changed, and the files of the sources before and after."""

    pulls: tuple[Pull, ...]
    before: Mapping[str, str] = field(default_factory=dict)  # file -> its text
    after: Mapping[str, str] = field(default_factory=dict)

    @property
    def patch(self) -> str:
        """A unified diff that `git apply` takes, "" when nothing can be taken over."""
        return unified(self.before, self.after)


def pull(drifts: Iterable[Drift], sources: Sources, results: Mapping[str, Results]) -> Pulled:
    """Trace every edit of every page to its sources; what the patch brings in was rendered again and compared."""
    pulls: list[Pull] = []
    edits: dict[str, list[SourceEdit]] = {}
    before: dict[str, str] = {}
    for drift in drifts:
        page = pulled_page(drift, sources, results, edits)
        pulls.append(page.pull)
        before |= page.texts
        for file in page.texts:
            edits[file] = with_others([edit for edit in page.edits if edit.file == file], edits, file)
    after = {file: patched(before[file], edits.get(file, ())) for file in before}
    return Pulled(tuple(pulls), before, after)
