//! `getStatus` from memory over TLS, on connections that are kept; nginx passes it on in the clear.

use super::from_memory::{BEGINS, NUMBERS, received, status};
use crate::bridge::{Kind, request};
use crate::comparison::{BRIDGE, NGINX, Rates, Side, compare};
use crate::failure::{Failure, Outcome};
use crate::load::{Questions, Target};
use crate::report::Report;
use crate::rig::Rig;
use crate::upstream::{Behaviour, compatible_id};

/// What it is called.
pub const NAME: &str = "getStatus over TLS";

/// Measures it.
pub fn measure(rig: &Rig, report: &mut Report) -> Outcome<()> {
    let bridge = rig.bridge_with("over_tls", Kind::VakSms, None, Some(&rig.certificate))?;
    let addr = bridge.tls.ok_or_else(|| Failure::Server("smsbridge does not listen for TLS".to_owned()))?;
    let side = |name, addr, pid, ids: &[String]| {
        let requests = ids.iter().map(|id| request(addr, &status(id), "")).collect();
        let target = Target { addr, tls: Some(rig.certificate.client.clone()) };
        Side { name, target, pid, questions: Questions { requests, begins: BEGINS } }
    };
    let mut sides = vec![side(BRIDGE, addr, bridge.pid(), &received(&bridge)?)];
    let ids: Vec<_> = (0..NUMBERS).map(|nth| compatible_id(Behaviour::AtOnce, nth as u64)).collect();
    sides.extend(rig.nginx.as_ref().map(|nginx| side(NGINX, nginx.tls, nginx.pid(), &ids)));
    let compared = compare(rig, NAME, &sides, Rates::Shares)?;
    report.path(compared);
    Ok(())
}
