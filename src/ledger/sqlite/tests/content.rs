//! What is written is what is read, and only what was asked for.

use super::*;
use crate::domain::{Currency, Money, Operator, Rent, Sms};
use crate::ledger::sqlite::doubts::{AWAITS_REFUND, HAS_MOVED, MOVED, PROLONGED};
use crate::ledger::sqlite::{activations, purchases};
use crate::ledger::{HistoryQuery, Tally};

fn sms(code: &str, text: Option<&str>) -> Sms {
    Sms { code: code.into(), text: text.map(Into::into), sender: None, service: None, received_at: at(5) }
}

fn of(owner: &str) -> HistoryQuery {
    HistoryQuery { owner: Owner(owner.into()), from: None, to: None, limit: 100 }
}

async fn listed(ledger: &SqliteLedger, query: HistoryQuery) -> Vec<i64> {
    ledger.history(query).await.unwrap().iter().map(|activation| activation.id.get()).collect()
}

#[tokio::test]
async fn every_field_comes_back_as_it_was() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let written = bought(&ledger, |it| {
        it.owner = Owner("Борис 🦊".into());
        it.provider = "second".into();
        it.upstream_id = "a:b/ü".into();
        it.service = Service::parse("full").unwrap();
        it.country = Country(u16::MAX);
        it.operator = Some(Operator::parse("теле2").unwrap());
        it.price = Some(Money {
            amount: "15.500000000000000001".parse().unwrap(),
            currency: Currency::parse("USD").unwrap(),
        });
        it.bought_at = Timestamp::from_millisecond(1_767_225_600_123).unwrap();
        it.expires_at = Timestamp::from_millisecond(1_767_226_800_456).unwrap();
        it.state = State::Retry;
        it.asked_at = 2;
        it.messages = vec![
            sms("12:34", Some("Код: 12:34\r\nне говорите 🤫 \0 никому")),
            Sms { sender: Some("Телеграм".into()), ..sms("", Some("")) },
        ];
        it.extra = serde_json::from_str(
            r#"{"z":1.10,"a":{"ж":[null,true,"\u0000\n"]},"big":123456789012345678901234567890}"#,
        )
        .unwrap();
    })
    .await;
    ledger.close().await;

    let ledger = dir.open().unwrap();
    let read = stored(&ledger, written.id).await;
    assert_eq!(read, written);
    assert_eq!(read.price.unwrap().amount.to_string(), "15.500000000000000001");
    assert_eq!(serde_json::to_string(&read.extra).unwrap(), serde_json::to_string(&written.extra).unwrap());
    assert_eq!(open_ones(&ledger).await, std::slice::from_ref(&written));
    let history = ledger.history(of("Борис 🦊")).await.unwrap();
    assert_eq!(history, [written]);
}

#[tokio::test]
async fn a_price_keeps_its_zeros() {
    let ledger = memory();
    for text in ["0", "0.10", "20.00", "79228162514264337593543950335"] {
        let written = bought(&ledger, |it| it.price = Some(Money::rub(text.parse().unwrap()))).await;
        assert_eq!(stored(&ledger, written.id).await.price.unwrap().amount.to_string(), text);
    }
}

#[tokio::test]
async fn an_update_adds_only_new_messages_and_can_be_repeated() {
    let ledger = memory();
    let mut it = bought(&ledger, |_| ()).await;
    it.state = State::Received;
    it.messages.push(sms("1", None));
    for _ in 0..2 {
        ledger.update(it.clone()).await.unwrap();
        assert_eq!(stored(&ledger, it.id).await, it);
    }
    // The same code once more is another message; the first one's text is not written again.
    it.messages.push(sms("1", Some("second")));
    it.asked_at = 1;
    let mut altered = it.clone();
    altered.messages[0] = sms("9", None);
    ledger.update(altered).await.unwrap();
    assert_eq!(stored(&ledger, it.id).await, it);
}

#[tokio::test]
async fn an_update_touches_no_other_activation() {
    let ledger = memory();
    let (mut one, other) = (bought(&ledger, |_| ()).await, bought(&ledger, |_| ()).await);
    one.state = State::Received;
    one.messages.push(sms("1", None));
    ledger.update(one.clone()).await.unwrap();
    assert_eq!(stored(&ledger, other.id).await, other);
}

#[tokio::test]
async fn open_are_exactly_those_whose_state_can_change() {
    let ledger = memory();
    for state in State::ALL {
        bought(&ledger, |it| it.state = state).await;
    }
    ledger.intend(intent()).await.unwrap();
    let open = open_ones(&ledger).await;
    let states: Vec<_> = open.iter().map(|it| it.state).collect();
    let expected: Vec<_> = State::ALL.into_iter().filter(|state| !state.is_final()).collect();
    assert_eq!(states, expected);
}

