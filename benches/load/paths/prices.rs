//! `getPrices` of all countries, the largest answer there is, from the list that is kept; nginx serves the same bytes as
//! a file.

use std::fs;

use crate::bridge::{Kind, request};
use crate::comparison::{Rates, compare};
use crate::failure::{Failure, Outcome, Trying};
use crate::report::Report;
use crate::rig::Rig;
use crate::wire::{Connection, get};

/// As it is.
pub const PLAIN: &str = "getPrices";
/// Compressed.
pub const GZIP: &str = "getPrices gzip";

/// What a client sends who takes compressed answers.
const TAKES_GZIP: &str = "Accept-Encoding: gzip\r\n";

/// Measures it as it is.
pub fn plain(rig: &Rig, report: &mut Report) -> Outcome<()> {
    measure(rig, report, PLAIN, "", "prices.json", b"{\"0\":{")
}

/// Measures it compressed.
pub fn gzip(rig: &Rig, report: &mut Report) -> Outcome<()> {
    // nginx is asked for the same name as above and finds this file.
    measure(rig, report, GZIP, TAKES_GZIP, "prices.json.gz", &[0x1f, 0x8b])
}

fn measure(
    rig: &Rig,
    report: &mut Report,
    path: &'static str,
    header: &str,
    file: &str,
    begins: &'static [u8],
) -> Outcome<()> {
    let bridge = rig.bridge(file, Kind::Compatible, None)?;
    let asked = request(bridge.addr, "getPrices", header);
    let mut connection = Connection::open(bridge.addr, None)?;
    let body = connection.ask(&asked).trying("getPrices has no answer")?.body.to_vec();
    if !body.starts_with(begins) {
        return Err(Failure::Answer(format!("{path}: not the list of prices")));
    }
    report.remark(format!("{path}: the answer has {} bytes", body.len()));
    let mut sides = vec![Rig::bridge_side(&bridge, vec![asked], begins)];
    if let Some(nginx) = &rig.nginx {
        fs::write(nginx.files.join(file), &body).trying("the file for nginx cannot be written")?;
        sides.extend(rig.nginx_side(begins, |addr| vec![get(addr, "/files/prices.json", header)]));
    }
    let compared = compare(rig, path, &sides, Rates::Shares)?;
    let ratio = compared.cpu_ratio().map(|ratio| ratio.median);
    report.figure(
        format!("{path}, all countries, CPU over nginx's for a file, at full speed"),
        1.5,
        "×",
        ratio,
    );
    report.path(compared);
    Ok(())
}
