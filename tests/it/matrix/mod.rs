//! Every cell of the matrix of actions and providers, over the wire: what it says can be done is done in the
//! documented form, what it says is refused is refused in the documented word, and what it says needs no
//! upstream asks none. What the answers hold is the business of the actions' own tests.

mod rows;
mod shape;

use std::time::Duration;

use rust_decimal::Decimal;
use smsbridge::dialect::{ACTIONS, Action, Support};
use smsbridge::mock::{self, Settings};
use smsbridge::provider::{self, Capability, PROVIDERS, Spec};

use crate::harness::{KINDS, Response, World};
use rows::{Row, Stage, rentable, rows};

const ONE_DAY: u64 = 24 * 3600;

/// What a stand-in's kind declares.
fn spec_of(name: &str) -> &'static Spec {
    let kind = mock::stand_in(name).map_or(name, |stand_in| stand_in.kind);
    provider::spec(kind).unwrap()
}

fn row_of(action: &Action) -> &'static Row {
    let found = rows().find(|row| row.action == action.name);
    found.unwrap_or_else(|| panic!("nobody drives {}: add a row in tests/it/matrix/rows", action.name))
}

/// Whether the matrix says that it is answered from the catalog and the ledger alone, or not at all.
fn asks_nobody(action: &Action, spec: &Spec) -> bool {
    let known = match action.name {
        // Which rents there are is known from the ledger.
        "getRentList" => true,
        // Elsewhere nobody is told that a client is done with its rent.
        "setRentStatus" => !spec.speaks_dialect,
        _ => false,
    };
    if known || matches!(action.support(spec), Support::Refused(_)) {
        return true;
    }
    let open = |needs| Option::is_none_or(needs, |capability| spec.can(capability));
    let path = action.paths.iter().find(|path| open(path.needs));
    // Which operators an order can name is known from the catalog.
    path.is_none_or(|path| path.needs.is_none_or(|needed| needed == Capability::Operator))
}

/// Brings a world to where the action is asked for; the id of its activation.
async fn set_up(world: &World, stage: Stage) -> String {
    let can_rent = spec_of(world.kind).can(Capability::Rent);
    match stage {
        Stage::Fresh => return String::new(),
        Stage::Rented | Stage::RentMessageCame if can_rent => return rented(world, stage).await,
        _ => {}
    }
    if stage == Stage::Mailed {
        let order = "action=buyMailActivation&site=apple.com&mail_type=2&mail_domain=mail.ru";
        let sold = world.bridge.ask(order).await;
        let sold: serde_json::Value = serde_json::from_str(&sold).unwrap_or_default();
        return sold["response"]["id"].to_string();
    }
    let id = order(world, stage).await;
    if stage >= Stage::MessageCame {
        world.let_message_come();
    }
    if stage >= Stage::MessageSeen {
        let status = world.bridge.status(&id).await;
        assert!(status.starts_with("STATUS_OK:"), "{}: {status}", world.kind);
    }
    if stage == Stage::Over {
        assert_eq!(world.bridge.set(&id, "6").await, "ACCESS_ACTIVATION", "{}", world.kind);
        world.bridge.advance(20 * 60);
    }
    id
}

/// Orders the number that the stage needs; an ordinary one where none forwards.
async fn order(world: &World, stage: Stage) -> String {
    let forwarding = "action=getNumber&service=av&country=0&forward=1";
    if stage == Stage::Forwarding
        && let Some(sold) = world.bridge.ask(forwarding).await.strip_prefix("ACCESS_NUMBER:")
    {
        return sold.split(':').next().unwrap_or_default().to_owned();
    }
    world.bridge.order("service=tg&country=0").await.0
}

async fn rented(world: &World, stage: Stage) -> String {
    let rented = world.bridge.json(&format!("action=getRentNumber&{}", rentable(world.kind))).await;
    if stage == Stage::RentMessageCame {
        world.let_message_come();
    }
    assert_eq!(rented["status"], "success", "{}: {rented}", world.kind);
    rented["phone"]["id"].to_string()
}

fn requests(world: &World) -> usize {
    world.upstream.as_ref().map_or(0, |upstream| upstream.requests().len())
}

fn bought(world: &World) -> u64 {
    world.upstream.as_ref().map_or(0, |upstream| upstream.market().totals().purchases)
}

