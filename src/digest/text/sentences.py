"""Sentences of English and Portuguese text, by rules and a list of abbreviations.

What it must get right is what research writing is full of: `Dr.`, `et al. (2010)`, `p < 0,001. O grupo`, `Fig. 2`,
`p. ex.`. Where a rule can not tell, two sentences stay one: a joined pair reads well, half a sentence does not.
"""

import re

from digest.text.language import primary_subtag, words_of

_NEVER_LAST = words_of(
    """
    dr dra drs dras mr mrs ms prof profa profs sr sra srs sras st sto sta rev hon gov sen gen col capt lt sgt
    fig figs tab eq eqs ref refs cf vs viz ed eds ca approx resp e.g i.e eg ie v.s p.ex d.c a.c
    """
)
"""Abbreviations that always have something after them."""

_ENGLISH_NEVER_LAST = words_of("messrs mt dept univ assoc suppl trans")

_PORTUGUESE_NEVER_LAST = words_of(
    "exmo exma ilmo ilma vossa av pça dep exa obs séc tel org orgs ex cap caps secç coord trad cód núm"
)

_BEFORE_NUMBER = words_of(
    """
    p pp pg pgs pág págs n no nos nº vol vols ch chap cap sec sect art arts par
    jan feb mar apr jun jul aug sep sept oct nov dec fev abr mai ago set out dez
    """
)
"""Abbreviations only where a number follows: `no. 5` is one, `the answer is no. We` is not."""

_MAY_BE_LAST = words_of("al etc inc ltd ltda co corp jr phd ph.d m.d m.a m.sc b.a b.sc a.m p.m s.a etal ibid")
"""Abbreviations that may end a sentence: they do where a common first word follows."""

_STARTERS = words_of(
    """
    the this that these those it its they their there then we our he his she her in on at for from with without when
    while where what why how if although though because however but and yet so thus therefore moreover furthermore
    finally first second third also after before during as by to of all both some many most more other another one two
    no not only people participants researchers couples partners women men children results findings studies
    o os um uma uns umas este esta estes estas esse essa esses essas aquele aquela isto isso ele ela eles elas em no na
    nos nas ao aos à às de do da dos das por para com sem quando enquanto onde como se embora porque porém contudo
    entretanto mas e assim portanto além finalmente primeiro segundo terceiro também depois antes durante todos todas
    ambos alguns algumas muitos muitas mais outro outra não só há houve já ainda pessoas participantes pesquisadores
    casais parceiros mulheres homens crianças resultados achados estudos
    """
)
"""Words that begin sentences and hardly ever a name."""

_LOOK_BACK = 80
"""Characters before a full stop that tell what it is."""

_CLOSERS = r"\"'”’»›)\]}*_"
_OPENERS = r"\"'“‘«‹(\[{*_—–¿¡\u200b\u200e\u200f\ufeff-"

# Possessive quantifiers keep a page of nothing but dots linear.
_END = re.compile(rf"(?<![.!?…])[.!?…]++[{_CLOSERS}]*+(?:\[[\d,;–\s-]{{1,20}}\])?+(?=\s)")
_NEXT = re.compile(rf"\s+(?P<open>[{_OPENERS}]{{0,6}})\s?(?P<word>[^\W\d_]{{1,30}}|\d)?")
_PARAGRAPH = re.compile(r"\n\s*\n")
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]\Z")
_ENUMERATOR = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z]|[ivxIVX]{1,4})\Z")


def split_sentences(text: str, language: str) -> tuple[str, ...]:
    """Return the sentences of `text` in order, each on one line.

    `language` is a tag such as `en` or `pt-BR`; it chooses the abbreviations. A blank line always parts. Nothing is
    lost or added but white space: joined with spaces, the sentences say what the text says.
    """
    never = _never_last(language)
    found: list[str] = []
    for paragraph in _PARAGRAPH.split(text):
        found.extend(_sentences_of(paragraph, never))
    return tuple(found)


def _never_last(language: str) -> frozenset[str]:
    of_language = {"en": _ENGLISH_NEVER_LAST, "pt": _PORTUGUESE_NEVER_LAST}
    return _NEVER_LAST | of_language.get(primary_subtag(language), frozenset())


def _sentences_of(paragraph: str, never: frozenset[str]) -> list[str]:
    found: list[str] = []
    start = 0
    for end in _END.finditer(paragraph):
        if _is_boundary(paragraph, start, end, never):
            found.append(paragraph[start : end.end()])
            start = end.end()
    found.append(paragraph[start:])
    return [line for line in (" ".join(sentence.split()) for sentence in found) if line]


def _is_boundary(paragraph: str, start: int, end: re.Match[str], never: frozenset[str]) -> bool:
    following = _NEXT.match(paragraph, end.end())
    word = (following["word"] or "") if following is not None else ""
    if following is None or word[:1].islower():
        return False
    # `et al. (2010)`, `Bowlby, J. (1969)`: the year belongs to the name before it.
    if following["open"].endswith("(") and word.isdigit():
        return False
    if end[0] != ".":
        return True
    before = paragraph[max(start, end.start() - _LOOK_BACK) : end.start()].split()
    return _ends_after(before, word, alone=paragraph[following.end() :][:1] != ".", never=never)


def _ends_after(before: list[str], word: str, *, alone: bool, never: frozenset[str]) -> bool:
    """Whether a single full stop after these words, with `word` following, ends the sentence."""
    last = before[-1].lstrip("\"'“‘«(—–-[") if before else ""
    plain = last.lower()
    if plain in never or (plain == "ex" and before[-2:-1] == ["p."]):
        return False
    if len(before) == 1 and _ENUMERATOR.match(last):
        return False
    if plain in _BEFORE_NUMBER and word.isdigit():
        return False
    if plain in _MAY_BE_LAST or _DOTTED.match(last) or (len(last) == 1 and last.isalpha()):
        return alone and word.lower() in _STARTERS
    return True
