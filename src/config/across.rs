//! Rules that concern several sections at once. Knows no single setting's form.

use super::error::{Origin, Problem};
use super::reader::Table;
use super::report::Report;
use super::{DialectConfig, Mode, ProviderConfig, Server, WebhooksConfig, server};
use crate::provider;

/// Says what does not go together with the mode of `[clients]`.
pub(super) fn check(
    mode: Mode,
    server: &Server,
    providers: &[String],
    root: &Table<'_>,
    report: &mut Report,
) {
    let problem = match mode {
        Mode::Any => openness(server, providers, root, report),
        Mode::Passthrough if providers.len() > 1 => Some(Problem::SeveralUpstreams(providers.join(", "))),
        Mode::Passthrough | Mode::Listed => None,
    };
    if let (Some(problem), Some(said)) = (problem, root.find(&["clients", "mode"])) {
        said.fail(report, problem);
    }
}

/// Whoever reaches a server that takes any key spends its owner's money. The one exception is a server that has
/// nothing but the sandbox, where there is none: so that it can be tried in a container.
fn openness(server: &Server, providers: &[String], root: &Table<'_>, report: &mut Report) -> Option<Problem> {
    let open = server.addresses().find(|address| !server::is_loopback(address))?;
    let kind = |name: &String| root.find(&["provider", name, "kind"])?.as_text();
    let costs = |name: &String| {
        kind(name).is_some_and(|kind| provider::spec(kind).is_none_or(|spec| !spec.in_process))
    };
    if providers.iter().any(costs) {
        return Some(Problem::OpenToOthers(open.to_string()));
    }
    if let Some(said) = root.find(&["clients", "mode"]) {
        let text = format!(
            "\"any\" accepts every api_key, and {open} can be reached from other machines; that is allowed only because the sandbox has no money to spend"
        );
        report.warn(&said.origin, &said.key, text);
    }
    None
}

/// Who is to be sent messages where there is no key to look for them with gets only those that clients find.
pub(super) fn check_webhooks(mode: Mode, webhooks: &WebhooksConfig, root: &Table<'_>, report: &mut Report) {
    let name = if webhooks.urls.is_empty() { "allow" } else { "urls" };
    let wanted = !(webhooks.urls.is_empty() && webhooks.allow.is_empty());
    if let Some(said) = root.find(&["webhooks", name]).filter(|_| wanted && mode == Mode::Passthrough) {
        let text = "with clients.mode = \"passthrough\" there is no key to ask the provider with, so that only messages are sent on which a client's own question finds";
        report.warn(&said.origin, &said.key, text);
    }
}

/// Says which rates are missing. One that is there but wrong has been complained of already.
pub(super) fn check_rates(
    dialect: &DialectConfig,
    providers: &[ProviderConfig],
    root: &Table<'_>,
    report: &mut Report,
) {
    for ProviderConfig { name, currency, .. } in providers {
        let rate = ["dialect", "rates", currency.as_str()];
        if *currency == dialect.currency || root.find(&rate).is_some() {
            continue;
        }
        let section = || root.find(&["provider", name]);
        let said = root.find(&["provider", name, "currency"]).or_else(section);
        let origin = said.map_or(Origin::Default, |said| said.origin);
        let problem = Problem::NoRate { provider: name.clone(), account: *currency, told: dialect.currency };
        report.error(&origin, &rate.join("."), problem);
    }
}
