"""What the sentences of an abstract are for: who took part, what was asked, and what was found first."""

import re
from collections.abc import Sequence

WHO = (
    r"(?:participants?|couples?|patients?|clients?|adults?|women|men|people|persons?|children|adolescents|students?|studies|trials?"
    r"|parents|mothers|fathers|grandparents|individuals|families|respondents|volunteers|therapists|therapies|partners|caregivers"
    r"|widows|widowers|interviews"
    r"|participantes|casais|casal|pacientes|clientes|adult[oa]s|mulheres|homens|pessoas|idos[oa]s|crianças|adolescentes|estudantes"
    r"|alun[oa]s|estudos|ensaios|pais|mães|indivíduos|famílias|voluntári[oa]s|terapeutas|terapias|parceir[oa]s|cuidador(?:es|as)"
    r"|entrevistas)"
)
"""Who and what samples are counted in."""

_SPELLED = (
    r"(?:(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    r"|hundred)(?:-\w+)?"
    r"|dois|duas|três|quatro|cinco|seis|sete|oito|nove|dez|onze|doze|treze|quatorze|catorze|quinze|dezesseis|dezessete|dezoito"
    r"|dezenove|vinte|trinta|quarenta|cinquenta|sessenta|setenta|oitenta|noventa|cem|\w+entos|\w+entas)"
)
_SAMPLE = re.compile(
    rf"\bn ?= ?\d|\b(?:\d[\d.,]*\d|{_SPELLED}(?: (?:(?:e|and|hundred|hundred and) )?{_SPELLED})?)\s+(?:\w+\s+){{0,2}}?{WHO}\b",
    re.IGNORECASE,
)
_AIM = re.compile(
    r"\b(?:(?:we|this (?:\w+ )?(?:study|review|paper|trial)) (?:wanted|aim(?:s|ed)|asks?|tested|examin\w+|looked (?:for|at)|searched|reviewed"
    r"|set out|carried out|reports)|to find out|objectives?|aims?|purpose"
    r"|(?:buscamos|queríamos|quisemos|verificamos|testamos|avaliamos|examinamos|revisamos)|o objetivo"
    r"|est[ea] (?:estudo|revisão|pesquisa|artigo|ensaio) (?:pergunta|reuniu|verificou|examinou|avaliou|testou|busca|buscou))\b",
    re.IGNORECASE,
)
_PROCEDURE = re.compile(
    r"\b(?:we (?:asked|interviewed|filmed|followed|searched|looked|counted|compared|measured|chose|included|recruited|recorded|tested)"
    r"|two of us|answered|filled in|questionnaires?|interview\w*|received|randomi\w+|by lot|coin|registers?|databases?|raters?|rated by"
    r"|were asked|assigned"
    r"|incluímos|perguntamos|entrevistamos|acompanhamos|aplicamos|responderam|respondeu|questionári\w+|sortead\w+|bases de dados"
    r"|receberam|registr\w+|foram (?:convidad|incluíd|encontrad)\w+|avaliaram)\b",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(?:more|less|fewer|higher|lower|greater|smaller|better|worse|than|difference|differ\w*|associated|linked|predict\w*|grew|fell"
    r"|reduced|increased|improved|decreased|no (?:change|effect|link)|neither|not|felt|reported"
    r"|mais|menos|maior|menor|melhor|pior|do que|diferença|diferi\w+|associad\w+|relacionad\w+|previu|caiu|reduz\w+|aument\w+"
    r"|diminu\w+|melhor\w+|não|sentia\w*|relat\w+|disseram)\b",
    re.IGNORECASE,
)
_TOLD = 2


def states_sample(sentence: str) -> bool:
    """Whether a sentence says how many took part, in digits or in words."""
    return _SAMPLE.search(sentence) is not None


def states_aim(sentence: str) -> bool:
    """Whether a sentence says what was asked or looked for, not what was found."""
    return _AIM.search(sentence) is not None


def main_results(sentences: Sequence[str]) -> tuple[int, ...]:
    """Return the places of the first two sentences that tell a result.

    Abstracts tell the main one first, after who took part and what was done with them.
    """
    began = next((place for place, one in enumerate(sentences) if states_sample(one)), len(sentences))
    return tuple(place for place in range(began + 1, len(sentences)) if _tells_result(sentences[place]))[:_TOLD]


def _tells_result(sentence: str) -> bool:
    if sentence.endswith("?") or _PROCEDURE.search(sentence) or states_aim(sentence):
        return False
    return _RESULT.search(sentence) is not None
