"""What the cities are called, in the language that is spoken, that time zones are named after."""

from handlers.replies.language import ENGLISH, locale, spoken

# Unicode's locale data knows a zone by its first name for ever.
_FIRST_NAMES = {
    "America/Argentina/Buenos_Aires": "America/Buenos_Aires",
    "America/Argentina/Catamarca": "America/Catamarca",
    "America/Argentina/Cordoba": "America/Cordoba",
    "America/Argentina/Jujuy": "America/Jujuy",
    "America/Argentina/Mendoza": "America/Mendoza",
    "America/Indiana/Indianapolis": "America/Indianapolis",
    "America/Kentucky/Louisville": "America/Louisville",
    "America/Nuuk": "America/Godthab",
    "Asia/Ho_Chi_Minh": "Asia/Saigon",
    "Asia/Kathmandu": "Asia/Katmandu",
    "Asia/Kolkata": "Asia/Calcutta",
    "Asia/Yangon": "Asia/Rangoon",
    "Atlantic/Faroe": "Atlantic/Faeroe",
    "Europe/Kyiv": "Europe/Kiev",
}


def city_of(zone: str) -> str:
    """Return the city of an IANA zone: "Kyiv", "Київ"."""
    latin = zone.rpartition("/")[2].replace("_", " ")
    if spoken() == ENGLISH:
        return latin
    known = locale().time_zones.get(_FIRST_NAMES.get(zone, zone), {})
    return str(known.get("city", latin))
