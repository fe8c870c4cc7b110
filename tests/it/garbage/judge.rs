//! What may be made of a spoiled answer: a fault, or what the true answer said, and in an order or a change
//! never the certainty that nothing was done. Knows no provider.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;
use smsbridge::domain::{Bought, Inbox, MailKind, MailProgress, Money, Offer, Progress, Sms};
use smsbridge::provider::{Effect, Fault, FaultKind, ListedCountry};

use super::calls::{Answered, Call};
use super::mangle::{Class, Mangled};
use super::tape::Exchange;

/// What is wrong with the outcome of `call` on a spoiled answer whose true one meant `truth`. `acted` says
/// whether an order or a change was asked for.
pub fn complaint(
    call: &Call,
    truth: &Answered,
    (exchange, mangled): (&Exchange, &Mangled),
    outcome: &Result<Answered, Fault>,
    acted: bool,
) -> Option<String> {
    let passes_on = matches!(call, Call::Relay);
    match outcome {
        Ok(answered) => {
            let unreadable = mangled.class == Class::Unreadable && !passes_on;
            if unreadable || mangled.class == Class::Broken {
                return Some(format!("it was taken for {answered:?}"));
            }
            if matches!(answered, Answered::Money(_)) && is_a_balance(exchange, mangled) {
                return None;
            }
            not_true(truth, answered, exchange, mangled)
        }
        Err(fault) => ill_judged(call, fault, mangled, acted),
    }
}

/// Whether it is the answer of another account: one in debt, or one that is empty where a bare number says so.
fn is_a_balance(exchange: &Exchange, mangled: &Mangled) -> bool {
    let bare = exchange.body.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    bare && mangled.answer.body == b"0" || mangled.name.starts_with("-1 at")
}

/// What is wrong with a fault.
fn ill_judged(call: &Call, fault: &Fault, mangled: &Mangled, acted: bool) -> Option<String> {
    // A text that repeats what was asked may also say no.
    if mangled.class == Class::Echo || !call.changes() {
        return None;
    }
    let in_doubt = fault.effect == Effect::Unknown;
    match (acted, in_doubt) {
        (true, false) => Some(format!("nothing was certainly not done: {fault:?}")),
        (false, true) => Some(format!("what was not asked for is in doubt: {fault:?}")),
        _ => None,
    }
}

/// Everything a fault says that may reach a log.
pub fn said_by(fault: &Fault) -> String {
    let word = match &fault.kind {
        FaultKind::Word(word) => word,
        _ => "",
    };
    format!("{fault} {:?} {word}", fault.upstream_code)
}

fn not_true(truth: &Answered, answered: &Answered, exchange: &Exchange, mangled: &Mangled) -> Option<String> {
    let is_echo = mangled.class == Class::Echo;
    let good = match (truth, answered) {
        (Answered::Money(truth), Answered::Money(money)) => truth == money,
        (Answered::Offers(truth), Answered::Offers(offers)) => {
            offers.iter().all(|offer| truth.iter().any(|row| same_offer(row, offer)))
        }
        (Answered::Rentable(truth), Answered::Rentable(found)) => {
            found.services.iter().all(|offer| truth.services.iter().any(|row| same_offer(row, offer)))
                && found.countries.iter().all(|country| truth.countries.contains(country))
                && found.operators.iter().all(|operator| truth.operators.contains(operator))
        }
        (Answered::Held(truth), Answered::Held(rows)) => {
            rows.iter().all(|row| truth.iter().any(|held| held.upstream_id == row.upstream_id))
        }
        (Answered::Counts(truth), Answered::Counts(counts)) => {
            counts.iter().all(|(key, count)| truth.get(key) == Some(count))
        }
        (Answered::Ranking(truth), Answered::Ranking(ranking)) => {
            ranking.is_object() && places(ranking).is_subset(&places(truth))
        }
        (Answered::Countries(truth), Answered::Countries(countries)) => {
            countries.iter().all(|listed| truth.iter().any(|row| same_country(row, listed)))
        }
        (Answered::Services(truth), Answered::Services(services)) => services.iter().all(|listed| {
            let named = |row: &str| row == listed.name || listed.name == listed.service.as_str();
            truth.iter().any(|row| row.service == listed.service && named(&row.name))
        }),
        (Answered::Operators(truth), Answered::Operators(operators)) => {
            operators.iter().all(|(country, names)| {
                truth.get(country).is_some_and(|known| names.iter().all(|name| known.contains(name)))
            })
        }
        (Answered::Bought(truth), Answered::Bought(bought)) => {
            let price = |price: Option<Money>| price.is_none() || price == truth.price;
            truth.upstream_id == bought.upstream_id
                && truth.phone == bought.phone
                && same_end(truth.expires_at, bought.expires_at)
                && price(bought.price)
        }
        (Answered::Together(truth), Answered::Together(parts)) => {
            let same = |(truth, part): (&Bought, &Bought)| {
                truth.upstream_id == part.upstream_id
                    && truth.phone == part.phone
                    && part.price == truth.price
            };
            truth.len() == parts.len() && truth.iter().zip(parts).all(same)
        }
        (Answered::Progress(truth), Answered::Progress(progress)) => {
            is_echo || same_progress(truth, progress)
        }
        // A list that lost its newest message ends with the one before.
        (Answered::Text(truth), Answered::Text(text)) => {
            text.is_none() || text == truth || mangled.name.starts_with("nothing at")
        }
        (Answered::Incoming(truth), Answered::Incoming(call)) => {
            is_echo || call.caller.is_none() || call.caller == truth.caller
        }
        (Answered::Outgoing(truth), Answered::Outgoing(calls)) => {
            calls.iter().all(|call| truth.iter().any(|row| row.upstream_id == call.upstream_id))
        }
        (Answered::Told, Answered::Told) => !exchange.acts || still_says(exchange, mangled),
        (Answered::Relayed, Answered::Relayed) => true,
        (Answered::MailOffers(truth), Answered::MailOffers(offers)) => {
            let true_of = |kind| {
                offers.of(kind).iter().all(|offer| {
                    let same = |row: &&smsbridge::domain::MailOffer| {
                        row.name == offer.name && row.price == offer.price
                    };
                    let row = truth.of(kind).iter().find(same);
                    row.is_some_and(|row| offer.count.is_none() || offer.count == row.count)
                })
            };
            true_of(MailKind::Zone) && true_of(MailKind::Popular)
        }
        (Answered::BoughtMail(truth), Answered::BoughtMail(bought)) => truth == bought,
        (Answered::MailProgress(truth), Answered::MailProgress(progress)) => match (truth, progress) {
            (_, MailProgress::Waiting) => true,
            (MailProgress::Received(truth), MailProgress::Received(letter)) => {
                letter.value == truth.value && (letter.full.is_none() || letter.full == truth.full)
            }
            (MailProgress::Waiting, _) => false,
        },
        // Without its instructions a key is still what was bought.
        (Answered::Product(truth), Answered::Product(bought)) => truth.key == bought.key,
        _ => false,
    };
    (!good).then(|| format!("{} became {}", shown(truth), shown(answered)))
}

