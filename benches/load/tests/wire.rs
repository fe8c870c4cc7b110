//! The client, against answers in pieces.

use std::io::{Read, Write};
use std::net::TcpListener;

use crate::wire::{Connection, get};

/// A server that answers each request with the next of these, in pieces of so many bytes.
fn answering(answers: &'static [&'static str], piece: usize) -> Connection {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let addr = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.set_nodelay(true).unwrap();
        for answer in answers {
            let length = stream.read(&mut [0; 1024]).unwrap();
            assert!(length > 0);
            for part in answer.as_bytes().chunks(piece) {
                stream.write_all(part).unwrap();
            }
        }
    });
    Connection::open(addr, None).unwrap()
}

#[test]
fn answers_of_both_kinds_are_read_whole() {
    const ANSWERS: [&str; 3] = [
        "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nSTATUS_OK",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    ];
    for piece in [1, 7, 1000] {
        let mut connection = answering(&ANSWERS, piece);
        for (status, body) in [(200, "STATUS_OK"), (200, "hello!"), (404, "")] {
            let answer = connection.ask(b"GET / HTTP/1.1\r\n\r\n").unwrap();
            assert_eq!((answer.status, answer.body), (status, body.as_bytes()), "{piece}");
        }
        assert!(connection.ask(b"GET / HTTP/1.1\r\n\r\n").is_err());
    }
}

#[test]
fn a_request_has_the_name_that_servers_answer_under() {
    let request = String::from_utf8(get("127.0.0.1:81".parse().unwrap(), "/a", "X: y\r\n")).unwrap();
    assert!(request.starts_with("GET /a HTTP/1.1\r\nHost: localhost:81\r\n"), "{request}");
    assert!(request.ends_with("X: y\r\n\r\n"), "{request}");
}
