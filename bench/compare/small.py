"""Writes the small set, a project of its own: sixteen topics of four cells and one figure, in three languages."""

from __future__ import annotations

import shutil
import textwrap
from pathlib import Path

from bench.compare.subjects import SUBJECTS, Subject

LANGUAGES = ("en", "es", "zh")
VARIANTS = ((" I", 11, "0.4"), (" II", 23, "0.7"))  # what the title ends in, the seed, the spread
FIRST, LAST = "size", "shown"  # the numbers that edits of the first and of the last cell change
LABELS = ("data", "method", "second", "picture")

CATEGORIES = """\
Articles: {en: Articles, es: Artículos, zh: 条目}
Glossary: {en: Glossary, es: Glosario, zh: 术语表}
Numerical Methods: {en: Numerical Methods, es: Métodos numéricos, zh: 数值方法}
Introductory: {en: Introductory, es: Introductorio, zh: 入门}
"""

# One text a language; \\1 to \\4 stand where the cells go.
HEADS = {
    "en": ("The data", "The method", "A second way", "What comes out"),
    "es": ("Los datos", "El método", "Una segunda manera", "Lo que resulta"),
    "zh": ("数据", "方法", "另一种算法", "结果"),
}
PROSE = {
    "en": (
        "The example has {glue}`size:,` numbers to start from. They are drawn with a fixed seed, so they are the "
        "same *each time* the page is made, and whoever reads the code can draw them again.",
        "The method needs a few lines of code. It works on whole arrays at a time, and what it keeps of its way is "
        "enough for the figure below; the error of a mean shrinks with $1 / \\sqrt{n}$.",
        "A number that was computed only once may be wrong. The same quantity is computed again, in another way and "
        "by another library:\n\n- both start from the same data,\n- both have to agree in **nearly all** digits.",
        "In the end the result is {glue}`result:.6g`. The figure shows {glue}`shown` of the points:\n\n"
        "| what | value |\n|---|---|\n| result | {glue}`result:.9g` |\n| mean | {glue}`mean:.9g` |",
    ),
    "es": (
        "El ejemplo parte de {glue}`size:,` números. Se sortean con una semilla fija, así que son los mismos "
        "*cada vez* que se hace la página, y quien lea el código puede volver a sortearlos.",
        "El método necesita pocas líneas de código. Trabaja con vectores enteros, y lo que guarda de su camino basta "
        "para la figura de abajo; el error de una media disminuye con $1 / \\sqrt{n}$.",
        "Un número calculado una sola vez puede estar mal. La misma cantidad se calcula otra vez, de otro modo y "
        "con otra biblioteca:\n\n- ambas parten de los mismos datos,\n"
        "- ambas deben coincidir en\n  **casi todas** las cifras.",
        "Al final el resultado es {glue}`result:.6g`. La figura muestra {glue}`shown` de los puntos:\n\n"
        "| qué | valor |\n|---|---|\n| resultado | {glue}`result:.9g` |\n| media | {glue}`mean:.9g` |",
    ),
    "zh": (
        "例子从 {glue}`size:,` 个数开始。它们用固定的种子抽取，所以*每次*生成页面时都相同，读代码的人也可以重新抽取。",
        "方法只需要几行代码。它一次处理整个数组，沿途保留的内容足以画出下面的图；平均值的误差按 $1 / \\sqrt{n}$ 缩小。",
        "只算过一次的数可能是错的。同一个量用另一种方式、另一个库再算一次：\n\n"
        "- 两者从相同的数据出发，\n- 两者的数字必须**几乎全部**一致。",
        "最后的结果是 {glue}`result:.6g`。图中画出了 {glue}`shown` 个点：\n\n"
        "| 量 | 值 |\n|---|---|\n| 结果 | {glue}`result:.9g` |\n| 平均 | {glue}`mean:.9g` |",
    ),
}
SUMMARY = {
    "en": ("A small example with {glue}`size:,` numbers.", "Two libraries agree.", "What the method found.", "A plot."),
    "es": ("Un ejemplo con {glue}`size:,` números.", "Dos bibliotecas coinciden.", "Lo hallado.", "Un gráfico."),
    "zh": ("一个有 {glue}`size:,` 个数的小例子。", "两个库的结果一致。", "方法得到的结果。", "一张图。"),
}  # fmt: skip


