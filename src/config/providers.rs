//! `[provider.NAME]`: what each upstream is asked with. Knows the settings that every kind has; a
//! kind's own are read as its `Spec` lists them.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use reqwest::Url;

use super::error::Problem;
use super::reader::{Node, Table};
use super::report::Report;
use super::secret_file::key_of;
use super::{Guards, Mode, ProviderConfig, address, dns, is_name, keys};
use crate::domain::{Currency, Secret};
use crate::provider::pace::{self, Pace};
use crate::provider::{Lookup, Spec, Variant, Variants};

/// How long a call to an upstream may take.
pub(super) const TIMEOUT: Duration = Duration::from_secs(15);
/// How often an activation is asked for at most.
pub(super) const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// How long price lists are kept.
pub(super) const LIST_TTL: Duration = Duration::from_secs(60);

/// The settings of [`Guards`].
const GUARDS: [&str; 4] = ["max_concurrent", "read_retries", "breaker_failures", "stale_for"];

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What the providers are read with.
pub(super) struct Context<'a> {
    /// Every kind there is.
    pub(super) kinds: &'a [&'static Spec],
    /// The providers' names, the first first.
    pub(super) order: &'a [String],
    /// Whose keys are used; `None` when that cannot be told.
    pub(super) mode: Option<Mode>,
    /// The names that are made to lead to this server.
    pub(super) redirected: &'a [String],
    /// Whom to ask for names past the hosts file.
    pub(super) servers: &'a [SocketAddr],
}

/// Reads every `[provider.NAME]`.
pub(super) fn read(cx: &Context<'_>, root: &Table<'_>, report: &mut Report) -> Vec<ProviderConfig> {
    let Some(section) = root.table("provider", report) else { return Vec::new() };
    cx.order.iter().filter_map(|name| one(cx, name, &section.get(name)?, report)).collect()
}

fn one(cx: &Context<'_>, name: &str, node: &Node<'_>, report: &mut Report) -> Option<ProviderConfig> {
    if !is_name(name) {
        node.fail(report, Problem::BadName(name.to_owned()));
    }
    let table = node.table(report)?;
    let spec = kind(cx.kinds, &table, report);
    refuse_unknown(cx.kinds, spec, &table, report);
    // What does not depend on the kind is read without one too, so that everything wrong is said at once.
    let times = Times::read(&table, report);
    let rate_limit = rate_limit(&table, report);
    let guards = Guards::read(&table, report);
    let pinned = dns::pinned(&table, report);
    let services = texts(&table, "services", report);
    let countries = texts(&table, "countries", report);
    let key = key_of(&table, report);
    let spec = spec?;
    let given = given(spec, &table, report);
    let variant = given.as_ref().and_then(|given| spec.variant(given));
    let upstream = upstream(spec, variant, &table, report);
    let currency = currency(spec, variant, &table, report);
    if let Ok(key) = &key {
        judge_key(cx, name, spec, key.as_ref(), &table, report);
    }
    warn_of_unused(spec, &table, report);
    let (base_urls, path) = upstream?;
    let lookup = Lookup {
        pinned: pinned?,
        redirected: cx.redirected.to_vec(),
        servers: cx.servers.to_vec(),
        is_elsewhere: table.get("base_url").is_none(),
    };
    dns::warn_if_unused(&lookup, &base_urls, &table, report);
    let times = times?;
    Some(ProviderConfig {
        name: name.to_owned(),
        spec,
        base_urls,
        lookup,
        path,
        api_key: key.ok()?,
        timeout: times.timeout,
        poll_interval: times.poll_interval,
        list_ttl: times.list_ttl,
        rate_limit: rate_limit.map(|pace| if spec.in_process { Pace::off() } else { pace })?,
        guards: guards?,
        lifetime: times.lifetime.unwrap_or(spec.lifetime),
        services: services?,
        countries: countries?,
        options: spec.settings(&given?),
        currency: currency?,
    })
}

struct Times {
    timeout: Duration,
    poll_interval: Duration,
    list_ttl: Duration,
    /// `None` for the kind's own.
    lifetime: Option<Duration>,
}

impl Times {
    fn read(table: &Table<'_>, report: &mut Report) -> Option<Self> {
        let mut read = |name: &str, least: Duration, most: Duration| match table.get(name) {
            Some(node) => node.duration(least, most, report).map(Some).ok_or(()),
            None => Ok(None),
        };
        let timeout = read("timeout", Duration::from_secs(1), 5 * MINUTE);
        let poll_interval = read("poll_interval", Duration::ZERO, MINUTE);
        let list_ttl = read("list_ttl", Duration::ZERO, HOUR);
        let lifetime = read("lifetime", MINUTE, DAY);
        Some(Self {
            timeout: timeout.ok()?.unwrap_or(TIMEOUT),
            poll_interval: poll_interval.ok()?.unwrap_or(POLL_INTERVAL),
            list_ttl: list_ttl.ok()?.unwrap_or(LIST_TTL),
            lifetime: lifetime.ok()?,
        })
    }
}

/// Where the upstream is. The sandbox has none; what is set for it is kept out of its way.
fn upstream(
    spec: &'static Spec,
    variant: Option<&Variant>,
    table: &Table<'_>,
    report: &mut Report,
) -> Option<(Vec<Url>, String)> {
    let base_urls = address::origins(table, spec, variant, report);
    if spec.in_process {
        return base_urls.map(|_| (Vec::new(), String::new()));
    }
    if base_urls.as_ref().is_some_and(Vec::is_empty) {
        report.error(&table.origin, &table.place("base_url"), no_origin(spec));
    }
    let path = address::path(table, spec, variant, report);
    Some((base_urls?, path?))
}