#[tokio::test]
async fn history_is_one_owners_newest_first_within_its_bounds() {
    let ledger = memory();
    for second in [30, 10, 20, 20] {
        bought(&ledger, |it| it.bought_at = at(second)).await;
    }
    bought(&ledger, |it| it.owner = Owner("boris".into())).await;
    let released = ledger.intend(intent()).await.unwrap();
    ledger.release(released, "NO_NUMBERS".into()).await.unwrap();

    let numbers = |indices: &[i64]| indices.iter().map(|index| FIRST + index).collect::<Vec<_>>();
    assert_eq!(listed(&ledger, of("anna")).await, numbers(&[0, 3, 2, 1]));
    assert_eq!(listed(&ledger, of("boris")).await, numbers(&[4]));
    assert_eq!(listed(&ledger, of("nobody")).await, numbers(&[]));
    let within = |from, to, limit| HistoryQuery { from, to, limit, ..of("anna") };
    assert_eq!(listed(&ledger, within(Some(at(20)), None, 9)).await, numbers(&[0, 3, 2]));
    assert_eq!(listed(&ledger, within(None, Some(at(20)), 9)).await, numbers(&[3, 2, 1]));
    assert_eq!(listed(&ledger, within(Some(at(11)), Some(at(29)), 9)).await, numbers(&[3, 2]));
    assert_eq!(listed(&ledger, within(None, None, 2)).await, numbers(&[0, 3]));
    assert_eq!(listed(&ledger, within(None, None, 0)).await, numbers(&[]));
}

#[tokio::test]
async fn what_grows_is_searched_by_index() {
    let ledger = memory();
    let plans = ledger.writer.read(|connection| {
        let plan = |query: &str| -> rusqlite::Result<String> {
            let mut explain = connection.prepare(&format!("EXPLAIN QUERY PLAN {query}"))?;
            let mut steps = explain.raw_query();
            let mut text = String::new();
            while let Some(step) = steps.next()? {
                text += &(step.get::<_, String>("detail")? + "\n");
            }
            Ok(text)
        };
        let lists = [plan(activations::OPEN)?, plan(activations::HISTORY)?, plan(purchases::DOUBTS)?];
        Ok((lists, [plan(MOVED)?, plan(HAS_MOVED)?, plan(PROLONGED)?], plan(AWAITS_REFUND)?))
    });
    let ([open, history, doubts], moved, awaits) = plans.await.unwrap();
    assert!(open.contains("activations_open"), "{open}");
    assert!(history.contains("activations_history (owner=? AND bought_at>? AND bought_at<?)"), "{history}");
    assert!(!history.contains("TEMP B-TREE"), "{history}");
    assert!(doubts.contains("activations_undecided (stage=?)"), "{doubts}");
    for plan in moved {
        let reads = plan.lines().filter(|step| step.contains(" activations"));
        let searches = reads.filter(|step| step.starts_with("SEARCH activations USING INDEX"));
        assert!(searches.count() > 0 && !plan.contains("SCAN activations"), "{plan}");
    }
    assert!(awaits.contains("activations_open"), "{awaits}");
}

#[tokio::test]
async fn a_tally_counts_what_was_bought_and_what_it_brought() {
    let dir = Dir::new();
    let ledger = dir.open().unwrap();
    let service = |code| Service::parse(code).unwrap();
    assert_eq!(ledger.tally(service("tg")).await.unwrap(), []);
    let twice = vec![sms("1", None), sms("2", None)];
    bought(&ledger, |it| it.messages = twice).await;
    bought(&ledger, |it| (it.owner, it.state) = (Owner("boris".into()), State::Cancelled)).await;
    bought(&ledger, |it| it.country = Country(6)).await;
    bought(&ledger, |it| it.service = service("wa")).await;
    // Neither of these is an activation that a client wanted.
    bought(&ledger, |it| it.unwanted = true).await;
    bought(&ledger, |it| it.rent = Some(Rent { hours: 4, webhook: None, prolongs: None })).await;
    // Neither of these is known to have been bought.
    let id = ledger.intend(intent()).await.unwrap();
    ledger.release(id, "sold out".into()).await.unwrap();
    let id = ledger.intend(intent()).await.unwrap();
    ledger.doubt(id, "lost".into()).await.unwrap();
    let of = |country, purchases, answered| Tally { country: Country(country), purchases, answered };
    assert_eq!(ledger.tally(service("tg")).await.unwrap(), [of(0, 2, 1), of(6, 1, 0)]);
}
