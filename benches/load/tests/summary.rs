//! Medians, quartiles, ratios.

use crate::summary::Summary;

#[test]
fn the_median_and_the_quartiles() {
    let summary = Summary::of([9.0, 1.0, 5.0, 3.0, 7.0]);
    assert_eq!(summary, Summary { median: 5.0, low: 3.0, high: 7.0 });
    assert_eq!(Summary::of([1.0, 2.0]).median, 1.5);
    assert_eq!(Summary::of([4.0]), Summary { median: 4.0, low: 4.0, high: 4.0 });
    assert_eq!(Summary::of([]).median, 0.0);
    assert_eq!(summary.written(1), "5.0 (3.0–7.0)");
}

#[test]
fn ratios_are_made_round_by_round() {
    // The machine was twice as slow in the second round, for both.
    assert_eq!(Summary::of_ratios(&[2.0, 4.0, 2.0], &[4.0, 8.0, 4.0]).median, 0.5);
    assert_eq!(Summary::of_ratios(&[2.0, 3.0], &[0.0, 3.0]).median, 1.0);
    assert_eq!(Summary::of_differences(&[5.0, 9.0], &[4.0, 8.0]).high, 1.0);
}
