//! Windows' root store, that of the machine, changed by Windows' `certutil`. Knows no other store.

use std::path::PathBuf;

use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};

use super::super::authority::COMMON_NAME;
use super::super::certificate::Certificate;
use super::run::{Program, Scratch};
use super::{Machine, Outcome, Store, file_trouble};

struct RootStore {
    certutil: PathBuf,
}

/// The machine's, if it has one.
pub(super) fn find(machine: &Machine) -> Option<Box<dyn Store + '_>> {
    Some(Box::new(RootStore { certutil: machine.program("certutil")? }))
}

/// What `certutil` knows a certificate by.
fn thumbprint(certificate: &Certificate) -> String {
    let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, certificate.der());
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl RootStore {
    fn certutil<'a>(&'a self, args: &[&str]) -> Program<'a> {
        Program::new(&self.certutil).args(args)
    }

    /// The common names of ours, as `certutil` lists subjects; each has its key's digits, so that it is no other's.
    fn ours(&self) -> Result<Vec<String>, Outcome> {
        let listed = self.certutil(&["-store", "Root"]).run()?;
        let name = |line: &str| {
            let begin = line.find(&format!("CN={COMMON_NAME}"))? + "CN=".len();
            Some(line.get(begin..)?.split(',').next()?.trim().to_owned())
        };
        let mut names: Vec<String> = listed.lines().filter_map(name).collect();
        names.sort();
        names.dedup();
        Ok(names)
    }

    fn has(&self, certificate: &Certificate) -> bool {
        self.certutil(&["-store", "Root", &thumbprint(certificate)]).run().is_ok()
    }
}

impl Store for RootStore {
    fn name(&self) -> String {
        "Windows root store".to_owned()
    }

    fn install(&self, certificate: &Certificate) -> Result<Outcome, Outcome> {
        for other in self.ours()?.iter().filter(|name| *name != certificate.name()) {
            self.certutil(&["-delstore", "Root", other]).run()?;
        }
        if self.has(certificate) {
            return Ok(Outcome::There);
        }
        let scratch = Scratch::new().map_err(|error| file_trouble(&std::env::temp_dir(), &error))?;
        let file = scratch.file("ca.cer");
        std::fs::write(&file, certificate.pem()).map_err(|error| file_trouble(&file, &error))?;
        self.certutil(&["-addstore", "-f", "Root"]).args([&file]).run()?;
        Ok(Outcome::Installed)
    }

    fn uninstall(&self) -> Result<Outcome, Outcome> {
        let ours = self.ours()?;
        for name in &ours {
            self.certutil(&["-delstore", "Root", name]).run()?;
        }
        Ok(if ours.is_empty() { Outcome::NotThere } else { Outcome::Removed })
    }

    fn state(&self, certificate: &Certificate) -> Result<Outcome, Outcome> {
        Ok(if self.has(certificate) { Outcome::There } else { Outcome::NotThere })
    }
}
