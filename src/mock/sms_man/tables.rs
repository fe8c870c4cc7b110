//! The codes that SMS-Man's compatible API sells under: sms-activate's (`UPSTREAMS.md` section 4), a
//! selection of them. Knows no other system's codes.
//!
//! Source: `api/sms-man.txt`, getCountries and getServices, for the codes of the examples and their
//! names. The numbers' beginnings are those of the countries' mobile numbering plans.

/// A service.
pub(in crate::mock) struct Service {
    pub(in crate::mock) code: &'static str,
    pub(in crate::mock) name: &'static str,
}

/// A country.
pub(in crate::mock) struct Country {
    pub(in crate::mock) id: u16,
    pub(in crate::mock) name: &'static str,
    pub(in crate::mock) name_en: &'static str,
    /// How its mobile numbers begin.
    pub(in crate::mock) prefix: &'static str,
    /// How many digits they have.
    pub(in crate::mock) length: usize,
}

const fn service(code: &'static str, name: &'static str) -> Service {
    Service { code, name }
}

const fn country(
    id: u16,
    name: &'static str,
    name_en: &'static str,
    prefix: &'static str,
    length: usize,
) -> Country {
    Country { id, name, name_en, prefix, length }
}

/// A country that is sold here.
pub(in crate::mock) fn country_of(id: u16) -> Option<&'static Country> {
    COUNTRIES.iter().find(|country| country.id == id)
}

/// Whether the numbering that it shares with sms-activate has this country, sold here or not.
pub(super) fn is_country(id: u16) -> bool {
    matches!(id, 0..=190 | 193 | 195..=199 | 201 | 203..=204)
}

/// Whether a service is sold here.
pub(in crate::mock) fn is_service(code: &str) -> bool {
    SERVICES.iter().any(|service| service.code == code)
}

/// The services that are sold here.
pub(in crate::mock) static SERVICES: &[Service] = &[
    service("vk", "Вконтакте"),
    service("wb", "WeChat"),
    service("tg", "Telegram"),
    service("ok", "Одноклассники"),
    service("wa", "WhatsApp"),
    service("vi", "Viber"),
    service("go", "Google"),
    service("av", "Avito"),
    service("fb", "Facebook"),
    service("tw", "Twitter"),
    service("ub", "Uber"),
    service("qw", "Qiwi"),
    service("ig", "Instagram"),
    service("ya", "Yandex"),
    service("ma", "Mail.ru"),
    service("mm", "Microsoft"),
    service("mb", "Yahoo"),
    service("nf", "Netflix"),
    service("am", "Amazon"),
    service("wx", "Apple"),
    service("ds", "Discord"),
    service("lf", "TikTok"),
    service("oi", "Tinder"),
    service("dr", "OpenAI"),
    service("ts", "PayPal"),
    service("ot", "Любой другой"),
];

/// The countries that are sold here.
pub(in crate::mock) static COUNTRIES: &[Country] = &[
    country(0, "Россия", "Russia", "79", 11),
    country(1, "Украина", "Ukraine", "38067", 12),
    country(2, "Казахстан", "Kazakhstan", "7701", 11),
    country(3, "Китай", "China", "8613", 13),
    country(4, "Филиппины", "Philippines", "639", 12),
    country(6, "Индонезия", "Indonesia", "62812", 13),
    country(10, "Вьетнам", "Vietnam", "8492", 11),
    country(11, "Кыргызстан", "Kyrgyzstan", "99655", 12),
    country(15, "Польша", "Poland", "4851", 11),
    country(16, "Англия", "England", "447", 12),
    country(22, "Индия", "India", "9198", 12),
    country(32, "Румыния", "Romania", "407", 11),
    country(40, "Узбекистан", "Uzbekistan", "99890", 12),
    country(43, "Германия", "Germany", "49151", 13),
    country(62, "Турция", "Turkey", "905", 12),
    country(78, "Франция", "France", "336", 11),
    country(187, "США", "USA", "1206", 11),
];
