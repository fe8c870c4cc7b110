//! The configuration as a whole: text and variables in, settings or complaints out.

mod admin;
mod documented;
mod flavours;
mod gates;
mod layered;
mod names;
mod providers;
mod rates;
mod secrets;
mod sections;
mod spending;
mod tls;
mod variables;
mod variants;
mod webhooks;

use std::path::Path;
use std::time::Duration;

use super::layers::File;
use super::{Config, ConfigErrors, Overrides, check};
use crate::domain::Currency;
use crate::provider::{OptionKey, OptionKind, Spec, Variant, Variants, sandbox};

/// A kind with an address and settings of its own, so that the rules are tested whatever the real
/// kinds look like.
static PAID: Spec = Spec {
    kind: "paid",
    in_process: false,
    needs_key: true,
    base_urls: &["https://paid.example", "https://paid.example.net"],
    path: None,
    lifetime: Duration::from_secs(600),
    options: &[
        option("soft_id", OptionKind::Text, ""),
        option("delay", OptionKind::Duration, "5s"),
        option("limit", OptionKind::Amount, ""),
        option("eager", OptionKind::Bool, "false"),
        option("seed", OptionKind::Integer, "1"),
    ],
    ..sandbox::SPEC
};

/// A kind whose address the user names.
static DIALECT: Spec = Spec {
    kind: "dialect",
    in_process: false,
    needs_key: true,
    base_urls: &[],
    path: Some("/stubs/handler_api.php"),
    options: &[
        option("ref", OptionKind::Text, ""),
        option("brand", OptionKind::Choice(&["one", "two"]), ""),
        option("polite", OptionKind::Bool, "true"),
    ],
    variants: Some(Variants {
        option: "brand",
        list: &[
            Variant {
                base_urls: Some(&["https://one.example"]),
                path: Some("/one.php"),
                options: &[("polite", "false")],
                ..Variant::new("one", "")
            },
            Variant { currency: Some(Currency::USD), ..Variant::new("two", "") },
        ],
    }),
    ..sandbox::SPEC
};

static KINDS: &[&Spec] = &[&sandbox::SPEC, &PAID, &DIALECT];

const fn option(name: &'static str, kind: OptionKind, default: &'static str) -> OptionKey {
    OptionKey { name, kind, default, doc: "" }
}

/// What comes of a file (none if `text` is empty) and variables.
fn read(text: &str, env: &[(&str, &str)]) -> Result<Config, ConfigErrors> {
    read_with(text, env, &[])
}

fn read_with(text: &str, env: &[(&str, &str)], listen: &[&str]) -> Result<Config, ConfigErrors> {
    let file = match text {
        "" => None,
        text => Some(File::parse(Path::new("proxy.toml"), text.as_bytes().to_vec())?),
    };
    let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let listen = listen.iter().map(|text| (*text).to_owned()).collect();
    let overrides = Overrides { listen, ..Overrides::default() };
    check(KINDS, file, env, &overrides)
}

/// The complaints about a file and variables, a line each.
fn complaints(text: &str, env: &[(&str, &str)]) -> Vec<String> {
    let errors = read(text, env).expect_err("this should have been refused");
    errors.to_string().lines().map(str::to_owned).collect()
}

/// The only complaint there is.
fn complaint(text: &str, env: &[(&str, &str)]) -> String {
    let all = complaints(text, env);
    assert_eq!(all.len(), 1, "{all:#?}");
    all.into_iter().next().unwrap()
}
