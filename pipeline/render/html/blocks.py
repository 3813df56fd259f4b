"""Headings, paragraphs, lists, tables, code, figures and cells as HTML.

Each says on which line of the page's source it stands (`data-line`), for an editor's eye and for what is wrong there.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from pipeline.read.document import (
    Admonition,
    Block,
    Cell,
    CodeBlock,
    DefinitionList,
    FigureBox,
    Heading,
    List,
    MathBlock,
    Paragraph,
    Quote,
    Rule,
    Table,
)
from pipeline.render.bare import without_terms
from pipeline.render.html.addresses import relative
from pipeline.render.html.figures import figure_place
from pipeline.render.html.inline import Writing, inlines, printed, tex_of
from pipeline.render.html.words import lines, words

CELL_LANGUAGE = "python"
_NOWHERE = Markup("")


def blocks(nodes: Iterable[Block], page: Writing) -> Markup:
    """Return the blocks, one after another."""
    return Markup("\n").join(_block(node, page) for node in nodes)


def _block(node: Block, page: Writing) -> Markup:
    match node:
        case Heading():
            shown = inlines(without_terms(node.children), page)
            return Markup('<h{0} id="{1}"{2}>{3}</h{0}>').format(node.level, node.id, _line(node), shown)
        case Paragraph():
            return Markup("<p%s>%s</p>") % (_line(node), inlines(node.children, page))
        case MathBlock():
            formula = page.formulas.mathml(tex_of(node.tex), node.where, block=True)
            return Markup('<div class="formula scroll"%s>%s</div>') % (_line(node), printed(formula, *node.values))
        case CodeBlock():
            return _code(node.text, node.language, page, _line(node))
        case List():
            return _list(node, page)
        case DefinitionList():
            return _definitions(node, page)
        case Table():
            return _table(node, page)
        case Quote():
            return Markup("<blockquote%s>\n%s\n</blockquote>") % (_line(node), blocks(node.children, page))
        case Admonition():
            return _admonition(node, page)
        case Rule():
            return Markup("<hr%s>") % _line(node)
        case Cell():
            return _cell(node, page)
        case FigureBox():
            return _figure(node, page)
        case _:
            raise TypeError(f"{type(node).__name__} at {node.where} was not resolved")


def _list(node: List, page: Writing) -> Markup:
    tag = "ol" if node.ordered else "ul"
    start = Markup(' start="%d"') % node.start if node.ordered and node.start != 1 else ""
    items = Markup("\n").join(Markup("<li%s>%s</li>") % (_line(*item[:1]), _flow(item, page)) for item in node.items)
    return Markup("<{0}{1}{2}>\n{3}\n</{0}>").format(tag, start, _line(node), items)


def _definitions(node: DefinitionList, page: Writing) -> Markup:
    parts = []
    for item in node.items:
        parts.append(Markup("<dt>%s</dt>") % inlines(item.term, page))
        parts += [Markup("<dd%s>%s</dd>") % (_line(*meaning[:1]), _flow(meaning, page)) for meaning in item.meanings]
    return Markup("<dl%s>\n%s\n</dl>") % (_line(node), Markup("\n").join(parts))


def _flow(nodes: tuple[Block, ...], page: Writing) -> Markup:
    """The content of an item: its first paragraph stands on the item's own line."""
    first, rest = nodes[:1], nodes[1:]
    if first and isinstance(first[0], Paragraph):
        line = inlines(first[0].children, page)
        return line + Markup("\n") + blocks(rest, page) if rest else line
    return blocks(nodes, page)


def _table(node: Table, page: Writing) -> Markup:
    def cell(tag: str, shown: Markup, column: int) -> Markup:
        side = node.alignment[column] if column < len(node.alignment) else ""
        scope = Markup(' scope="col"') if tag == "th" else ""
        place = Markup(' class="%s"') % side if side else ""
        return Markup("<{0}{1}{2}>{3}</{0}>").format(tag, scope, place, shown)

    def row(tag: str, cells: Iterable[Markup]) -> Markup:
        return Markup("<tr>%s</tr>") % Markup("").join(cell(tag, shown, place) for place, shown in enumerate(cells))

    caption = Markup("<caption>%s</caption>\n") % inlines(node.caption, page) if node.caption else ""
    head = row("th", (inlines(shown, page) for shown in node.header))
    body = Markup("\n").join(row("td", [inlines(shown, page) for shown in cells]) for cells in node.rows)
    frame = Markup('<div class="scroll"{}><table>\n{}<thead>\n{}\n</thead>\n<tbody>\n{}\n</tbody>\n</table></div>')
    return frame.format(_line(node), caption, head, body)


def _admonition(node: Admonition, page: Writing) -> Markup:
    return Markup('<div class="admonition {0}" role="note"{1}>\n<p class="title">{2}</p>\n{3}\n</div>').format(
        node.kind, _line(node), page.words[node.kind], blocks(node.children, page)
    )


def _code(text: str, language: str, page: Writing, line: Markup = _NOWHERE) -> Markup:
    colored = page.colored(lines(text), language)
    return Markup('<pre class="code scroll" translate="no"%s><code>%s</code></pre>') % (line, colored)


def _cell(node: Cell, page: Writing) -> Markup:
    code = _code(node.source, CELL_LANGUAGE, page)
    if node.code == "fold":
        code = Markup("<details>\n<summary>%s</summary>\n%s\n</details>") % (page.words["code"], code)
    shown = [code] if node.code != "hide" else []
    shown += [
        Markup('<pre class="output scroll" translate="no"><samp>%s</samp></pre>') % words(lines(text))
        for text in (node.output, node.value)
        if text.strip(" \t\r\n")
    ]
    named = Markup(' data-cell="%s"') % node.label
    return Markup('<div class="cell"%s%s>\n%s\n</div>') % (_line(node), named, Markup("\n").join(shown))


def _figure(node: FigureBox, page: Writing) -> Markup:
    """A file holds two pixels for each one drawn, for sharp screens."""
    width, height = (node.width + 1) // 2, (node.height + 1) // 2
    source = relative(figure_place(node.file), page.here)
    picture = Markup('<img src="{}" alt="{}" width="{}" height="{}">').format(source, words(node.alt), width, height)
    caption = Markup("\n<figcaption>%s</figcaption>") % inlines(node.caption, page) if node.caption else ""
    named = Markup(' data-figure="%s"') % node.name
    return Markup('<figure{}{}><a href="{}">{}</a>{}</figure>').format(_line(node), named, source, picture, caption)


def _line(node: Block | None = None) -> Markup:
    """The mark of where a block stands; what nobody wrote, such as a list of topics, stands nowhere."""
    return Markup(' data-line="%d"') % node.where.line if node is not None and node.where.file else _NOWHERE
