"""Links between pages and languages."""

from __future__ import annotations

from pipeline.check.links import links
from pipeline.check.orphans import orphans

EN = "articles/tiny/en.md"
ES = "articles/tiny/es.md"


def other(project, link: str = "") -> None:
    """A second topic, which links to the first when `link` says how."""
    for file, title in ((EN, "Tiny Topic"), (ES, "Tema diminuto")):
        text = (project.root / file).read_text().replace(title, f"{title} dos")
        project.write(file.replace("tiny", "other"), text + f"\n{link}\n")


def test_a_link_in_the_page_s_language(project, found) -> None:
    project.add(ES, "\nLas [redes neuronales](../neural-networks/) y las [otras redes](../neural-networks/).\n")
    assert found(links) == []


def test_a_link_with_the_english_title(project, found) -> None:
    project.add(ES, "\nLas [*Neural* networks](../neural-networks/).\n")
    assert found(links) == [
        f"{ES}:17:5: the link to 'neural-networks' is not translated; "
        "in this language the topic is 'Redes neuronales' [link]"
    ]


def test_a_title_that_is_the_same_in_both_languages(project, found) -> None:
    project.write("articles/planned.yaml", "neural-networks: {en: Dropout, es: Dropout}\n")
    project.add(ES, "\nEl [dropout](../neural-networks/).\n")
    assert found(links) == []


def test_a_topic_that_no_other_links_to_in_a_language(project, found) -> None:
    other(project)
    project.add(EN, "\n[That](../other/)\n")
    assert found(orphans) == [
        "articles/other/es.md:2:1: no other topic links to 'other' in 'es'; "
        "link to ../other/ where another page speaks of it [orphan]",
        f"{EN}:2:1: no other topic links to 'tiny' in 'en'; link to ../tiny/ where another page speaks of it [orphan]",
        f"{ES}:2:1: no other topic links to 'tiny' in 'es'; link to ../tiny/ where another page speaks of it [orphan]",
    ]


def test_topics_that_link_to_each_other(project, found) -> None:
    other(project, "[This](../tiny/)")
    for file in (EN, ES):
        project.add(file, "\n[That](../other/)\n")
    assert found(orphans) == []


def test_a_single_topic_is_no_orphan(found) -> None:
    assert found(orphans) == []
