"""Words and endings that tell Kazakh, Russian and English apart.

Written for this project from grammar and everyday use: function words, the words province
messages are made of, and inflectional endings. Loan words shared by two of the languages are
left out on purpose. Cyrillic Kazakh words are also used in Latin spellings, see `latin_forms`.
"""

# ruff: noqa: SIM905 -- a block of words is easier to read and mend than a list of literals.
from __future__ import annotations

KAZAKH = """
мен сен сіз ол біз олар бұл осы сол ана мына анау мынау өз өзі менің сенің оның біздің сіздің
олардың маған саған оған бізге сізге оларға мені сені оны бізді сізді оларды бәрі барлық барлығы
ештеңе ешкім ешқандай кім не қай қайда қайдан қашан қалай неге неше қанша нешеде және мен бен пен
да де та те немесе әлде бірақ алайда сондықтан өйткені себебі егер үшін туралы жайлы дейін кейін
соң бұрын дейді деді деп деген екен емес жоқ бар болды болады болмайды болған болып бол боп болар
еді еткен етті етеді еді еш тек ғана ғой шы ші ма ме ба бе па пе иә жо жоғ өте ең көп аз үлкен
кіші жаңа ескі жақсы жаман бүгін ертең кеше қазір таңертең кешке түнде күні күн түн апта ай жыл
жылы сағат бір екі үш төрт бес алты жеті сегіз тоғыз он жүз мың адам адамдар халық ауыл қала
қалада ауылда аудан облыс көше көшесі көшеде үй үйде үйге мектеп мектепте балабақша аурухана
аурухананы дәрігер дәрігерлер су сусыз жарық газ жол жолда көпір өзен өрт өртеніп жарылыс дауыс
естілді оқ атыс қару қауіп қауіпті сақ болыңыз болыңыздар қараңыз таратыңыз жіберіңіз айтты
айтады айтып дейд депті жатыр жатқан жүр жүрген тұр тұрған отыр келді келеді келіп кетті кетіп
береді берді алды алады алып жасады жасап жүрек өтірік рас шын шындық ақпарат хабар хабарлама
хабарлады өсек сенбеңіз сеніңіз тоқтатылады жабылады жабық ашық ашылады басталды басталады
қымбаттады бағасы баға нан ұн мал сиыр қой ақша айлық зейнетақы жұмыс жұмысқа бала балалар
балаларды ата ана апа әке шеше аға іні қыз ұл жігіт жігіттер полицияға әкім әкімдік әкімдігі
мәслихат қызметкер қызметкерлер тұрғын тұрғындар тұрғындары ақтөбе ақтөбеде қазақстан
қазақстанда алматыда астанада шалқар қандыағаш хромтау кеңкияқ шұбарқұдық керек мүмкін шығар
сияқты арқылы бойынша кезінде жерде жер жерге ішінде сыртында жанында алдында артында астында
үстінде қатты тез жай енді әлі тағы қайта бірге бөлек рахмет сәлем сәлеметсіз құрметті
достар ағайын құдай аллаһ қош отырмыз жатырмыз жатыр барамыз болсын келсін барма неткен қандай
келіңіз бармаңыз шықпаңыз ішпеңіз қайнатып ауыз ауызсу құбыр қалды қалған қалдық қалыпты шықты
шығып шығады көрдім көрді көрген естідім естіген білесіз білесіздер білмеймін айтшы айтыңызшы
сұрау сұрақ жауап көмек көмектесіңіз көмектесіңіздер машина көлік автобусқа бензин соғыс
""".split()  # fmt: skip

RUSSIAN = """
я ты он она оно мы вы они меня тебя его её ее нас вас их мне тебе ему ей нам вам им мной тобой
нами вами ими это этот эта эти этого этой этих тот та те того той тех что чтобы кто кого кому где
куда откуда когда как так какой какая какие какое сколько почему зачем и а но или либо если то же
ли бы не ни нет да уже ещё еще только лишь даже очень тоже также потому поэтому который которая
которые которого в во на с со к ко о об от до из за по под над при про для без у между через после
перед около вокруг из-за был была было были будет будут быть есть стало стал стали может могут
можно нельзя надо нужно должен должны хочу хотят говорят сказал сказали сказала пишут сообщают
сообщили сообщает сообщил знает знаете знаю думаю видел видели слышал слышали сегодня завтра вчера
сейчас теперь потом вечером утром ночью днём днем неделю неделя месяц год года лет час часа часов
минут люди людей человек человека дети детей детям ребенок ребёнок школа школе школы школу
больница больнице врач врачи врачей вода воду воды свет света газа город городе города село селе
посёлок район района районе область области улица улице улицы дом дома доме дорога дороге дороги
мост пожар взрыв взрыва взрывы стрельба стреляют выстрелы полиция полиции полицейские власти
опасно опасность осторожно внимание срочно перешлите передайте отправьте правда ложь неправда
слух слухи новости говорить деньги цены цена зарплата хлеб мука работа работы работу один два три
четыре пять шесть семь восемь девять десять сто тысяч тысячи всё все всем всех всего вся весь сам
сама сами свой свои своих другой другие новый новая новые большой хорошо плохо много мало больше
меньше здесь там тут никто ничего никогда всегда опять снова ведь вот ну мол якобы будто пусть
закроют закрыли закрыта закрыто отключат отключили отключение перекрыли эвакуация эвакуируют
ждите берегите себя близких спасибо здравствуйте привет пожалуйста помогите помощь нашли пропал
пропала машина машины сотрудники жители жителей жителям среди почти пока вместо ли кстати
""".split()  # fmt: skip

