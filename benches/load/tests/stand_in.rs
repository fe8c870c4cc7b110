//! What the stand-in reads and counts.

use crate::upstream::{Tally, target_of};

#[test]
fn counts_are_read_as_they_are_written() {
    let tally = Tally { polls: 7, acts: 1, lists: 33 };
    assert_eq!(Tally::read(&tally.written()), Some(tally));
    assert_eq!(tally.since(Tally { polls: 2, acts: 1, lists: 3 }).all(), 35);
    assert_eq!(Tally::read("7 1"), None);
}

#[test]
fn the_target_is_what_stands_between_method_and_version() {
    assert_eq!(target_of(b"GET /a?b=c HTTP/1.1\r\nHost: x"), "/a?b=c");
    assert_eq!(target_of(b"GET"), "");
}
