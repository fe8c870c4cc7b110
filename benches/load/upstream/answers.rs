//! What the stand-in answers: canned bytes by path and query, in the forms of `api/vak-sms.txt` and
//! `api/sms-activate.txt`. Checks nothing: that requests are legal is for the tests.

use std::cell::Cell;
use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use super::ids::{Behaviour, Sold};
use super::lists::Lists;
use super::{TALLY, Tally};

/// Answers, and counts what it was asked.
#[derive(Default)]
pub struct Counter {
    lists: Lists,
    sold: Cell<u64>,
    pub tally: Cell<Tally>,
}

impl Counter {
    /// Appends the whole answer to a request for this target.
    pub fn answer(&self, target: &str, out: &mut Vec<u8>) {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let call = Call { query, now: now() };
        match path.strip_prefix("/api/") {
            Some(method) => self.vak_sms(method.trim_end_matches('/'), &call, out),
            None if path == TALLY => whole(200, &self.tally.get().written(), out),
            None => self.dialect(&call, out),
        }
    }

    fn vak_sms(&self, method: &str, call: &Call<'_>, out: &mut Vec<u8>) {
        match method {
            "getSmsCode" => {
                self.note(|tally| tally.polls += 1);
                let sold = Sold::of_id_num(call.get("idNum"));
                match sold.map(|sold| sold.code(call.now)) {
                    Some(Some(code)) => whole(200, &format!("{{\"smsCode\": [\"{code}\"]}}"), out),
                    Some(None) => whole(200, "{\"smsCode\": null}", out),
                    None => whole(200, "{\"error\": \"idNumNotFound\"}", out),
                }
            }
            "getNumber" => {
                let (sold, phone) = self.sell(call);
                whole(200, &format!("{{\"tel\": {phone}, \"idNum\": \"{}\"}}", sold.id_num()), out);
            }
            "setStatus" => {
                self.note(|tally| tally.acts += 1);
                let word = if call.get("status") == "send" { "ready" } else { "update" };
                whole(200, &format!("{{\"status\": \"{word}\"}}"), out);
            }
            "getCountNumberList" => self.list(&self.lists.counts, out),
            "getCountNumber" => {
                self.list(&format!("{{\"{}\": 403, \"price\": 20.0}}", call.get("service")), out);
            }
            "getBalance" => self.list("{\"balance\": 1000000.0}", out),
            _ => whole(404, "", out),
        }
    }

    fn dialect(&self, call: &Call<'_>, out: &mut Vec<u8>) {
        match call.get("action") {
            "getStatus" => {
                self.note(|tally| tally.polls += 1);
                match Sold::of_decimal(call.get("id")).map(|sold| sold.code(call.now)) {
                    Some(Some(code)) => whole(200, &format!("STATUS_OK:{code}"), out),
                    Some(None) => whole(200, "STATUS_WAIT_CODE", out),
                    None => whole(200, "NO_ACTIVATION", out),
                }
            }
            "getNumber" => {
                let (sold, phone) = self.sell(call);
                whole(200, &format!("ACCESS_NUMBER:{}:{phone}", sold.decimal()), out);
            }
            "setStatus" => {
                self.note(|tally| tally.acts += 1);
                let word = match call.get("status") {
                    "1" => "ACCESS_READY",
                    "3" => "ACCESS_RETRY_GET",
                    "6" => "ACCESS_ACTIVATION",
                    _ => "ACCESS_CANCEL",
                };
                whole(200, word, out);
            }
            "getPrices" => self.list(&self.lists.prices, out),
            "getBalance" => self.list("ACCESS_BALANCE:1000000.00", out),
            _ => whole(200, "BAD_ACTION", out),
        }
    }

    fn sell(&self, call: &Call<'_>) -> (Sold, String) {
        self.note(|tally| tally.acts += 1);
        let nth = self.sold.get() + 1;
        self.sold.set(nth);
        let sold = Sold { behaviour: Behaviour::of(call.get("service")), at: call.now, nth };
        (sold, format!("79{nth:09}"))
    }

    fn list(&self, text: &str, out: &mut Vec<u8>) {
        self.note(|tally| tally.lists += 1);
        whole(200, text, out);
    }

    fn note(&self, count: impl FnOnce(&mut Tally)) {
        let mut tally = self.tally.get();
        count(&mut tally);
        self.tally.set(tally);
    }
}

/// A request's query, and the time at which it came.
struct Call<'a> {
    query: &'a str,
    now: u64,
}

impl<'a> Call<'a> {
    /// A parameter; nothing that is asked here needs unescaping.
    fn get(&self, name: &str) -> &'a str {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(known, _)| *known == name).map(|(_, value)| value).next().unwrap_or_default()
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

fn whole(status: u16, body: &str, out: &mut Vec<u8>) {
    let word = if status == 200 { "OK" } else { "Not Found" };
    let length = body.len();
    let _ = write!(
        out,
        "HTTP/1.1 {status} {word}\r\nContent-Type: text/html; charset=UTF-8\r\nContent-Length: {length}\r\n\r\n{body}"
    );
}
