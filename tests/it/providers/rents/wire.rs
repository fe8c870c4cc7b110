//! Rents through the whole server, from the dialect's wire to the upstream's and back: what clients are told, what
//! a restart remembers, and that the ledger and the upstream agree about the money.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use rust_decimal::Decimal;
use serde_json::Value;
use smsbridge::clock::MovableClock;
use smsbridge::domain::{Country, Service, State};
use smsbridge::mock::{Running, Settings};
use smsbridge::provider::Capability;
use tempfile::TempDir;

use super::super::stage::{Cast, casts, easy};
use super::flat::TERMS;
use crate::harness::{Books, Bridge, World};

const DONE: &str = r#"{"status":"success"}"#;

fn error(word: &str) -> String {
    format!(r#"{{"status":"error","message":"{word}"}}"#)
}

/// A server that can be started again, over an upstream that rents.
struct House {
    cast: Cast,
    bridge: Bridge,
    /// The sandbox has none.
    upstream: Option<Running>,
    clock: Arc<MovableClock>,
    home: TempDir,
    toml: String,
    /// The ids of all that was bought.
    bought: Vec<i64>,
}

impl House {
    async fn new(cast: Cast, market: Settings) -> Self {
        let (clock, home) = (MovableClock::standing(), tempfile::tempdir().unwrap());
        let (upstream, toml) = if cast.spec.in_process {
            let toml = format!(
                "[provider.main]\nkind = \"sandbox\"\nsms_delay = \"5s\"\nearly_cancel = \"0s\"\nbalance = \"{}\"\n",
                market.balance
            );
            (None, toml)
        } else {
            let upstream = World::stand_in(cast.stand_in, &cast.quirks, market, &clock).await;
            let toml = World::toml(cast.stand_in, &cast.quirks, &upstream, "");
            (Some(upstream), toml)
        };
        let bridge = Bridge::over(&toml, clock.clone(), home.path()).await;
        let house = Self { cast, bridge, upstream, clock, home, toml, bought: Vec::new() };
        house.stock();
        house
    }

    fn terms(&self) -> (&'static str, u32) {
        if self.cast.spec.kind == "smsak" { TERMS[1] } else { TERMS[0] }
    }

    /// Makes sure that there is something to rent.
    fn stock(&self) {
        let Some(upstream) = &self.upstream else { return };
        let ((service, _), codes) = (self.terms(), self.cast.spec.codes());
        let theirs = codes.services(&Service::parse(service).unwrap()).first().cloned();
        let country = codes.country(Country(0)).unwrap().into_owned();
        upstream.market().set_stock(&country, &theirs.unwrap_or_else(|| service.into()), 100);
    }

    fn can(&self, capability: Capability) -> bool {
        self.cast.spec.can(capability)
    }

    /// Whether a rented number can be given back at all.
    fn takes_back(&self) -> bool {
        self.cast.spec.kind != "smsak"
    }

    async fn restart(self) -> Self {
        let Self { cast, bridge, upstream, clock, home, toml, bought } = self;
        bridge.stop().await;
        let bridge = Bridge::over(&toml, clock.clone(), home.path()).await;
        Self { cast, bridge, upstream, clock, home, toml, bought }
    }

    async fn balance(&self) -> Decimal {
        let answer = self.bridge.ask("action=getBalance").await;
        answer.strip_prefix("ACCESS_BALANCE:").unwrap_or_else(|| panic!("{answer}")).parse().unwrap()
    }

    /// The price of a rent, by the list.
    async fn listed(&self) -> Decimal {
        let (service, hours) = self.terms();
        let query = format!("action=getRentServicesAndCountries&country=0&rent_time={hours}");
        let list = self.bridge.json(&query).await;
        list["services"][service]["cost"].to_string().parse().unwrap_or_else(|_| panic!("{list}"))
    }

    /// What `getRentNumber` or `continueRentNumber` sold: the id, and the rent as it was told.
    async fn buy(&mut self, query: &str) -> (String, Value) {
        let answer = self.bridge.json(query).await;
        assert_eq!(answer["status"], "success", "{query}: {answer}");
        let id = answer["phone"]["id"].as_i64().unwrap();
        (id.to_string(), answer["phone"].clone())
    }

    async fn rent(&mut self) -> (String, Value) {
        let (service, hours) = self.terms();
        let query = format!("action=getRentNumber&service={service}&country=0&rent_time={hours}");
        let (id, phone) = self.buy(&query).await;
        self.bought.push(id.parse().unwrap());
        (id, phone)
    }

    async fn status(&self, id: &str) -> String {
        self.bridge.ask(&format!("action=getRentStatus&id={id}")).await
    }

    async fn end(&self, id: &str, status: u8) -> String {
        self.bridge.ask(&format!("action=setRentStatus&id={id}&status={status}")).await
    }

    /// The texts that are shown after the next one came, newest first.
    async fn next_message(&self, id: &str) -> Vec<String> {
        self.bridge.advance(6);
        let answer = self.status(id).await;
        let json: Value = serde_json::from_str(&answer).unwrap();
        let rows = json["values"].as_object().unwrap_or_else(|| panic!("{answer}"));
        assert_eq!(json["quantity"], rows.len().to_string());
        rows.values().map(|row| row["text"].as_str().unwrap().to_owned()).collect()
    }

    /// Stops it; every purchase as the ledger has it. No document was broken, and nothing is in doubt.
    async fn close(self) -> Vec<(State, Option<Decimal>)> {
        self.bridge.stop().await;
        assert_eq!(Books::read(self.home.path(), &self.clock).await.doubts, Vec::new());
        let found = Books::found(self.home.path(), &self.clock, &self.bought).await;
        if let Some(upstream) = self.upstream {
            assert_eq!(upstream.violations(), Vec::<String>::new());
            upstream.stop().await;
        }
        let kept = |one: Option<smsbridge::domain::Activation>| {
            let one = one.unwrap();
            (one.state, one.price.map(|price| price.amount))
        };
        found.into_iter().map(kept).collect()
    }
}

/// Holds `test` against every kind that rents, with each of its quirks; the sandbox too.
async fn in_every_house(test: impl AsyncFn(House)) {
    let mut houses = 0;
    for cast in casts().into_iter().filter(|cast| cast.spec.can(Capability::Rent)) {
        houses += 1;
        let name = format!("{} with {:?}", cast.stand_in, cast.quirks);
        let house = House::new(cast, easy()).await;
        if let Err(reason) = AssertUnwindSafe(test(house)).catch_unwind().await {
            let text = reason.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| reason.downcast_ref::<&str>().copied());
            panic!("on {name}: {}", text.unwrap_or("failed"));
        }
    }
    assert!(houses > 10, "{houses}");
}

