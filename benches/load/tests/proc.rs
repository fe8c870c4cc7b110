//! What `/proc` tells.

use std::time::Duration;

use crate::proc::{Spent, TICK, counted_in, kib, times};

#[test]
fn the_fields_of_proc_are_read() {
    let stat = "7 (a b) c) S 1 7 7 0 -1 4194560 9 0 0 0 120 30 5 6 20 0 8 0 99 1 2";
    assert_eq!(times(stat), Some(Duration::from_millis(1500)));
    assert_eq!(kib("VmHWM:\t   5000 kB\nVmRSS:\t   4096 kB\n", "VmRSS:"), 4096);
    assert_eq!(counted_in("# x\n4711,,instructions:u,1000,100.00,,\n"), Some(4711));
    assert_eq!(counted_in("<not supported>,,instructions:u,0,100.00,,\n"), None);
}

#[test]
fn a_thread_that_ended_takes_nothing_away() {
    let at = |threads: &[(&str, u64)], ticks: u32| Spent {
        threads: threads.iter().map(|(name, nanos)| ((*name).to_owned(), *nanos)).collect(),
        whole: TICK * ticks,
    };
    let before = at(&[("1", 100), ("2", 900)], 1);
    let after = at(&[("1", 150), ("3", 30)], 3);
    assert_eq!(after.since(&before), Duration::from_nanos(80));
    assert_eq!(at(&[], 3).since(&at(&[], 1)), TICK * 2);
}
