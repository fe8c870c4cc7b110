use super::*;
use crate::clock::MovableClock;
use crate::mock::seed::{Draw, hex32};

fn market(settings: Settings) -> (Arc<Market>, Arc<MovableClock>) {
    let clock = MovableClock::standing();
    let place =
        |_: &str| Place { prefix: "79".into(), length: 11, operators: vec!["mts".into(), "yota".into()] };
    let market = Market::new(settings, clock.clone(), hex32, place);
    market.set_stock("ru", "tg", 100);
    market.set_price("ru", "tg", Decimal::new(1250, 2));
    (market, clock)
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn tg() -> Want {
    Want::new("ru", "tg")
}

fn assert_conserved(market: &Market) {
    let totals = market.totals();
    assert_eq!(totals.balance + totals.charged, totals.credited);
    assert_eq!(totals.charged, totals.spent - totals.refunded);
    assert!(totals.balance >= Decimal::ZERO);
    let lots = market.lots();
    let sum = |of: fn(&Lot) -> bool| lots.iter().filter(|lot| of(lot)).map(|lot| lot.price).sum::<Decimal>();
    assert_eq!(totals.spent, sum(|_| true));
    assert_eq!(totals.refunded, sum(Lot::was_refunded));
}

#[test]
fn a_message_comes_after_its_delay_and_another_only_when_asked_for() {
    let (market, clock) = market(Settings::default());
    let id = market.buy(tg()).unwrap().id;
    assert_eq!(market.another(&id).unwrap_err(), StepError::NoMessage);
    clock.advance(Duration::from_millis(4999));
    assert_eq!(market.lot(&id).unwrap().state, LotState::Waiting);
    clock.advance(Duration::from_millis(1));
    let lot = market.lot(&id).unwrap();
    assert_eq!((lot.state, lot.messages.len()), (LotState::Received, 1));
    assert!((4..=6).contains(&lot.messages[0].code.len()));
    assert_eq!(lot.messages[0].text, format!("Your code is {}", lot.messages[0].code));
    clock.advance(seconds(60));
    assert_eq!(market.lot(&id).unwrap().messages.len(), 1);
    market.another(&id).unwrap();
    clock.advance(seconds(4));
    market.another(&id).unwrap();
    assert_eq!(market.lot(&id).unwrap().state, LotState::Another);
    clock.advance(seconds(1));
    assert_eq!(market.lot(&id).unwrap().messages.len(), 2);
    assert_eq!(market.cancel(&id).unwrap_err(), StepError::HasMessage);
    market.finish(&id).unwrap();
    assert_eq!(market.totals().refunded, Decimal::ZERO);
    assert_eq!(market.finish(&id).unwrap_err(), StepError::Over);
    assert_conserved(&market);
}

#[test]
fn what_was_not_used_is_refunded_once_by_cancel_or_by_time() {
    let (market, clock) = market(Settings { early_cancel: Some(seconds(120)), ..Settings::default() });
    market.declare(Scope::Service("tg".into()), Special::NoMessage);
    let first = market.buy(tg()).unwrap();
    let second = market.buy(tg()).unwrap();
    assert_eq!(market.cancel(&first.id).unwrap_err(), StepError::TooEarly);
    clock.advance(seconds(120));
    market.cancel(&first.id).unwrap();
    assert_eq!(market.cancel(&first.id).unwrap_err(), StepError::Over);
    assert_eq!(market.totals().refunded, first.price);
    clock.advance(seconds(20 * 60));
    assert_eq!(market.totals().refunded, first.price + second.price);
    assert_eq!(market.lot(&second.id).unwrap().state, LotState::Expired);
    assert_eq!(market.deliver(&second.id, "1", "1").unwrap_err(), StepError::Over);
    assert_conserved(&market);
}

#[test]
fn a_message_that_came_in_time_is_kept_though_nobody_looked() {
    let (market, clock) = market(Settings::default());
    let id = market.buy(tg()).unwrap().id;
    clock.advance(seconds(3600));
    let lot = market.lot(&id).unwrap();
    assert_eq!((lot.state, lot.messages.len()), (LotState::Finished, 1));
    assert_eq!(market.totals().refunded, Decimal::ZERO);
}

#[test]
fn a_message_that_would_come_after_the_end_never_comes() {
    let (market, clock) = market(Settings::default());
    market.declare(Scope::Country("ru".into()), Special::FirstAfter(seconds(20 * 60)));
    let lot = market.buy(tg()).unwrap();
    clock.advance(seconds(3600));
    assert_eq!(market.lot(&lot.id).unwrap().state, LotState::Expired);
    assert_eq!(market.totals().refunded, lot.price);
}

#[test]
fn a_refused_purchase_changes_nothing() {
    let (market, _) = market(Settings { balance: Decimal::new(1250, 2), ..Settings::default() });
    let before = market.totals();
    let dear = Want { max_price: Some(Decimal::from(12)), ..tg() };
    assert_eq!(market.buy(dear).unwrap_err(), BuyError::TooDear(Decimal::new(1250, 2)));
    assert_eq!(market.buy(Want { operators: vec!["none".into()], ..tg() }).unwrap_err(), BuyError::NoStock);
    assert_eq!(market.buy(Want { times: 2, ..tg() }).unwrap_err(), BuyError::NoFunds);
    market.set_stock("ru", "wa", 0);
    assert_eq!(market.buy_together(vec![tg(), Want::new("ru", "wa")]).unwrap_err(), BuyError::NoStock);
    assert_eq!(market.buy(Want { excluded: vec!["79".into()], ..tg() }).unwrap_err(), BuyError::NoStock);
    assert_eq!(market.quote("ru", "tg", &[]).count, 100);
    assert_eq!(market.totals(), before);
    market.buy(tg()).unwrap();
    assert_eq!(market.balance(), Decimal::ZERO);
    assert_eq!(market.quote("ru", "tg", &[]).count, 99);
}

#[test]
fn two_services_share_one_number_which_is_free_again_after_both() {
    let (market, _) = market(Settings::default());
    market.set_stock("ru", "wa", 5);
    let lots = market.buy_together(vec![tg(), Want::new("ru", "wa")]).unwrap();
    assert_eq!(lots[0].phone, lots[1].phone);
    assert_eq!(lots[0].operator, lots[1].operator);
    let again = Want { phone: Some(lots[0].phone.clone()), ..tg() };
    market.cancel(&lots[0].id).unwrap();
    assert_eq!(market.buy(again.clone()).unwrap_err(), BuyError::NoStock);
    market.cancel(&lots[1].id).unwrap();
    assert_eq!(market.buy(again).unwrap().phone, lots[0].phone);
    assert_conserved(&market);
}

#[test]
fn specials_hold_for_their_service_or_country_only() {
    let (market, clock) = market(Settings::default());
    for service in ["none", "poor", "late"] {
        market.set_stock("ru", service, 9);
    }
    market.declare(Scope::Service("none".into()), Special::OutOfStock);
    market.declare(Scope::Service("poor".into()), Special::NoFunds);
    market.declare(Scope::Service("late".into()), Special::FirstAfter(seconds(600)));
    assert_eq!(market.buy(Want::new("ru", "none")).unwrap_err(), BuyError::NoStock);
    assert_eq!(market.quote("ru", "none", &[]).count, 0);
    assert_eq!(market.buy(Want::new("ru", "poor")).unwrap_err(), BuyError::NoFunds);
    let late = market.buy(Want::new("ru", "late")).unwrap();
    let usual = market.buy(tg()).unwrap();
    clock.advance(seconds(599));
    assert_eq!(market.lot(&late.id).unwrap().messages.len(), 0);
    assert_eq!(market.lot(&usual.id).unwrap().messages.len(), 1);
    clock.advance(seconds(1));
    assert_eq!(market.lot(&late.id).unwrap().messages.len(), 1);
}

#[test]
fn a_held_number_waits_until_the_message_was_sent_again() {
    let (market, clock) = market(Settings::default());
    let id = market.buy(tg()).unwrap().id;
    assert_eq!(market.resent(&id).unwrap_err(), StepError::NotHeld);
    market.hold_for_resend(&id).unwrap();
    clock.advance(seconds(60));
    assert_eq!(market.lot(&id).unwrap().state, LotState::Resend);
    market.resent(&id).unwrap();
    clock.advance(seconds(5));
    assert_eq!(market.lot(&id).unwrap().state, LotState::Received);
}

/// Whatever is done in whatever order, no kopeck is made or lost and no number is sold twice at a time.
#[test]
fn money_is_conserved_under_any_sequence() {
    let mut refunded = Decimal::ZERO;
    for seed in 0..20 {
        let (market, clock) = market(Settings { seed, lifetime: seconds(60), ..Settings::default() });
        let mut draw = Draw::of(seed, &["sequence"]);
        let mut ids: Vec<String> = Vec::new();
        for _ in 0..400 {
            let pick = draw.below(ids.len() as u64) as usize;
            let id = ids.get(pick).cloned().unwrap_or_default();
            match draw.below(8) {
                0 | 1 => ids.extend(market.buy(tg()).map(|lot| lot.id)),
                2 => {
                    let service = draw.below(30).to_string();
                    let pair = vec![Want::new("ru", &service), tg()];
                    ids.extend(market.buy_together(pair).unwrap_or_default().into_iter().map(|lot| lot.id));
                }
                3 => drop(market.cancel(&id)),
                4 => drop(market.another(&id)),
                5 => drop(market.finish(&id)),
                6 => market.set_balance(market.balance() + Decimal::from(draw.below(9))),
                _ => clock.advance(Duration::from_millis(draw.below(9000))),
            }
            assert_conserved(&market);
            let lots = market.lots();
            let living: Vec<_> = lots.iter().filter(|lot| lot.is_active()).collect();
            for (nth, lot) in living.iter().enumerate() {
                let twin = living[..nth].iter().find(|other| other.phone == lot.phone);
                assert!(twin.is_none_or(|twin| twin.bought_at == lot.bought_at), "sold twice");
            }
        }
        assert!(market.totals().purchases > 10);
        refunded += market.totals().refunded;
    }
    assert!(refunded > Decimal::ZERO, "the sequences never came to a refund");
}