#[tokio::test]
async fn a_rent_lives_over_a_restart_and_costs_what_was_listed() {
    in_every_house(async |mut house| {
        let (credited, price, (_, hours)) = (house.balance().await, house.listed().await, house.terms());
        let (id, phone) = house.rent().await;
        assert_eq!(house.status(&id).await, error("STATUS_WAIT_CODE"));
        assert_eq!(credited - house.balance().await, price);
        let end =
            jiff::civil::date(2026, 1, 1).at(0, 0, 0, 0) + jiff::SignedDuration::from_hours(hours.into());
        assert_eq!(phone["endDate"], end.to_string());

        let first = house.next_message(&id).await;
        let two = house.next_message(&id).await;
        assert_eq!((first.len(), two.len(), &two[1..]), (1, 2, &first[..]));

        let list =
            format!(r#"{{"status":"success","values":{{"0":{{"id":"{id}","phone":{}}}}}}}"#, phone["number"]);
        assert_eq!(house.bridge.ask("action=getRentList").await, list);
        let paid = credited - house.balance().await;

        let house = house.restart().await;
        assert_eq!(house.bridge.ask("action=getRentList").await, list);
        // The sandbox lets the next message come some time after the one before was seen.
        house.status(&id).await;
        let three = house.next_message(&id).await;
        assert_eq!((three.len(), &three[1..]), (3, &two[..]), "none is lost, and none came twice");
        assert_eq!(house.end(&id, 1).await, DONE);
        assert_eq!(house.end(&id, 1).await, error("ALREADY_FINISH"));
        assert_eq!(house.status(&id).await, error("STATUS_FINISH"));
        assert_eq!(house.bridge.ask("action=getRentList").await, error("NO_NUMBERS"));
        let charged = house.upstream.as_ref().map(|upstream| upstream.market().totals().charged);
        assert!(charged.is_none_or(|charged| charged == paid), "{charged:?} and {paid}");
        assert_eq!(house.close().await, [(State::Finished, Some(paid))]);
    })
    .await;
}

#[tokio::test]
async fn more_time_is_paid_for_where_it_can_be_had() {
    in_every_house(async |mut house| {
        let (credited, (_, hours)) = (house.balance().await, house.terms());
        let (id, phone) = house.rent().await;
        let rented = credited - house.balance().await;
        let more = format!("id={id}&rent_time={hours}");
        let (price, buy) = (
            format!("action=getContinueRentPriceNumber&{more}"),
            format!("action=continueRentNumber&{more}"),
        );
        if !house.can(Capability::RentContinue) {
            for query in [price, buy] {
                assert_eq!(house.bridge.ask(&query).await, error("RENT_DIE"));
            }
            assert_eq!(credited - house.balance().await, rented);
            assert_eq!(house.close().await, [(State::Waiting, Some(rented))]);
            return;
        }
        let told = house.bridge.json(&price).await;
        let (same, longer) = house.buy(&buy).await;
        assert_eq!((same, &longer["number"]), (id.clone(), &phone["number"]));
        let end =
            |phone: &Value| phone["endDate"].as_str().unwrap().parse::<jiff::civil::DateTime>().unwrap();
        let gained = end(&longer).duration_since(end(&phone));
        assert_eq!(gained, jiff::SignedDuration::from_hours(hours.into()));
        let paid = credited - house.balance().await - rented;
        assert_eq!(told["price"].to_string().parse::<Decimal>().unwrap(), paid);
        house.bought.push(id.parse::<i64>().unwrap() + 1);

        // It lives beyond its first end, also after a restart.
        let house = house.restart().await;
        house.bridge.advance(u64::from(hours) * 3600);
        assert!(!house.next_message(&id).await.is_empty());
        let books = house.close().await;
        assert_eq!(books, [(State::Received, Some(rented)), (State::Finished, Some(paid))]);
    })
    .await;
}

#[tokio::test]
async fn a_fresh_rent_is_refunded_or_stays_as_it_is() {
    in_every_house(async |mut house| {
        let credited = house.balance().await;
        let (id, _) = house.rent().await;
        let paid = credited - house.balance().await;
        house.bridge.advance(1);
        if !house.takes_back() {
            assert_eq!(house.end(&id, 2).await, error("CANT_CANCEL"));
            assert_eq!(credited - house.balance().await, paid);
            assert_eq!(house.close().await, [(State::Waiting, Some(paid))]);
            return;
        }
        assert_eq!(house.end(&id, 2).await, DONE);
        assert_eq!(house.end(&id, 2).await, error("ALREADY_CANCEL"));
        assert_eq!(house.status(&id).await, error("STATUS_CANCEL"));
        assert_eq!(house.bridge.ask("action=getRentList").await, error("NO_NUMBERS"));
        assert_eq!(house.balance().await, credited);
        assert_eq!(house.close().await, [(State::Cancelled, Some(paid))]);
    })
    .await;
}
