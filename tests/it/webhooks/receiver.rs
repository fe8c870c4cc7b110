//! Somebody who is sent messages: records every request and answers each as a test wants.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How a request is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// With a status.
    Status(u16),
    /// With a redirect to there.
    Redirect(String),
    /// With the status 200 and a body that does not end.
    Endless,
    /// Not at all, and the connection stays open.
    Silence,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The first line without the version.
    pub line: String,
    /// The headers' lines.
    pub headers: Vec<String>,
    /// The body.
    pub body: String,
}

impl Post {
    /// The body's JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// It listens until it is dropped.
pub struct Receiver {
    port: u16,
    posts: Arc<Mutex<Vec<Post>>>,
    running: JoinHandle<()>,
}

impl Receiver {
    /// One that answers 200 to everything.
    pub async fn content() -> Self {
        Self::answering(|_, _| Answer::Status(200)).await
    }

    /// One that answers a request, by its path and by how many there were for that before it.
    pub async fn answering(answer: impl Fn(&str, usize) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let posts = Arc::new(Mutex::new(Vec::new()));
        let (seen, answer) = (Arc::clone(&posts), Arc::new(answer));
        let running = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(converse(stream, Arc::clone(&seen), Arc::clone(&answer)));
            }
        });
        Self { port, posts, running }
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What was sent to a path, oldest first.
    pub fn posts(&self, path: &str) -> Vec<Post> {
        let line = format!("POST {path}");
        self.posts.lock().unwrap().iter().filter(|post| post.line == line).cloned().collect()
    }

    /// How many requests there were of whatever kind.
    pub fn count(&self) -> usize {
        self.posts.lock().unwrap().len()
    }

    /// The codes that were sent to a path, oldest first.
    pub fn codes(&self, path: &str) -> Vec<String> {
        self.posts(path).iter().map(|post| post.json()["code"].as_str().unwrap().to_owned()).collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn converse(
    mut stream: TcpStream,
    posts: Arc<Mutex<Vec<Post>>>,
    answer: Arc<impl Fn(&str, usize) -> Answer>,
) {
    let Some(post) = read(&mut stream).await else { return };
    let answer = {
        let mut posts = posts.lock().unwrap();
        let before = posts.iter().filter(|other| other.line == post.line).count();
        let path = post.line.split(' ').nth(1).unwrap().to_owned();
        posts.push(post);
        answer(&path, before)
    };
    let head = match answer {
        Answer::Status(status) => format!("HTTP/1.1 {status} Whatever\r\ncontent-length: 0\r\n\r\n"),
        Answer::Redirect(ref to) => {
            format!("HTTP/1.1 307 There\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
        }
        Answer::Endless => "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n".to_owned(),
        Answer::Silence => String::new(),
    };
    // Whoever asked may have gone away.
    let _ = stream.write_all(head.as_bytes()).await;
    if matches!(answer, Answer::Endless | Answer::Silence) {
        let _ = stream.read_u8().await;
    }
}

async fn read(stream: &mut TcpStream) -> Option<Post> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.trim_end().split("\r\n");
    let line = lines.next().unwrap().trim_end_matches(" HTTP/1.1").to_owned();
    let headers: Vec<String> = lines.map(str::to_owned).collect();
    let length = headers
        .iter()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |text| text.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Post { line, headers, body: String::from_utf8(body).unwrap() })
}
