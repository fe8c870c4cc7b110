//! `getStatus` of numbers whose code has come: smsbridge answers from memory and asks nobody, nginx has to ask.

use std::net::SocketAddr;

use crate::bridge::{Bridge, Kind, request};
use crate::comparison::{Rates, Side, compare};
use crate::failure::{Failure, Outcome};
use crate::report::Report;
use crate::rig::Rig;
use crate::upstream::{Behaviour, compatible_id};

/// What it is called.
pub const NAME: &str = "getStatus from memory";

/// How many numbers are asked about in turn.
pub const NUMBERS: usize = 64;

/// A right answer.
pub const BEGINS: &[u8] = b"STATUS_OK:";

/// Measures it.
pub fn measure(rig: &Rig, report: &mut Report) -> Outcome<()> {
    let bridge = rig.bridge("from_memory", Kind::VakSms, None)?;
    let ids = received(&bridge)?;
    let requests = ids.iter().map(|id| bridge.request(&status(id))).collect();
    let mut sides = vec![Rig::bridge_side(&bridge, requests, BEGINS)];
    sides.extend(proxied(rig, Behaviour::AtOnce, BEGINS));
    let compared = compare(rig, NAME, &sides, Rates::Shares)?;
    let calls = compared.sides[0].full.of(|turn| turn.calls).high;
    if calls > 0.001 {
        return Err(Failure::Answer(format!("{NAME}: the upstream was asked {calls} times a request")));
    }
    report.figure(
        "getStatus from memory, CPU a request over nginx's, at full speed",
        0.7,
        "×",
        compared.cpu_ratio().map(|ratio| ratio.median),
    );
    let instructions = compared.sides[0].instructions;
    report.figure("getStatus from memory, user instructions, whole process", 20_000.0, "", instructions);
    report.path(compared);
    Ok(())
}

/// Numbers of smsbridge whose code has come.
pub fn received(bridge: &Bridge) -> Outcome<Vec<String>> {
    let ids = bridge.order(Behaviour::AtOnce, NUMBERS)?;
    for id in &ids {
        let said = bridge.ask(&status(id))?;
        if !said.starts_with("STATUS_OK:") {
            return Err(Failure::Answer(format!("no code has come: {said}")));
        }
    }
    Ok(ids)
}

/// The question for a number.
pub fn status(id: &str) -> String {
    format!("getStatus&id={id}")
}

/// The side of nginx that passes the question for numbers of the stand-in on.
pub fn proxied(rig: &Rig, behaviour: Behaviour, begins: &'static [u8]) -> Option<Side> {
    rig.nginx_side(begins, |addr| questions(addr, behaviour))
}

/// Questions for numbers of the stand-in, to whoever listens there.
pub fn questions(addr: SocketAddr, behaviour: Behaviour) -> Vec<Vec<u8>> {
    let ids = (0..NUMBERS).map(|nth| compatible_id(behaviour, nth as u64));
    ids.map(|id| request(addr, &status(&id), "")).collect()
}
