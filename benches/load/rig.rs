//! What every part measures with: the options, a folder on the disk, the stand-in, a certificate, and nginx where it
//! is installed.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::args::Options;
use super::bridge::{Bridge, Kind, Setup};
use super::certificate::Certificate;
use super::comparison::{BRIDGE, DIRECT, NGINX, Side};
use super::failure::{Outcome, Trying};
use super::filled::{Rows, fill};
use super::load::{Questions, Target};
use super::nginx::Nginx;
use super::servers::end_with_the_rig;
use super::upstream::Upstream;

/// The rig.
pub struct Rig {
    /// What is asked for.
    pub options: Options,
    /// The upstream of everybody here.
    pub upstream: Upstream,
    /// What is shown over TLS.
    pub certificate: Certificate,
    /// The yardstick.
    pub nginx: Option<Nginx>,
    folder: TempDir,
}

impl Rig {
    /// Starts what all parts need.
    pub fn start(options: Options) -> Outcome<Self> {
        // On the disk that the build is on: a ledger in memory would be durable for nothing.
        let above = Path::new(env!("CARGO_TARGET_TMPDIR"));
        fs::create_dir_all(above).trying("no folder can be made")?;
        let folder = tempfile::Builder::new().prefix("load").tempdir_in(above);
        let folder = folder.trying("no folder can be made")?;
        end_with_the_rig(folder.path().to_owned());
        let upstream = Upstream::start()?;
        let certificate = Certificate::make(folder.path())?;
        let nginx = Nginx::start(folder.path(), upstream.addr, &certificate)?;
        Ok(Self { options, upstream, certificate, nginx, folder })
    }

    /// A path in the rig's folder, which is gone with it.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts smsbridge before the stand-in, in a folder of that name.
    pub fn bridge(&self, name: &str, kind: Kind, poll_interval: Option<&str>) -> Outcome<Bridge> {
        self.bridge_with(name, kind, poll_interval, None)
    }

    /// The same, listening for TLS too where there is a certificate.
    pub fn bridge_with(
        &self,
        name: &str,
        kind: Kind,
        poll_interval: Option<&str>,
        certificate: Option<&Certificate>,
    ) -> Outcome<Bridge> {
        let folder = self.folder(name);
        let upstream = self.upstream.addr;
        Bridge::start(&Setup { folder: &folder, upstream, kind, poll_interval, certificate })
    }

    /// Starts smsbridge with so much in its ledger, in a folder of that name, and gives the id before the first open
    /// number.
    pub fn filled(&self, name: &str, rows: Rows) -> Outcome<(Bridge, i64)> {
        // It makes the ledger itself.
        drop(self.bridge(name, Kind::VakSms, None)?);
        let before = fill(&self.folder(name).join("smsbridge.db"), rows)?;
        Ok((self.bridge(name, Kind::VakSms, None)?, before))
    }

    /// Starts it once more over what is in that folder, and does not wait.
    pub fn relaunched(&self, name: &str) -> Outcome<Bridge> {
        let folder = self.folder(name);
        let (upstream, kind) = (self.upstream.addr, Kind::VakSms);
        Bridge::launch(&Setup { folder: &folder, upstream, kind, poll_interval: None, certificate: None })
    }

    /// The side of smsbridge in a comparison over plain TCP.
    pub fn bridge_side(bridge: &Bridge, requests: Vec<Vec<u8>>, begins: &'static [u8]) -> Side {
        let target = Target { addr: bridge.addr, tls: None };
        Side { name: BRIDGE, target, pid: bridge.pid(), questions: Questions { requests, begins } }
    }

    /// The side of the stand-in itself.
    pub fn direct_side(&self, begins: &'static [u8], requests: impl Fn(SocketAddr) -> Vec<Vec<u8>>) -> Side {
        let target = Target { addr: self.upstream.addr, tls: None };
        let questions = Questions { requests: requests(target.addr), begins };
        Side { name: DIRECT, target, pid: self.upstream.pid(), questions }
    }

    /// The side of nginx, where there is one; `request` makes the requests for an address.
    pub fn nginx_side(
        &self,
        begins: &'static [u8],
        requests: impl Fn(SocketAddr) -> Vec<Vec<u8>>,
    ) -> Option<Side> {
        let nginx = self.nginx.as_ref()?;
        let target = Target { addr: nginx.addr, tls: None };
        let questions = Questions { requests: requests(nginx.addr), begins };
        Some(Side { name: NGINX, target, pid: nginx.pid(), questions })
    }
}
