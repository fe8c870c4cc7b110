//! What the dialect writes is what a client reads that speaks it, here our own provider for services that do: an id,
//! a number, an amount, a state, a list. Knows no engine; what is written are facts made of any bytes.

mod lists;
mod numbers;
mod refusals;
mod rents;
mod states;

use super::bytes::Bytes;
use super::stage::{self, Stage};
use crate::dialect::Reply;
use crate::provider::http::Answer;
use crate::provider::{Cx, Provider};

/// Every kind of answer that is read back.
const TRIPS: &[fn(&Reader<'_>, &mut Bytes<'_>)] = &[
    numbers::plain,
    numbers::detailed,
    numbers::mail,
    numbers::balance,
    states::plain,
    states::detailed,
    states::messages,
    states::calls,
    lists::prices,
    lists::prices_by_price,
    lists::counts,
    lists::operators,
    lists::services,
    rents::rented,
    rents::messages,
    rents::offers,
    refusals::words,
    refusals::lowest_price,
];

/// Writes an answer and reads it; the first byte of the data says which one.
pub fn round_trip(data: &[u8]) {
    stage::with_stages("sms-activate", |stage| {
        let mut bytes = Bytes(data);
        let trip = bytes.one_of(TRIPS);
        trip(&Reader(stage), &mut bytes);
    });
}

/// A client of ours.
struct Reader<'a>(&'a Stage);

impl Reader<'_> {
    /// What this client makes of an answer.
    fn read<T>(&self, reply: &Reply, ask: impl AsyncFnOnce(&dyn Provider, &Cx) -> T) -> T {
        well_formed(reply);
        self.0.script.play(&[Answer { status: 200, body: reply.body.clone() }]);
        let provider = self.0.provider();
        self.0.wait(ask(provider.as_ref(), &self.0.cx))
    }
}

/// What holds for every answer, whatever it says.
fn well_formed(reply: &Reply) {
    assert!(!reply.body.is_empty(), "an answer of nothing");
    let is_json = serde_json::from_str::<serde_json::Value>(&reply.body).is_ok();
    assert!(!reply.json || is_json, "no JSON: {}", reply.body);
    assert!(!reply.outcome.contains(|c: char| c.is_ascii_digit()), "the log gets {}", reply.outcome);
}
