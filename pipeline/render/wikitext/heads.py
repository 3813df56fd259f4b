"""The templates at the head and foot of a topic's page, filled from its model."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.read.article import Sources
from pipeline.render.model import LanguageEntry, NamedLink, PageModel
from pipeline.render.resolve import name_of
from pipeline.render.wikitext.call import call, filled
from pipeline.render.wikitext.context import Writer
from pipeline.render.wikitext.escape import LABEL, PARAMETER, escape
from pipeline.render.wikitext.links import link_to

LIST = PARAMETER + ",，、"  # a parameter that the template splits at commas


def language_bar(entries: tuple[LanguageEntry, ...]) -> str:
    """`page` is the source's page; `languages` saves the template from asking the wiki what exists."""
    existing = ",".join(entry.code for entry in entries if entry.exists)
    return call("LanguageBar", {"page": escape(entries[0].title, PARAMETER), "languages": existing})


def topic_nav(model: PageModel, sources: Sources) -> str:
    metadata = model.article.source.metadata
    return call(
        "TopicNav",
        {
            "field": _name(sources, metadata.field, model),
            "subfield": _name(sources, metadata.subfield, model),
            "title": "" if model.article.parent else _title(model),
        },
    )


def infobox(model: PageModel, sources: Sources) -> str:
    """The box of the article's kind."""
    return {"paper": _paper, "summary": _summary_box}.get(model.article.source.metadata.kind, _article)(model, sources)


def summary(model: PageModel, writer: Writer) -> str:
    """Nothing on the page of a summary.

    Key points are numbered, because a semicolon or a popup inside one would split a list of them.
    """
    if not model.summary:
        return ""
    parameters = {"text": writer.inline(model.summary, PARAMETER).strip(" \t")}
    for number, point in enumerate(model.key_points, start=1):
        parameters[f"key_point{number}"] = writer.inline(point, PARAMETER).strip(" \t")
    parameters["short"] = _link(model.short) if model.short else ""
    return call("Summary", parameters)


def content_meta(model: PageModel) -> str:
    """Where text and numbers come from, and how far the numbers were checked; where nothing ran, nothing was."""
    provenance, results = model.article.source.metadata.provenance, model.results
    ran = bool(results.outputs)
    parameters = {
        "generated_by": provenance.generated_by,
        "model_used": provenance.model_used,
        "generated_date": provenance.generated_date,
        "commit": model.commit,
        "environment": results.environment.in_words if ran else "",
        "verification": results.level if ran else "",
        "checks": str(len(results.checks)) if results.checks else "",
        "results_date": results.computed if ran else "",
        "differs": " ".join(model.reasons),
    }
    return call("ContentMeta", {key: escape(value, PARAMETER) for key, value in parameters.items()})


def article_meta(model: PageModel, sources: Sources) -> str:
    """What machines want to know of the page's text; readers see nothing of it."""
    provenance = model.article.source.metadata.provenance
    parameters = {
        "content_type": model.article.source.metadata.kind,
        "source_language": sources.languages[0],
        "generated_by": provenance.generated_by,
        "generation_date": provenance.generated_date,
        "last_review_date": provenance.last_review_date,
        "review_state": provenance.review_state,
    }
    return call("ArticleMeta", {key: escape(value, PARAMETER) for key, value in parameters.items()})


def outdated(model: PageModel, sources: Sources) -> str:
    """A line that says which sections of a translation are older than the source, or ""."""
    if not model.outdated:
        return ""
    words = sources.messages[model.language]
    sections = words["comma"].join(model.outdated)
    return f'<div class="marovi-outdated" role="note">{filled(words["outdated"], escape(sections))}</div>'


def related_content(model: PageModel) -> str:
    links = {**_links("article", model.related_articles), **_links("paper", model.related_papers)}
    return call("RelatedContent", links) if links else ""


def _article(model: PageModel, sources: Sources) -> str:
    metadata = model.article.source.metadata
    return call(
        "Article",
        {
            "title": _title(model),
            "field": _name(sources, metadata.field, model),
            "topic_area": _name(sources, metadata.topic_area, model),
            "difficulty": _name(sources, metadata.difficulty, model),
            **_links("prerequisite", model.prerequisites),
            **_links("related_paper", model.related_papers),
        },
    )


def _paper(model: PageModel, sources: Sources) -> str:
    metadata = model.article.source.metadata
    paper = metadata.paper
    details = (
        {
            "authors": ", ".join(escape(author, LIST) for author in paper.authors),
            "year": escape(paper.year, PARAMETER),
            "venue": escape(paper.venue, PARAMETER),
            "arxiv": escape(paper.arxiv, PARAMETER),
            "doi": escape(paper.doi, PARAMETER),
        }
        if paper
        else {}
    )
    return call(
        "Paper",
        {
            "title": _title(model),
            **details,
            "topics": _name(sources, metadata.topic_area, model),
            **_links("related_article", model.related_articles),
        },
    )


def _summary_box(model: PageModel, sources: Sources) -> str:
    parent = model.article.parent
    topic = sources.articles.get(model.article.slug.rpartition("/")[0])
    kind = topic.source.metadata.kind if topic else "article"
    return call("SummaryInfobox", {"parent_page": escape(parent, PARAMETER), "parent_type": kind})


def _title(model: PageModel) -> str:
    return escape(model.version.title, PARAMETER)


def _name(sources: Sources, key: str, model: PageModel) -> str:
    return escape(name_of(sources, key, model.language), PARAMETER) if key else ""


def _links(parameter: str, named: Iterable[NamedLink]) -> dict[str, str]:
    """`parameter1`, `parameter2` … each an item as it is to be shown: no comma splits it, no title becomes a link."""
    return {f"{parameter}{number}": _link(item) for number, item in enumerate(named, start=1)}


def _link(item: NamedLink) -> str:
    return link_to(item.title, escape(item.text, LABEL)) if item.title else escape(item.text, PARAMETER)
