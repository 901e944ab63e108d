"""What limits a claim, in English and Portuguese: negations, hedges, association against cause."""

import re
from collections.abc import Iterator

from digest.text.checks.reading import Reading, Span, kind_of_word, matches

# Phrases with a "not" that denies nothing.
_EMPTY_NOT = re.compile(
    r"\bnot (?:only|just|merely|least)\b|\bor not\b|\bwhy not\b|\bno\. ?(?=\d)|\bno matter\b|\bnot to mention\b|\bno doubt\b"
    r"|\bnão (?:só|somente|apenas)\b|\bou não\b|\benquanto não\b|\ba não ser\b|\bpor que não\b|\bnão obstante\b"
    r"|\bnão importa\b|\bpois não\b|\bnot (?:un(?:common|usual|likely|expected|related|like)|infrequent)\w*"
    r"|\bnão (?:é |são |era |eram )?(?:rar[oa]s?|incomu(?:m|ns)|infrequentes?|improváve(?:l|is))\b"
)
_NEGATOR = {
    "en": kind_of_word(
        r"not|no|never|none|nobody|nothing|nowhere|neither|nor|without|cannot|\w+n't|(?:can|could|do|does|is|was)nt|non(?:-\w+)*"
    ),
    "pt": kind_of_word(r"não(?:-\w+)*|nunca|jamais|nem|nenhum|nenhuma|nenhuns|nenhumas|ninguém|nada|sem|tampouco|nao"),
}
_SOFT_NEGATOR = {
    "en": kind_of_word(
        r"un(?:able|likely|known|clear|common|necessary|safe|affected|aware|available|treated|related|certain|reported|usual"
        r"|wanted|willing|expected|explained|tested|specific|vaccinated|less|fortunately|changed|resolved|reliable|seen"
        r"|controlled|protected|diagnosed|detected|derstudied|stable|important|healthy|happy|identified|noticed)"
        r"|in(?:sufficient|effective|adequate|capable|complete|valid|accurate|appropriate|consistent|eligible|significant"
        r"|ability|efficient|active|efficacious|frequent)(?:ly)?|im(?:possible|possibility|proper|probable)|ir(?:relevant|regular)"
        r"|lack\w*|fail\w*|absen\w+|free|avoid\w*|except\w*|rarely|seldom|hardly|barely|scarcely|few|little|refus\w+"
        r"|den(?:y|ied|ies)|exclud\w+|rather|instead|stop(?:s|ped)?|miss(?:es|ed|ing)?|asymptomatic|unlike"
        r"|\w{3,}less|non\w{5,}|negative|barring|discontinu\w+"
    ),
    "pt": kind_of_word(
        r"in(?:específic|capa|suficien|adequad|efica|efetiv|disponív|complet|válid|precis|apropriad|consisten|elegív|significan"
        r"|ativ|comu|comum|cert|ábil|frequent|felizmente)\w*|im(?:possí|possib|prov|própri)\w*|ir(?:relev|regul)\w*"
        r"|des(?:conhec|necess|provid|continu)\w*|falt\w+|falh\w+|fracass\w+|ausen\w+|ausên\w+|livres?|isent\w+|evit\w+|exce[tç]\w*"
        r"|rar\w+|pouc\w+|dificilmente|recus\w+|neg(?:a|am|ou|aram|ar|ativ[oa]s?)|exclu\w+|deix(?:a|am|ou|aram|ar|ando)"
        r"|salvo|assintomátic\w+|senão|sequer|pare|parem|parar|parou|pararam|parando|interromp\w+|cess(?:a|am|ar|ou|aram)"
    ),
}
_HEDGES = {
    "en": kind_of_word(
        r"may|might|could|suggest\w*|seem(?:s|ed|ing(?:ly)?)?|likely|unlikely|possibly|perhaps|probably|probable|presumably"
        r"|apparently|maybe|conceivably|potentially|supposedly|presumed|purported\w*|propos(?:es?|ed)"
    ),
    "pt": kind_of_word(
        r"talvez|sugere\w*|sugeri\w*|sugir\w+|sugestão|parec(?!id)\w+|provavelmente|prováve(?:l|is)|improváve(?:l|is)"
        r"|possivelmente|aparentemente|presum\w+|supost\w+|supõe\w*|porventura|quiçá|potencialmente"
        r"|poss(?:a|am|amos)|pode|podem|podemos|poderá|poderão|poderia|poderiam|poderíamos|pudesse\w*|puder\w*|poder"
    ),
}
_WEAK_HEDGES = {
    "en": kind_of_word(
        r"can|cannot|can't|would|should|possib\w+|potential|potentials|appear(?:s|ed)?|tend(?:s|ed|ency)?|estimat\w+|indicat\w+"
        r"|hypothes\w+|able|unable|thought|believ\w+|expected|chances?|prone|assum\w+|suspect\w*|plausibl\w+|impl(?:y|ies|ied)"
        r"|propos\w+|hint\w*|alleged\w*|perceived"
    ),
    "pt": kind_of_word(
        r"possíve(?:l|is)|possibi\w+|potencia(?:l|is)|aparece\w*|tend(?:e|em|ia|iam|eu|ência|ências)|estim(?:a|am|ativa|ativas|ou|ad\w+)"
        r"|indic(?:a|am|ou|aram|ando|ad\w+)|hipótes\w+|capaz(?:es)?|acredit\w+|chances?|probabili\w+|propens\w+|suspeit\w+"
        r"|plausíve(?:l|is)|conseg\w+|podia\w*|pôde|puderam|dev(?:eria|eriam)|eventua\w+|prop[õôu]\w+|prop(?:or|unha\w*)|propost\w+|aponta\w*"
        r"|\w{2,}[aei]ri(?:a|am|amos)|apt[oa]s?|sujeit\w+|passíve\w+|cogit\w+"
    ),
}
_ABILITIES = frozenset(["can", "cannot", "can't"])
_CAN_UNSAID = re.compile(
    r"\bso (?:that )?(?:\w+ ){1,4}?can\b|\bas \w+ as (?:\w+ )?can\b"
    r"|\b(?:can|cannot|can't|can not) (?:\w+ly )?(?:see|hear|feel|smell|imagine|remember|afford|wait|expect|count|stand|help but)\b"
)
_COMPARED = re.compile(
    r"\b(?:more|less|most|least|as|equally|twice|times) (?:\w+ )?(?:likely|probable)\b|\bmay (?=\d)|\bas \w+ as possible\b"
    r"|\b(?:mais|menos|tão|igualmente|vezes) (?:\w+ )?(?:prováve(?:l|is)|possível)\b"
)
_MONTH = re.compile(
    r"(?<=[.\d,] )May\b|\bMay(?= \d|,| of\b)|(?:\b(?:in|of|since|until|by|from|and|to|through|early|late|mid) )May\b"
)

