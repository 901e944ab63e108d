"""Words that tell which of the three headings a sentence belongs under, in English and Portuguese."""

import re

from digest.models.article import HEADINGS, Heading

_LIMITATIONS = re.compile(
    r"\b(?:limitations?|limited (?:by|to|in|data|evidence)|samples? (?:[\w,.]+ ){0,4}?(?:was|were|is|are) (?:too |very |quite )?small|small (?:sample|number|stud)\w*|convenience sample"
    r"|self-?report\w*|cross-?sectional|correlational?|correlations? (?:is|are|do|does)"
    r"|(?:can ?not|can't|could not|do(?:es)? not|did not|don't|doesn't|didn't) (?:\w+ )?(?:say|tell|prove"
    r"|establish|show"
    r"|conclude|infer|generali[sz]e|rule out|mean|measure|control|account|know|follow|demonstrate|explain|compare|ask"
    r"|tell us|include)\w*(?! to be)|causal(?:ity|ation)?|caution\w*|(?:may|might) not|not necessarily"
    r"|further (?:research|studies|trials|reviews|work)"
    r"|(?:more|additional|larger|longer|better) (?:\w+ ){0,2}?(?:research|studies|trials|evidence|work|data) (?:is|are)"
    r"|(?:research|studies|trials|reviews|evidence) (?:[\w'’,-]+ ){0,16}?(?:is|are) (?:still |urgently )?(?:needed|required|warranted)"
    r"|future (?:research|studies|trials)|bias(?:ed)?|confound\w*|generali[sz]\w*"
    r"|preliminary|unclear|not (?:yet )?(?:known|clear)|unknown|weaknesses|shortcomings?|drawbacks?"
    r"|mostly (?:white|western)"
    r"|limita(?:ção|ções)|limitad[oa]s? (?:a|por|pel\w+)|amostras? (?:[\w,.]+ ){0,5}?(?:pequenas?|reduzidas?|de conveniência)"
    r"|auto-?r?relatos?|transversa(?:l|is)|correlacion\w+"
    r"|não (?:se )?(?:é possível|foi possível|pod\w+|permit\w+|prov\w+|mostr\w+|dem?onstr\w+|dizem|diz"
    r"|medi\w+|signific\w+"
    r"|control\w+|compar\w+|inclu\w+|sab\w+|estabelec\w+|explic\w+)|causalidade|causais|cautela"
    r"|(?:mais|novos|novas|outros|outras|futuros|futuras) (?:pesquisas|estudos|ensaios|evidências)|mais pesquisas|pesquisas futuras|estudos futuros|(?:são|é|seriam) necessári[oa]s? (?:\w+ )?(?:mais|estudos|pesquisas|ensaios|nov[oa]s)"
    r"|vi[ée]s(?:es)?"
    r"|generaliz\w+|preliminar\w*|não está claro|ainda não|podem? não|poucos estudos|únic[oa] (?:país|grupo|centro))\b",
    re.IGNORECASE,
)
_IMPLICATIONS = re.compile(
    r"\b(?:implications?|impl(?:y|ies)|therap(?:y|ists?|ies|eutic)|clients?|patients?|clinic\w+|practi[ct]\w+"
    r"|(?:can|may|might|could) (?:help|learn|support|offer|be helped)|helps? (?:us|you|couples|partners|people)"
    r"|means? that|should|we (?:can|need|might|could)|important to|invit(?:es?|ing) (?:us|you|readers|couples|people)|support\w*|recommend\w*|worth|encourag\w+"
    r"|if you|you (?:can|may|might|could)|your|counsell?\w+"
    r"|implica\w*|terap\w+|clientes?|pacientes?|clínic\w+|prátic\w+|pod\w+ ajudar|ajud\w+|signific\w+ que"
    r"|dev(?:e|em|emos)"
    r"|precis(?:a|am|amos)|é importante|recomend\w+|vale a pena|podemos|você|convid(?:a|am|ar)(?: (?:a|o|os|as|você|casais))?|apoi\w+|encoraj\w+"
    r"|incentiv\w+)\b",
    re.IGNORECASE,
)
_STUDIES = re.compile(
    r"(?:\b(?:stud(?:y|ies)|research(?:ers)?|participants?|samples?|found|findings?|show(?:ed|n|s)|examin\w+"
    r"|analy[sz]\w+"
    r"|meta-?analys[ei]s|reviews?|reviewed|trials?|surveys?|measured|associated|linked|compared|followed"
    r"|per ?cent|published"
    r"|colleagues|predicted|reported|estudos?|pesquis\w+|participantes?|amostras?|encontr\w+|mostr\w+"
    r"|achados?|examin\w+"
    r"|analis\w+|meta-?análises?|revis(?:ão|ões)|ensaios?|mediram|associad\w+|relacionad\w+|compar\w+|acompanh\w+"
    r"|publicad\w+|colegas|relat\w+)\b|\b\d{2,}|\d ?%)",
    re.IGNORECASE,
)
_CUES: dict[Heading, re.Pattern[str]] = {
    "studies": _STUDIES,
    "implications": _IMPLICATIONS,
    "limitations": _LIMITATIONS,
}
_HEDGE = re.compile(
    r"\b(?:may|might|could|perhaps|possibly|probably|likely|unlikely|suggest\w*|appears?|seems?|tend(?:s"
    r"|ed)? to|unclear"
    r"|not yet|caution\w*|cannot|can't|not necessarily|pod(?:e|em|eria|eriam)|talvez|possivelmente"
    r"|provavelmente|provável"
    r"|suger\w+|parec\w+|tend(?:e|em)|cautela|ainda não|não necessariamente|não (?:se )?pod\w+)\b",
    re.IGNORECASE,
)
_UNCERTAIN = re.compile(
    r"\b(?:uncertain\w*|insufficient\w*|inconclusive|inconsistent|imprecis\w+|heterogene\w+|underpowered"
    r"|(?:very )?(?:low|poor|moderate)[- ](?:certainty|quality)|risks? of bias|(?:quality|certainty)\b.{0,40}\b(?:low|poor|moderate)|(?:no|little|not enough|lack of|limited) (?:\w+ )?evidence"
    r"|(?:missing|incomplete) data|drop-?outs?|attrition|short follow-?up|few (?:studies|trials|participants|data)|too (?:few|small)"
    r"|do(?:es)? not know|we are (?:not|un)\w*|remains? (?:to be|unclear|unknown)|(?:small|larger|better) (?:stud|trial)\w*"
    r"|incert\w+|insuficient\w+|inconclusiv\w+|inconsistent\w+|imprecis\w+|heterogêne\w+|heterogene\w+"
    r"|(?:baixa|pouca|muito baixa|má) (?:certeza|qualidade|confiança)|riscos? de viés|(?:qualidade|certeza)\b.{0,40}\b(?:baixa|moderada|ruim)|(?:poucas?|falta de|sem|nenhuma) evidências?"
    r"|dados (?:ausentes|incompletos)|perdas? de (?:participantes|seguimento)|seguimento curto|poucos (?:estudos|ensaios|participantes|dados)"
    r"|não (?:se )?sabe\w*|estudos (?:maiores|melhores|pequenos)"
    r"|did not (?:answer|complete|respond|finish|take part)|left the (?:study|trial)|dropped out|lost to follow-?up"
    r"|(?:no|without a) (?:control|comparison) group|no group that|signed up|volunteered|self-selected|too short|unpublished"
    r"|(?:was|were) not (?:asked|interviewed|included|randomi[sz]ed|assigned)|knew (?:which|that they|in which)|only (?:one|two|three|four)"
    r"|não (?:foi|foram) (?:medid|ouvid|estudad|sortead|incluíd|perguntad|acompanhad)\w+|não respond\w+"
    r"|(?:deixaram|abandonaram) o (?:estudo|ensaio)|sem grupo|não havia grupo|por conta própria|só (?:um|uma|participou|participaram|quem)"
    r"|(?:foi|foram) curt[oa]s?|sabiam (?:em que|que))\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:in the comments|leave a comment|let me know|subscribe|newsletter|feel free to|thanks? (?:you )?for reading|thank you"
    r"|nos comentários|deixe (?:um|seu) comentário|inscreva-se|assine|fique à vontade|boletim|obrigad[oa] por (?:ler|acompanhar)|boa leitura"
    r"|compartilhe)\b",
    re.IGNORECASE,
)
_MANY = 3
"""Different cues after which more of them add nothing."""