ENGLISH = """
the a an and or but if then that this these those there here it its is are was were be been being
am i you he she we they me him her us them my your his our their of in on at to from by with
without for about into over under after before between through during not no yes do does did done
don't dont have has had having will would can could should may might must shall what who whom which
where when why how all any some many much more most less few other another such only own same so
than too very just also now today tomorrow yesterday tonight morning night week month year hour
hours day days people man men woman women child children kids school schools hospital doctor
doctors water power gas light road roads bridge river fire explosion blast shots shooting heard
police officials authorities government city town village district region street house home news
rumour rumor rumours fake true false real please share forward send warning urgent alert careful
attention careful danger dangerous said says say told reported reports report saw seen know think
going go went come came get got make made take took one two three four five six seven eight nine
ten hundred thousand prices price bread money work job open closed close closing shut cut off out
up down back near around stay safe help thanks thank hello everyone nobody nothing something
everything because until while again still already even never always
""".split()  # fmt: skip

#: Loans that Kazakh and Russian share letter by letter; they say nothing either way.
LOANS = """
автобус полиция бензин интернет вирус бомба банкомат министр министрлік бухгалтерия акимат банк
телефон машина такси газет журнал радио видео фото канал чат сайт программа проект план центр
парк кафе ресторан театр кино музей стадион университет институт колледж студент директор
президент депутат партия парламент прокурор прокуратура адвокат суд закон паспорт виза
вагон поезд станция вокзал аэропорт самолет завод фабрика склад магазин супермаркет базар
доллар рубль тенге процент миллион миллиард литр метр километр градус тонна грамм
дезинфекция вакцина карантин грипп коронавирус аптека фельдшер диагноз операция ветеринар
террорист терроризм теракт экстремизм митинг штаб комиссия форум конференция семинар
спорт футбол хоккей бокс команда чемпион чемпионат трактор комбайн асфальт светофор
компьютер ноутбук смартфон гаджет принтер инженер мастер сержант майор полковник генерал
республика конституция федерация организация корпорация компания фирма акция контракт
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
""".split()  # fmt: skip

#: Inflection of Kazakh and Russian in Cyrillic; weights count against a whole word's 4.
KAZAKH_ENDINGS = """
лар лер дар дер тар тер лары лері дары дері тары тері ның нің дың дің тың тің ында інде ынан інен
ымыз іміз ыңыз іңіз ңыз ңіз дағы дегі тағы тегі майды мейді байды бейді пайды пейді айды ейді ады
еді йды йді дым дім дық дік ған ген қан кен ып іп мын мін сың сің мыз міз сыз сіз шы ші лық лік
дық дік тық тік шылар шілер ына іне ына ыны іні ларға лерге дарға дерге лардың лердің
ніз ныз гізу ғызу ауы қыш кіш ылды ілді ылады іледі ылған ілген арды ерді
""".split()  # fmt: skip

RUSSIAN_ENDINGS = """
ться тся ого его ому ему ыми ими ами ями ах ях ый ая ое ые ий яя ую юю ой ей ешь ишь ет ит ют ят
ут ают яют уют или али ила ала ило ало ули ился лась лись лось ение ения ению ении ание ания ании
ость ости ство ства стве ция ции цию ками ков ках ник ники ников щик чик тель тели телей
ал ил ул ать ить еть уть ов ев ось йте ите ьте айте уйте дку тку вку нку шку бку дка вка шка
нок ные ный ная ное ном ным ных ную ской ский ская ские ского
""".split()  # fmt: skip

ENGLISH_ENDINGS = """
ing ings tion tions ed ly ness ment ments able ible ful less ous ive ity ies ers est ght ck wh
ould ough ally ated
""".split()  # fmt: skip

