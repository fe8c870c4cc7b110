//! A client of HTTP/1.1 over a kept connection, so lean that what it costs is small beside what it measures: one
//! thread waits for one answer. Knows no path and no server.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};

use super::failure::{Failure, Outcome, Trying};

/// After this long an answer does not come any more.
const PATIENCE: Duration = Duration::from_secs(30);

/// How much is read at a time.
const PIECE: usize = 64 * 1024;

/// A request for `target`, with more header lines in `more`, each with its line end.
pub fn get(addr: SocketAddr, target: &str, more: &str) -> Vec<u8> {
    // As libraries send it; the name is one that both servers answer under.
    let host = format!("localhost:{}", addr.port());
    format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: load\r\nAccept: */*\r\n{more}\r\n")
        .into_bytes()
}

/// A connection to a server.
pub struct Connection {
    stream: Stream,
    /// What was read; its beginning is the last answer.
    read: Vec<u8>,
    filled: usize,
}

enum Stream {
    Plain(TcpStream),
    Tls(Box<StreamOwned<ClientConnection, TcpStream>>),
}

/// An answer.
pub struct Answer<'a> {
    /// Its status.
    pub status: u16,
    /// Its body, as it was sent but for its cutting into pieces.
    pub body: &'a [u8],
}

impl Connection {
    /// Connects, over TLS where `tls` is there.
    pub fn open(addr: SocketAddr, tls: Option<&Arc<ClientConfig>>) -> Outcome<Self> {
        let stream = TcpStream::connect(addr).trying(&format!("cannot connect to {addr}"))?;
        stream.set_nodelay(true).trying("no option can be set")?;
        stream.set_read_timeout(Some(PATIENCE)).trying("no option can be set")?;
        let stream = match tls {
            None => Stream::Plain(stream),
            Some(config) => Stream::Tls(Box::new(greeted(stream, Arc::clone(config))?)),
        };
        Ok(Self { stream, read: vec![0; PIECE], filled: 0 })
    }

    /// Sends a request and waits for the whole answer.
    pub fn ask(&mut self, request: &[u8]) -> io::Result<Answer<'_>> {
        match &mut self.stream {
            Stream::Plain(stream) => stream.write_all(request)?,
            Stream::Tls(stream) => {
                stream.write_all(request)?;
                stream.flush()?;
            }
        }
        self.filled = 0;
        let (head, length) = self.head()?;
        let body = match length {
            Length::Known(length) => {
                self.fill(head.length + length)?;
                head.length..head.length + length
            }
            Length::Pieces => self.join(head.length)?,
        };
        Ok(Answer { status: head.status, body: &self.read[body] })
    }

    /// The same, and the body as text; an answer that is not HTTP 200 is a failure.
    pub fn text(&mut self, request: &[u8]) -> Outcome<String> {
        let answer = self.ask(request).trying("no answer")?;
        if answer.status != 200 {
            return Err(Failure::Answer(format!("an answer with HTTP {}", answer.status)));
        }
        Ok(String::from_utf8_lossy(answer.body).into_owned())
    }

    fn head(&mut self) -> io::Result<(Head, Length)> {
        let mut from = 0;
        loop {
            if let Some(end) = find(&self.read[from..self.filled], b"\r\n\r\n") {
                return parse(&self.read[..from + end + 4]).ok_or_else(|| broken("the head of an answer"));
            }
            from = self.filled.saturating_sub(3);
            self.more()?;
        }
    }

    /// Reads on until there are so many bytes.
    fn fill(&mut self, length: usize) -> io::Result<()> {
        if self.read.len() < length {
            self.read.resize(length, 0);
        }
        while self.filled < length {
            self.more()?;
        }
        Ok(())
    }

    /// Reads a body that comes in pieces, puts them together, and says where it is then.
    fn join(&mut self, begin: usize) -> io::Result<std::ops::Range<usize>> {
        let (mut from, mut to) = (begin, begin);
        loop {
            let line = loop {
                match find(&self.read[from..self.filled], b"\r\n") {
                    Some(end) => break from + end,
                    None => self.more()?,
                }
            };
            let size = size_of_piece(&self.read[from..line]).ok_or_else(|| broken("the size of a piece"))?;
            from = line + 2;
            self.fill(from + size + 2)?;
            self.read.copy_within(from..from + size, to);
            (from, to) = (from + size + 2, to + size);
            if size == 0 {
                return Ok(begin..to);
            }
        }
    }

    fn more(&mut self) -> io::Result<()> {
        if self.filled == self.read.len() {
            self.read.resize(self.filled * 2, 0);
        }
        let room = &mut self.read[self.filled..];
        let length = match &mut self.stream {
            Stream::Plain(stream) => stream.read(room)?,
            Stream::Tls(stream) => stream.read(room)?,
        };
        if length == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.filled += length;
        Ok(())
    }
}

struct Head {
    status: u16,
    /// With the empty line at its end.
    length: usize,
}

enum Length {
    Known(usize),
    Pieces,
}

fn parse(head: &[u8]) -> Option<(Head, Length)> {
    let text = std::str::from_utf8(head).ok()?;
    let mut lines = text.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut length = None;
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            length = Some(Length::Known(value.trim().parse().ok()?));
        } else if name.eq_ignore_ascii_case("transfer-encoding") {
            length = Some(Length::Pieces);
        }
    }
    Some((Head { status, length: head.len() }, length?))
}

fn size_of_piece(line: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(line).ok()?;
    usize::from_str_radix(text.split(';').next()?.trim(), 16).ok()
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{what} cannot be read"))
}

/// The handshake is over before anything is measured.
fn greeted(
    mut socket: TcpStream,
    config: Arc<ClientConfig>,
) -> Outcome<StreamOwned<ClientConnection, TcpStream>> {
    let name = ServerName::try_from("localhost").map_err(|error| Failure::Tls(error.to_string()))?;
    let mut session = ClientConnection::new(config, name).map_err(|error| Failure::Tls(error.to_string()))?;
    while session.is_handshaking() {
        session.complete_io(&mut socket).trying("the TLS handshake failed")?;
    }
    Ok(StreamOwned::new(session, socket))
}
