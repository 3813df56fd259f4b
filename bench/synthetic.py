"""Write a project of any number of small topics in three languages, for benchmarks: real sources, the same each time.

A topic has a lead, two sections, a formula, a table, links to three other topics, two glossary terms, a citation, one
or two code cells, every other one a figure. Words are put together from lists, so that titles are different and
spelled right. Unless `distinct`, the cells are those of one of KINDS, so that few of them have to run.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from pipeline.config import load
from pipeline.read import read
from pipeline.translate import stamp

KINDS = 6
AREA = 100  # topics in a topic area; prerequisites stay inside it
CITED = 20  # topics that share a reference
LANGUAGES = ("en", "es", "zh")
REPOSITORY = Path(__file__).parents[1]

_HOWS = {
    "en": "quiet open narrow wide steady early gentle plain northern local distant central natural simple "
    "dense smooth formal common secret modern ancient golden regular",
    "es": "tranquilo abierto estrecho ancho constante temprano suave sencillo norteño local lejano central "
    "natural simple denso liso formal común secreto moderno antiguo dorado regular",
    "zh": "安静 开放 狭窄 宽阔 稳定 早期 温和 朴素 北方 本地 遥远 中央 自然 简单 稠密 光滑 正式 普通 秘密 "
    "现代 古老 金色 规则",
}
_THINGS = {
    "en": "river garden bridge market window mirror engine forest harbor ladder signal shadow circle pencil "
    "basket castle desert island tunnel valley winter summer planet",
    "es": "río jardín puente mercado cristal espejo motor bosque puerto peldaño aviso perfil círculo lápiz "
    "cesto castillo desierto islote túnel valle invierno verano planeta",
    "zh": "河流 花园 桥梁 市场 窗户 镜子 引擎 森林 港口 梯子 信号 影子 圆圈 铅笔 篮子 城堡 沙漠 岛屿 隧道 "
    "山谷 冬季 夏季 行星",
}
_ENDS = {
    "en": "method theorem model theory problem law test system pattern program process formula effect plan "
    "series balance motion scale order limit measure rhythm growth",
    "es": "método teorema modelo estudio problema principio ensayo sistema patrón programa proceso cálculo "
    "efecto plan ciclo equilibrio movimiento nivel orden límite criterio ritmo crecimiento",
    "zh": "方法 定理 模型 理论 问题 定律 检验 系统 模式 程序 过程 公式 效应 计划 序列 平衡 运动 尺度 次序 "
    "极限 度量 节奏 增长",
}
_SHAPES = {"en": "{how} {thing} {end}", "es": "{end} {how} de {thing}", "zh": "{how}{thing}{end}"}
_TOPIC = {"en": "study of the {}", "es": "estudio del {}", "zh": "{}研究"}

_CELL = """\
```{{code-cell}} python
:label: shares
import numpy as np
from runtime import figure, glue, subplots, verify

{distinct}scores = np.array([{first}.0, 1.0, 0.5])
shares = np.exp(scores) / np.exp(scores).sum()
glue("scores", scores)
glue("shares", shares)
glue("rows", [{{"score": scores[i], "share": shares[i]}} for i in range(3)])
verify.close("all shares", float(shares.sum()), 1.0)
```
"""
_DRAWING = """\
```{code-cell} python
:label: drawing
:code: fold
fig, ax = subplots()
ax.plot(scores, shares)
ax.set_xlabel("score")
ax.set_ylabel("share")
figure("curve", fig)
```
"""

_WORDS = {
    "en": {
        "summary": "The {title} divides one whole among three scores, the first of them $\\glue{{scores[0]:g}}$.",
        "points": [
            "The largest share is {{glue}}`shares[0]:.1%`.",
            "Adding the same number to all scores changes nothing.",
        ],
        "caption": "The shares over the scores.",
        "alt": "A line that rises to the right.",
        "lead": "The **{title}** turns a list of scores into shares. It says more of the {{term}}`{term}` "
        "{{cite}}`ref{cited}` than a rule of thumb, and it needs little more than an exponential and a sum.",
        "idea": "The idea",
        "why": "Whoever knows the [{one}](../{one_slug}/) has met the same thought: what counts is the difference "
        "between two scores, never their size. The {{term}}`{other}` follows from it. The shares\n\n"
        "$$\np_i = \\frac{{e^{{z_i}}}}{{\\sum_j e^{{z_j}}}}\n$$\n\nadd up to one, whatever the scores are.",
        "example": "A worked example",
        "numbers": "The first score takes {{glue}}`shares[0]:.1%` and the last one {{glue}}`shares[2]:.1%`, "
        "as in the [{two}](../{two_slug}/) and the [{three}](../{three_slug}/).",
        "columns": "Score | Share",
        "table": "The scores and their shares.",
    },
    "es": {
        "summary": "El {title} reparte la unidad entre tres puntuaciones; la primera es $\\glue{{scores[0]:g}}$.",
        "points": [
            "La cuota mayor es {{glue}}`shares[0]:.1%`.",
            "Sumar lo mismo a todas las puntuaciones no cambia nada.",
        ],
        "caption": "Las cuotas según las puntuaciones.",
        "alt": "Una línea que sube hacia la derecha.",
        "lead": "El **{title}** convierte una lista de puntuaciones en cuotas. Dice del {{term}}`{term}` "
        "{{cite}}`ref{cited}` más que una regla práctica, y apenas necesita una exponencial y una suma.",
        "idea": "La idea",
        "why": "Quien conoce el [{one}](../{one_slug}/) ya ha visto el mismo pensamiento: cuenta la diferencia entre "
        "dos puntuaciones, nunca su tamaño. De ahí se sigue el {{term}}`{other}`. Las cuotas\n\n"
        "$$\np_i = \\frac{{e^{{z_i}}}}{{\\sum_j e^{{z_j}}}}\n$$\n\nsuman uno, sean cuales sean las puntuaciones.",
        "example": "Un ejemplo resuelto",
        "numbers": "La primera puntuación se lleva {{glue}}`shares[0]:.1%` y la última {{glue}}`shares[2]:.1%`, "
        "como en el [{two}](../{two_slug}/) y el [{three}](../{three_slug}/).",
        "columns": "Puntuación | Cuota",
        "table": "Las puntuaciones y sus cuotas.",
    },
    "zh": {
        "summary": "{title}把一个整体分给三个分数，第一个是 $\\glue{{scores[0]:g}}$。",
        "points": ["最大的份额是 {{glue}}`shares[0]:.1%`。", "给所有分数加上同一个数，结果不变。"],
        "caption": "份额随分数的变化。",
        "alt": "一条向右上升的线。",
        "lead": "**{title}**把一列分数变成份额。"
        "关于{{term}}`{term}`{{cite}}`ref{cited}`，它说得比经验法则更多，"
        "而所需的不过是一次指数和一次求和。",
        "idea": "思想",
        "why": "了解[{one}](../{one_slug}/)的读者已经见过同样的想法："
        "重要的是两个分数之差，而不是它们的大小。"
        "{{term}}`{other}`由此而来。份额\n\n"
        "$$\np_i = \\frac{{e^{{z_i}}}}{{\\sum_j e^{{z_j}}}}\n$$\n\n之和总是一，无论分数是多少。",
        "example": "一个算例",
        "numbers": "第一个分数得到 {{glue}}`shares[0]:.1%`，最后一个得到 {{glue}}`shares[2]:.1%`，"
        "与[{two}](../{two_slug}/)和[{three}](../{three_slug}/)相同。",
        "columns": "分数 | 份额",
        "table": "各分数及其份额。",
    },
}
_LABELS = {"es": "labels: {score: puntuación, share: cuota}\n", "zh": "labels: {score: 分数, share: 份额}\n"}
_EXPLAINS = {
    "en": "What is left of a score once the others are known.",
    "es": "Lo que queda de una puntuación cuando se conocen las demás.",
    "zh": "其余分数已知时一个分数还剩下的部分。",
}


def write(root: Path, topics: int, *, distinct: bool = False) -> None:
    """Write the project into `root`, which must not exist, with the templates of this repository."""
    articles = root / "articles"
    (articles / "glossary").mkdir(parents=True)
    (root / "pyproject.toml").write_text("[tool.marovi]\n")
    shutil.copytree(REPOSITORY / "templates", root / "templates")
    shutil.copytree(REPOSITORY / "articles" / "words", articles / "words")
    areas = [_named(area, dict.fromkeys(LANGUAGES, "{}")) for area in range(-(-topics // AREA))]
    fixed = {
        "Articles": ("Articles", "Artículos", "条目"),
        "Glossary": ("Glossary", "Glosario", "术语表"),
        "Introductory": ("Introductory", "Introductorio", "入门"),
    }
    names = [f"{key}: {{en: {en}, es: {es}, zh: {zh}}}\n" for key, (en, es, zh) in fixed.items()]
    names += [f"{_area(number)}: {{en: {a['en']}, es: {a['es']}, zh: {a['zh']}}}\n" for number, a in enumerate(areas)]
    (articles / "categories.yaml").write_text("".join(names))
    (articles / "references.bib").write_text("".join(map(_reference, range(-(-topics // CITED)))))
    for number in range(topics):
        (articles / "glossary" / f"concept-{number:05}.yaml").write_text(_concept(number))
        folder = articles / _slug(number)
        folder.mkdir()
        for language in LANGUAGES:
            (folder / f"{language}.md").write_text(_article(number, topics, language, distinct))
    _stamp(root)


def _stamp(root: Path) -> None:
    for article in read(load(root)).articles.values():
        for language in LANGUAGES[1:]:
            path = article.folder / f"{language}.md"
            path.write_text(stamp(article, language, path.read_text()))


def _article(number: int, topics: int, language: str, distinct: bool) -> str:
    words = _WORDS[language]
    others = [(number * step + 1 + step) % topics for step in (3, 5, 7)]
    titles = [_titled(other)[language] for other in others]
    fill = {
        "title": _titled(number)[language],
        "term": _termed(number)[language],
        "other": _termed(others[0])[language],
        "cited": number // CITED,
        **dict(zip(("one", "two", "three"), titles, strict=True)),
        **{f"{name}_slug": _slug(other) for name, other in zip(("one", "two", "three"), others, strict=True)},
    }
    kind = number % KINDS
    drawn = kind % 2 == 0
    head = f"---\ntitle: {_sentence(fill['title'])}\n"
    if language == "en":
        inside = number % AREA
        before = [_slug(number - inside + (inside - 1) // 2)] if inside else []
        related = ", ".join(dict.fromkeys(_slug(other) for other in others if other != number))
        head += f"field: {_area(number // AREA)}\ntopic_area: {_area(number // AREA)}\ndifficulty: Introductory\n"
        head += f"prerequisites: [{', '.join(before)}]\ncategories: [{_area(number // AREA)}, Introductory]\n"
        head += f"related: {{articles: [{related}], papers: []}}\n"
    head += f"summary: >-\n  {str(words['summary']).format(**fill)}\nkey_points:\n"
    head += "".join(f"  - {point.format(**fill)}\n" for point in words["points"])
    if drawn:
        head += f"figures:\n  curve: {{caption: {words['caption']}, alt: {words['alt']}}}\n"
        head += _LABELS.get(language, "")
    head += "provenance: {generated_by: Marovi, generated_date: 2026-11-21, review_state: draft}\n---\n"
    body = f"{words['lead']}\n\n## {words['idea']}\n\n{words['why']}\n\n## {words['example']}\n\n".format(**fill)
    if language == "en":
        unlike = f"number = {number}\n" if distinct else ""
        body += _CELL.format(first=2 + kind, distinct=unlike) + ("\n" + _DRAWING if drawn else "")
    else:
        body += "```{embed} #shares\n```\n" + ("\n```{embed} #drawing\n```\n" if drawn else "")
    body += f"\n{words['numbers']}\n\n".format(**fill)
    body += f"```{{table}} rows\n:columns: score:g, share:.3f\n:headers: {words['columns']}\n{words['table']}\n```\n"
    if drawn:
        body += "\n```{figure} curve\n```\n"
    return head + body


def _concept(number: int) -> str:
    lines = [f"domain: {_area(number // AREA)}\narticle: {_slug(number)}\n"]
    for language, term in _termed(number).items():
        lines.append(f"{language}: {{term: {term}, definition: {_EXPLAINS[language]}}}\n")
    return "".join(lines)


def _reference(number: int) -> str:
    return (
        f"@article{{ref{number},\n  author = {{Cauchy, Augustin-Louis}},\n  title = {{Method {number}}},\n"
        f"  journal = {{Comptes Rendus}},\n  year = {{{1800 + number % 200}}},\n}}\n"
    )


def _slug(number: int) -> str:
    return f"topic-{number:05}"


def _area(number: int) -> str:
    return f"Area {number}"


def _titled(number: int) -> dict[str, str]:
    return _named(number, _TOPIC)


def _termed(number: int) -> dict[str, str]:
    return _named(number, dict.fromkeys(LANGUAGES, "{}"))


def _named(number: int, shapes: dict[str, str]) -> dict[str, str]:
    """A name in each language that no other number below 12,167 has."""
    return {
        language: shapes[language].format(
            _SHAPES[language].format(
                how=_pick(_HOWS[language], number),
                thing=_pick(_THINGS[language], number // 23),
                end=_pick(_ENDS[language], number // 23**2),
            )
        )
        for language in LANGUAGES
    }


def _pick(words: str, number: int) -> str:
    choices = words.split()
    return choices[number % len(choices)]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
