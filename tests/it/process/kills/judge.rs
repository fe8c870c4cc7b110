//! Holds the ledger, the stand-in and what clients were told against each other: nothing lost, nothing doubled,
//! nothing unaccounted for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::Connection;
use rust_decimal::Decimal;
use smsbridge::mock::Lot;

use super::site::Site;
use crate::process::rows::{Row, copy_of, rows};

/// What came of it all.
#[derive(Debug, Default)]
pub struct Verdict {
    /// How many numbers the stand-in sold.
    pub sold: usize,
    /// How many purchases the ledger has as made.
    pub settled: usize,
    /// How many as certainly not made.
    pub released: usize,
    /// How many as unknown.
    pub unknown: usize,
    /// How many numbers were sold that are in the ledger as unknown only.
    pub in_doubt: usize,
    /// What the stand-in charged for these.
    pub at_stake: Decimal,
    /// What the stand-in charged in all.
    pub charged: Decimal,
    /// How many messages the ledger has.
    pub messages: usize,
    /// Everything that is wrong.
    pub wrong: Vec<String>,
}

impl Verdict {
    fn hold(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.wrong.push(otherwise());
        }
    }
}

/// Judges a server that has stopped and left nothing undecided that it could decide.
pub fn judge(site: &Site) -> Verdict {
    let rows = rows(site.home());
    let lots = site.upstream.market().lots();
    let mut verdict = Verdict { sold: lots.len(), ..Verdict::default() };
    count(&mut verdict, &rows);
    every_lot_is_known_once(&mut verdict, &rows, &lots);
    every_row_is_as_its_lot(&mut verdict, &rows, &lots);
    the_money_is_the_same(&mut verdict, site, &rows, &lots);
    every_word_holds(&mut verdict, site, &rows, &lots);
    // The answer that showed the code may have been lost.
    let unknowing = |violation: &String| violation.ends_with("after a code");
    let mut violations = site.upstream.violations();
    violations.retain(|violation| !unknowing(violation));
    verdict.hold(violations.is_empty(), || format!("against the document: {violations:?}"));
    verdict
}

fn count(verdict: &mut Verdict, rows: &[Row]) {
    for row in rows {
        match row.stage.as_str() {
            "settled" => verdict.settled += 1,
            "released" => verdict.released += 1,
            "unknown" => verdict.unknown += 1,
            other => verdict.wrong.push(format!("{} is still {other}", row.id)),
        }
    }
}

fn settled(rows: &[Row]) -> BTreeMap<&str, &Row> {
    rows.iter()
        .filter_map(|row| Some((row.upstream_id.as_deref().filter(|_| row.is_settled())?, row)))
        .collect()
}

/// Each sale is one row, or one of those that are in doubt.
fn every_lot_is_known_once(verdict: &mut Verdict, rows: &[Row], lots: &[Lot]) {
    let known = settled(rows);
    let unnoted: Vec<_> = lots.iter().filter(|lot| !known.contains_key(lot.id.as_str())).collect();
    verdict.in_doubt = unnoted.len();
    verdict.at_stake = unnoted.iter().filter(|lot| !lot.was_refunded()).map(|lot| lot.price).sum();
    let (doubts, unknown) = (unnoted.len(), verdict.unknown);
    verdict
        .hold(doubts <= unknown, || format!("{doubts} were sold that are in no row, {unknown} are unknown"));
    // More time for a rent goes by the rent's own id.
    let settled = verdict.settled;
    verdict.hold(known.len() == settled, || {
        format!("{settled} purchases have {} ids at the stand-in", known.len())
    });
    let sold: BTreeSet<_> = lots.iter().map(|lot| lot.id.as_str()).collect();
    for (id, row) in &known {
        verdict.hold(sold.contains(id), || format!("{} was never sold", row.id));
    }
}

/// Number, price and end are the same on both sides.
fn every_row_is_as_its_lot(verdict: &mut Verdict, rows: &[Row], lots: &[Lot]) {
    let known = settled(rows);
    for lot in lots {
        let Some(row) = known.get(lot.id.as_str()) else { continue };
        let state = row.state.as_deref().unwrap_or_default();
        verdict.hold(row.phone.as_ref() == Some(&lot.phone), || format!("{} has another number", row.id));
        verdict.hold(row.price == Some(lot.price), || {
            format!("{} has the price {:?}, {} was charged", row.id, row.price, lot.price)
        });
        let refunded = matches!(state, "cancelled" | "expired");
        verdict.hold(refunded == lot.was_refunded(), || {
            format!("{} is {state}, at the stand-in {:?}", row.id, lot.state)
        });
    }
}

