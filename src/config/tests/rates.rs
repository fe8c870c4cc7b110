//! `[dialect]`: the currency clients are told amounts in, and the rates of others.

use super::super::Origin;
use super::{complaint, complaints, read};

const DOLLARS: &str = "[provider.p]\nkind = 'paid'\napi_key = 'k'\ncurrency = 'USD'\n";

fn rates(lines: &str) -> String {
    format!("[dialect.rates]\n{lines}\n")
}

#[test]
fn rates_are_decimals_by_currency() {
    let text = format!("{}{DOLLARS}", rates("USD = '92.50'\nEUR = 100\nIDR = '0.000000000001'"));
    let config = read(&text, &[]).unwrap();
    assert_eq!(config.dialect.currency.as_str(), "RUB");
    let shown: Vec<_> =
        config.dialect.rates.iter().map(|(currency, rate)| format!("{currency} {rate}")).collect();
    assert_eq!(shown, ["EUR 100", "IDR 0.000000000001", "USD 92.50"]);
    assert_eq!(read("", &[]).unwrap().dialect.rates.len(), 0);
}

#[test]
fn a_variable_says_a_rate_and_goes_above_the_file() {
    let variable = "SMSBRIDGE_DIALECT__RATES__USD";
    for text in [DOLLARS.to_owned(), format!("{}{DOLLARS}", rates("USD = '1.5'"))] {
        let config = read(&text, &[(variable, "92.50")]).unwrap();
        let rate = config.dialect.rates.values().next().unwrap();
        assert_eq!((config.dialect.rates.len(), rate.to_string().as_str()), (1, "92.50"));
        assert_eq!(config.origins["dialect.rates.USD"], Origin::Variable(variable.to_owned()));
    }
    let warnings = read("", &[("SMSBRIDGE_DIALECT_RATES_USD", "92.50")]).unwrap().warnings;
    assert!(warnings[0].ends_with(&format!("did you mean {variable}?")), "{warnings:?}");
    let warnings = read("", &[("SMSBRIDGE_DIALECT_CURRENCY", "USD")]).unwrap().warnings;
    assert!(warnings[0].ends_with("did you mean SMSBRIDGE_DIALECT__CURRENCY?"), "{warnings:?}");
}

#[test]
fn an_account_without_a_rate_is_refused_with_the_key_to_set() {
    let says = complaint(DOLLARS, &[]);
    assert_eq!(
        says,
        "proxy.toml: dialect.rates.USD: [provider.p] has its account in USD, and clients are told amounts in RUB: \
         say in [dialect.rates] how many RUB one USD is, as USD = \"92.50\""
    );
    let says = complaint("[dialect]\ncurrency = 'EUR'\n", &[]);
    assert!(
        says.starts_with("built-in settings: dialect.rates.RUB: [provider.main] has its account in RUB, and")
    );
    assert!(says.contains("how many EUR one RUB is, as RUB = "), "{says}");
    assert!(read(&format!("[dialect]\ncurrency = 'usd'\n{DOLLARS}"), &[]).is_ok());
}

#[test]
fn every_account_needs_one_and_each_is_said() {
    let two = format!("{DOLLARS}[provider.q]\nkind = 'sandbox'\ncurrency = 'EUR'\n");
    let all = complaints(&two, &[]);
    assert!(all[0].contains("[provider.p]") && all[1].contains("[provider.q]"), "{all:#?}");
    assert_eq!(all.len(), 2);
}

#[test]
fn a_rate_is_above_zero_and_exact() {
    for bad in [
        "0",
        "'0'",
        "'-1'",
        "-1",
        "'1e3'",
        "''",
        "'many'",
        "92.5",
        "true",
        "'0.0000000000001'",
        "'1234567890123'",
    ] {
        // The rate that is wrong is not missing as well.
        let says = complaint(&format!("{}{DOLLARS}", rates(&format!("USD = {bad}"))), &[]);
        assert!(says.starts_with("proxy.toml: dialect.rates.USD: "), "{bad}: {says}");
    }
    let says = complaint(&rates("USD = '0'"), &[]);
    assert!(
        says.ends_with("an amount above zero of at most 12 digits and as many decimals, as \"92.50\""),
        "{says}"
    );
}

#[test]
fn the_currency_itself_has_no_rate() {
    let says = complaint(&rates("RUB = 1"), &[]);
    assert!(says.starts_with("proxy.toml: dialect.rates.RUB: is the currency that clients"), "{says}");
}

#[test]
fn a_currency_has_three_capitals() {
    for (key, right) in
        [("usd", "did you mean `USD`?"), ("DOLLAR", "known here: currencies by their three letters, as USD")]
    {
        let says = complaint(&rates(&format!("{key} = '92.50'")), &[]);
        assert_eq!(says, format!("proxy.toml: dialect.rates.{key}: there is no such setting; {right}"));
    }
    assert!(complaint("[dialect]\ncurrency = 'rouble'\n", &[]).contains("dialect.currency: does not fit"));
    assert!(
        complaint("[dialect]\nrates = 5\n", &[]).contains("dialect.rates: is a number; it must be a table")
    );
    assert!(
        complaint("[dialect]\nrate = 5\n", &[])
            .contains("dialect.rate: there is no such setting; did you mean `rates`?")
    );
}
