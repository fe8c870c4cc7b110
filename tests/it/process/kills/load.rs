//! What clients do all day, by chance and the same in every run: order, hang up, poll, ask for another message,
//! finish, cancel, rent, list. Each works on its own activations only, one call after the other.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use smsbridge::server::DIALECT_PATH;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::site::{Site, key_of};
use crate::harness::Draw;
use crate::process::child::{ORDER, bought};

/// With more than this in hand a client orders nothing.
const IN_HAND: usize = 6;

/// A client.
pub struct Client {
    /// Which one.
    number: usize,
    site: Arc<Site>,
    draw: Draw,
    /// What it may still use, with its phone.
    open: Vec<(i64, String)>,
    /// What it rented.
    rents: Vec<i64>,
    /// Once in how many orders it hangs up.
    hangs_up: usize,
}

/// The server is gone.
pub struct Gone;

impl Client {
    /// A client that acts by this seed.
    pub fn new(number: usize, site: &Arc<Site>, seed: u64, hangs_up: usize) -> Self {
        let draw = Draw(seed ^ (number as u64).wrapping_mul(0x9E37_79B9));
        Self { number, site: Arc::clone(site), draw, open: Vec::new(), rents: Vec::new(), hangs_up }
    }

    /// Works until the server is gone, or it has placed so many orders.
    pub async fn work(&mut self, addr: SocketAddr, orders: usize) {
        let mut placed = 0;
        while placed < orders {
            let done = match self.draw.below(100) {
                _ if self.open.is_empty() => self.order(addr, &mut placed).await,
                0..30 if self.open.len() < IN_HAND => self.order(addr, &mut placed).await,
                0..60 => self.poll(addr).await,
                60..75 => self.set(addr, "8").await,
                75..88 => self.set(addr, "6").await,
                88..93 => self.set(addr, "3").await,
                93..96 => self.rent(addr).await,
                _ => self.list(addr).await,
            };
            if done.is_err() {
                return;
            }
        }
    }

    async fn order(&mut self, addr: SocketAddr, placed: &mut usize) -> Result<(), Gone> {
        *placed += 1;
        self.site.told.words().orders += 1;
        if self.draw.once_in(self.hangs_up) {
            let patience = Duration::from_micros(self.draw.below(8000) as u64);
            self.site.told.words().hang_ups += 1;
            let _ = tokio::time::timeout(patience, self.ask(addr, ORDER)).await;
            return Ok(());
        }
        let answer = self.ask(addr, ORDER).await?;
        if let Some((id, phone)) = bought(&answer) {
            self.site.told.bought(self.number, id, &phone);
            self.open.push((id, phone));
        }
        Ok(())
    }

    async fn poll(&mut self, addr: SocketAddr) -> Result<(), Gone> {
        let index = self.draw.below(self.open.len());
        let id = self.open[index].0;
        let answer = self.ask(addr, &format!("action=getStatus&id={id}")).await?;
        if let Some(code) = answer.strip_prefix("STATUS_OK:") {
            self.site.told.words().codes.insert((id, code.to_owned()));
        }
        if answer == "STATUS_CANCEL" {
            self.site.told.words().cancelled.insert(id);
            self.open.swap_remove(index);
        }
        assert_ne!(answer, "NO_ACTIVATION", "{id} is forgotten");
        Ok(())
    }

    async fn set(&mut self, addr: SocketAddr, status: &str) -> Result<(), Gone> {
        let index = self.draw.below(self.open.len());
        let (id, phone) = &self.open[index];
        let id = *id;
        let from_here = (id, String::new());
        let has_code =
            self.site.told.words().codes.range(from_here..).next().is_some_and(|(known, _)| *known == id);
        // With its code in hand a client is content, and crosses nothing.
        if may_lose_race(&self.site, phone) && !(status == "6" && has_code) {
            return Ok(());
        }
        let mut answer = self.ask(addr, &format!("action=setStatus&id={id}&status={status}")).await?;
        if status == "8" && answer == "BAD_STATUS" {
            // It has a code: nobody leaves such a one open.
            answer = self.ask(addr, &format!("action=setStatus&id={id}&status=6")).await?;
        }
        let mut words = self.site.told.words();
        let ended = match answer.as_str() {
            "ACCESS_CANCEL" => words.cancelled.insert(id),
            "ACCESS_ACTIVATION" => words.finished.insert(id),
            // Once it has a code that means that it has ended; before, that there is nothing to be content with yet.
            other => other == "BAD_STATUS" && has_code && status != "3",
        };
        if ended {
            self.open.swap_remove(index);
        }
        Ok(())
    }

    /// Rents a number, or gives one back; where there are none, it is refused.
    async fn rent(&mut self, addr: SocketAddr) -> Result<(), Gone> {
        if let Some(id) = self.rents.pop() {
            let answer = self.ask(addr, &format!("action=setRentStatus&id={id}&status=2")).await?;
            if answer == r#"{"status":"success"}"# {
                self.site.told.words().cancelled.insert(id);
            }
            return Ok(());
        }
        let service = if self.site.kind == "smsak" { "full" } else { "tg" };
        let hours = if self.site.kind == "smsak" { 24 } else { 4 };
        let order = format!("action=getRentNumber&service={service}&rent_time={hours}&country=0");
        let answer = self.ask(addr, &order).await?;
        let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
        let phone = &answer["phone"];
        if let (Some(id), Some(number)) = (phone["id"].as_i64(), phone["number"].as_str()) {
            self.site.told.bought(self.number, id, number);
            self.site.told.words().rents.insert(id);
            self.rents.push(id);
        }
        Ok(())
    }

    /// Finds what it was sold when the answer was lost.
    async fn list(&mut self, addr: SocketAddr) -> Result<(), Gone> {
        let answer = self.ask(addr, "action=getActiveActivations").await?;
        let list: Value = serde_json::from_str(&answer).unwrap_or_default();
        for row in list["activeActivations"].as_array().into_iter().flatten() {
            let id = row["activationId"].as_str().and_then(|id| id.parse().ok()).unwrap();
            if self.site.told.found(self.number, id) {
                self.open.push((id, row["phoneNumber"].as_str().unwrap().to_owned()));
            }
        }
        Ok(())
    }

    async fn ask(&self, addr: SocketAddr, query: &str) -> Result<String, Gone> {
        self.site.told.words().requests += 1;
        attempt(addr, &key_of(self.number), query).await.ok_or(Gone)
    }
}

/// Whether cancelling this number could cross a message on its way: SMSAK says the same of a number that it took back
/// and of one that had just received something (`UPSTREAMS.md` section 6b, "Cannot be distinguished").
pub fn may_lose_race(site: &Site, phone: &str) -> bool {
    site.kind == "smsak" && phone.ends_with(['0', '2', '4', '6', '8'])
}

/// The body of the answer, if the server lives to give a whole one.
async fn attempt(addr: SocketAddr, key: &str, query: &str) -> Option<String> {
    let mut stream = TcpStream::connect(addr).await.ok()?;
    let request = format!(
        "GET {DIALECT_PATH}?api_key={key}&{query} HTTP/1.1\r\nHost: {addr}\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let length: usize = head.lines().find_map(|line| line.strip_prefix("content-length: "))?.parse().ok()?;
    (body.len() == length).then(|| body.to_owned())
}