_ASSOCIATION = {
    "en": re.compile(
        r"\b(?:associat(?:ed|ion|ions)|correlat(?:ed|es?|ions?)|linked|links? (?:between|to|with)|relationships? between|tied to"
        r"|go(?:es)? along with|went along with|predict(?:s|ed|ors?)?|connected (?:to|with)|connections? between"
        r"|relate[sd]? to|goes hand in hand|go hand in hand|went hand in hand)\b"
    ),
    "pt": re.compile(
        r"\b(?:associad[oa]s?|associa(?:ção|ções)|correlacion(?:ad[oa]s?|a|am|ou|aram|ava|avam)|correla(?:ção|ções)|(?:associ|relacion)(?:a|am|ou|aram|ava|avam)-se|ligad[oa]s? (?:a|à|ao|aos|às|com)"
        r"|ligação entre|relacionad[oa]s? (?:a|à|ao|aos|às|com)|relaç(?:ão|ões) entre|vinculad[oa]s? (?:a|à|ao|aos|às)"
        r"|predi(?:z|zem|sse|sseram|tor|tora|tores)|prevê|preveem|previu|previram|conectad[oa]s? (?:a|à|ao|aos|às|com)"
        r"|anda(?:m)? junt[oa]s?)\b"
    ),
}
# Whatever an association may be translated by.
_ASSOCIATION_LOOSELY = {
    "en": re.compile(
        r"\b(?:associat\w+|correlat\w+|link(?:s|ed|ing)?|relationships?|tied to|along with|predict\w*|connect\w*|relat\w+"
        r"|co-?occur\w*|accompan\w+|hand in hand|together with|bonds?|bound)\b"
    ),
    "pt": re.compile(
        r"\b(?:associ\w+|correla\w+|lig\w+|relac\w+|relaç\w+|vincul\w+|vínculos?|acompanh\w+|conex\w+|conect\w+|predi\w+"
        r"|prevê\w*|previ\w+|elos?|junt[oa]s?)\b"
    ),
}
_CAUSE = {
    "en": re.compile(
        r"\b(?:caus(?:e|es|ed|ing)|lead(?:s|ing)? to|led to|results? in|resulted in|resulting in|produc(?:e|es|ed)"
        r"|trigger(?:s|ed)?|provok(?:e|es|ed)|induc(?:e|es|ed)|brings? about|brought about|gives? rise to"
        r"|(?:is|are|was|were) responsible for|generat(?:e|es|ed))\b"
    ),
    "pt": re.compile(
        r"\b(?:causa(?:m|va|vam|ram|ndo|r|rá|rão)?|causou|causad[oa]s?|provoca(?:m|va|vam|ram|ndo|r)?|provocou"
        r"|provocad[oa]s?|lev(?:a|am|ou|aram|ava|avam|ando|ar) (?:a|à|ao|aos|às)|gera(?:m|va|ram|ndo|r)?|gerou"
        r"|ocasiona\w*|ocasionou|desencade\w+|acarret\w+|resulta(?:m|va|ram|ndo)? em|resultou em|resultar em|produz(?:em|iu|iram)?"
        r"|induz(?:em|iu|iram)?|(?:é|são|foi|foram) responsáve(?:l|is)|faz(?:em)? com que|fez com que|fizeram com que)\b"
    ),
}
_CAUSE_LOOSELY = {
    "en": re.compile(
        r"\b(?:caus\w+|leads?|led|leading|results?|resulted|resulting|produc\w+|trigger\w*|provok\w+|induc\w+|brings? about"
        r"|brought about|mak(?:e|es|ing)|made|gives? rise|gave rise|responsib\w+|generat\w+|due|owing|thanks|because"
        r"|contribut\w+|reasons?|elicit\w*|attribut\w+)\b"
    ),
    "pt": re.compile(
        r"\b(?:caus\w+|provoc\w+|lev(?:a|am|ou|aram|ava|avam|ando|ar|em)|gera(?:m|va|vam|ram|ndo|r)?|gerou|ocasion\w+"
        r"|desencade\w+|acarret\w+|result\w+|produ[zç]\w*|induz\w*|responsáve\w+|faz(?:em)? com que|fez com que|devid\w+"
        r"|dev[ei]\w*-se|se dev\w+|graças|contribu\w+|porque|pois|motiv\w+|raz(?:ão|ões)|atribu\w+|conduz\w*|por conta|em função|decorr\w+|consequ\w+"
        r")\b"
    ),
}
_CHANGE = {
    "en": re.compile(
        r"\b(?:increases?|raises?|reduces?|lowers?|improves?|worsens?|boosts?|harms?|prevents?|protects?|makes?)\b"
    ),
    "pt": re.compile(
        r"\b(?:aumenta(?:m)?|eleva(?:m)?|reduz(?:em)?|diminu(?:i|em)|melhora(?:m)?|piora(?:m)?|prejudica(?:m)?|previne(?:m)?"
        r"|protege(?:m)?|agrava(?:m)?|faz(?:em)?)\b"
    ),
}

