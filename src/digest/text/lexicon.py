"""Common words of both languages that mean the same and do not look alike: evidence for alignment, never a translation."""

from collections.abc import Iterator

_PAIRS = """
study studies : estudo estudos | research researcher* : pesquis* | review* : revis* | finding* found : achado* encontr*
people persons : pessoas gente | person somebody someone anyone : pessoa alguem ninguem | partner* : parceir*
couple* : casal casais | loneliness lonely alone : solid* sozinh* | attachment : apego | bond* tie* : lac* vincul*
feel* felt : sent* | close* closeness : proxim* perto | health* : saud* | life lives live living : vida* viv*
long* : long* tempo | question* ask* : pergunt* | measure* : medid* medi* medem | most* : maior* | country countries : pais paises
income : renda | may might : pode podem poderia* talvez | cannot : "nao pode" podem | not : nao | cause* : causa*
link* associat* : associa* ligad* | group* : grupo* | year* : ano anos | old older : velh* mais | new newer later : nov* recent* posterior*
book* : livro* | word* : palavr* | way* : jeito maneira* forma* | child* : crianca* | women woman : mulher* | men man : homem homens
mother* : mae maes | father* : pai | friend* friendship* : amig* amizad* | family families : famil* | neighbour* neighbor* : vizinh*
help* : ajud* | need* : precis* necess* | want* wish* : quer* desej* | think thought* : pens* ideia* | show* : mostr* | know* : sab* conhec*
say says tell* told : diz* disse* | see* seen : ver vist* | hear* heard : ouv* | read* : ler leitur* li lid* | write* written wrote : escrev* escrit*
look* : olh* | begin* start* : comec* inici* | end* : fim final* | small* little : pequen* pouc* | large* big : grande* ampl*
good better best : bom boa bons boas melhor* | bad worse worst : ma mau pior* | poor* : fragil pobre* | right : certo direit*
wrong : errad* | hard* difficult* : dificil dificuldad* dificultar | easy easi* : facil* | first : primeir* | second : segund*
third : terceir* | one : um uma | two both : dois duas ambos ambas | three : tres | four : quatro | five : cinco | six : seis | ten : dez
week* : semana* | month* : mes meses | day* : dia dias | time* : vez vezes tempo | night* : noit* | morning* : manha*
home* house* : casa lar | work* : trabalh* | world : mundo | love* : amor am* | fear* : medo* | sleep* : sono dorm* | anger angry : raiva
quarrel* argu* fight* : brig* discuss* | conversation* talk* : conversa* fal* | listen* : escut* | heart* : corac* | brain* : cerebr*
body bodies : corpo* | mind* : mente* | death* die* dying mortality : mort* | disease* illness* sick* : doenc* doent* | pain* : dor dores
risk* : risco* | harm* : dano* prejud* | change* : mudan* mudar | grow* : cresc* | keep* : manter manutenc* guard* | part* : parte particip*
safe* safety secur* : segur* | hope* : esperan* | trust* : confi* | stress* : estress* | support* : apoi* | care* : cuid* | child* : infan*
because since : porque pois "ja que" | although though : embora | before : antes | after* : depois apos | again : novo outra novamente
always : sempre | never : nunca | many much : muit* | few fewer : pouc* | every each all : todo* toda* cada | only : apenas so
sample* : amostra* | trial* : ensaio* | therapist* : terapeut* | sound : solid* | gather* : reun* | high* : alt* elevad* | low* : baix*
describe* : descrev* | comment* : coment* | path* : caminho* | side* : lado* | name* naming : nome* | step* : passo* | story stories : histor*
alike same : mesm* igual* | different* differ* : difer* | other* another : outr* | own : propri* | also too : tambem | without : sem | between : entre
such as like : como | which who that : que quem | why : porque | when : quando | what : que | where : onde | if : se | whether : se
young* : jovem jovens | age* aged : idade* | adult* : adult* | teach* school* : ensin* escol* | doctor* : medic* | lead* : lev* conduz*
sometimes : vezes | often : frequen* vezes costum* | usually : costum* geralmente | more : mais | less : menos | than : que | really : realmente
"""


def _entries() -> Iterator[tuple[str, str]]:
    """Yield (word or beginning with a star, meaning); the meaning is the English side as it is written."""
    for pair in _PAIRS.replace("\n", "|").split("|"):
        english, _, portuguese = pair.partition(":")
        for word in (*english.split(), *portuguese.replace('"', "").split()):
            yield word, english.strip()


def _read() -> dict[str, frozenset[str]]:
    meanings: dict[str, frozenset[str]] = {}
    for word, meaning in _entries():
        meanings[word] = meanings.get(word, frozenset()) | {meaning}
    return meanings


_MEANINGS = _read()
_SHORTEST_BEGINNING = 2


def meanings_of(word: str) -> frozenset[str]:
    """Return what a word (lower case, no accents) may mean; the same meaning in both languages is the same string."""
    beginnings = (word[:length] + "*" for length in range(_SHORTEST_BEGINNING, len(word) + 1))
    found = _MEANINGS.get(word, frozenset())
    return found.union(*(_MEANINGS.get(beginning, frozenset()) for beginning in beginnings))
