//! The system's own store on Linux: a folder for what administrators add, and a program that makes a bundle of it and
//! of what the distribution trusts. Debian and Alpine, Fedora, Arch and openSUSE differ in names alone. Knows no other
//! store.

use std::fs;
use std::path::{Path, PathBuf};

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::super::certificate::Certificate;
use super::super::files::{self, Readers};
use super::run::Program;
use super::{Machine, Outcome, Store, file_trouble};

struct Kind {
    name: &'static str,
    folder: &'static str,
    file: &'static str,
    program: &'static str,
    bundle: &'static str,
    /// What the program needs to be told to take away what it once made of a file that is gone.
    afresh: &'static [&'static str],
}

/// The first whose folder and program are both there is the machine's.
const KINDS: [Kind; 4] = [
    Kind {
        name: "system store (Debian)",
        folder: "/usr/local/share/ca-certificates",
        file: "smsbridge.crt",
        program: "update-ca-certificates",
        bundle: "/etc/ssl/certs/ca-certificates.crt",
        // Else its links to the file stay, leading nowhere.
        afresh: &["--fresh"],
    },
    Kind {
        name: "system store (Fedora)",
        folder: "/etc/pki/ca-trust/source/anchors",
        file: "smsbridge.pem",
        program: "update-ca-trust",
        bundle: "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
        afresh: &[],
    },
    Kind {
        name: "system store (Arch)",
        folder: "/etc/ca-certificates/trust-source/anchors",
        file: "smsbridge.pem",
        program: "update-ca-trust",
        bundle: "/etc/ca-certificates/extracted/tls-ca-bundle.pem",
        afresh: &[],
    },
    Kind {
        name: "system store (openSUSE)",
        folder: "/etc/pki/trust/anchors",
        file: "smsbridge.pem",
        program: "update-ca-certificates",
        bundle: "/var/lib/ca-certificates/ca-bundle.pem",
        afresh: &[],
    },
];

struct Anchors {
    name: &'static str,
    file: PathBuf,
    program: PathBuf,
    bundle: PathBuf,
    afresh: &'static [&'static str],
}

/// The machine's, if it has one.
pub(super) fn find(machine: &Machine) -> Option<Box<dyn Store + '_>> {
    KINDS.iter().find_map(|kind| {
        let folder = machine.at(kind.folder);
        let program = machine.program(kind.program).filter(|_| folder.is_dir())?;
        let (file, bundle) = (folder.join(kind.file), machine.at(kind.bundle));
        Some(Box::new(Anchors { name: kind.name, file, program, bundle, afresh: kind.afresh })
            as Box<dyn Store>)
    })
}

/// Every certificate in a bundle, as far as it can be read.
fn bundled(path: &Path) -> Vec<CertificateDer<'static>> {
    let bytes = fs::read(path).unwrap_or_default();
    CertificateDer::pem_slice_iter(&bytes).filter_map(Result::ok).collect()
}

impl Anchors {
    /// What stands where ours would: nothing, ours, or somebody else's.
    fn present(&self) -> Result<Option<Certificate>, Outcome> {
        match fs::read(&self.file) {
            Ok(bytes) => Certificate::parse(&bytes)
                .map(Some)
                .ok_or_else(|| Outcome::Failed(format!("{} is not ours; move it away", self.file.display()))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(file_trouble(&self.file, &error)),
        }
    }

    fn trusts(&self, certificate: &Certificate) -> bool {
        bundled(&self.bundle).contains(certificate.der())
    }

    fn update(&self) -> Result<(), Outcome> {
        Program::new(&self.program).run().map(|_| ())
    }

    fn remove(&self) -> Result<(), Outcome> {
        fs::remove_file(&self.file).map_err(|error| file_trouble(&self.file, &error))?;
        self.clear()
    }

    fn clear(&self) -> Result<(), Outcome> {
        Program::new(&self.program).args(self.afresh).run().map(|_| ())
    }
}

impl Store for Anchors {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn install(&self, certificate: &Certificate) -> Result<Outcome, Outcome> {
        let present = self.present()?;
        if present.as_ref() == Some(certificate) && self.trusts(certificate) {
            return Ok(Outcome::There);
        }
        // An older one under the same name: what was made of it goes only when it is gone.
        if present.is_some_and(|present| present != *certificate) {
            self.remove()?;
        }
        files::replace(&self.file, certificate.pem().as_bytes(), Readers::All)
            .map_err(|error| file_trouble(&self.file, &error))?;
        self.update()?;
        if self.trusts(certificate) {
            return Ok(Outcome::Installed);
        }
        let (program, bundle) = (self.program.display(), self.bundle.display());
        Err(Outcome::Failed(format!("{program} did not put it into {bundle}")))
    }

    fn uninstall(&self) -> Result<Outcome, Outcome> {
        if self.present()?.is_some() {
            self.remove()?;
            return Ok(Outcome::Removed);
        }
        // Left behind when the program failed after the file had gone.
        if bundled(&self.bundle).iter().any(|der| Certificate::is_ours(der)) {
            self.clear()?;
            return Ok(Outcome::Removed);
        }
        Ok(Outcome::NotThere)
    }

    fn state(&self, certificate: &Certificate) -> Result<Outcome, Outcome> {
        Ok(if self.trusts(certificate) { Outcome::There } else { Outcome::NotThere })
    }
}
