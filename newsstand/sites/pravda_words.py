"""What Ukrainska Pravda's pages say around an article, in its three languages."""

from collections.abc import Mapping
from datetime import datetime

from attrs import frozen

from newsstand.story import Language

_MONTHS: Mapping[Language, tuple[str, ...]] = {
    "uk": ("січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня", "жовтня",
           "листопада", "грудня"),
    "ru": ("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
           "декабря"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
           "December"),
}  # fmt: skip
_DAYS: Mapping[Language, tuple[str, ...]] = {
    "uk": ("Понеділок", "Вівторок", "Середа", "Четвер", "П'ятниця", "Субота", "Неділя"),
    "ru": ("Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}


def long_date(language: Language, at: datetime) -> str:
    """As the pages to 2025 print it: "Thursday, 13 February 2025, 10:45"."""
    return f"{_DAYS[language][at.weekday()]}, {at.day} {_MONTHS[language][at.month - 1]} {at.year}, {at:%H:%M}"


def short_date(language: Language, at: datetime) -> str:
    """As the pages from late 2025 print it, without a year: "8 января, 17:46"."""
    return f"{at.day} {_MONTHS[language][at.month - 1]}, {at:%H:%M}"


@frozen(kw_only=True)
class Words:
    """One language's labels."""

    prefix: str
    """Path of the edition below the host."""
    locale: str
    name: str
    menu: tuple[tuple[str, str], ...]
    advertisement: str
    support: str
    patron: str
    patreon: str
    read_also: str
    follow: str
    recent: str
    all_news: str
    top: str
    copied: str
    cookies: str
    accept: str
    comments: str
    photo: str
    error: str


WORDS: Mapping[Language, Words] = {
    "uk": Words(
        prefix="",
        locale="uk_UA",
        name="Українська правда",
        menu=(("news/", "Новини"), ("articles/", "Публікації"), ("columns/", "Колонки"), ("podcasts/", "Подкасти")),
        advertisement="Реклама:",
        support="Підтримати УП",
        patron="Підтримай УП, стань нашим патроном!",
        patreon="Приєднуйтесь до Клубу УП, щоб журналістика не мала меж",
        read_also="Читайте також:",
        follow="Підпишіться на УП у Twitter",
        recent="ОСТАННІ НОВИНИ",
        all_news="Усі новини",
        top="Головне на Українській правді",
        copied="Посилання скопійовано",
        cookies="Ми використовуємо файли cookie, щоб сайт працював краще.",
        accept="Погоджуюсь",
        comments="Шановні читачі, просимо дотримуватися",
        photo="Фото",
        error="Якщо ви помітили помилку, виділіть текст і натисніть Ctrl + Enter",
    ),
    "ru": Words(
        prefix="rus/",
        locale="ru_UA",
        name="Украинская правда",
        menu=(("news/", "Новости"), ("articles/", "Публикации"), ("columns/", "Колонки"), ("podcasts/", "Подкасты")),
        advertisement="Реклама:",
        support="Поддержать УП",
        patron="Поддержи УП, стань нашим патроном!",
        patreon="Присоединяйтесь к Клубу УП, чтобы журналистика не имела границ",
        read_also="Читайте также:",
        follow="Подпишитесь на УП в Twitter",
        recent="ПОСЛЕДНИЕ НОВОСТИ",
        all_news="Все новости",
        top="Главное на Украинской правде",
        copied="Ссылка скопирована",
        cookies="Мы используем файлы cookie, чтобы сайт работал лучше.",
        accept="Согласен",
        comments="Уважаемые читатели, просим соблюдать",
        photo="Фото",
        error="Если вы заметили ошибку, выделите текст и нажмите Ctrl + Enter",
    ),
    "en": Words(
        prefix="eng/",
        locale="en_US",
        name="Ukrainska Pravda",
        menu=(("news/", "News"), ("articles/", "Articles"), ("columns/", "Columns"), ("podcasts/", "Podcasts")),
        advertisement="Advertisement:",
        support="Support UP",
        patron="Support UP or become our patron!",
        patreon="Become a member of the UP Club and keep independent reporting going",
        read_also="Read also:",
        follow="Follow UP on Twitter",
        recent="RECENT NEWS",
        all_news="All News",
        top="Top stories today",
        copied="Link copied",
        cookies="We use cookies so that the site works better.",
        accept="I agree",
        comments="Dear readers, please keep to the",
        photo="Photo",
        error="If you notice a mistake, select the text and press Ctrl + Enter",
    ),
}
