//! `[dialect]`: which variant is spoken where, and single forms.

use super::super::Origin;
use super::{complaint, complaints, read};
use crate::dialect::shape::{Balance, Counts, FLAVOURS};

const TWO: &str = "[server]\nlisten = ['127.0.0.1:8080', '127.0.0.1:8081']\n";

fn hosts(lines: &str) -> String {
    format!("[dialect.hosts]\n{lines}\n")
}

fn listeners(lines: &str) -> String {
    format!("{TWO}[dialect.listeners]\n{lines}\n")
}

#[test]
fn without_a_word_it_is_sms_activates_everywhere() {
    let flavours = read("", &[]).unwrap().flavours;
    assert_eq!(flavours.default.name, "sms-activate");
    assert!(flavours.listeners.is_empty() && flavours.hosts.is_empty() && flavours.forms.is_empty());
}

#[test]
fn a_flavour_is_one_of_those_there_are() {
    for flavour in FLAVOURS {
        let text = format!("[dialect]\nflavour = '{}'\n", flavour.name);
        assert_eq!(read(&text, &[]).unwrap().flavours.default, *flavour);
    }
    assert_eq!(
        complaint("[dialect]\nflavour = 'smsman'\n", &[]),
        "proxy.toml: dialect.flavour: `smsman` is not one of them; did you mean `sms-man`?"
    );
    assert_eq!(
        complaint("", &[("SMSBRIDGE_DIALECT__FLAVOUR", "vanilla")]),
        "SMSBRIDGE_DIALECT__FLAVOUR: dialect.flavour: `vanilla` is not one of them; \
         known here: sms-activate, sms-man, sms-service-online, smsak"
    );
    assert!(complaint("[dialect]\nflavour = 1\n", &[]).contains("is a number; it must be a text in quotes"));
    assert!(
        complaint("[dialect]\nflavor = 'smsak'\n", &[])
            .contains("dialect.flavor: there is no such setting; did you mean `flavour`?")
    );
}

#[test]
fn listeners_and_hosts_have_flavours_of_their_own() {
    let text = format!(
        "{}{}",
        listeners("'localhost:8081' = 'sms-man'"),
        hosts("'API.example.org' = 'smsak'\nlocalhost = 'sms-activate'")
    );
    let config = read(&text, &[]).unwrap();
    let [listener] = config.flavours.listeners.as_slice() else { panic!("{:?}", config.flavours) };
    assert_eq!((listener.text.as_str(), listener.flavour.name), ("localhost:8081", "sms-man"));
    assert_eq!(listener.address, config.server.listen[1]);
    let named: Vec<_> =
        config.flavours.hosts.iter().map(|(host, flavour)| (host.as_str(), flavour.name)).collect();
    assert_eq!(named, [("API.example.org", "smsak"), ("localhost", "sms-activate")]);
}

#[test]
fn a_variable_may_name_a_host_where_it_can_have_such_a_name() {
    let variable = "SMSBRIDGE_DIALECT__HOSTS__API.SMS-MAN.RU";
    let config = read("", &[(variable, "sms-man")]).unwrap();
    assert_eq!(config.flavours.hosts[0].0, "api.sms-man.ru");
    assert_eq!(config.origins["dialect.hosts.api.sms-man.ru"], Origin::Variable(variable.to_owned()));
}

#[test]
fn a_listener_must_be_one() {
    assert_eq!(
        complaint(&listeners("'127.0.0.1:8082' = 'sms-man'"), &[]),
        "proxy.toml: dialect.listeners.127.0.0.1:8082: is not listened at; it must be one of [server] listen: \
         127.0.0.1:8080, 127.0.0.1:8081"
    );
    assert!(complaint(&listeners("'8081' = 'sms-man'"), &[]).contains("write 127.0.0.1:8081"));
    let twice = "'localhost:8081' = 'sms-man'\n'127.0.0.1:8081' = 'smsak'";
    assert!(complaint(&listeners(twice), &[]).contains("is named twice; name it once"));
}

