"""Chinese as it is set here."""

from __future__ import annotations

import pytest

from pipeline.check.chinese import chinese, traditional

ZH = "articles/tiny/zh.md"
TEXT = """\
---
title: 小主题
summary: 一个有 {glue}`count` 行的主题。
key_points: [它很小。]
figures:
  curve: {caption: 一条曲线。, alt: 它上升。}
---
**小主题**有一个{term}`学习率` {cite}`cauchy1847`。

## 第一部分

```{embed} #first
```

见[第一部分](#第一部分)。
"""


@pytest.fixture(autouse=True)
def _in_chinese(project) -> None:
    project.write("pyproject.toml", '[tool.marovi]\nlanguages = ["en", "zh"]\n')
    for name in ("categories.yaml", "planned.yaml"):
        project.change(f"articles/{name}", ", es: ", ", zh: ")
    project.change("articles/glossary/learning-rate.yaml", "es: {term: tasa de aprendizaje", "zh: {term: 学习率")
    (project.root / "templates/messages/es.yaml").rename(project.root / "templates/messages/zh.yaml")
    (project.root / "articles/tiny/es.md").unlink()
    project.write(ZH, TEXT)


def test_chinese_as_it_should_be(project, found) -> None:
    project.add(
        ZH, "\n设 $x = 1$，则 softmax 函数（见 `torch.softmax`）给出 {glue}`count` 个“份额”……\n再换行，\n*强调*之后。\n"
    )
    assert found(chinese) == []


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("第一,第二。", 3, "half-width ',' in Chinese text; write '，'"),
        ("结束.", 3, "half-width '.' in Chinese text; write '。'"),
        ("取 $x$.再说。", 6, "half-width '.' in Chinese text; write '。'"),
        ("上溢(overflow)。", 3, "half-width '(' in Chinese text; write '（'"),
        ("当 $x$, 则成立。", 6, "half-width ',' in Chinese text; write '，'"),
        ('他说"不"。', 3, "the straight quote '\"' in Chinese text; write “ and ”"),
        ("他说「不」。", 3, "the quote '「' in Chinese text; write “ and ”"),
        ("等等...", 3, "'...' in Chinese text; write ……"),
        ("共１２个。", 2, "the full-width '１２'; write Latin letters and digits in half width"),
        ("用softmax函数。", 2, "no space between Chinese and 's'; put one space"),
        ("用 softmax函数。", 9, "no space between Chinese and 'x'; put one space"),
        ("取$x$。", 2, "no space between Chinese and a formula; put one space"),
        ("梯度 下降。", 4, "a space between Chinese signs; delete it"),
        ("取 $x$ ，再说。", 7, "a space next to full-width punctuation; delete it"),
        ("這是梯度。", 1, "the traditional sign '這' in simplified Chinese; write '这'"),
    ],
)
def test_one_place_that_is_set_otherwise(text: str, column: int, message: str, project, found) -> None:
    project.add(ZH, f"\n{text}\n")
    assert found(chinese)[0] == f"{ZH}:17:{column}: {message} [chinese]"


def test_text_without_chinese_and_other_languages_are_left_alone(project, found) -> None:
    project.add(ZH, "\nsoftmax (a name), as it stands.\n")
    project.add("articles/tiny/en.md", '\nSo (it) is, "as" 这 said.\n')
    assert found(chinese) == []


def test_the_table_leaves_out_what_simplified_chinese_uses() -> None:
    table = traditional()
    assert table["學"] == "学" and not {"著", "乾", "后", "干"} & table.keys()
