//! `[purchase]`, `[spending]`, and what single clients may spend.

use std::time::Duration;

use rust_decimal::Decimal;

use super::super::SpendingLimits;
use super::{complaint, read};

#[test]
fn what_is_not_said_is_not_limited() {
    let config = read("", &[]).unwrap();
    assert!(config.spending.is_off());
    assert_eq!(config.purchase.adopt_within, Duration::from_secs(60));
    assert!(config.purchase.cancel_unused);
}

#[test]
fn a_client_has_its_own_limits_else_those_of_each() {
    let text = "[spending]\nper_day = 900\n[spending.each_client]\nper_hour = '10.50'\nopen_activations = 3\n\
                [clients]\nmode = 'listed'\n[clients.key.shop]\napi_key = 'k'\nper_hour = 7\nmax_price = '0'\n\
                [clients.key.other]\napi_key = 'o'\n";
    let spending = read(text, &[]).unwrap().spending;
    assert_eq!(
        spending.total,
        SpendingLimits { per_day: Some(Decimal::from(900)), ..SpendingLimits::default() }
    );
    let each = SpendingLimits {
        per_hour: Some(Decimal::new(1050, 2)),
        open_activations: Some(3),
        ..SpendingLimits::default()
    };
    assert_eq!(spending.of("other"), each);
    assert_eq!(spending.of("key:0123"), each);
    let shop = SpendingLimits { max_price: Some(Decimal::ZERO), per_hour: Some(Decimal::from(7)), ..each };
    assert_eq!(spending.of("shop"), shop);
}

#[test]
fn a_variable_says_it_too() {
    let env = [
        ("SMSBRIDGE_SPENDING__EACH_CLIENT__PER_HOUR", "12.5"),
        ("SMSBRIDGE_PURCHASE__ADOPT_WITHIN", "0s"),
        ("SMSBRIDGE_PURCHASE__CANCEL_UNUSED", "false"),
    ];
    let config = read("", &env).unwrap();
    assert_eq!(config.spending.each_client.per_hour, Some(Decimal::new(125, 1)));
    assert_eq!((config.purchase.adopt_within, config.purchase.cancel_unused), (Duration::ZERO, false));
}

#[test]
fn what_is_no_limit_is_refused_with_what_would_be_right() {
    for (text, right) in [
        ("[purchase]\nadopt_within = '11m'\n", "purchase.adopt_within: is 11m; it must be from 0s to 10m"),
        ("[purchase]\nadopt = '1m'\n", "purchase.adopt: there is no such setting; known here: adopt_within"),
        (
            "[purchase]\ncancel_unused = 'no'\n",
            "purchase.cancel_unused: does not fit; it must be true or false",
        ),
        (
            "[spending]\nper_hour = '-1'\n",
            "spending.per_hour: does not fit; it must be an amount in the currency",
        ),
        (
            "[spending]\nper_day = 1.5\n",
            "spending.per_day: is a decimal number; it must be a whole number, or",
        ),
        ("[spending]\nmax_price = 'much'\n", "spending.max_price: does not fit; it must be a decimal amount"),
        (
            "[spending]\nopen_activations = '5000000000'\n",
            "spending.open_activations: does not fit; it must be a whole number up to 4294967295",
        ),
        ("[spending.each_client]\nper_week = 1\n", "spending.each_client.per_week: there is no such setting"),
        ("[spending]\neach_client = 1\n", "spending.each_client: is a number; it must be a table"),
    ] {
        let error = complaint(text, &[]);
        assert!(error.starts_with(&format!("proxy.toml: {right}")), "{error}");
    }
}