#: Endings of Kazakh written in Latin letters, marks removed as the normaliser keeps them.
KAZAKH_LATIN_EXTRA = """
zhok jok joq zhoq qazir kazir bugin bügin keshe erten emes eken ghoi goi ğoi goy deidi deydi deyd
degen depti boldy bolady bolmaydy bolmaidy bolmaid bolsyn bolyp bolyn zhatyr jatyr jatyrmyz
rahmet rakhmet salem salam kerek kerekpa kala qala qalada kalada auyl auylda aktobe aqtobe
aqtöbe aktobede aqtobede qazaqstan kazakstan nege qalai kalai qaida kaida qashan kashan men sen
siz biz olar bul bül osy sol ol barlyk barlyq bary bari jaksy zhaksy jaqsy zhaqsy jaman zhaman
onda sonda munda zhaqyn bala balalar adam adamdar halyq halyk su zharyq jaryk jaryq zharyk gaz
zhol jol ui üi uide uige mektep mektepte aurukhana auruhana dariger kop köp uzhe ozi özi ozim
sony onyn onyñ menin menıñ meniñ senin bizdin sizdin tugan jurt zhurt habar khabar aqparat
akparat otirik ötirik shyn ras sak saq bolynyz bolynyzdar taratynyz zhiberiniz jiberinız
""".split()  # fmt: skip

#: Pairs of letters that one language in Latin script has and the other hardly.
KAZAKH_LATIN_PAIRS = """
aq yq uq oq iq qa qy qo qu zh yn yl ys yz yr yd ym yp gy ky zy jy dy ty ny ly ry sy my by uy uı ıa
aı oı eı ja ju je ji jo kh ui iz ik ek ak yk lk nb mb jn rg qt ql qs qp rq lq
""".split()  # fmt: skip

ENGLISH_PAIRS = """
th wh ck ee oo ou ea ph ow ew ll ss ff pp tt tr st ch ct ve ce ge wa wo we wi ho he ha fi fo fr fe
fl pl cl bl br cr gr pr dr sp sc sw sm ev iv ov av ci io ie ue ay
""".split()  # fmt: skip

LATIN_COMMON: dict[str, str] = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "j", "з": "z", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ф": "f",
    "х": "h", "һ": "h", "ы": "y", "э": "e", "ц": "ts", "ё": "io", "ъ": "", "ь": "",
}  # fmt: skip
LATIN_STYLES: tuple[dict[str, str], ...] = (
    {"ә": "a'", "ғ": "g'", "қ": "q", "ң": "n'", "ө": "o'", "ұ": "u", "ү": "u'", "і": "i",
     "у": "y'", "и": "i'", "й": "i'", "ш": "s'", "ч": "c'", "я": "i'a", "ю": "i'y'", "щ": "s'"},
    {"ә": "á", "ғ": "ǵ", "қ": "q", "ң": "ń", "ө": "ó", "ұ": "u", "ү": "ú", "і": "i", "у": "ý",
     "и": "ı", "й": "ı", "ш": "sh", "ч": "ch", "я": "ıa", "ю": "ıý", "щ": "sh"},
    {"ә": "ä", "ғ": "ğ", "қ": "q", "ң": "ñ", "ө": "ö", "ұ": "ū", "ү": "ü", "і": "ı", "у": "u",
     "и": "i", "й": "i", "ш": "ş", "ч": "ch", "я": "ia", "ю": "iu", "щ": "ş"},
    {"ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "і": "i", "у": "u",
     "и": "i", "й": "i", "ш": "sh", "ч": "ch", "я": "ya", "ю": "yu", "щ": "sh"},
    {"ә": "a", "ғ": "g", "қ": "q", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "і": "i", "у": "u",
     "и": "i", "й": "y", "ш": "sh", "ч": "ch", "я": "ya", "ю": "yu", "щ": "sh"},
    {"ә": "a", "ғ": "gh", "қ": "k", "ң": "ng", "ө": "o", "ұ": "u", "ү": "u", "і": "i", "у": "u",
     "и": "i", "й": "y", "ш": "sh", "ч": "ch", "ж": "zh", "х": "kh", "я": "ya", "ю": "yu",
     "щ": "sh"},
)  # fmt: skip


def latin_forms(word: str) -> set[str]:
    """Return the Latin spellings of a Kazakh word: three alphabets and three SMS habits.

    Parameters
    ----------
    word : str
        A word in Kazakh Cyrillic, lower case.

    Returns
    -------
    set of str
        Distinct spellings.

    Examples
    --------
    >>> sorted(latin_forms("жоқ"))
    ['jok', 'joq', 'zhok']
    """
    return {"".join({**LATIN_COMMON, **style}.get(c, c) for c in word) for style in LATIN_STYLES}