_MAY_NOT = {
    "en": re.compile(
        r"\b(?:may|might|could) (?:well |also |still |simply )?(?:not|never)\b|\bmightn't\b|\bperhaps not\b"
    ),
    "pt": re.compile(
        r"\b(?:pode|podem|poderá|poderão|poderia|poderiam|possa|possam) (?:até |também |simplesmente |ainda )?(?:não|nunca|nem)\b"
        r"|\btalvez (?:\w+ ){0,4}?(?:não|nunca|nem)\b|\b(?:pode ser|possível|provável) que (?:\w+ ){0,5}?(?:não|nunca|nem)\b"
        r"|\bpossivelmente não\b|\bnem sempre\b|\bnão necessariamente\b"
    ),
}
_CAN_NOT = {
    "en": re.compile(
        r"\bcan ?not\b|\bcan't\b|\bcould not\b|\bcouldn't\b|\bmust not\b|\bmustn't\b|\b(?:is|are|was|were) (?:not|un)\s?able to\b"
        r"|\bcan never\b|\bimpossible\b|\bno \w+ can\b|\bneither \w+ can\b|\bcan no longer\b|\bshould not\b|\bshouldn't\b"
    ),
    "pt": re.compile(
        r"\b(?:não|nunca|jamais|nem)(?: se| nos| lhes?| [oa]s?| mais)? (?:pode|podem|poderá|poderão|poderia|poderiam|podia|podiam|pôde"
        r"|puderam|podemos|possa|possam)\b|\bé impossível\b|\bnão é possível\b|\bnão (?:consegue|conseguem)\b|\bnão dev\w+\b"
        r"|\bincapaz\w*\b"
    ),
}
_FLATLY_NOT = {
    "en": re.compile(
        r"\bcan ?not\b|\bcan't\b|\bcould not\b|\bcouldn't\b|\bmust not\b|\bmustn't\b|\b(?:do|does|did|will|would) not\b"
        r"|\b(?:don't|doesn't|didn't|won't|wouldn't)\b|\b(?:is|are|was|were) (?:not|unable)\b"
    ),
    "pt": re.compile(
        r"\b(?:não|nunca|jamais|nem)(?: se| nos| lhes?| [oa]s?)? (?:pode|podem|poderá|poderão|podemos|poderia|poderiam)\b"
    ),
}


