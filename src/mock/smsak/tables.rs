//! The services, countries and tariffs that SMSAK documents, and how numbers look where it sells them. Knows
//! no other system's codes.
//!
//! Source: `api/smsak.txt`, the examples of getservices, countries and getalltarifs. The numbers' beginnings
//! are those of the countries' mobile numbering plans.

use rust_decimal::Decimal;

/// A service.
pub(super) struct Service {
    pub(super) id: &'static str,
    /// As loosely spelled as in the document.
    pub(super) name: &'static str,
    /// The file's name.
    pub(super) logo: &'static str,
    /// Whether its numbers can forward calls.
    pub(super) forwards: bool,
}

const fn service(id: &'static str, name: &'static str, logo: &'static str) -> Service {
    Service { id, name, logo, forwards: false }
}

/// Every service. Only Avito's numbers forward calls, as far as the document shows: `av_1` in its example of
/// getNumbersStatus.
pub(super) static SERVICES: &[Service] = &[
    service("3", "Odnoklassniki", "ok.png"),
    service("2", "Вконтакте", "vk.png"),
    Service { id: "4", name: "Avito", logo: "av.png", forwards: true },
    service("5", "viber", "vi.png"),
    service("6", "telegram", "te.png"),
    service("7", "whatsapp", "wh.png"),
    service("8", "WeChat", "wc.png"),
    service("9", "Google,Youtube,Gmail", "go.png"),
    service("10", "youla.io", "yu.png"),
    service("11", "Yahoo", "yo.png"),
    service("12", "Microsoft", "mi.png"),
    service("13", "facebook", "fb.png"),
    service("14", "Rambler.ru", "ra.png"),
    service("15", "yandex", "ya.png"),
    service("16", "instagram", "in.png"),
    service("17", "drugvokrug.ru", "we0.png"),
    service("18", "mamba.ru", "78.jpg"),
    service("19", "Qiwi", "qi.png"),
    service("20", "WebMoney", "webmoney.png"),
    service("21", "fotostrana.ru", "fotostrana.png"),
    service("22", "ICQ", "ic.png"),
    service("23", "Twitter", "tw.png"),
    service("24", "Mail.ru", "ma.png"),
    service("25", "Uber", "ub.png"),
];

/// A country.
pub(super) struct Country {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    /// How its mobile numbers begin.
    pub(super) prefix: &'static str,
    /// How many digits they have.
    pub(super) length: usize,
}

const fn country(code: &'static str, name: &'static str, prefix: &'static str, length: usize) -> Country {
    Country { code, name, prefix, length }
}

/// Every country. Belarus is `BL`.
pub(super) static COUNTRIES: &[Country] = &[
    country("RU", "Россия", "79", 11),
    country("UA", "Украина", "38067", 12),
    country("KZ", "Казахстан", "7701", 11),
    country("UZ", "Узбекистан", "99890", 12),
    country("SE", "Швеция", "467", 11),
    country("BL", "Белоруссия", "37529", 12),
    country("GB", "Великобритания", "447", 12),
    country("MD", "Молдова", "37369", 11),
    country("ID", "Индонезия", "62812", 13),
    country("EE", "Эстония", "3725", 11),
];

/// So many days of a whole number.
pub(super) struct Tariff {
    pub(super) id: u32,
    pub(super) days: u32,
    /// In whole rubles.
    rubles: u32,
    pub(super) country_id: u32,
    pub(super) code: &'static str,
}

impl Tariff {
    pub(super) fn cost(&self) -> Decimal {
        Decimal::from(self.rubles)
    }
}

const fn tariff(id: u32, days: u32, rubles: u32, country_id: u32, code: &'static str) -> Tariff {
    Tariff { id, days, rubles, country_id, code }
}

/// Every tariff.
pub(super) static TARIFFS: &[Tariff] = &[
    tariff(1, 1, 150, 1, "RU"),
    tariff(2, 7, 400, 1, "RU"),
    tariff(14, 90, 3600, 2, "UA"),
    tariff(15, 90, 2700, 3, "KZ"),
    tariff(16, 180, 5400, 1, "RU"),
    tariff(17, 180, 5400, 2, "UA"),
    tariff(18, 180, 3600, 3, "KZ"),
];
