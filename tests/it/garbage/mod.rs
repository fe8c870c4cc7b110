//! Every decoder is fed what no document allows: answers cut off, empty, endless, of other types, pages of web
//! servers. Whatever comes, the end is a typed fault or the truth: never a panic, never a success that was
//! none, and where money is concerned never the certainty that nothing was done.
//!
//! It goes over the list of kinds and records their own stand-ins, so a new kind is held to it without a line
//! here.

mod calls;
mod fields;
mod judge;
mod mangle;
mod scenes;
mod tape;

use std::collections::HashSet;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use smsbridge::provider::Capability;

use crate::harness::Draw;
use crate::providers::{Cast, casts};

use calls::{Answered, Call};
use mangle::{Mangled, mangle, other_bodies};
use scenes::{KEY, Studio, Take};
use tape::Exchange;

/// Nothing takes as long on one machine.
const TOO_LONG: Duration = Duration::from_secs(8);

/// Every kind that has an upstream on each of its stand-ins, as it is and with all its quirks at once.
fn stages() -> Vec<Cast> {
    let mut all: Vec<Cast> = casts();
    all.retain(|cast| !cast.spec.in_process && cast.quirks.len() != 1);
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_answer_is_taken_for_more_than_it_says() {
    let mut running = tokio::task::JoinSet::new();
    for cast in stages() {
        running.spawn(async move {
            let name = if cast.quirks.is_empty() {
                cast.stand_in.to_owned()
            } else {
                format!("{} with quirks", cast.stand_in)
            };
            let complaints = play_all(cast).await;
            complaints.into_iter().map(|text| format!("{name}: {text}")).collect::<Vec<_>>()
        });
    }
    let mut complaints: Vec<String> = running.join_all().await.concat();
    complaints.sort();
    let shown: Vec<_> = complaints.iter().take(60).map(String::as_str).collect();
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), shown.join("\n"));
}

/// Records one kind and plays everything back, each answer spoiled in every way.
async fn play_all(cast: Cast) -> Vec<String> {
    let studio = Studio::new(cast).await;
    let takes = studio.record().await;
    if studio.cast.quirks.is_empty() {
        every_method_is_there(&studio, &takes);
    }
    let mut draw = Draw(7);
    let mut complaints = Vec::new();
    let mut played = HashSet::new();
    for take in &takes {
        // One of several numbers that were bought alike will do.
        let lengths = |exchange: &Exchange| (exchange.status, exchange.body.len());
        if !played.insert((&take.name, take.exchanges.iter().map(lengths).collect::<Vec<_>>())) {
            continue;
        }
        let secrets = secrets_of(take);
        for (which, exchange) in take.exchanges.iter().enumerate() {
            if is_aside(&studio, take, exchange) {
                continue;
            }
            // With quirks the service says it otherwise; it comes the same way.
            let all = match studio.cast.quirks.is_empty() {
                true => mangle(exchange, &secrets, &mut draw),
                false => other_bodies(exchange, &mut draw),
            };
            let sampled = one_in(take, which);
            for mangled in all {
                if draw.below(sampled) > 0 {
                    continue;
                }
                let Some(text) = play(&studio, take, which, &mangled, &secrets).await else { continue };
                complaints.push(format!("{}, answer {which}, {}: {text}", take.name, mangled.name));
            }
        }
    }
    complaints
}

/// Whether an exchange only goes along with others, so that nothing hangs on its answer.
fn is_aside(studio: &Studio, take: &Take, exchange: &Exchange) -> bool {
    let aside = studio.names().aside;
    let named = aside.iter().any(|name| exchange.target.contains(&format!("/{name}/")));
    named || exchange.acts && matches!(take.call, Call::RentMessages)
}

/// Of how many ways to spoil an answer one is tried: lists that are looked
/// into first are the same before every call, and what is put together from several is slow.
fn one_in(take: &Take, which: usize) -> usize {
    match take.exchanges.len() - which {
        _ if take.exchanges[which].acts || take.exchanges.len() == 1 => 1,
        1 => 3,
        _ => 6,
    }
}

/// Plays a take with one answer spoiled, and says what is wrong with what came of it.
async fn play(
    studio: &Studio,
    take: &Take,
    which: usize,
    mangled: &Mangled,
    secrets: &[String],
) -> Option<String> {
    studio.tape.play(&take.exchanges, which, mangled.answer.clone());
    let provider = studio.provider();
    let made = AssertUnwindSafe(take.call.make(provider.as_ref(), &studio.cx, take.about.as_ref()));
    let outcome = match tokio::time::timeout(TOO_LONG, made.catch_unwind()).await {
        Err(_) => return Some("it hangs".into()),
        Ok(Err(_)) => return Some("it panics".into()),
        Ok(Ok(outcome)) => outcome,
    };
    let played = studio.tape.played();
    // A list may be looked into once more for what an answer does not say.
    let is_list = |target: &String| take.exchanges.iter().any(|known| known.target == *target && !known.acts);
    if take.call.changes() && !played.strange.iter().all(is_list) {
        return Some(format!("it went on to ask {:?}", played.strange));
    }
    if let Err(fault) = &outcome {
        let said = judge::said_by(fault);
        if let Some(secret) = secrets.iter().find(|secret| said.contains(secret.as_str())) {
            return Some(format!("{secret:?} is repeated in {said:?}"));
        }
    }
    let acted = played.asked.iter().any(|nth| take.exchanges[*nth].acts);
    // An answer that was not asked for is not spoiled.
    if !played.asked.contains(&which) {
        return None;
    }
    judge::complaint(&take.call, &take.truth, (&take.exchanges[which], mangled), &outcome, acted)
}

/// The key, the number, and what messages say.
fn secrets_of(take: &Take) -> Vec<String> {
    let mut secrets = vec![KEY.to_owned()];
    secrets.extend(take.about.iter().map(|activation| activation.phone.digits().to_owned()));
    match &take.truth {
        Answered::Bought(bought) => secrets.push(bought.phone.digits().to_owned()),
        Answered::Together(parts) => {
            secrets.extend(parts.iter().map(|part| part.phone.digits().to_owned()));
        }
        Answered::Progress(smsbridge::domain::Progress::Received(inbox)) => {
            use smsbridge::domain::Inbox;
            let sms = match inbox {
                Inbox::All(all) => all.last(),
                Inbox::Newest(sms) | Inbox::Last(sms) => Some(sms),
            };
            secrets
                .extend(sms.into_iter().flat_map(|sms| [Some(sms.code.clone()), sms.text.clone()]).flatten());
        }
        Answered::Text(Some(text)) => secrets.push(text.clone()),
        Answered::BoughtMail(bought) => secrets.push(bought.email.as_str().to_owned()),
        Answered::MailProgress(smsbridge::domain::MailProgress::Received(letter)) => {
            secrets.push(letter.value.clone());
        }
        Answered::Product(bought) => secrets.push(bought.key.clone()),
        _ => {}
    }
    secrets
}

/// Holds the suite itself to what it says: each method behind what the kind declares has asked its upstream.
fn every_method_is_there(studio: &Studio, takes: &[Take]) {
    let features = [
        Capability::Operator,
        Capability::OperatorList,
        Capability::MaxPrice,
        Capability::PhoneException,
        Capability::Verification,
        // Not every stand-in has such numbers.
        Capability::Forward,
    ];
    for capability in studio.cast.spec.capabilities.iter().filter(|one| !features.contains(one)) {
        let asked = |take: &Take| take.call.capability() == *capability && !take.exchanges.is_empty();
        assert!(takes.iter().any(asked), "{}: {capability:?} was not recorded", studio.cast.stand_in);
    }
}
