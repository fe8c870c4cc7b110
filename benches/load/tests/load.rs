//! Times are taken from when a request was due.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::sleep;
use std::time::Duration;

use crate::load::{Crowd, LONGEST, Questions, Speed, Target};

/// Answers each request, but before one of them it rests.
fn resting(before: usize, rest: Duration) -> Target {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let addr = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        for number in 0.. {
            let Ok(1..) = stream.read(&mut [0; 1024]) else { return };
            if number == before {
                sleep(rest);
            }
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nOK");
        }
    });
    Target { addr, tls: None }
}

fn questions(begins: &'static [u8]) -> Questions {
    Questions { requests: vec![b"GET / HTTP/1.1\r\n\r\n".to_vec()], begins }
}

#[test]
fn what_waits_behind_a_stall_is_timed_from_when_it_was_due() {
    let mut crowd = Crowd::open(&resting(20, Duration::from_millis(200)), 1).unwrap();
    let heard = crowd.ask(&questions(b"OK"), Speed::Rate(200.0), Duration::from_millis(500)).unwrap();
    assert_eq!((heard.answered + heard.unsent, heard.wrong), (100, 0));
    // The stall is 40 requests long; timed from when they were sent, one alone would be slow.
    let slow = heard.latency.count_between(20_000_000, LONGEST);
    assert!(slow >= 30, "{slow}");
}

#[test]
fn at_full_speed_one_follows_the_other() {
    let mut crowd = Crowd::open(&resting(usize::MAX, Duration::ZERO), 1).unwrap();
    let heard = crowd.ask(&questions(b"OK"), Speed::Full, Duration::from_millis(50)).unwrap();
    assert!(heard.answered > 1, "{}", heard.answered);
    assert_eq!((heard.wrong, heard.unsent), (0, 0));
}

#[test]
fn another_answer_is_wrong() {
    let mut crowd = Crowd::open(&resting(usize::MAX, Duration::ZERO), 1).unwrap();
    let heard = crowd.ask(&questions(b"NO"), Speed::Rate(100.0), Duration::from_millis(50)).unwrap();
    assert_eq!((heard.answered, heard.wrong + heard.unsent), (0, 5));
    assert!(heard.wrong > 0);
}
