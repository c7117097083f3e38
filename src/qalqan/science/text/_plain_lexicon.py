"""Words that a public answer should do without: of war, of blame, of groups and faiths.

Written for this project. A word ending in ``*`` stands for all words that begin so; others are
whole words, and of Kazakh words the forms with suffixes as well. The Kazakh "жау" is there only in
forms that cannot mean rain.
"""

# ruff: noqa: SIM905 -- a block of words is easier to read and mend than a list of literals.
from __future__ import annotations

from collections.abc import Mapping

WAR: Mapping[str, tuple[str, ...]] = {
    "kk": tuple(
        """соғыс соғыс* жауы жаумен жауға жаудың жаулар* жауымыз* жауыңыз* жауыз* дұшпан*
        шайқас* ұрыс майдан* шабуыл* соққы* қират* жойқын* жауынгер*
        атака* диверси* басқыншы* оккупа* мобилиза* қырғын* қару* жаппай* талқанда* жойып
        жойды""".split()
    ),
    "ru": tuple(
        """война войны войне войну войной войнам войнах враг* вражеск* битв* сражен* сража* бой
        боя бои боев* фронт* атак* удар удара удары ударом наступлен* оруж* уничтож* истреб*
        диверс* оккупа* захватчик* мобилиз* зачистк* ликвидир* бомб* разгром* отпор* неприятел*
        противник* победим* добь*""".split()
    ),
    "en": tuple(
        """war wars warfare enemy enemies battle* fight fights fighting fought combat* attack*
        assault* weapon* front frontline destroy* annihilat* crush* invad* invasion* occup*
        mobilis* mobiliz* eliminat* bomb* strike strikes offensive saboteur* sabotage""".split()
    ),
}

GROUPS: Mapping[str, tuple[str, ...]] = {
    "kk": tuple(
        """мұсылман* христиан* православ* баптист* иегова* еврей* яһуди* сектант* секта* сүннит*
        шиит* сәләфи* салафи* уаһаби* уахаби* намазхан* дінші* діндар* сақалды* хиджаб* мешіт*
        шіркеу* өзбек* орыстар* орыс қазақтар* шешен* ұйғыр* дүнген* күрд* түрік* сыған* қытай*
        тәжік* қырғыз* әзербайжан* мигрант* босқын* келімсек* қандас* оралман* шетелдік*
        атеист*""".split()
    ),
    "ru": tuple(
        """мусульман* ислам* христиан* православн* баптист* иегов* евре* иуде* сект* суннит*
        шиит* салафит* ваххабит* верующ* религиозн* бородат* хиджаб* мечет* церк* узбек* русские
        русских русским казахи казахов казахам чечен* уйгур* дунган* курды курдов турки турок
        цыган* китайц* таджик* киргиз* азербайджан* кавказц* мигрант* приезж* беженц* оралман*
        кандас* иностранц* атеист* нацмен*""".split()
    ),
    "en": tuple(
        """muslim* islam* christian* orthodox baptist* jehovah* jew jews jewish sect sects
        sectarian* sunni* shia* salafi* wahhabi* believers religious bearded hijab* mosque*
        church* uzbek* russians kazakhs chechen* uyghur* uighur* dungan* kurd kurds kurdish
        turks gypsy gypsies roma chinese tajik* kyrgyz azeri* azerbaijani* caucasian* migrant*
        immigrant* refugee* foreigner* newcomers atheist*""".split()
    ),
}

BLAME: Mapping[str, tuple[str, ...]] = {
    "kk": tuple(
        """кінә* айып* жауапты кесір* салдарынан ұйымдастыр* өртеді өртеген арандат* қауіпті
        қылмыс* лаңкес* террор* экстрем* тұр жасаған жасады улаған улады ұрлаған ұрлады
        бүлдір* азғыр*""".split()
    ),
    "ru": tuple(
        """винов* вина виной вине вину винят обвин* из-за устроил* подожг* поджигател* организов*
        стоит стоят подстрек* угрожа* угроза угрозу опасны опасен преступ* террор* экстрем*
        напал* отравил* украл* провоц* разжиг* несут""".split()
    ),
    "en": tuple(
        """blam* guilty guilt fault faults because caused behind responsible incit* organised
        organized threat threats threaten* dangerous crimin* terror* extrem* attacked poisoned
        stole provok* spread spreading""".split()
    ),
}

EMPTY: Mapping[str, frozenset[str]] = {
    "kk": frozenset(
        "және мен бен пен бұл сол осы үшін емес жоқ бар деп деген туралы бірақ қалай неге".split()
    ),
    "ru": frozenset(
        """это что как для или нет есть был была было были его она они нас вас так уже еще ещё при
        про под над без где кто чем""".split()
    ),
    "en": frozenset(
        """the and for are was were not this that with from have has had but there what who how
        why its into about than will""".split()
    ),
}
"""Words that say nothing by themselves, so that two texts sharing them do not say the same."""
