"""Sentences that say little without the one before them: "This result ...", "Em termos estatísticos, o resultado foi ..."."""

import re

_CONNECTIVE = (
    r"in (?:statistical|other|practical|absolute|plain|simple) (?:terms|words)|in (?:contrast|addition|fact|turn|short|sum|other words)"
    r"|by contrast|on the (?:other hand|contrary|one hand)|for (?:example|instance|(?:this|that) reason)|as a result|as such"
    r"|similarly|likewise|conversely|otherwise|nevertheless|nonetheless|moreover|furthermore|however|but|also|therefore|thus"
    r"|hence|and|or|so|instead|yet|still|then|rather|meanwhile|accordingly|consequently|finally|first|firstly|secondly|thirdly"
    r"|lastly|even so|that said|of course|indeed|besides|which|yes|no,|both|neither|either|the (?:former|latter|others?|same)"
    r"|em (?:termos \w+|outras palavras|contraste|compensação|suma|resumo|seguida|consequência|contrapartida)"
    r"|por (?:exemplo|outro lado|um lado|isso|isto|sua vez|fim|conseguinte|consequência)|ou seja|ou melhor|isto é"
    r"|d[ae] (?:mesma forma|mesmo modo)|do mesmo modo|mesmo assim|ainda assim|no entanto|todavia|porém|mas|contudo|entretanto"
    r"|assim|portanto|também|além (?:disso|disto|do mais)|e|ou|pois|logo|então|aliás|afinal|finalmente|primeiro,|sim,|não,|já (?:o|a|os|as)"
    r"|com isso|para isso|nesse caso|neste caso|ambos|ambas|os dois|as duas|nenhum dos dois|o mesmo|a mesma|o outro|a outra"
)
_POINTER = (
    r"this|these|that|those|it|they|he|she|its|their|his|her|him|them|such|here|there,"
    r"|isso|isto|este|esta|estes|estas|esse|essa|esses|essas|aquele|aquela|aquilo|ele|ela|eles|elas|seu|sua|seus|suas|tal|tais"
    r"|nesse|nessa|neste|nesta|nesses|nessas|nestes|nestas|disso|disto|nisso|nisto|desse|dessa|deste|desta|desses|dessas|daí|ali|lá|aqui"
)
_OPENING = re.compile(rf"[\"'“‘«(]*(?:{_CONNECTIVE}|{_POINTER})(?!\w)", re.IGNORECASE)
# "It is likely that", "there", "both mothers and fathers", "those who": what they stand for follows.
_FORWARD = re.compile(
    r"[\"'“‘«(]*(?:it (?:is|was|may be|might be|seems|remains|appears) (?:\w+ ){0,2}?(?:that|to|whether|how|why|if)\b"
    r"|it (?:takes|seems|appears) |(?:that|those|such) (?:who|which|with|as|of)\b|(?:both|either|neither) (?:\w+ ){1,5}?(?:and|or|nor|e|ou|nem)\b"
    r"|(?:so|such) \w+ \w* ?that\b|here (?:is|are)\b|no, "
    r"|(?:ambos|ambas) (?:os|as) \w+|aqueles? que\b|aquelas? que\b|(?:isto|isso) é,|e se |"
    r"já (?:o|a|os|as) \w+ (?:é|são)\b)",
    re.IGNORECASE,
)
# "Most of them", "Despite this", "In my reading, that may", "If it matters", "Na minha leitura, essa pode".
_INSIDE = re.compile(
    r"(?:(?:[\w'’-]+ ){0,3}?(?:of|in|for|with|from|to|after|despite|among|on|at|by|about|behind|like|unlike) (?:these|those|this|that|them|it|both)\b"
    r"(?! (?:who|which|with|is|are|of)\b)"
    r"|(?:[\w'’-]+ ){1,3}?(?:this|these|those) (?!who\b|which\b|with\b|is\b|of\b)\w|\w+ing that \w|(?:[\w'’-]+ ){1,3}?(?:its|their) authors?\b"
    r"|(?:if|when|while|because|since|although|though|once|where) (?:it|they|this|that|these|those|he|she)\b(?! is (?:true|likely|possible))"
    r"|(?:[\w'’-]+ ){1,5}?[\w'’-]+, (?:this|that|these|those|it|they|he|she) "
    r"|(?:[\w'’-]+ ){1,3}?(?:a )?(?:est[ea]s?|ess[ea]s?|isso|isto) (?!que\b)\w|um[a]? d[oa]s (?:autor|pesquisador)\w+|one of the (?:authors?|researchers)\b"
    r"|(?:[\w'’-]+ ){0,3}?(?:deles|delas|dele|dela|disso|disto|nisso|nisto|desses|dessas|destes|destas|desse|dessa|deste|desta|nesse|nessa|nesses|nessas)\b"
    r"|(?:vista|visto|vistas|vistos|lid[oa]s?|read|seen|taken|looked at) (?:\w+ )?(?:together|por esse|por este|em conjunto|this way|that way)"
    r"|(?:[\w'’-]+ )?(?:apesar|diante|além|a partir|depois|antes|por causa) d?(?:isso|isto|esse|essa|este|esta|ele|ela|eles|elas)\b"
    r"|(?:se|quando|enquanto|porque|embora|como|para|com|sem|entre|talvez) (?:isso|isto|ele|ela|eles|elas|esse|essa|esses|essas)\b"
    r"|(?:[\w'’-]+ ){1,5}?[\w'’-]+, (?:ele|ela|eles|elas|isso|isto|esse|essa|esses|essas|este|esta) )",
    re.IGNORECASE,
)
_NOUN_OF_STUDY = (
    r"(?:stud(?:y|ies)|research|reviews?|meta-analys[ei]s|trials?|papers?|articles?|works?|texts?|publications?|surveys?|evidence"
    r"|samples?|authors?|findings|estudos?|pesquisas?|revis(?:ão|ões)|metanálises?|ensaios?|artigos?|trabalhos?|textos?|publicaç(?:ão|ões)"
    r"|evidências?|amostras?|achados|autor(?:a|es|as)?)"
)
_OF_STUDY = re.compile(
    rf"[\"'“‘«(]*(?:(?:most|much|all|some|none|part|neither|either|one|many|few) of |(?:a maior parte|grande parte|parte|nenhum|nenhuma|muit\w+|todos|alguns|um|uma) )?"
    rf"(?:in |n|d)?(?:this|these|both|est[ea]s?|ess[ea]s?|ambos [oa]s|ambas as|os dois|as duas)(?: two)? (?:\w+ )?{_NOUN_OF_STUDY}\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"[\"'“‘«(]*(?:the (?:two |other |only )?(?:words?|terms?|names?|titles?|ideas?|answers?|differences?|reasons?|points?|numbers?|patterns?|effects?|results?"
    r"|outcomes?|authors?|figures?|links?|changes?|others?|rest|problem|question|same)"
    r"|(?:o|a|os|as) (?:dois |duas |outr[oa]s? )?(?:palavras?|termos?|nome(?:s)?|títulos?|ideias?|respostas?|diferenças?|motivos?|razão|razões|pontos?|números?|padrão|padrões"
    r"|efeitos?|resultados?|desfechos?|autor(?:a|es|as)?|ligaç(?:ão|ões)|mudanças?|restante|problema|pergunta))\b"
    r"(?! (?:of|between|that|who|de|do|da|dos|das|entre|que)\b)",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"[\"'“‘«(]*(?:(?:the|a|an|o|a|um|uma) )?(?:second|third|fourth|other|segund[oa]|terceir[oa]|quart[oa]|outr[oa])\b(?! (?:half|hand|time|opinion|metade|vez))",
    re.IGNORECASE,
)
_BOTH = re.compile(r"[\"'“‘«(]*(?:both|the two|os dois|as duas|ambos|ambas)\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:first|one|primeir[oa]|um|uma|two|dois|duas|three|três)\b", re.IGNORECASE)


_READ = 200
"""Characters of a sentence that tell; what points back stands at its beginning."""


def leans(sentence: str) -> bool:
    """Whether a sentence points at one before it, so that it can not be read alone."""
    opening = sentence[:_READ]
    if _FORWARD.match(opening):
        return False
    return bool(_OPENING.match(opening) or _INSIDE.match(opening))


def speaks_of_its_study(sentence: str) -> bool:
    """Whether what a sentence points at is the study itself: "this review", "os dois trabalhos"."""
    return _OF_STUDY.match(sentence) is not None


def vague(sentence: str) -> bool:
    """Whether a sentence begins with something that was named before: "The words", "Os resultados"."""
    return _VAGUE.match(sentence) is not None


def counts_on(sentence: str) -> bool:
    """Whether a sentence goes on with a count: "The second review"."""
    return _ORDINAL.match(sentence) is not None


def begins_count(sentence: str) -> bool:
    """Whether a sentence is what such a count may go on from."""
    return _FIRST.search(sentence[:_READ]) is not None


def sums_up(sentence: str) -> bool:
    """Whether a sentence speaks of all that was counted: "Both reviews"."""
    return _BOTH.match(sentence) is not None
