use super::*;
use crate::clock::MovableClock;
use crate::provider::Effect;

const MANY: Duration = Duration::from_secs(120);

fn breaker(failures: u32) -> (Breaker, Arc<MovableClock>) {
    let clock = MovableClock::standing();
    (Breaker::new("main".to_owned(), failures, Jitter::new(7), clock.clone()), clock)
}

fn fail(breaker: &Breaker, times: u32) {
    for _ in 0..times {
        breaker.admit(false).unwrap().failed("no answer");
    }
}

fn look(breaker: &Breaker) -> Pass<'_> {
    breaker.admit(true).unwrap()
}

#[test]
fn it_opens_after_so_many_failures_in_a_row_and_not_before() {
    let (breaker, _clock) = breaker(3);
    fail(&breaker, 2);
    breaker.admit(false).unwrap().answered();
    fail(&breaker, 2);
    assert_eq!(breaker.state().phase, Phase::Closed);
    assert_eq!(breaker.check(), Ok(()));
    fail(&breaker, 1);
    assert_eq!((breaker.state().phase, breaker.state().opened), (Phase::Open, 1));
    let fault = breaker.admit(false).err().unwrap();
    assert_eq!((&fault.kind, fault.effect), (&FaultKind::Unreachable, Effect::None));
    assert!(fault.detail.contains("breaker of [provider.main]"), "{fault}");
    assert_eq!(breaker.check(), Err(fault));
}

#[test]
fn failures_long_after_one_another_are_not_in_a_row() {
    let (breaker, clock) = breaker(2);
    for _ in 0..5 {
        fail(&breaker, 1);
        clock.advance(FORGOTTEN_AFTER + Duration::from_secs(1));
    }
    assert_eq!(breaker.state().phase, Phase::Closed);
    fail(&breaker, 2);
    assert_eq!(breaker.state().phase, Phase::Open);
}

#[test]
fn one_look_at_a_time_is_let_through_and_only_that_closes_it() {
    let (breaker, clock) = breaker(1);
    fail(&breaker, 1);
    assert!(breaker.admit(true).is_err() && !breaker.is_due());
    clock.advance(SHORTEST * 2);
    assert!(breaker.is_due());
    assert_eq!(breaker.state().phase, Phase::HalfOpen);
    let pass = look(&breaker);
    assert!(breaker.admit(true).is_err() && breaker.admit(false).is_err() && !breaker.is_due());
    // Given up, it proves nothing and is no failure.
    drop(pass);
    assert!(breaker.is_due() && breaker.admit(false).is_err());
    look(&breaker).answered();
    assert_eq!(breaker.state().phase, Phase::Closed);
    assert!(breaker.admit(false).is_ok());
}

#[test]
fn it_is_left_alone_for_longer_and_longer_and_never_too_long() {
    let (breaker, clock) = breaker(1);
    fail(&breaker, 1);
    let mut pauses = Vec::new();
    for _ in 0..8 {
        let from = clock.elapsed();
        while !breaker.is_due() {
            clock.advance(Duration::from_millis(10));
        }
        pauses.push((clock.elapsed() - from).as_secs_f64());
        look(&breaker).failed("no answer");
    }
    for (pause, right) in pauses.iter().zip([2.0, 4.0, 8.0, 16.0, 32.0, 50.0, 50.0, 50.0]) {
        assert!((0.79 * right..=1.21 * right).contains(pause), "{pauses:?}");
    }
    assert_eq!(breaker.state().opened, 1);
}

#[test]
fn what_breaks_again_at_once_is_left_alone_for_longer() {
    let (breaker, clock) = breaker(1);
    let mut pauses = Vec::new();
    for _ in 0..3 {
        fail(&breaker, 1);
        let from = clock.elapsed();
        while !breaker.is_due() {
            clock.advance(Duration::from_millis(10));
        }
        pauses.push(clock.elapsed() - from);
        look(&breaker).answered();
    }
    assert!(pauses[1] > pauses[0] && pauses[2] > pauses[1], "{pauses:?}");
    clock.advance(MANY);
    fail(&breaker, 1);
    clock.advance(Duration::from_millis(2500));
    assert!(breaker.is_due());
}

#[test]
fn what_was_sent_before_says_nothing_of_what_is_now() {
    let (breaker, clock) = breaker(1);
    let [slow, slower] = [0; 2].map(|_| breaker.admit(false).unwrap());
    fail(&breaker, 1);
    slow.answered();
    assert_eq!(breaker.state().phase, Phase::Open);
    clock.advance(SHORTEST * 2);
    look(&breaker).answered();
    slower.failed("late");
    assert_eq!(breaker.state().phase, Phase::Closed);
}

#[test]
fn off_it_never_opens() {
    let (breaker, _clock) = breaker(0);
    fail(&breaker, 1000);
    assert_eq!(breaker.state().phase, Phase::Closed);
}
