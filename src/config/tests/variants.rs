//! A setting that decides the defaults of others, and the currency of an account.

use super::{complaint, read};

fn dialect(lines: &str) -> String {
    format!("[provider.d]\nkind = 'dialect'\napi_key = 'k'\n{lines}\n")
}

#[test]
fn a_variant_decides_defaults_and_locks_nothing() {
    let plain = read(&dialect("brand = 'one'"), &[]).unwrap().providers.remove(0);
    assert_eq!(plain.base_urls[0].as_str(), "https://one.example/");
    assert_eq!((plain.path.as_str(), plain.options.is_on("polite")), ("/one.php", false));
    let set = dialect("brand = 'one'\nbase_url = 'https://b.example'\npath = '/b.php'\npolite = true");
    let set = read(&set, &[]).unwrap().providers.remove(0);
    assert_eq!(set.base_urls[0].as_str(), "https://b.example/");
    assert_eq!((set.path.as_str(), set.options.is_on("polite")), ("/b.php", true));
    assert_eq!(set.options.text("brand"), Some("one"));
}

#[test]
fn a_variant_without_an_address_leaves_it_to_the_user() {
    let says = complaint(&dialect("brand = 'two'\ncurrency = 'RUB'"), &[]);
    assert!(says.contains("provider.d.base_url"), "{says}");
    assert!(says.ends_with(", or brand, if the service is one of those that are known"), "{says}");
}

#[test]
fn a_variant_that_does_not_exist_is_refused_with_those_that_do() {
    let says = complaint(&dialect("brand = 'three'\nbase_url = 'https://b.example'"), &[]);
    assert!(says.contains("provider.d.brand") && says.ends_with("one of one, two"), "{says}");
}

#[test]
fn the_currency_of_an_account_is_three_letters() {
    let of = |lines: &str| read(&dialect(lines), &[]).unwrap().providers[0].currency;
    let base = "base_url = 'https://b.example'\n";
    assert_eq!(of(base).as_str(), "RUB");
    let dollars = format!("{base}currency = 'usd'\n[dialect.rates]\nUSD = '92.50'");
    assert_eq!(of(&dollars).as_str(), "USD");
    let says = complaint(&dialect(&format!("{base}currency = 'dollars'")), &[]);
    assert!(says.contains("provider.d.currency: does not fit; it must be the three letters"), "{says}");
}

#[test]
fn a_currency_that_is_not_the_variants_is_warned_of() {
    let warnings = |currency: &str| {
        let lines = format!("brand = 'two'\nbase_url = 'https://b.example'\ncurrency = '{currency}'");
        read(&format!("{}[dialect.rates]\nUSD = 90\n", dialect(&lines)), &[]).unwrap().warnings
    };
    assert_eq!(warnings("USD"), Vec::<String>::new());
    let says = warnings("RUB").join("\n");
    assert!(says.contains("provider.d.currency: is RUB, though brand chooses an account in USD"), "{says}");
}