def negations(reading: Reading) -> tuple[Span, ...]:
    """Where a text says no, each denial once: `não ... nenhum` and `neither ... nor` deny one thing."""
    test = _NEGATOR.get(reading.language)
    if test is None:
        return ()
    denying = [word for word in reading.words if test(word.lower)]
    if not denying:
        return ()
    empty = matches(_EMPTY_NOT, reading.lower)
    found = [word for word in denying if not any(a <= word.start < b for a, b in empty)]
    return tuple(_each_denial_once([(word.lower, word.span) for word in found], reading))


_NEGATIVE_CONCORD = frozenset(
    ["nenhum", "nenhuma", "nenhuns", "nenhumas", "ninguém", "nada", "nunca", "jamais", "nem", "nor"]
)
_CONCORD_REACH = 60
_CLAUSE_END = re.compile(r"[.;:!?]|, (?:mas|but|and|e) ")


def _each_denial_once(found: list[tuple[str, Span]], reading: Reading) -> Iterator[Span]:
    last: Span | None = None
    for word, span in found:
        near = last is not None and span[0] - last[1] <= _CONCORD_REACH
        same_clause = near and last is not None and not _CLAUSE_END.search(reading.lower, last[1], span[0])
        if not (word in _NEGATIVE_CONCORD and same_clause):
            yield span
        last = span