/// Whether every word of the true answer is in the spoiled one: the one way to agree is to say so.
fn still_says(exchange: &Exchange, mangled: &Mangled) -> bool {
    let text = |body: &[u8]| String::from_utf8_lossy(body).into_owned();
    let (truth, spoiled) = (text(&exchange.body), text(&mangled.answer.body));
    let Ok(Value::Object(fields)) = serde_json::from_str(&truth) else { return truth == spoiled };
    let letters = |text: &str| !text.contains(' ') && text.contains(char::is_alphabetic);
    let is_word = |value: &Value| value.is_boolean() || value.as_str().is_some_and(letters);
    let Ok(spoiled) = serde_json::from_str::<Value>(&spoiled) else { return false };
    fields.iter().filter(|(_, value)| is_word(value)).all(|(name, value)| spoiled.get(name) == Some(value))
}

fn shown(answered: &Answered) -> String {
    let mut text = match answered {
        Answered::Progress(progress) => format!("{progress:?} {:?}", codes(progress)),
        other => format!("{other:?}"),
    };
    text.truncate(text.floor_char_boundary(600));
    text
}

/// The same number, and no name of another one.
fn same_country(row: &ListedCountry, listed: &ListedCountry) -> bool {
    let name = |of: &ListedCountry, field: &str| {
        of.fields.get(field).and_then(Value::as_str).map(str::to_owned).filter(|name| name.len() > 1)
    };
    let same = |field: &&str| name(listed, field).is_none_or(|own| Some(own) == name(row, field));
    row.country == listed.country && ["rus", "eng", "name", "name_en"].iter().all(same)
}

/// The same end; one that cannot be read is reckoned from now, which is later than it was recorded.
fn same_end(truth: Option<Timestamp>, end: Option<Timestamp>) -> bool {
    let apart = |(truth, end): (Timestamp, Timestamp)| end.duration_since(truth).as_secs().abs();
    truth.is_some() == end.is_some() && truth.zip(end).is_none_or(|ends| apart(ends) <= 60)
}

/// The same but for stock: several of theirs may be one of ours, and one of them unreadable.
fn same_offer(row: &Offer, offer: &Offer) -> bool {
    let count = row.count == offer.count || (1..row.count).contains(&offer.count);
    row.service == offer.service && row.country == offer.country && row.price == offer.price && count
}

/// The rows of a ranking: country, count and price.
fn places(ranking: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let fields = ["country", "count", "price"].map(|name| ranking.get(name));
    if let [Some(country), Some(count), Some(price)] = fields {
        found.insert(format!("{country} {count} {price}"));
    }
    if let Value::Object(rows) = ranking {
        found.extend(rows.values().flat_map(places));
    }
    found
}

fn messages(progress: &Progress) -> Vec<&Sms> {
    match progress {
        Progress::Received(Inbox::All(all)) => all.iter().collect(),
        Progress::Received(Inbox::Newest(sms) | Inbox::Last(sms)) => vec![sms],
        Progress::Waiting | Progress::Resend | Progress::Cancelled | Progress::Gone => Vec::new(),
    }
}

fn codes(progress: &Progress) -> Vec<(&str, Option<&str>)> {
    messages(progress).into_iter().map(|sms| (sms.code.as_str(), sms.text.as_deref())).collect()
}

/// Only messages that came, and an end only where it was the end.
fn same_progress(truth: &Progress, progress: &Progress) -> bool {
    let known = messages(truth);
    // Where there is no code to be found, the text stands for it.
    let is_true = |sms: &&Sms| {
        known.iter().any(|own| {
            let code = sms.code == own.code || Some(&sms.code) == own.text.as_ref();
            code && (sms.text.is_none() || sms.text == own.text)
        })
    };
    let ended = |progress: &Progress| matches!(progress, Progress::Cancelled | Progress::Gone);
    messages(progress).iter().all(is_true) && (ended(truth) || !ended(progress))
}
