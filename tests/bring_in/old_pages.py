"""Pages as they stood on the wiki before its numbers were computed, written for these tests."""

from __future__ import annotations

from pipeline.bring_in.model import WikiPage

SOFTMAX = """{{LanguageBar | page = Softmax Function}}
{{ArticleInfobox
| topic_area = Machine Learning
| difficulty = Beginner
| prerequisites = [[Neural Networks]], [[Loss Functions|losses]], Calculus
}}
{{ContentMeta|generated_by=Claude|model_used=a language model|generated_date=2025-03-14T10:00:00Z}}
{{ArticleMeta|content_type=article|source_url=https://arxiv.org/abs/1503.02531|quality_score=0.92|review_state=unreviewed}}
__TOC__
The '''softmax function''' turns a vector of ''K'' real numbers (''logits'') into a probability
distribution. For <code>softmax(5, 1, 0.1)</code> it gives (0.993, 0.005, 0.002).<ref name="bridle">{{cite journal
| last = Bridle | first = John S. | title = Probabilistic Interpretation of Outputs | journal = Neurocomputing
| year = 1990 | pages = 227-236 | doi = 10.1007/978-3-642-76153-9_28}}</ref>

<!-- check the numbers! -->
== Definition ==
: <math>\\sigma(z)_i = \\frac{e^{z_i}}{\\sum_{j=1}^K e^{z_j}}</math>

It is sometimes called ''softargmax''<ref>Goodfellow et al., Deep Learning, 2016, p. 183</ref> and is used in
[[Neural Networks#Output layer|output layers]], in [[attention]]s, and in [[Cross-Entropy Loss]].<ref name="bridle" />

=== Temperature ===
With a temperature ''T'' of 0.5 the top share is 99.8 %, with {{Term|temperature|temperature}} 2 it is 83%.
In 10<sup>-3</sup> s, on H<sub>2</sub>O, at the 1<sup>st</sup> step.

{| class="wikitable" style="text-align:right"
|+ Shares by temperature
! T !! p<sub>1</sub> !! Change
|-
| 0.5 || 0.998 || +0.005
|-
| 2 || 0.831
| -0.162
|-
! colspan="2" | mean
| } none
|}

== Properties ==
* It is '''invariant''' to a shift:
** adding ''c'' to all logits changes nothing
**# neither the order
**# nor the ratios
* Its ''sum is 1
; Jacobian
: <math>\\partial_j p_i = p_i(\\delta_{ij} - p_j)</math>
; Other names: softargmax, ''normalized exponential''

<syntaxhighlight lang="python">
import numpy as np
def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()
</syntaxhighlight>

 preformatted ''line'' &lt;1&gt;
 another

{{Quote|text=It is soft.|sign=Somebody}} and <u>under</u>, <nowiki>''raw''</nowiki>, AT&amp;T, 5&nbsp;&times;&nbsp;3.<br/>A new line.

[[File:Softmax curve.svg|thumb|300px|alt=A curve|The curve for ''T'' = 1.]]

== See also ==
* [https://en.wikipedia.org/wiki/Softmax_function Softmax on Wikipedia]
* https://example.org/softmax_(x)

== References ==
<references />

{{RelatedContent | articles = Cross-Entropy Loss, Neural Networks | papers = Attention Is All You Need}}
[[Category:Machine Learning]]
[[Category:Activation functions|Softmax]]
"""

SPANISH = """{{LanguageBar | page = Softmax Function}}
{{ArticleInfobox | topic_area = Aprendizaje automatico | difficulty = Principiante | prerequisites = [[Neural Networks/es|Redes neuronales]]}}
La '''funcion softmax''' convierte un vector de numeros en una distribucion. Para softmax(5, 1, 0,1) da (0,993; 0,005; 0,002).

== Definicion ==
<math display="block">\\sigma(z)_i = \\frac{e^{z_i}}{\\sum_j e^{z_j}}</math>

Se usa en las [[Neural Networks/es#Capa de salida|capas de salida]]; vease [[#Temperatura]].

=== Temperatura ===
Con T = 0,5 la parte mayor es 99,8 %.

== Propiedades ==
* Es '''invariante'''.

== Vease tambien ==
* Nada.

[[Category:Aprendizaje automatico]]
[[Category:Funciones de activacion]]
"""

CHINESE = """{{LanguageBar | page = Softmax Function}}
'''Softmax函数'''把一个向量变成'''概率分布：'''和为1。对(5, 1, 0.1)给出(0.993, 0.005, 0.002)。

== 定义 ==
见[[Neural Networks/zh|神经网络]]。

=== 温度 ===
''T''越大越平。

== 性质 ==
* 平移不变。

== 参见 ==
* 无。

[[Category:机器学习]]
"""

NETWORKS = """{{Article|title=Neural Networks|field=Deep Learning|topics=Deep Learning, Machine Learning|languages=en, es, zh
|related_papers=[[Attention Is All You Need]]}}
{{Summary|text=Layers of ''neurons''; see [[Softmax Function]].|key_points=They learn; They <math>a;b</math> stack ;They generalize}}
'''Neural networks''' are layers of neurons.

== Output layer ==
It ends in a softmax.

[[Category:Deep Learning]]
"""

NETWORKS_ES = """{{Article|title=Redes neuronales|field=Aprendizaje profundo}}
{{Summary|text=Capas de ''neuronas''.|key_points=Aprenden; Se apilan; Generalizan}}
Las '''redes neuronales''' son capas.

== Capa de salida ==
Termina en softmax.
"""

PAPER = """{{Paper|title=Attention Is All You Need|authors=Ashish Vaswani, Noam Shazeer|year=2017|venue=NeurIPS|arxiv=1706.03762
|topics=Deep Learning|related_articles=Neural Networks}}
{{Summary|text=A network of attention alone.|key_points=No recurrence}}
'''Attention Is All You Need''' introduced the transformer.

== Idea ==
Attention.
[[Category:Deep Learning]]
"""

SHORT = """{{SummaryInfobox|parent_page=Softmax Function|parent_type=article}}
'''Softmax''' in one page: it gives (0.993, 0.005, 0.002).
"""

TEMPERATURE = """{{GlossaryConcept|concept_id=temperature|domain=Machine Learning|aliases=T, inverse beta|related=logit
|article=Softmax Function|article_section=Temperature|difficulty=Intermediate}}
A number that '''divides''' the logits.

A second paragraph.
"""

TEMPERATURE_ES = """{{GlossaryTranslation|surface_form=temperatura|aliases=T|definition_status=reviewed}}
; Temperatura
: Un numero que divide los logits.
"""

OLD_PAGES = (
    WikiPage("Softmax Function", "", SOFTMAX),
    WikiPage("Softmax Function/es", "", SPANISH),
    WikiPage("Softmax Function/zh", "", CHINESE),
    WikiPage("Softmax Function/summary", "", SHORT),
    WikiPage("Softmax Function/fr", "", "La fonction softmax."),
    WikiPage("Neural Networks", "", NETWORKS),
    WikiPage("Neural Networks/es", "", NETWORKS_ES),
    WikiPage("Attention Is All You Need", "", PAPER),
    WikiPage("Softmax", "", "#REDIRECT [[Softmax Function]]", "Softmax Function"),
    WikiPage("Glossary:Temperature", "Glossary", TEMPERATURE),
    WikiPage("Glossary:Temperature/es", "Glossary", TEMPERATURE_ES),
    WikiPage("Template:Quote", "Template", "<blockquote>{{{text}}}</blockquote>"),
)
