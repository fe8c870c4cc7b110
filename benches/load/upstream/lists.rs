//! The price lists of the stand-in, made once. Sizes are like those of large services: 190 countries with 200 services
//! each in the dialect, all services of a country at VAK-SMS.

use std::fmt::Write;

/// How many countries the dialect's list has.
pub const COUNTRIES: usize = 190;
/// How many services each of them has.
pub const SERVICES: usize = 200;

/// VAK-SMS's codes that the catalog maps most often; the rest of a list is of services that nobody maps.
const VAK_SMS: [&str; 16] =
    ["tg", "wa", "gl", "fb", "ig", "vi", "tw", "wc", "ms", "am", "td", "al", "tk", "nf", "dc", "st"];

/// Lists as they are sent.
pub struct Lists {
    /// `getPrices` of all countries: `{"0":{"aa":{"cost":15.5,"count":158},…},…}`.
    pub prices: String,
    /// `getCountNumberList` of a country: `{"tg":{"code":"tg","count":403,"price":20.0},…}`.
    pub counts: String,
}

impl Default for Lists {
    fn default() -> Self {
        Self { prices: prices(), counts: counts() }
    }
}

/// `aa`, `ab`, and so on.
fn code(nth: usize) -> String {
    let letter = |nth: usize| char::from(b'a' + u8::try_from(nth % 26).unwrap_or(0));
    [letter(nth / 26), letter(nth)].iter().collect()
}

fn prices() -> String {
    let mut text = String::from("{");
    for country in 0..COUNTRIES {
        let _ = write!(text, "{}\"{country}\":{{", if country == 0 { "" } else { "," });
        for nth in 0..SERVICES {
            let (comma, cost) = (if nth == 0 { "" } else { "," }, 5 + (country * 7 + nth * 3) % 90);
            let count = (country * 31 + nth * 17) % 5000;
            let _ = write!(text, "{comma}\"{}\":{{\"cost\":{cost}.5,\"count\":{count}}}", code(nth));
        }
        text.push('}');
    }
    text.push('}');
    text
}

fn counts() -> String {
    let others = (0..SERVICES).map(|nth| format!("x{}", code(nth)));
    let codes = VAK_SMS.into_iter().map(str::to_owned).chain(others);
    let row = |(nth, code): (usize, String)| {
        format!(
            "\"{code}\": {{\"code\": \"{code}\", \"count\": {}, \"price\": {}.0}}",
            100 + nth,
            2 + nth % 50
        )
    };
    let rows: Vec<_> = codes.enumerate().map(row).collect();
    format!("{{{}}}", rows.join(", "))
}
