"""Given names that are common where the sites are, to tell names of people from other words.

Names that are also words, months, drugs, places of clinics or usual codes are left out on purpose
(April, Mark, Grace, Florence, Santiago …), so that a column of such words is none of names.
"""

import re
import unicodedata

_ENGLISH = """
james john robert michael william david richard joseph thomas charles christopher daniel matthew
anthony donald steven paul andrew joshua kenneth kevin brian george edward ronald timothy jason
jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin samuel
gregory patrick alexander jack dennis jerry tyler aaron nathan henry peter douglas zachary kyle
mary patricia jennifer linda elizabeth barbara susan jessica sarah karen nancy lisa betty sandra
margaret ashley kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca
sharon laura cynthia kathleen amy angela shirley emma brenda pamela nicole helen samantha katherine
christine debra rachel carolyn janet catherine heather diane olivia julie joyce ruth virginia jane
alice allen jaida richard roger simon oliver harry ian nigel fiona gillian alison joanne claire
"""
_SPANISH_PORTUGUESE = """
antonio jose manuel francisco juan javier miguel carlos alejandro rafael fernando sergio jorge
alberto alvaro adrian raul enrique ramon vicente andres joaquin ivan eduardo ruben oscar pedro luis
maria ana carmen josefa isabel lucia cristina antonia francisca marta raquel manuela beatriz alba
teresa elena silvia patricia sonia montserrat rocio sara paula monica irene andrea yolanda
joao paulo lucas marcos mateus gabriel rafael felipe gustavo guilherme rodrigo thiago tiago bruno
marcelo leonardo vinicius henrique caio diogo goncalo nuno rui duarte afonso tomas
juliana fernanda camila aline bruna larissa leticia gabriela mariana vanessa adriana luciana
renata tatiana catarina joana ines margarida rita carolina matilde
"""
_GERMAN_FRENCH = """
hans peter wolfgang klaus jurgen michael dieter manfred thomas andreas stefan werner helmut uwe
gerhard bernd rainer horst heinz matthias markus joachim jens sven florian sebastian lukas tobias
felix jonas leon finn ursula monika petra sabine renate helga karin brigitte ingrid erika andrea
gisela claudia susanne gabriele christa anna katharina julia birgit heike martina nicole stefanie
jean pierre michel andre philippe alain bernard jacques francois nicolas christophe laurent olivier
stephane thierry pascal julien sebastien guillaume maxime antoine mathieu hugo
marie nathalie isabelle sylvie catherine francoise valerie christelle sandrine veronique celine
chantal brigitte amelie aurelie emilie camille lea manon chloe mathilde anais juliette
"""

_PLACE_WORDS = """
hospital clinic clinica klinik klinikum krankenhaus hopital clinique centre center centro zentrum
institute instituto institut university universidade universidad universitat universite street road
school unit ward department trust foundation laboratory
"""


def _plain(word: str) -> str:
    split = unicodedata.normalize("NFKD", word)
    return "".join(char for char in split if not unicodedata.combining(char)).casefold()


GIVEN_NAMES = frozenset(f"{_ENGLISH}{_SPANISH_PORTUGUESE}{_GERMAN_FRENCH}".split())
"""Given names, plain."""
_CAPITALISED = re.compile(r"[^\W\d_a-zß-ÿ][^\W\d_]*(?:['’.-][^\W\d_]+)*\.?")
_PLACES = frozenset(_PLACE_WORDS.split())
_PARTICLES = {"de", "da", "do", "dos", "das", "del", "la", "von", "van", "der", "den", "e", "y"}


def is_given_name(word: str) -> bool:
    """Return whether a word is a common given name, with a capital first letter.

    Examples
    --------
    >>> is_given_name("José"), is_given_name("baseline"), is_given_name("JANE")
    (True, False, True)
    """
    return word[:1].isupper() and all(_plain(part) in GIVEN_NAMES for part in word.split("-"))


def is_full_name(text: str) -> bool:
    """Return whether a text is a given name with one to four names after it, or "Doe, Jane".

    Examples
    --------
    >>> is_full_name("Jane Doe"), is_full_name("Doe, Jane"), is_full_name("Ana Maria dos Santos")
    (True, True, True)
    >>> is_full_name("São Paulo"), is_full_name("Jane"), is_full_name("Jane rated this")
    (False, False, False)
    """
    last, comma, first = text.partition(",")
    names = _names(f"{first} {last}" if comma else text)
    return bool(names) and is_given_name(names[0])


def is_turned_name(text: str) -> bool:
    """Return whether a text is names with a given name among them, in whatever order.

    Alone it may be a place (São Paulo); in a column of such texts it is a name.

    Examples
    --------
    >>> is_turned_name("Doe Jane"), is_turned_name("Major Depression")
    (True, False)
    """
    return any(map(is_given_name, _names(text.replace(",", " "))))


def _names(text: str) -> list[str]:
    names = [word for word in text.split() if word not in _PARTICLES]
    is_named = 2 <= len(names) <= 5 and all(map(_CAPITALISED.fullmatch, names))
    return names if is_named and not _PLACES & {_plain(name) for name in names} else []