/// What is gone from the account is what the ledger says, and what it says may be.
fn the_money_is_the_same(verdict: &mut Verdict, site: &Site, rows: &[Row], lots: &[Lot]) {
    let totals = site.upstream.market().totals();
    verdict.charged = totals.charged;
    let kept =
        |row: &&Row| row.is_settled() && !matches!(row.state.as_deref(), Some("cancelled" | "expired"));
    let noted: Decimal = rows.iter().filter(kept).filter_map(|row| row.price).sum();
    let (charged, at_stake) = (totals.charged, verdict.at_stake);
    verdict.hold(noted + at_stake == charged, || {
        format!("{charged} were charged, {noted} are noted and {at_stake} in doubt")
    });
    let sold: Decimal = lots.iter().map(|lot| lot.price).sum();
    verdict.hold(sold == totals.spent, || format!("{} were spent on lots of {sold}", totals.spent));
}

/// What clients were told is so.
fn every_word_holds(verdict: &mut Verdict, site: &Site, rows: &[Row], lots: &[Lot]) {
    let words = site.told.words();
    verdict.hold(words.twice.is_empty(), || format!("two orders were answered with {:?}", words.twice));
    let by_id: BTreeMap<_, _> = rows.iter().map(|row| (row.id, row)).collect();
    let by_lot: BTreeMap<_, _> = lots.iter().map(|lot| (lot.id.as_str(), lot)).collect();
    for (id, phone) in &words.bought {
        let row = by_id.get(id).filter(|row| row.is_settled());
        verdict.hold(row.is_some_and(|row| row.phone.as_ref() == Some(phone)), || format!("{id} is lost"));
    }
    let lot_of = |id: &i64| by_lot.get(by_id.get(id)?.upstream_id.as_deref()?).copied();
    for id in &words.cancelled {
        let back = lot_of(id).is_some_and(Lot::was_refunded);
        verdict.hold(back, || {
            let story = lot_of(id).map(|lot| story(site, lot)).unwrap_or_default();
            format!("{id} was said to be cancelled, and is paid for: {story:#?}")
        });
    }
    for id in &words.finished {
        let state = by_id.get(id).and_then(|row| row.state.as_deref());
        verdict.hold(state == Some("finished"), || format!("{id} was said to be finished, and is {state:?}"));
    }
    let noted = messages(site.home());
    verdict.messages = noted.len();
    for (id, code) in &words.codes {
        verdict.hold(noted.contains(&(*id, code.clone())), || format!("a code of {id} is lost"));
    }
    let taken_care_of = &sent(site) | &queued(site.home());
    let unwanted = of_the_unwanted(site.home());
    for (id, code) in noted.difference(&taken_care_of).filter(|message| !unwanted.contains(message)) {
        verdict.wrong.push(format!("the message of {id} with {code} was never sent on: {:?}", by_id.get(id)));
    }
}

/// What the stand-in was asked about one lot.
fn story(site: &Site, lot: &Lot) -> Vec<String> {
    site.upstream.requests().into_iter().filter(|request| request.contains(&lot.id)).collect()
}

/// The messages that the ledger has.
pub fn messages(home: &Path) -> BTreeSet<(i64, String)> {
    found(home, "SELECT activation, code FROM messages")
}

/// Those that came to numbers which were found after a doubt, before they could be given back: no client knows of such a
/// number, so that nobody is sent what came to it.
fn of_the_unwanted(home: &Path) -> BTreeSet<(i64, String)> {
    found(home, "SELECT activation, code FROM messages JOIN activations ON id = activation WHERE unwanted")
}

/// Those that are still to be sent on: each time that the server was killed while it was sending one, it waits longer.
fn queued(home: &Path) -> BTreeSet<(i64, String)> {
    found(home, "SELECT activation, code FROM messages JOIN deliveries USING (activation, seq)")
}

/// Those that are to be sent on now or very soon.
pub fn due(home: &Path) -> BTreeSet<(i64, String)> {
    found(
        home,
        "SELECT activation, code FROM messages JOIN deliveries USING (activation, seq)
         WHERE due_at < 1000 * (unixepoch() + 3)",
    )
}

fn found(home: &Path, query: &str) -> BTreeSet<(i64, String)> {
    let copy = copy_of(home);
    let connection = Connection::open(copy.path().join("smsbridge.db")).unwrap();
    let mut query = connection.prepare(query).unwrap();
    let found = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    found.unwrap().map(Result::unwrap).collect()
}

/// The messages that somebody was sent.
pub fn sent(site: &Site) -> BTreeSet<(i64, String)> {
    let posts = site.receiver.posts(super::site::HOOK);
    let message = |json: serde_json::Value| {
        (json["activationId"].as_i64().unwrap(), json["code"].as_str().unwrap().to_owned())
    };
    posts.iter().map(|post| message(post.json())).collect()
}
