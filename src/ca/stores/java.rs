//! Java's store, `cacerts` of the runtime that is in use, changed by its own `keytool`; and copies of it in files. Knows
//! no other store.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::certificate::Certificate;
use super::machine::is_program;
use super::run::Program;
use super::{Machine, Outcome, Store};

/// What every Java's own store has for a password; it protects nothing.
const PASSWORD: &str = "changeit";

/// What ours begin with in a store; the usual name by hand is this alone.
const ALIAS: &str = "smsbridge";

struct Cacerts {
    keytool: PathBuf,
}

/// The runtime's in `JAVA_HOME`, else that of the `keytool` in `PATH`.
pub(super) fn find(machine: &Machine) -> Option<Box<dyn Store + '_>> {
    Some(Box::new(Cacerts { keytool: keytool(machine)? }))
}

/// Java's own program for stores.
fn keytool(machine: &Machine) -> Option<PathBuf> {
    let name = format!("keytool{}", std::env::consts::EXE_SUFFIX);
    let own = machine.java_home.as_ref().map(|home| home.join("bin").join(name));
    own.filter(|path| is_program(path)).or_else(|| machine.program("keytool"))
}

/// What a certificate is called in a store.
fn alias(certificate: &Certificate) -> String {
    let digits = certificate.name().rsplit(' ').next().unwrap_or_default();
    format!("{ALIAS}-{digits}")
}

impl Cacerts {
    fn keytool<'a>(&'a self, args: &[&str]) -> Program<'a> {
        // Whatever the language of the machine, its words are read here.
        Program::new(&self.keytool).args(args).args([
            "-cacerts",
            "-storepass",
            PASSWORD,
            "-J-Duser.language=en",
            "-J-Duser.country=US",
        ])
    }

    fn list(&self) -> Result<String, Outcome> {
        self.keytool(&["-list"]).run()
    }

    /// The aliases of what is ours; the system's tools may have others for the same, and remove these themselves.
    fn ours(&self, list: &str) -> Result<Vec<(String, Certificate)>, Outcome> {
        let aliases = list.lines().filter_map(|line| line.split_once(',')).map(|(alias, _)| alias.trim());
        let mut ours = Vec::new();
        for alias in aliases.filter(|alias| alias.starts_with(ALIAS)) {
            let text = self.keytool(&["-exportcert", "-rfc", "-alias", alias]).run()?;
            let found = Certificate::parse(text.as_bytes());
            ours.extend(found.map(|certificate| (alias.to_owned(), certificate)));
        }
        Ok(ours)
    }

    fn delete(&self, alias: &str) -> Result<(), Outcome> {
        self.keytool(&["-delete", "-alias", alias]).run().map(|_| ())
    }
}

impl Store for Cacerts {
    fn name(&self) -> String {
        "Java cacerts".to_owned()
    }

    fn install(&self, certificate: &Certificate) -> Result<Outcome, Outcome> {
        let list = self.list()?;
        for (alias, other) in self.ours(&list)? {
            if other.der() != certificate.der() {
                self.delete(&alias)?;
            }
        }
        if list.contains(&certificate.fingerprint()) {
            return Ok(Outcome::There);
        }
        let args = ["-importcert", "-noprompt", "-alias", &alias(certificate)];
        self.keytool(&args).reads(certificate.pem()).run()?;
        Ok(Outcome::Installed)
    }

    fn uninstall(&self) -> Result<Outcome, Outcome> {
        let ours = self.ours(&self.list()?)?;
        for (alias, _) in &ours {
            self.delete(alias)?;
        }
        Ok(if ours.is_empty() { Outcome::NotThere } else { Outcome::Removed })
    }

    fn state(&self, certificate: &Certificate) -> Result<Outcome, Outcome> {
        let there = self.list()?.contains(&certificate.fingerprint());
        Ok(if there { Outcome::There } else { Outcome::NotThere })
    }
}

/// What a file for Java is to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TrustFile {
    /// The certificate alone, as PKCS #12.
    Alone,
    /// What the runtime trusts, and the certificate.
    WithTheRuntimes,
}

/// Makes a trust store for Java at `path`, where nothing may be; its password is `changeit`.
///
/// # Errors
/// When there is no Java, or when its program fails.
pub fn trust_file(
    path: &Path,
    certificate: &Certificate,
    holds: TrustFile,
    machine: &Machine,
) -> Result<(), Outcome> {
    let keytool = keytool(machine).ok_or(Outcome::NoStore)?;
    let target = path.display().to_string();
    let mut kind = vec!["-storetype", "PKCS12"];
    if holds == TrustFile::WithTheRuntimes {
        let source = cacerts(&keytool).ok_or_else(|| {
            Outcome::Failed(format!("{}: there is no cacerts beside it", keytool.display()))
        })?;
        fs::copy(&source, path).map_err(|error| super::file_trouble(path, &error))?;
        // Once the runtime's own trusts it, its copy has it already.
        let list = ["-list", "-storepass", PASSWORD, "-keystore", &target];
        if Program::new(&keytool).args(list).run()?.contains(&certificate.fingerprint()) {
            return Ok(());
        }
        // As the runtime has it, whatever that is.
        kind.clear();
    }
    // An older one, or one that the system put there, is in no way.
    Program::new(&keytool)
        .args(["-importcert", "-noprompt", "-alias", &alias(certificate), "-storepass", PASSWORD])
        .args(["-keystore", &target])
        .args(kind)
        .reads(certificate.pem())
        .run()
        .map(|_| ())
}

/// The same of the certificate alone, by OpenSSL; older ones than 3.2 cannot.
///
/// # Errors
/// When there is no OpenSSL, or when it fails.
pub fn openssl_trust_file(path: &Path, certificate: &Certificate, machine: &Machine) -> Result<(), Outcome> {
    let openssl = machine.program("openssl").ok_or(Outcome::NoStore)?;
    let (target, password) = (path.display().to_string(), format!("pass:{PASSWORD}"));
    Program::new(&openssl)
        .args(["pkcs12", "-export", "-nokeys", "-jdktrust", "anyExtendedKeyUsage"])
        .args(["-name", &alias(certificate), "-passout", &password, "-out", &target])
        .reads(certificate.pem())
        .run()
        .map(|_| ())
}

/// The store of the runtime that a `keytool` belongs to.
fn cacerts(keytool: &Path) -> Option<PathBuf> {
    let real = keytool.canonicalize().ok()?;
    let home = real.parent()?.parent()?;
    let places = ["lib/security/cacerts", "jre/lib/security/cacerts"];
    places.iter().map(|place| home.join(place)).find(|path| path.is_file())
}
