use super::*;
use crate::domain::{Currency, Money};
use crate::ledger::Movement;

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(minutes * 60).unwrap()
}

fn rub(amount: &str) -> Money {
    Money::rub(amount.parse().unwrap())
}

fn held(amount: &str, minutes: i64) -> Checkpoint {
    Checkpoint { balance: rub(amount), at: at(minutes) }
}

fn movement(price: Option<Money>, bought: i64, ended: Option<i64>, state: State) -> Movement {
    Movement { count: 1, price, bought: bought > 10, ended: ended.is_some_and(|ended| ended > 10), state }
}

fn reckoned(after: &str, numbers: Vec<Movement>) -> Option<Decimal> {
    missing(held("100.00", 10), held(after, 60), &Movements { numbers, goods: 0 }, true)
}

#[test]
fn what_is_written_down_is_accounted_for() {
    let five = || Some(rub("5.50"));
    let all = || {
        vec![
            movement(five(), 11, None, State::Received),
            movement(five(), 12, Some(20), State::Cancelled),
            movement(five(), 9, Some(30), State::Expired),
            movement(five(), 9, Some(30), State::Finished),
            movement(five(), 13, Some(14), State::Finished),
        ]
    };
    assert_eq!(reckoned("94.5", all()), Some(Decimal::ZERO));
    assert_eq!(reckoned("89.0", all()), Some("5.5".parse().unwrap()));
    assert_eq!(reckoned("194.5", all()), Some("-100".parse().unwrap()));
}

#[test]
fn as_many_count_as_are_alike() {
    let alike =
        |count, ended, state| Movement { count, ended, ..movement(Some(rub("5.50")), 11, None, state) };
    let all = vec![alike(3, false, State::Received), alike(4, true, State::Cancelled)];
    assert_eq!(reckoned("83.5", all), Some(Decimal::ZERO));
    let beyond_all =
        Movement { count: u64::MAX, ..movement(Some(Money::rub(Decimal::MAX)), 11, None, State::Received) };
    assert_eq!(reckoned("0", vec![beyond_all]), None);
}

#[test]
fn what_is_not_known_leaves_it_open() {
    assert_eq!(reckoned("100", vec![movement(None, 11, None, State::Received)]), None);
    let dollars = Money { amount: Decimal::ONE, currency: Currency::USD };
    assert_eq!(reckoned("99", vec![movement(Some(dollars), 11, None, State::Received)]), None);
    let goods = Movements { numbers: Vec::new(), goods: 1 };
    assert_eq!(missing(held("1", 0), held("1", 9), &goods, true), None);
}

#[test]
fn what_ran_out_leaves_it_open_where_nobody_says_whether_that_refunds() {
    let over =
        |state, ended| Movements { numbers: vec![movement(Some(rub("5")), 9, Some(ended), state)], goods: 0 };
    let told = |movements: &Movements, refunds| missing(held("100", 10), held("100", 60), movements, refunds);
    assert_eq!(told(&over(State::Expired, 30), false), None);
    assert_eq!(told(&over(State::Expired, 30), true), Some(Decimal::from(5)));
    assert_eq!(told(&over(State::Cancelled, 30), false), Some(Decimal::from(5)));
    assert_eq!(told(&over(State::Expired, 9), false), Some(Decimal::ZERO), "it shows in the first already");
}