/// Holds one answer against what the matrix says.
fn judge(row: &Row, kind: &str, support: Support, answer: &Response) {
    let place = format!("{} on {kind}, {support:?}", row.action);
    assert_eq!((answer.status, answer.body.trim()), (200, answer.body.as_str()), "{place}");
    let detail = answer.header("x-smsbridge-detail");
    match support {
        Support::Refused(word) => {
            let other = row.refused_else.contains(word.as_str());
            let refused = if other { row.refused_else } else { row.refused };
            assert_eq!(answer.body, refused, "{place}");
            assert!(detail.is_some(), "{place}: no reason is given");
        }
        Support::Native | Support::Emulated => {
            if let Err(wrong) = (row.done)(kind, &answer.body) {
                let start: String = answer.body.chars().take(300).collect();
                panic!("{place}: {wrong} in {start}");
            }
        }
    }
}

/// Drives one cell.
async fn drive(world: &World, action: &Action) {
    let (row, kind, spec) = (row_of(action), world.kind, spec_of(world.kind));
    let place = format!("{} on {kind}", action.name);
    let id = set_up(world, row.stage).await;
    let (before, numbers) = (requests(world), bought(world));
    let query = row.query.replace("ID", &id).replace("RENT", rentable(kind));
    let answer = world.bridge.get(&format!("action={}{query}", action.name)).await;
    judge(row, kind, action.support(spec), &answer);
    let asked = requests(world) - before;
    if asks_nobody(action, spec) {
        assert_eq!(asked, 0, "{place}: it needs no upstream");
    } else if world.upstream.is_some() {
        assert!(asked > 0, "{place}: the upstream was not asked");
    }
    let refused = matches!(action.support(spec), Support::Refused(_));
    let sold = u64::from(row.sells && !refused && world.upstream.is_some()) * row.numbers;
    assert_eq!(bought(world) - numbers, sold, "{place}");
}

/// Money for a number or a rent an action, messages after five seconds, and cancelling at once.
fn rich() -> Settings {
    Settings { balance: Decimal::from(1_000_000), early_cancel: Some(Duration::ZERO), ..Settings::default() }
}

#[tokio::test]
async fn every_cell_is_what_it_says() {
    for kind in KINDS {
        let world = World::market(kind, &[], "", rich()).await;
        for action in ACTIONS {
            drive(&world, action).await;
            // Until the next day every list that is kept is out of date, and every activation over.
            world.bridge.advance(ONE_DAY);
            world.bridge.tidy().await;
        }
        world.end().await;
    }
}

#[test]
fn every_row_and_every_kind_is_driven() {
    for row in rows() {
        assert!(ACTIONS.iter().any(|action| action.name == row.action), "{} is no action", row.action);
    }
    for spec in PROVIDERS {
        assert!(KINDS.iter().any(|kind| spec_of(kind).kind == spec.kind), "nobody drives {}", spec.kind);
    }
}

/// Every action that a document or real client software has (`api/sms-activate.txt`, `api/sms-man.txt`,
/// `api/sms-service-online.txt`; `WIRE.md` section 4).
const NAMED: &str = "
    getBalance getBalanceAndCashBack getBalanceAndCashBackV2 getNumbersStatus getNumbersStatus1
    getNumbersStatusAndCostHubFree getPrices getPricesV2 getPricesV3 getPricesExtended getPricesVerification
    getCountries getServices getServicesList getOperators getTopCountriesByService getTopCountriesByServiceRank
    getListOfTopCountriesByService getNumber getNumberV2 getMultiServiceNumber setStatus finishActivation
    cancelActivation getStatus getStatusV2 getFullSms getAllSms getActiveActivations getListOfActiveActivations
    getCurrentActivations getCurrentActivationsDataTables getHistory getActivationHistory getIncomingCallStatus
    getAdditionalService getExtraActivation checkExtraActivation createTaskForCall getOutgoingCalls parseCall
    getRentServicesAndCountries getRentNumber getRentStatus setRentStatus getRentList continueRentNumber
    getContinueRentPriceNumber continueRentInfo getRentPrices serviceCountRent reactivate reactivationPrice
    setMaxPrice updateApiCurrency getQiwiRequisites getCountryAndOperators getServicesAndCost buyPartnerProduct
    getDomains buyMailActivation reorderMailActivation getMailHistory cancelMailActivation checkMailActivation";

#[test]
fn every_action_that_is_named_anywhere_is_known() {
    let unknown: Vec<_> =
        NAMED.split_whitespace().filter(|name| smsbridge::dialect::action(name).is_none()).collect();
    assert_eq!(unknown, Vec::<&str>::new());
}
