"""Pages of templates/wiki: complete, documented, in the form that a wiki stores, and refused when they are broken."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.read.article import Article, Sources
from pipeline.render.page import Page
from pipeline.render.templates import wiki_pages
from pipeline.render.templates.files import stored
from pipeline.render.templates.lua import module, string
from pipeline.titles import problem_of_page
from pipeline.tongues import names_of

REPOSITORY = Path(__file__).parents[2]

# The interface that pages already on the wiki use.
INTERFACE = {
    "LanguageBar": ["page"],
    "TopicNav": ["field", "subfield"],
    "Article": ["title", "field", "topics", "related_papers", "languages"],
    "ArticleInfobox": ["topic_area", "difficulty", "prerequisites"],
    "Paper": ["title", "authors", "year", "venue", "arxiv", "doi", "topics", "related_articles", "languages"],
    "PaperInfobox": ["topic_area", "difficulty", "authors", "year", "venue", "arxiv_id", "source_url", "pdf_url"],
    "Summary": ["text", "key_points"],
    "SummaryInfobox": ["parent_page", "parent_type"],
    "RelatedContent": ["articles", "papers"],
    "ArticleMeta": [
        "content_type",
        "source_url",
        "source_language",
        "generated_by",
        "generation_date",
        "last_review_date",
        "quality_score",
        "review_state",
    ],
    "ContentMeta": ["generated_by", "model_used", "generated_date", "commit", "environment", "verification"],
    "Term": ["1", "2"],
    "GlossaryConcept": ["concept_id", "domain", "aliases", "related", "article", "article_section", "difficulty"],
    "GlossaryTranslation": ["surface_form", "aliases", "definition_status"],
    "RecentArticles": [],
}
DOCUMENTED = "version: '1.0'\nabout: {en: What it is for.}\nexample: '{{Extra}}'\n"


@pytest.fixture(scope="module")
def pages(sample: Sources) -> Mapping[str, Page]:
    made = wiki_pages(sample)
    assert len({page.title for page in made}) == len(made)
    return {page.title: page for page in made}


@pytest.fixture
def project(sample: Sources, tmp_path: Path) -> Sources:
    """The sample with a copy of the templates that the test may break."""
    shutil.copytree(REPOSITORY / "templates", tmp_path / "templates")
    return replace(sample, root=tmp_path)


def problems(sources: Sources) -> list[str]:
    with pytest.raises(SourceError) as caught:
        wiki_pages(sources)
    return [str(problem) for problem in caught.value.problems]


def test_every_template_of_the_interface_exists_with_its_parameters_described(pages: Mapping[str, Page]) -> None:
    for name, parameters in INTERFACE.items():
        assert pages[f"Template:{name}"].kind == "template"
        described = json.loads(pages[f"Template:{name}/doc"].text.split("templatedata>")[1].removesuffix("</"))
        assert set(parameters) <= set(described["params"])
        assert described["paramOrder"] == list(described["params"])
        for texts in (described["description"], *(entry["description"] for entry in described["params"].values())):
            assert set(texts) == {"en", "es", "zh"}


def test_every_template_is_documented_in_every_language(pages: Mapping[str, Page]) -> None:
    templates = [title for title in pages if title.startswith("Template:") and "/doc" not in title]
    assert {title.removeprefix("Template:") for title in templates} == set(INTERFACE)
    for title in templates:
        texts = [pages[f"{title}/doc{language}"] for language in ("", "/es", "/zh")]
        assert [page.language for page in texts] == ["en", "es", "zh"]
        assert all(re.search(r"(Version|Versión|版本) \d+\.\d+", page.text) for page in texts)
        assert f"{{{{{title}/doc}}}}" in pages[title].text
        spanish = json.loads(texts[1].text.split("templatedata>")[1].removesuffix("</"))
        assert isinstance(spanish["description"], str)


def test_every_page_is_in_the_form_that_a_wiki_stores(pages: Mapping[str, Page]) -> None:
    for page in pages.values():
        assert page.text == stored(page.text)
        assert problem_of_page(page.title) == ""


def test_pages_are_the_same_from_run_to_run(sample: Sources, pages: Mapping[str, Page]) -> None:
    assert wiki_pages(sample) == tuple(pages.values())


def test_each_module_that_is_called_or_required_exists(pages: Mapping[str, Page]) -> None:
    for page in pages.values():
        for name in re.findall(r"{{#invoke:([^|]+)\|", page.text):
            assert f"Module:{name}" in pages
        if page.title.startswith("Module:"):
            for name in re.findall(r"'(Module:[^']+)'", page.text):
                assert name in pages


def test_modules_say_only_words_that_exist(pages: Mapping[str, Page], sample: Sources) -> None:
    for page in pages.values():
        if page.title.startswith("Module:") and not page.title.endswith(("/data", "/messages")):
            for key in re.findall(r"\bsay\( '([a-z-]+)'", page.text):
                assert key in sample.messages["en"] or key == "level-"


def test_messages_have_the_same_keys_and_places_in_every_language() -> None:
    read = {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in (REPOSITORY / "templates" / "messages").glob("*.yaml")
    }
    for words in read.values():
        assert list(words) == list(read["en"])
        for key, text in words.items():
            assert sorted(re.findall(r"\$\d", text)) == sorted(re.findall(r"\$\d", read["en"][key])), key


def test_the_glossary_finds_aliases_and_keeps_formulas(pages: Mapping[str, Page]) -> None:
    data = lua_json(pages["Module:Glossary/data"].text)
    assert data["words"]["en"]["step size"] == "learning-rate"
    assert data["words"]["en"]["rate; of learning"] == "learning-rate"
    concept = data["concepts"]["learning-rate"]
    assert concept["es"]["definition"] == r"Cuánto avanza un paso, <math>\eta</math>."
    assert concept["en"]["definition"] == "How far one step goes; see [[Other Topic|the other topic]]."
    assert concept["en"]["plain"] == "How far one step goes; see the other topic."
    assert concept["zh"]["page"] == "Glossary:Learning rate/zh"


def test_planned_topics_have_titles_but_no_pages(pages: Mapping[str, Page]) -> None:
    data = lua_json(pages["Module:Marovi/topics"].text)
    assert data["topics"]["neural-networks"]["es"] == {"title": "Redes neuronales"}
    assert data["topics"]["sample-topic"]["es"] == {"title": "Tema de muestra", "page": "Sample Topic/es"}
    assert data["topics"]["other-topic"]["es"] == {"title": "Other Topic", "page": "Other Topic"}
    assert data["slugs"]["Redes neuronales"] == "neural-networks"
    assert data["slugs"]["Sample Topic/es"] == "sample-topic"


def test_recent_articles_are_the_ten_newest_by_date_and_then_title(sample: Sources) -> None:
    article = sample.articles["other-topic"]

    def dated(title: str, date: str) -> Article:
        provenance = replace(article.source.metadata.provenance, generated_date=date)
        metadata = replace(article.source.metadata, title=title, provenance=provenance)
        version = replace(article.source, metadata=metadata)
        return replace(article, slug=title.lower(), source=version, versions={"en": version})

    made = [dated(f"T{number:02}", f"2026-01-{number:02}") for number in range(1, 12)]
    made += [dated("B same day", "2026-01-11"), dated("A undated", "")]
    sources = replace(sample, articles={one.slug: one for one in made})
    page = next(page for page in wiki_pages(sources) if page.title == "Module:Marovi/recent/data")
    assert page.kind == "list"
    titles = [entry["en"]["title"] for entry in lua_json(page.text)]
    assert titles == ["B same day", "T11", "T10", "T09", "T08", "T07", "T06", "T05", "T04", "T03"]


def test_a_language_written_right_to_left_needs_no_code(sample: Sources) -> None:
    languages = (*sample.languages, "ar")
    messages = {**sample.messages, "ar": {}}
    sources = replace(sample, languages=languages, messages=messages, tongues=names_of(languages))
    made = {page.title: page for page in wiki_pages(sources)}
    data = lua_json(made["Module:Marovi/languages"].text)
    assert data["order"] == ["en", "es", "zh", "ar"]
    assert data["names"]["ar"] == "العربية"
    assert data["directions"] == {"en": "ltr", "es": "ltr", "zh": "ltr", "ar": "rtl"}


# --- what bad files get -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("Module/Bad.lua", "local bad = {}\nfunction bad.main( frame\nend\nreturn bad\n", ":3:1: does not compile: "),
        ("Module/Bad.lua", "return 1\n--[[ and on", ":2:1: does not compile: unfinished long comment"),
        ("Help/Bad.wiki", "one\n{{two|{{{3}}}\n", ":2:1: '{{' is never closed"),
        ("Help/Bad.wiki", "one\n\n{{two}}}}\n", ":3:1: '}}}}' closes nothing"),
        ("Help/Bad.wiki", "<noinclude>\nx", ":1:1: <noinclude> is never closed"),
        ("Help/Bad.wiki", "x\n</includeonly>", ":2:1: </includeonly> closes nothing"),
        ("Template/Bad.wiki", "x", "has no Bad.yaml beside it"),
        ("Template/Bad.yaml", DOCUMENTED, "has no Bad.wiki beside it"),
        ("Modul/Bad.lua", "return 1", "is in no folder that is a namespace of the wiki; did you mean 'Module'?"),
        ("Module/Bad.txt", "return 1", "no page of Module: ends so; known: .lua"),
        ("Module/Bad.lua", "return 1\r\n", "has Windows line ends"),
        ("Module/Bad.lua", b"return '\xff'", "is not UTF-8"),
    ],
)
def test_a_broken_file_is_named_with_its_line(project: Sources, name: str, text: str | bytes, said: str) -> None:
    path = project.root / "templates" / "wiki" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = problems(project)
    assert len(found) == 1
    assert found[0].startswith(f"templates/wiki/{name}:")
    assert said in found[0]


@pytest.mark.parametrize(
    "text",
    [
        "{{a|{{{b|{{{c}}}}}}}}",
        "{{#if:{{{a|}}}|{{b}}}}",
        "<nowiki>{{</nowiki>",
        "<pre>\n{{ a\n</pre>",
        "<!-- {{ -->",
        "{|\n|}",
    ],
)
def test_what_is_balanced_or_only_shown_is_right(project: Sources, text: str) -> None:
    (project.root / "templates" / "wiki" / "Help" / "Good.wiki").write_text(text)
    assert any(page.title == "Help:Good" and page.text == text for page in wiki_pages(project))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{en: What it is for.}", "{es: Para qué sirve.}", "'Template:Extra' is not described in 'en'"),
        ("about:", "abuot:", "did you mean 'about'?"),
        ("'1.0'", "'one'", "'version' does not fit"),
        ("version:", "version: [", "broken YAML"),
        ("example:", "parameters: {a: {type: line, about: {es: Algo.}}}\nexample:", "'a' is not described in 'en'"),
    ],
)
def test_documentation_that_is_incomplete_is_refused(project: Sources, old: str, new: str, said: str) -> None:
    folder = project.root / "templates" / "wiki" / "Template"
    (folder / "Extra.wiki").write_text("{{{1|}}}")
    (folder / "Extra.yaml").write_text(DOCUMENTED.replace(old, new))
    found = problems(project)
    assert any("templates/wiki/Template/Extra.yaml:" in line and said in line for line in found), found


# --- Lua ----------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(), min_size=1, max_size=20))
def test_lua_reads_any_text_as_it_was_written_also_after_a_wiki_stored_it(texts: list[str]) -> None:
    written = stored(module(texts, "Texts"))
    assert all(string(text) == unicodedata.normalize("NFC", string(text)) for text in texts)
    said = lua(f"for _, text in ipairs((function()\n{written}\nend)()) do io.write(#text, ':', text) end")
    expected = b"".join(b"%d:%s" % (len(text.encode()), text.encode()) for text in texts)
    assert said == expected


@settings(max_examples=30, deadline=None)
@given(st.dictionaries(st.text(max_size=8), st.integers(-(2**40), 2**40) | st.booleans() | st.text(max_size=8)))
def test_lua_finds_any_key(data: dict[str, int | bool | str]) -> None:
    lines = [
        f"assert(data[{string(key)}] == {string(value) if isinstance(value, str) else str(value).lower()})"
        for key, value in data.items()
    ]
    program = f"local data = (function()\n{stored(module(data, 'Keys'))}\nend)()\n" + "\n".join(lines)
    assert lua(program + "\nlocal n = 0 for _ in pairs(data) do n = n + 1 end io.write(n)") == str(len(data)).encode()


@pytest.mark.parametrize("word", ["end", "nil", "a-b", "1", "", "ñ", "_ok9"])
def test_keys_that_are_no_names_are_quoted(word: str) -> None:
    assert lua(f"io.write((function()\n{module({word: 'x'}, 'Keys')}\nend)()[{string(word)}])") == b"x"


def lua(program: str) -> bytes:
    """What the Lua that MediaWiki runs prints."""
    path = shutil.which("lua5.1")
    assert path, "lua5.1 is needed; on Debian or Ubuntu run, as root: apt-get install lua5.1"
    done = subprocess.run([path, "-"], input=program.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


TO_JSON = """
local function quoted(s)
  return '"' .. s:gsub('[%c"\\\\]', function(c) return string.format('\\\\u%04x', c:byte()) end) .. '"'
end
local function json(v)
  if type(v) ~= 'table' then return type(v) == 'string' and quoted(v) or tostring(v) end
  local parts = {}
  if #v > 0 then
    for i, x in ipairs(v) do parts[i] = json(x) end
    return '[' .. table.concat(parts, ',') .. ']'
  end
  for k, x in pairs(v) do parts[#parts + 1] = quoted(k) .. ':' .. json(x) end
  return '{' .. table.concat(parts, ',') .. '}'
end
"""


def lua_json(text: str) -> Any:
    """A module's data, by way of Lua."""
    return json.loads(lua(f"{TO_JSON}io.write(json((function()\n{text}\nend)()))"))