def cue_score(sentence: str, heading: Heading) -> float:
    """How strongly the words of a sentence speak for a heading, from 0 to 1."""
    return min(_MANY, _cues(sentence, heading)) / _MANY


def mapped_heading(sentence: str) -> Heading | None:
    """Return the heading that the words speak for most, or None; at a tie the caveat wins, then the implication."""
    counts = {heading: _cues(sentence, heading) for heading in HEADINGS}
    best = max(counts.values())
    if best == 0:
        return None
    return next(heading for heading in reversed(HEADINGS) if counts[heading] == best)


def states_limitation(sentence: str) -> bool:
    """Whether a sentence says what the research can not say."""
    return _LIMITATIONS.search(sentence) is not None


def caveat_score(sentence: str) -> float:
    """How much a sentence says that is not known or not sure, from 0 to 1; for choosing, not for judging."""
    # "May" alone says little: most results are told so.
    weighed = ((_LIMITATIONS, 0.4), (_UNCERTAIN, 0.4), (_HEDGE, 0.2))
    return sum(weight for form, weight in weighed if form.search(sentence))


def hedged(sentence: str) -> bool:
    """Whether a sentence says "may", "suggests", "talvez" and the like."""
    return _HEDGE.search(sentence) is not None


def is_aside(sentence: str) -> bool:
    """Whether a sentence is about the page and its readers, not about its subject."""
    return _ASIDE.search(sentence) is not None


def _cues(sentence: str, heading: Heading) -> int:
    return len({found.lower() for found in _CUES[heading].findall(sentence)})
