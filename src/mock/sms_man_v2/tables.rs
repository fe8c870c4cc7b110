//! The ids that API v2.0 sells under, which are other numbers than the compatible API's
//! (`UPSTREAMS.md` section 4), and that API's codes for the same, by which the market goes.
//!
//! Source: published clients and notes for Russia 1, Kazakhstan 2, Indonesia 4, the USA 5, India 14,
//! Uzbekistan 58, Turkey 62, Kyrgyzstan 65, Vkontakte 1, WeChat 2 and Telegram 3. The other ids are this
//! stand-in's own: an adapter has to read them from the lists.

/// A country.
pub(super) struct Country {
    pub(super) id: u32,
    /// The compatible API's id.
    pub(super) dialect: u16,
    pub(super) title: &'static str,
    /// Two letters of ISO 3166.
    pub(super) code: &'static str,
}

/// A service.
pub(super) struct Application {
    pub(super) id: u32,
    /// The compatible API's code.
    pub(super) code: &'static str,
    pub(super) name: &'static str,
}

const fn place(id: u32, dialect: u16, title: &'static str, code: &'static str) -> Country {
    Country { id, dialect, title, code }
}

const fn app(id: u32, code: &'static str, name: &'static str) -> Application {
    Application { id, code, name }
}

pub(super) fn country(id: u32) -> Option<&'static Country> {
    COUNTRIES.iter().find(|country| country.id == id)
}

/// The country that the market calls so.
pub(super) fn country_of(dialect: &str) -> Option<&'static Country> {
    COUNTRIES.iter().find(|country| country.dialect.to_string() == dialect)
}

pub(super) fn application(id: u32) -> Option<&'static Application> {
    APPLICATIONS.iter().find(|application| application.id == id)
}

/// The application that the market calls so.
pub(super) fn application_of(code: &str) -> Option<&'static Application> {
    APPLICATIONS.iter().find(|application| application.code == code)
}

/// The countries that are sold here.
pub(super) static COUNTRIES: &[Country] = &[
    place(1, 0, "Russia", "RU"),
    place(2, 2, "Kazakhstan", "KZ"),
    place(13, 3, "China", "CN"),
    place(4, 6, "Indonesia", "ID"),
    place(5, 187, "USA", "US"),
    place(7, 1, "Ukraine", "UA"),
    place(9, 4, "Philippines", "PH"),
    place(11, 10, "Vietnam", "VN"),
    place(14, 22, "India", "IN"),
    place(17, 15, "Poland", "PL"),
    place(100, 16, "England", "GB"),
    place(105, 32, "Romania", "RO"),
    place(58, 40, "Uzbekistan", "UZ"),
    place(123, 43, "Germany", "DE"),
    place(62, 62, "Turkey", "TR"),
    place(129, 78, "France", "FR"),
    place(65, 11, "Kyrgyzstan", "KG"),
];

/// The services that are sold here.
pub(super) static APPLICATIONS: &[Application] = &[
    app(1, "vk", "Vkontakte"),
    app(2, "wb", "WeChat"),
    app(3, "tg", "Telegram"),
    app(4, "ok", "Odnoklassniki"),
    app(6, "wa", "WhatsApp"),
    app(7, "vi", "Viber"),
    app(9, "go", "Google"),
    app(12, "av", "Avito"),
    app(15, "fb", "Facebook"),
    app(16, "tw", "Twitter"),
    app(18, "ub", "Uber"),
    app(19, "qw", "Qiwi"),
    app(22, "ig", "Instagram"),
    app(24, "ya", "Yandex"),
    app(27, "ma", "Mail.ru"),
    app(29, "mm", "Microsoft"),
    app(31, "mb", "Yahoo"),
    app(37, "nf", "Netflix"),
    app(44, "am", "Amazon"),
    app(61, "wx", "Apple"),
    app(133, "ds", "Discord"),
    app(142, "lf", "TikTok"),
    app(151, "oi", "Tinder"),
    app(297, "dr", "OpenAI"),
    app(310, "ts", "PayPal"),
    app(122, "ot", "Any other"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::sms_man::tables as compatible;

    #[test]
    fn both_apis_sell_the_same_under_other_numbers() {
        assert_eq!(COUNTRIES.len(), compatible::COUNTRIES.len());
        assert_eq!(APPLICATIONS.len(), compatible::SERVICES.len());
        for country in COUNTRIES {
            assert!(compatible::country_of(country.dialect).is_some(), "{}", country.title);
            assert_eq!(COUNTRIES.iter().filter(|other| other.id == country.id).count(), 1);
        }
        for application in APPLICATIONS {
            assert!(compatible::is_service(application.code), "{}", application.name);
            assert_eq!(APPLICATIONS.iter().filter(|other| other.id == application.id).count(), 1);
        }
    }
}