_STRONGLY_SOFT = {
    "en": kind_of_word(r"fail(?:s|ed)|unable|lack(?:s|ed)|impossible|incapable|insufficient|ineffective"),
    "pt": kind_of_word(
        r"incapaz(?:es)?|impossíve(?:l|is)|falh(?:ou|aram)|fracass(?:ou|aram)|insuficientes?|inefica(?:z|zes)"
    ),
}


def strong_denials(reading: Reading) -> tuple[Span, ...]:
    """Where a text denies without a "not", plainly: `failed to`, `incapaz`."""
    test = _STRONGLY_SOFT.get(reading.language)
    return tuple([word.span for word in reading.words if test(word.lower)]) if test else ()


def soft_negations(reading: Reading) -> int:
    """How many words deny in another way: `unable`, `lack`, `apenas`."""
    test = _SOFT_NEGATOR.get(reading.language)
    return sum(test(word.lower) for word in reading.words) if test else 0


def hedges(reading: Reading) -> tuple[Span, ...]:
    """Where a text says that something may be so."""
    test = _HEDGES.get(reading.language)
    if test is None:
        return ()
    hedging = [word for word in reading.words if test(word.lower)]
    if not hedging:
        return ()
    beside = (*matches(_COMPARED, reading.lower), *matches(_MONTH, reading.unlinked))
    return tuple([word.span for word in hedging if not any(a <= word.start < b for a, b in beside)])


def abilities(reading: Reading) -> tuple[Span, ...]:
    """Where an English text says "can" and "cannot", which Portuguese says with the same word as "may"."""
    return tuple([word.span for word in reading.words if word.lower in _ABILITIES]) if reading.language == "en" else ()


def possibilities(reading: Reading) -> tuple[Span, ...]:
    """The same, without those that Portuguese leaves to the verb: "so that we can talk", "we can see"."""
    able = abilities(reading)
    beside = matches(_CAN_UNSAID, reading.lower) if able else ()
    return tuple([span for span in able if not any(a <= span[0] < b for a, b in beside)])


def weak_hedges(reading: Reading) -> int:
    """How many words of a text can stand for a hedge of the other language."""
    test = _WEAK_HEDGES.get(reading.language)
    return sum(test(word.lower) for word in reading.words) if test else 0


def _spans(patterns: dict[str, re.Pattern[str]], reading: Reading) -> tuple[Span, ...]:
    pattern = patterns.get(reading.language)
    return matches(pattern, reading.lower) if pattern else ()


def associations(reading: Reading) -> tuple[Span, ...]:
    """Where a text says that things go together."""
    return _spans(_ASSOCIATION, reading)


def associations_loosely(reading: Reading) -> tuple[Span, ...]:
    """Where a text has anything that an association may be translated by."""
    return _spans(_ASSOCIATION_LOOSELY, reading)


def causes(reading: Reading) -> tuple[Span, ...]:
    """Where a text says that one thing makes another."""
    return _spans(_CAUSE, reading)


def causes_loosely(reading: Reading) -> tuple[Span, ...]:
    """Where a text has anything that may be translated by a word for a cause."""
    return _spans(_CAUSE_LOOSELY, reading)


def changes(reading: Reading) -> tuple[Span, ...]:
    """Where a text says in the present tense that something raises or lowers something."""
    return _spans(_CHANGE, reading)


def may_nots(reading: Reading) -> tuple[Span, ...]:
    """Where a text says that something perhaps is not so."""
    return _spans(_MAY_NOT, reading)


def can_nots(reading: Reading) -> tuple[Span, ...]:
    """Where a text says that something is impossible or forbidden."""
    return _spans(_CAN_NOT, reading)


def flat_denials(reading: Reading) -> tuple[Span, ...]:
    """Where a text denies without a perhaps."""
    return _spans(_FLATLY_NOT, reading)
