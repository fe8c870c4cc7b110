//! Names that an upstream's list may have, and what they are and are not.

use super::*;

fn service(name: &str) -> Option<String> {
    Names::builtin().service(name).map(|service| service.to_string())
}

fn country(name: &str) -> Option<u32> {
    Names::builtin().country(name).map(|country| country.0.into())
}

fn complaint(row: &str) -> String {
    let text = format!("kind\tcode\talias\nservice\tgo\tGoogle\n{row}\n");
    let aliases = Source { name: "aliases", text: &text };
    Names::load(Catalog::builtin(), aliases).unwrap_err().to_string()
}

#[test]
fn the_aliases_are_sound() {
    Names::load(Catalog::builtin(), ALIASES).unwrap();
}

#[test]
fn services_are_found_however_they_are_written() {
    for (code, names) in [
        ("vk", &["VK", "vk.com", "Vkontakte", "ВКонтакте", "VK (Vkontakte)"][..]),
        ("ok", &["OK.ru", "Odnoklassniki", "Одноклассники"]),
        ("wa", &["WhatsApp", "Whats App", "whatsapp.com"]),
        ("tg", &["Telegram", "Телеграм"]),
        ("go", &["Google", "Gmail", "Google,youtube,Gmail", "Google, Youtube, Gmail"]),
        ("ya", &["Yandex", "Яндекс", "yandex.ru", "Yandex/Uber"]),
        ("ig", &["Instagram", "instagram.com", "Instagram + Threads"]),
        ("tw", &["Twitter", "X (Twitter)"]),
        ("ym", &["youla.ru", "youla.io", "Youla", "Юла"]),
        ("ma", &["Mail.ru", "mail ru"]),
        ("yq", &["mail.com"]),
        ("mt", &["Steam", "steam.com"]),
        ("dr", &["OpenAI", "ChatGPT"]),
        ("wj", &["1xbet", "1XBET"]),
        ("me", &["Line", "Line messenger"]),
        ("gf", &["Google Voice"]),
    ] {
        for name in names {
            assert_eq!(service(name).as_deref(), Some(code), "{name}");
        }
    }
}

#[test]
fn what_could_be_several_services_is_none() {
    // Two entries of one name, two domains of one stem, another domain, and words for much.
    for name in ["Beboo", "Feeld", "Cleartrip", "mail", "mail.net", "pof.ru", "Cloud", "cloud.com"] {
        assert_eq!(service(name), None, "{name}");
    }
    for name in ["", " ", "?", "Telegram 3", "Google Play", "no such service", "Full rent"] {
        assert_eq!(service(name), None, "{name}");
    }
}

#[test]
fn every_name_of_the_catalog_finds_its_entry_or_nothing() {
    let catalog = Catalog::builtin();
    let lost = catalog.services().iter().filter(|entry| match Names::builtin().service(&entry.name) {
        Some(found) => {
            assert_eq!(found, entry.code, "{}", entry.name);
            false
        }
        None => true,
    });
    // Three names that two entries each have, and the one for rent.
    assert_eq!(lost.count(), 7);
    for entry in catalog.countries() {
        for name in [&entry.eng, &entry.rus] {
            let found = Names::builtin().country(name);
            assert_eq!(found, (name != "Congo").then_some(entry.id), "{name}");
        }
    }
}

#[test]
fn countries_are_found_however_they_are_written() {
    for (id, names) in [
        (0, &["Russia", "Россия", "Russian Federation", "РОССИЯ"][..]),
        (12, &["USA (virtual)", "USA Virtual", "США (виртуальные)"]),
        (187, &["USA", "U.S.A.", "United States", "США"]),
        (16, &["United Kingdom", "England", "Great Britain", "UK", "Англия"]),
        (14, &["HongKong", "Hong Kong", "Гонконг"]),
        (18, &["DR Congo", "Dem. Congo", "Democratic Republic of the Congo"]),
        (27, &["Ivory coast", "Côte d'Ivoire", "Cote d’Ivoire"]),
        (51, &["Belarus", "Белоруссия"]),
        (95, &["UAE", "United Arab Emirates"]),
        (150, &["Congo Brazzaville", "Republic of the Congo"]),
    ] {
        for name in names {
            assert_eq!(country(name), Some(id), "{name}");
        }
    }
    for name in ["Congo", "Конго", "Korea", "That", "Guinea Conakry", ""] {
        assert_eq!(country(name), None, "{name}");
    }
}

#[test]
fn aliases_that_cannot_be_right_are_refused() {
    assert_eq!(complaint("service\tgo\tGOOGLE"), "aliases:3: `GOOGLE` is given twice");
    assert_eq!(complaint("service\tgo\tTelegram"), "aliases:3: `Telegram` is given twice");
    assert_eq!(complaint("service\tzzzz\tX1"), "aliases:3: `zzzz` is not in the services");
    assert_eq!(complaint("country\t999\tX1"), "aliases:3: `999` is not in the countries");
    assert_eq!(complaint("city\t0\tX1"), "aliases:3: `city` should be service or country");
    assert_eq!(complaint("service\tgo\t+"), "aliases:3: `` should be filled");
    assert_eq!(complaint("service\t-\tFeeld"), "aliases:3: `Feeld` is given twice");
}