fn no_origin(spec: &Spec) -> Problem {
    let knows_addresses =
        |variants: &Variants| variants.list.iter().any(|variant| variant.base_urls.is_some());
    let chooser = spec.variants.filter(knows_addresses).map(|variants| variants.option);
    Problem::NoOrigin { kind: spec.kind, chooser }
}

fn kind(kinds: &[&'static Spec], table: &Table<'_>, report: &mut Report) -> Option<&'static Spec> {
    let words: Vec<&str> = kinds.iter().map(|spec| spec.kind).collect();
    let Some(node) = table.get("kind") else {
        report.error(&table.origin, &table.place("kind"), Problem::NoKind(words.join(", ")));
        return None;
    };
    let text = node.text(report)?;
    let found = kinds.iter().copied().find(|spec| spec.kind == text);
    if found.is_none() {
        node.fail(
            report,
            Problem::UnknownWord {
                text: text.to_owned(),
                suggestion: keys::nearest(text, &words).map(str::to_owned),
                known: words.join(", "),
            },
        );
    }
    found
}

fn refuse_unknown(
    kinds: &[&'static Spec],
    spec: Option<&'static Spec>,
    table: &Table<'_>,
    report: &mut Report,
) {
    let everywhere = keys::of_provider(kinds);
    let Some(spec) = spec else { return table.refuse_unknown(&everywhere, report) };
    let here = keys::of_provider(&[spec]);
    let mut known = here.clone();
    for (name, node) in table.entries().filter(|(name, _)| everywhere.contains(name) && !here.contains(name))
    {
        let has = |other: &&&'static Spec| other.options.iter().any(|option| option.name == name);
        let owner = kinds
            .iter()
            .filter(has)
            .map(|other| format!("\"{}\"", other.kind))
            .collect::<Vec<_>>()
            .join(", ");
        node.fail(report, Problem::ForeignSetting { owner, kind: spec.kind });
        known.push(name);
    }
    table.refuse_unknown(&known, report);
}

fn texts(table: &Table<'_>, name: &str, report: &mut Report) -> Option<BTreeMap<String, String>> {
    match table.get(name) {
        Some(node) => node.texts(report),
        None => Some(BTreeMap::new()),
    }
}

/// How often the upstream may be asked.
fn rate_limit(table: &Table<'_>, report: &mut Report) -> Option<Pace> {
    let Some(node) = table.get("rate_limit") else { return Some(Pace::default()) };
    let pace = Pace::parse(node.text(report)?);
    if pace.is_none() {
        node.fail(report, Problem::Unsuitable(pace::RIGHT.to_owned()));
    }
    pace
}

/// The currency of the account: the one configured, or the variant's, or the kind's own.
fn currency(
    spec: &Spec,
    variant: Option<&Variant>,
    table: &Table<'_>,
    report: &mut Report,
) -> Option<Currency> {
    let known = variant.and_then(|variant| variant.currency);
    let Some(node) = table.get("currency") else { return Some(known.unwrap_or(spec.currency)) };
    let said = node.currency(report)?;
    if let (Some(known), Some(variants)) = (known.filter(|known| *known != said), spec.variants) {
        let text = format!(
            "is {said}, though {} chooses an account in {known}; every amount is taken for {said}",
            variants.option
        );
        report.warn(&node.origin, &node.key, &text);
    }
    Some(said)
}

/// What is set of the kind's own settings.
fn given(spec: &'static Spec, table: &Table<'_>, report: &mut Report) -> Option<BTreeMap<String, String>> {
    let mut given = BTreeMap::new();
    let mut sound = true;
    for option in spec.options {
        let Some(node) = table.get(option.name) else { continue };
        match node.plain(option.kind, report) {
            Some(text) => drop(given.insert(option.name.to_owned(), text)),
            None => sound = false,
        }
    }
    sound.then_some(given)
}

/// Whether the key that there is, or is not, goes with the kind and with whose keys are used.
fn judge_key(
    cx: &Context<'_>,
    name: &str,
    spec: &'static Spec,
    key: Option<&Secret>,
    table: &Table<'_>,
    report: &mut Report,
) {
    let said = table.get("api_key").or_else(|| table.get("api_key_file"));
    match (cx.mode, key, said) {
        (Some(Mode::Passthrough), Some(_), Some(said)) => {
            let text = "is not used: with clients.mode = \"passthrough\" the clients' own keys are";
            report.warn(&said.origin, &said.key, text);
        }
        (Some(Mode::Any | Mode::Listed), None, _) if spec.needs_key => {
            let variable = keys::variable_of(&["provider", &name.replace('-', "_"), "api_key"]);
            let problem = Problem::KeyNeeded { kind: spec.kind, variable };
            report.error(&table.origin, &table.place("api_key"), problem);
        }
        _ => {}
    }
}

/// Says of settings for an upstream that the sandbox has none: who set a key meant to buy something.
fn warn_of_unused(spec: &'static Spec, table: &Table<'_>, report: &mut Report) {
    if !spec.in_process {
        return;
    }
    let unused = ["api_key", "api_key_file", "base_url", "resolve", "path", "rate_limit"];
    for name in unused.into_iter().chain(GUARDS) {
        if let Some(node) = table.get(name) {
            let kind = table.place("kind");
            let text = format!(
                "is not used: the sandbox asks nobody and buys nothing; to use a real service set {kind}"
            );
            report.warn(&node.origin, &node.key, text);
        }
    }
}
