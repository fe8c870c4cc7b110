//! How many calls go at once, when the others follow, and what the log says of it.

use futures_util::future::join_all;

use super::{HELD, Paced};
use crate::harness::Log;

const BALANCE: &str = "action=getBalance";

#[tokio::test]
async fn a_burst_goes_at_once_and_the_others_one_after_another() {
    let paced = Paced::with("rate_limit = \"10/s burst 3\"").await;
    let answers: Vec<_> = (0..6).map(|_| paced.ask(BALANCE)).collect();
    paced.log.says(HELD, 3).await;
    paced.asked(3).await;
    for nth in 4..=6 {
        paced.advance(100);
        paced.asked(nth).await;
    }
    for answer in join_all(answers).await {
        assert_eq!(answer.unwrap(), "ACCESS_BALANCE:5.00");
    }
    let times: Vec<_> = paced.calls().into_iter().map(|(_, at)| at).collect();
    assert_eq!(times, [0, 0, 0, 100, 200, 300]);
}

#[tokio::test]
async fn a_part_without_a_burst_is_never_exceeded_within_its_unit() {
    let paced = Paced::with("rate_limit = \"2/s 3/min\"\ntimeout = \"3m\"").await;
    let answers: Vec<_> = (0..5).map(|_| paced.ask(BALANCE)).collect();
    paced.log.says(HELD, 3).await;
    paced.asked(2).await;
    paced.advance(1000);
    paced.asked(3).await;
    paced.advance(59_000);
    paced.asked(5).await;
    for answer in join_all(answers).await {
        assert_eq!(answer.unwrap(), "ACCESS_BALANCE:5.00");
    }
    let times: Vec<_> = paced.calls().into_iter().map(|(_, at)| at).collect();
    assert_eq!(times, [0, 0, 1000, 60_000, 60_000]);
}

#[tokio::test]
async fn nothing_is_held_back_when_it_is_off() {
    let paced = Paced::with("rate_limit = \"off\"").await;
    let answers = join_all((0..60).map(|_| paced.ask(BALANCE))).await;
    assert!(answers.into_iter().all(|answer| answer.unwrap() == "ACCESS_BALANCE:5.00"));
    assert_eq!((paced.calls().len(), paced.log.lines(HELD).len()), (60, 0));
}

#[tokio::test]
async fn the_log_says_aloud_once_that_calls_are_held_back_and_once_that_they_no_longer_are() {
    let paced = Paced::with("rate_limit = \"10/s burst 1\"").await;
    paced.ask(BALANCE).await.unwrap();
    let aloud = |log: &Log| {
        log.lines("INFO")
            .into_iter()
            .map(|line| line.split("turns: ").nth(1).unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(aloud(&paced.log), Vec::<String>::new());
    // Held back again a moment later, it is no news.
    for round in 1..=2 {
        let answers: Vec<_> = (0..3).map(|_| paced.ask(BALANCE)).collect();
        paced.log.says(HELD, 3 * round).await;
        for _ in 0..3 {
            let asked = paced.calls().len();
            paced.advance(100);
            paced.asked(asked + 1).await;
        }
        join_all(answers).await;
        assert_eq!(
            aloud(&paced.log),
            [
                "calls are held back so as not to ask too often provider=\"main\" waiting=1",
                "calls are no longer held back provider=\"main\" calls=3 ms=300",
            ]
        );
    }
    paced.advance(10_000);
    paced.ask(BALANCE).await.unwrap();
    let last = paced.ask(BALANCE);
    paced.log.says("calls are held back so as not", 2).await;
    paced.advance(100);
    last.await.unwrap();
    assert_eq!(aloud(&paced.log).len(), 4);
}