#[test]
fn a_host_is_a_name_and_nothing_else() {
    for host in ["", "http://a.example", "a.example:80", "a.example/", "a b", "ä.example", "a.example."] {
        let says = complaint(&hosts(&format!("'{host}' = 'sms-man'")), &[]);
        assert!(says.contains("is not a host's name; write it as \"api.sms-man.ru\""), "{host}: {says}");
    }
    let says = complaint(&hosts("'a.example' = 'sms-man'\n'A.example' = 'smsak'"), &[]);
    assert!(says.contains("is named twice, for capitals make no difference"), "{says}");
    assert!(complaint(&hosts("'a.example' = 'sms-men'"), &[]).contains("did you mean `sms-man`?"));
}

#[test]
fn names_with_dots_stand_in_quotes() {
    let says = complaint(&hosts("api.sms-man.ru = 'sms-man'"), &[]);
    assert_eq!(
        says,
        "proxy.toml: dialect.hosts.api: is a table; it must be a flavour's name in quotes; the name before \
         the = stands in quotes too, as \"api.sms-man.ru\" = \"sms-man\""
    );
}

#[test]
fn forms_go_above_every_flavour() {
    let text =
        "[dialect]\nflavour = 'sms-service-online'\n[dialect.shape]\nbalance = 'word'\ncounts = 'number'\n";
    let flavours = read(text, &[]).unwrap().flavours;
    assert_eq!(flavours.forms, [("balance", "word"), ("counts", "number")]);
    for flavour in FLAVOURS {
        let shape = flavours.shape(flavour);
        assert_eq!((shape.balance, shape.counts), (Balance::Word, Counts::Number), "{}", flavour.name);
        assert_eq!((shape.lang, shape.words), (flavour.shape.lang, flavour.shape.words), "{}", flavour.name);
    }
    let forms = read("", &[("SMSBRIDGE_DIALECT__SHAPE__SMS_CODE", "text")]).unwrap().flavours.forms;
    assert_eq!(forms, [("sms_code", "text")]);
}

#[test]
fn a_form_is_one_of_those_there_are() {
    let of = |lines: &str| complaint(&format!("[dialect.shape]\n{lines}\n"), &[]);
    assert_eq!(
        of("countries = 'lits'"),
        "proxy.toml: dialect.shape.countries: `lits` is not one of them; did you mean `list`?"
    );
    assert!(of("unknown_id = 'NONE'").ends_with("known here: NO_ACTIVATION, WRONG_ACTIVATION_ID"));
    assert!(of("can_get_another_sms = true").contains("is true or false; it must be a text in quotes"));
    assert!(of("contries = 'list'").ends_with("did you mean `countries`?"));
    let warnings = read("", &[("SMSBRIDGE_DIALECT_SHAPE_COUNTS", "text")]).unwrap().warnings;
    assert!(warnings[0].ends_with("did you mean SMSBRIDGE_DIALECT__SHAPE__COUNTS?"), "{warnings:?}");
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let text = "[dialect]\nflavour = 'x'\n[dialect.listeners]\n'a' = 'smsak'\n[dialect.hosts]\n'b:1' = 'smsak'\n[dialect.shape]\nlang = 'x'\n";
    assert_eq!(complaints(text, &[]).len(), 4);
}

#[test]
fn a_language_whose_currency_nobody_can_tell_is_warned_of() {
    let online = "[dialect]\nflavour = 'sms-service-online'\n";
    let [warning] = read(online, &[]).unwrap().warnings.try_into().unwrap();
    assert!(warning.starts_with("proxy.toml: dialect.flavour: lang=en asks for amounts in USD"), "{warning}");
    for quiet in [
        format!("{online}[dialect.rates]\nUSD = '92.50'\n"),
        format!("{online}[dialect.shape]\nlang = 'ignored'\n"),
        "[dialect]\nflavour = 'sms-man'\n".to_owned(),
    ] {
        assert_eq!(read(&quiet, &[]).unwrap().warnings, Vec::<String>::new(), "{quiet}");
    }
    let by_host = hosts("'a.example' = 'sms-service-online'");
    assert_eq!(read(&by_host, &[]).unwrap().warnings.len(), 1);
}
