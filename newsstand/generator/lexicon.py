"""People, places, organisations, countries and dates in three languages; all names but the countries' are invented."""

from collections.abc import Mapping
from random import Random

from attrs import frozen

from newsstand.story import Language

LANGUAGES: tuple[Language, ...] = ("uk", "ru", "en")


@frozen(kw_only=True)
class Human:
    """Someone who acts or writes: first name and surname in each language."""

    first: Mapping[Language, str]
    last: Mapping[Language, str]
    female: bool

    def name(self, language: Language) -> str:
        return f"{self.first[language]} {self.last[language]}"


@frozen(kw_only=True)
class Noun:
    """A name with the cases that templates ask for; English has the first alone."""

    nominative: Mapping[Language, str]
    genitive: Mapping[Language, str]
    locative: Mapping[Language, str]


def _table(text: str) -> tuple[tuple[str, ...], ...]:
    """Entries parted by semicolons, forms by slashes."""
    return tuple(tuple(form.strip() for form in entry.split("/")) for entry in text.split(";") if entry.strip())


def _forms(uk: str, ru: str, en: str) -> Mapping[Language, str]:
    return {"uk": uk, "ru": ru, "en": en}


_WOMEN = _table(
    "Olena/Олена/Елена; Iryna/Ірина/Ирина; Oksana/Оксана/Оксана; Maryna/Марина/Марина; Nadiia/Надія/Надежда; "
    "Halyna/Галина/Галина; Svitlana/Світлана/Светлана; Yuliia/Юлія/Юлия; Daryna/Дарина/Дарина; Zoriana/Зоряна/Зоряна; "
    "Marta/Марта/Марта; Solomiia/Соломія/Соломия; Vira/Віра/Вера; Larysa/Лариса/Лариса; Inna/Інна/Инна; "
    "Polina/Поліна/Полина; Klara/Клара/Клара; Ruslana/Руслана/Руслана; Emma/Емма/Эмма; Tamila/Таміла/Тамила"
)
_MEN = _table(
    "Andrii/Андрій/Андрей; Bohdan/Богдан/Богдан; Vasyl/Василь/Василий; Hlib/Гліб/Глеб; Denys/Денис/Денис; "
    "Ihor/Ігор/Игорь; Kyrylo/Кирило/Кирилл; Leonid/Леонід/Леонид; Mykola/Микола/Николай; Nazar/Назар/Назар; "
    "Orest/Орест/Орест; Pavlo/Павло/Павел; Roman/Роман/Роман; Stepan/Степан/Степан; Taras/Тарас/Тарас; "
    "Yurii/Юрій/Юрий; Yakiv/Яків/Яков; Viktor/Віктор/Виктор; Arthur/Артур/Артур; Martin/Мартін/Мартин"
)
_SURNAME_STEMS = _table(
    "Bondar/Бондар/Бондар; Dorosh/Дорош/Дорош; Zakhar/Захар/Захар; Lazar/Лазар/Лазар; Makar/Макар/Макар; "
    "Nazar/Назар/Назар; Ostap/Остап/Остап; Panas/Панас/Панас; Roman/Роман/Роман; Savch/Савч/Савч; "
    "Fedor/Федор/Федор; Yurch/Юрч/Юрч; Klymch/Климч/Климч; Harm/Гарм/Гарм; Ivanch/Іванч/Иванч; "
    "Tarash/Тараш/Тараш; Halush/Галуш/Галуш; Marush/Маруш/Маруш; Vasyl/Васил/Васил; Onysh/Ониш/Ониш; "
    "Bohush/Богуш/Богуш; Kost/Кост/Кост; Levch/Левч/Левч; Pylyp/Пилип/Пилип"
)
_SURNAME_ENDINGS = _table("enko/енко/енко; uk/ук/ук; ych/ич/ич")
_SURNAMES_ABROAD = _table(
    "Lindholt/Ліндгольт/Линдхольт; Brenner/Бреннер/Бреннер; Hale/Гейл/Хейл; Castellan/Кастеллан/Кастеллан; "
    "Moreau/Моро/Моро; Whitlow/Вітлоу/Уитлоу; Ostergren/Остергрен/Остергрен; Tanner/Таннер/Таннер; "
    "Delgarde/Дельгард/Дельгард; Ashworth/Ешворт/Эшворт; Kessel/Кессель/Кессель; Varga/Варга/Варга; "
    "Rinaldo/Рінальдо/Ринальдо; Marlowe/Марлоу/Марлоу; Fairburn/Фейрберн/Фэйрберн; Holm/Гольм/Хольм"
)
_SURNAMES = (
    *((f"{a}{x}", f"{b}{y}", f"{c}{z}") for a, b, c in _SURNAME_STEMS for x, y, z in _SURNAME_ENDINGS),
    *_SURNAMES_ABROAD,
)
_PLACE_STEMS = _table(
    "Tern/Терн/Терн; Yasen/Ясен/Ясен; Lypch/Липч/Липч; Berest/Берест/Берест; Zhurav/Журав/Журав; Sokol/Сокол/Сокол; "
    "Klen/Клен/Клён; Lozov/Лозов/Лозов; Horikh/Горіх/Орех; Stav/Став/Став; Zoryan/Зорян/Зорян; Kamin/Камін/Камен; "
    "Malyn/Малин/Малин; Vyshn/Вишн/Вишн; Rudn/Рудн/Рудн; Dubr/Дубр/Дубр; Travn/Травн/Травн; Bilozer/Білозер/Белозер; "
    "Kalyn/Калин/Калин; Svitan/Світан/Светан; Verb/Верб/Верб; Hlyn/Глин/Глин; Smerek/Смерек/Смерек; "
    "Chornol/Чорнол/Чернол; Medv/Медв/Медв; Lebed/Лебед/Лебед; Pshen/Пшен/Пшен; Morozh/Морож/Морож"
)
_PLACE_ENDINGS: tuple[tuple[str, tuple[str, str, str], tuple[str, str, str]], ...] = (
    # English; Ukrainian and Russian: nominative, genitive, locative
    ("ivka", ("івка", "івки", "івці"), ("овка", "овки", "овке")),
    ("opil", ("опіль", "ополя", "ополі"), ("ополь", "ополя", "ополе")),
    ("ynsk", ("инськ", "инська", "инську"), ("инск", "инска", "инске")),
)
_ORGANISATIONS = _table(
    "Obrii/Обрій/Обрий; Maiak/Маяк/Маяк; Kryla/Крила/Крылья; Vektor/Вектор/Вектор; Horyzont/Горизонт/Горизонт; "
    "Sofit/Софіт/Софит; Barvinok/Барвінок/Барвинок; Orion/Оріон/Орион; Meridian/Меридіан/Меридиан; Forum/Форум/Форум; "
    "Almaz/Алмаз/Алмаз; Kaskad/Каскад/Каскад; Temp/Темп/Темп; Reduta/Редута/Редута; Zenit-7/Зеніт-7/Зенит-7; "
    "Azimut/Азимут/Азимут; Tryton/Тритон/Тритон; Alians/Альянс/Альянс; Polius/Полюс/Полюс; Lotsman/Лоцман/Лоцман; "
    "Atlant/Атлант/Атлант; Granit/Граніт/Гранит; Estafeta/Естафета/Эстафета; Impuls/Імпульс/Импульс; "
    "Kontur/Контур/Контур; Spektr/Спектр/Спектр; Fakel/Факел/Факел; Karavan/Караван/Караван; Delta/Дельта/Дельта; "
    "Prometei/Прометей/Прометей; Berehynia/Берегиня/Берегиня; Svitlo/Світло/Свет; Dialoh/Діалог/Диалог"
)
_COUNTRIES = _table(
    "Poland/Польща/Польщі/Польща/Польши; Norway/Норвегія/Норвегії/Норвегия/Норвегии; "
    "Turkey/Туреччина/Туреччини/Турция/Турции; Canada/Канада/Канади/Канада/Канады; "
    "Japan/Японія/Японії/Япония/Японии; Romania/Румунія/Румунії/Румыния/Румынии; "
    "Spain/Іспанія/Іспанії/Испания/Испании; Sweden/Швеція/Швеції/Швеция/Швеции; "
    "Greece/Греція/Греції/Греция/Греции; Italy/Італія/Італії/Италия/Италии; "
    "Finland/Фінляндія/Фінляндії/Финляндия/Финляндии; Austria/Австрія/Австрії/Австрия/Австрии; "
    "Portugal/Португалія/Португалії/Португалия/Португалии; Brazil/Бразилія/Бразилії/Бразилия/Бразилии; "
    "India/Індія/Індії/Индия/Индии; Iceland/Ісландія/Ісландії/Исландия/Исландии"
)
TITLES: tuple[Mapping[Language, str], ...] = tuple(
    _forms(uk, ru, en)
    for en, uk, ru in _table(
        "Quiet Gardens/Тихі сади/Тихие сады; A Letter to the River/Лист до річки/Письмо реке; "
        "The Glass Winter/Скляна зима/Стеклянная зима; Ten Windows/Десять вікон/Десять окон; "
        "Bread and Salt/Хліб і сіль/Хлеб и соль; The Far Shore/Далекий берег/Дальний берег; "
        "Night Trains/Нічні потяги/Ночные поезда; The Blue Hour/Синя година/Синий час; "
        "Road Without a Map/Дорога без карти/Дорога без карты; Voices of the Yard/Голоси двору/Голоса двора; "
        "The Second Spring/Друга весна/Вторая весна; Paper Birds/Паперові птахи/Бумажные птицы; "
        "Salt Light/Соляне світло/Соляной свет; House on the Hill/Дім на пагорбі/Дом на холме; "
        "Memory of Stone/Пам’ять каменю/Память камня; Warm Rain/Теплий дощ/Тёплый дождь"
    )
)
MONTHS: Mapping[Language, tuple[str, ...]] = {
    "en": tuple("January February March April May June July August September October November December".split()),
    "uk": tuple("січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня".split()),
    "ru": tuple("января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split()),
}
WEEKDAYS: Mapping[Language, tuple[str, ...]] = {
    "en": tuple(f"on {day}" for day in "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()),
    "uk": ("у понеділок", "у вівторок", "у середу", "у четвер", "у п’ятницю", "у суботу", "у неділю"),
    "ru": ("в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу", "в воскресенье"),
}


def human(rng: Random) -> Human:
    """Someone drawn from the names."""
    female = rng.random() < 0.5
    en, uk, ru = rng.choice(_WOMEN if female else _MEN)
    last_en, last_uk, last_ru = rng.choice(_SURNAMES)
    return Human(first=_forms(uk, ru, en), last=_forms(last_uk, last_ru, last_en), female=female)


def humans(rng: Random, count: int) -> tuple[Human, ...]:
    """People of whom no two share a surname."""
    found: dict[str, Human] = {}
    while len(found) < count:
        one = human(rng)
        found.setdefault(one.last["en"], one)
    return tuple(found.values())


def surname(rng: Random, language: Language) -> str:
    """A surname as that language writes it."""
    en, uk, ru = rng.choice(_SURNAMES)
    return _forms(uk, ru, en)[language]


def places(rng: Random) -> tuple[Noun, Noun]:
    """Two towns."""
    one, other = (_place(stem, *rng.choice(_PLACE_ENDINGS)) for stem in rng.sample(_PLACE_STEMS, 2))
    return one, other


def _place(stem: tuple[str, ...], en: str, uk: tuple[str, str, str], ru: tuple[str, str, str]) -> Noun:
    nominative, genitive, locative = (_forms(stem[1] + uk[case], stem[2] + ru[case], stem[0] + en) for case in range(3))
    return Noun(nominative=nominative, genitive=genitive, locative=locative)


def organisations(rng: Random, count: int) -> tuple[Mapping[Language, str], ...]:
    """Names of organisations, in «» but in English; a template puts the class (company, club) before it."""
    return tuple(_forms(f"«{uk}»", f"«{ru}»", en) for en, uk, ru in rng.sample(_ORGANISATIONS, count))


def country(rng: Random) -> tuple[Mapping[Language, str], Mapping[Language, str]]:
    """A country, nominative and genitive; all of them are feminine in Ukrainian and Russian."""
    en, uk, uk_genitive, ru, ru_genitive = rng.choice(_COUNTRIES)
    return _forms(uk, ru, en), _forms(uk_genitive, ru_genitive, en)