def write_small(root: Path, templates: Path) -> None:
    """Write the project into the empty folder `root`, with a copy of the folder `templates`: the same each time."""
    shutil.copytree(templates, root / "templates")
    (root / "pyproject.toml").write_text('[tool.marovi]\nlanguages = ["en", "es", "zh"]\n')
    articles = root / "articles"
    (articles / "glossary").mkdir(parents=True)
    (articles / "categories.yaml").write_text(CATEGORIES)
    for number, (subject, variant) in enumerate((one, two) for one in SUBJECTS for two in VARIANTS):
        folder = articles / f"{subject.slug}-{number % len(VARIANTS) + 1}"
        folder.mkdir()
        (folder / "en.md").write_text(_source(subject, *variant))
        for language in LANGUAGES[1:]:
            (folder / f"{language}.md").write_text(_translation(subject, variant[0], language))


def cells(subject: Subject, seed: int, spread: str) -> tuple[str, ...]:
    """The code of a topic's four cells."""
    horizontal, vertical = (axis[0] for axis in subject.axes)
    return (
        f"import numpy as np\n\n{FIRST} = {subject.size}\nrandom = np.random.default_rng({seed})\n"
        + subject.data.replace("SPREAD", spread),
        subject.method,
        "import torch\nfrom runtime import verify\n\n" + subject.second,
        f"from runtime import figure, glue, subplots\n\n{LAST} = 120\nfig, ax = subplots()\n{subject.plot}"
        f'ax.set_xlabel("{horizontal}")\nax.set_ylabel("{vertical}")\nfigure("picture", fig)\n'
        f'glue("{FIRST}", {FIRST})\nglue("{LAST}", {LAST})\nglue("result", {subject.result})\n'
        f'glue("mean", random.normal(size={LAST}).mean())\n',
    )


def _source(subject: Subject, ending: str, seed: int, spread: str) -> str:
    head = (
        "field: Numerical Methods\ntopic_area: Numerical Methods\ndifficulty: Introductory\n"
        "categories: [Numerical Methods, Introductory]\n"
    )
    blocks = [
        f"```{{code-cell}} python\n:label: {label}\n{code}```"
        for label, code in zip(LABELS, cells(subject, seed, spread), strict=True)
    ]
    return _document(subject, ending, "en", head, blocks)


def _translation(subject: Subject, ending: str, language: str) -> str:
    place = LANGUAGES.index(language)
    labels = "".join(f'  "{axis[0]}": {axis[place]}\n' for axis in subject.axes)
    return _document(
        subject, ending, language, f"labels:\n{labels}", [f"```{{embed}} #{label}\n```" for label in LABELS]
    )


def _document(subject: Subject, ending: str, language: str, head: str, blocks: list[str]) -> str:
    place = LANGUAGES.index(language)
    title = subject.titles[place] + ending
    summary, point, caption, alternative = SUMMARY[language]
    start = (
        f"---\ntitle: {title}\nsummary: '{summary}'\nkey_points: ['{point}']\n"
        f"figures:\n  picture: {{caption: '{caption}', alt: '{alternative}'}}\n{head}---\n"
    )
    lead = f"**{title}**{'' if language == 'zh' else ' '}{subject.leads[place]}"
    parts = [
        f"## {name}\n\n{_wrapped(prose, language)}\n\n{block}"
        for name, prose, block in zip(HEADS[language], PROSE[language], blocks, strict=True)
    ]
    return start + "\n\n".join([lead, *parts]) + "\n"


def _wrapped(prose: str, language: str) -> str:
    first, *rest = prose.split("\n\n", 1)
    lines = first if language == "zh" else textwrap.fill(first, 100, break_long_words=False, break_on_hyphens=False)
    return "\n\n".join([lines, *rest])
