//! The life of a rent without a server.

use super::*;
use crate::domain::{ActivationId, Country, Extra, Owner, Phone, Rent, Service};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn rent() -> Activation {
    Activation {
        id: ActivationId::new(7).unwrap(),
        owner: Owner("any".into()),
        provider: "main".into(),
        upstream_id: "u".into(),
        phone: Phone::parse("79991112233").unwrap(),
        service: Service::parse("tg").unwrap(),
        country: Country(0),
        operator: None,
        price: None,
        bought_at: at(0),
        expires_at: at(14_400),
        state: State::Waiting,
        asked_at: 0,
        messages: Vec::new(),
        extra: Extra::new(),
        rent: Some(Rent { hours: 4, webhook: None, prolongs: None }),
        unwanted: false,
    }
}

fn all(codes: &[&str]) -> Progress {
    Progress::Received(Inbox::All(codes.iter().map(|code| Sms::of_code(*code, at(1))).collect()))
}

fn codes(rent: &Activation) -> Vec<&str> {
    rent.messages.iter().map(|sms| sms.code.as_str()).collect()
}

#[test]
fn every_message_is_kept_and_counted() {
    let mut rent = rent();
    assert!(rent.observe_rent(all(&["1"]), at(5)));
    assert!(!rent.observe_rent(all(&["1"]), at(6)));
    assert!(rent.observe_rent(all(&["1", "1"]), at(7)));
    assert!(rent.observe_rent(all(&["1", "1", "2"]), at(8)));
    assert!(!rent.observe_rent(all(&["1", "1"]), at(9)), "a list that lags behind is not news");
    assert_eq!((codes(&rent), rent.state), (vec!["1", "1", "2"], State::Received));
}

#[test]
fn a_list_that_drops_its_oldest_goes_on() {
    let mut rent = rent();
    rent.observe_rent(all(&["1", "2", "3"]), at(5));
    assert!(rent.observe_rent(all(&["2", "3", "4"]), at(6)));
    assert_eq!(codes(&rent), ["1", "2", "3", "4"]);
    assert!(!rent.observe_rent(all(&["3"]), at(7)), "a list that lags behind is not news");
    assert!(rent.observe_rent(all(&["9"]), at(7)));
    assert_eq!(codes(&rent), ["1", "2", "3", "4", "9"]);
}

#[test]
fn the_end_of_its_time_finishes_it_whether_or_not_a_message_came() {
    let mut unused = rent();
    assert!(!unused.observe_rent(Progress::Gone, at(5)));
    assert!(unused.observe_rent(Progress::Gone, at(14_400)));
    assert_eq!(unused.state, State::Finished);
    let mut used = rent();
    used.observe_rent(all(&["1"]), at(5));
    used.lapse_rent();
    assert_eq!(used.state, State::Finished);
}

#[test]
fn a_cancellation_in_doubt_is_what_the_upstream_shows() {
    let seen = |progress| {
        let mut rent = rent();
        rent.state = State::Cancelling;
        rent.observe_rent(progress, at(5));
        rent.state
    };
    assert_eq!(seen(Progress::Gone), State::Cancelled);
    let mut late = rent();
    late.state = State::Cancelling;
    late.observe_rent(Progress::Gone, at(14_400));
    assert_eq!(late.state, State::Finished, "it may have ended by its time");
    assert_eq!(seen(Progress::Cancelled), State::Cancelled);
    assert_eq!(seen(Progress::Waiting), State::Waiting);
    assert_eq!(seen(all(&["1"])), State::Received);
}

#[test]
fn it_can_be_cancelled_for_twenty_minutes() {
    assert!(rent().is_cancellable_rent(at(1200)));
    assert!(!rent().is_cancellable_rent(at(1201)));
}

#[test]
fn periods_are_the_documented_ones() {
    let fit: Vec<_> = (0..=100).filter(|hours| is_rent_period(*hours)).collect();
    assert_eq!(fit, [4, 12, 24, 48, 72, 96]);
    assert!(is_rent_period(1344) && !is_rent_period(1368));
    assert!(is_rent_time(5) && !is_rent_time(3) && !is_rent_time(1345));
}
