//! NSS databases: those of Chrome and Chromium on Linux, and Firefox's, one a profile, wherever packages put them.
//! Changed by NSS's own `certutil`. Knows no other store.

use std::fs;
use std::path::{Path, PathBuf};

use super::super::authority::COMMON_NAME;
use super::super::certificate::Certificate;
use super::run::Program;
use super::{Home, Machine, Outcome, Store, System};

/// Databases below a home: of Chrome and Chromium, from packages, snap and flatpak.
const DATABASES: [&str; 3] =
    [".pki/nssdb", "snap/chromium/current/.pki/nssdb", ".var/app/org.chromium.Chromium/data/pki/nssdb"];

/// Folders of Firefox's profiles, each with a database: from packages, snap, flatpak, and on macOS.
const PROFILES: [&str; 5] = [
    ".mozilla/firefox",
    ".config/mozilla/firefox",
    "snap/firefox/common/.mozilla/firefox",
    ".var/app/org.mozilla.firefox/.mozilla/firefox",
    "Library/Application Support/Firefox/Profiles",
];

const MISSING: &str = "install certutil (Debian: apt install libnss3-tools; Fedora: dnf install nss-tools; macOS: brew install nss)";

/// What a trusted CA of servers, and of nothing else, is marked with.
const TRUST: &str = "C,,";

struct Database<'a> {
    folder: PathBuf,
    home: &'a Home,
    certutil: Option<PathBuf>,
}

/// Every database that is there.
pub(super) fn find(machine: &Machine) -> Vec<Box<dyn Store + '_>> {
    // On Windows `certutil` is another program, and Firefox looks into the system's store.
    if machine.system == System::Windows {
        return Vec::new();
    }
    let certutil = machine.program("certutil");
    let mut found: Vec<Box<dyn Store + '_>> = Vec::new();
    for home in &machine.homes {
        for folder in databases(&home.path) {
            found.push(Box::new(Database { folder, home, certutil: certutil.clone() }));
        }
    }
    found
}

fn databases(home: &Path) -> Vec<PathBuf> {
    let profiles = PROFILES.iter().flat_map(|place| {
        let mut folders: Vec<PathBuf> = fs::read_dir(home.join(place))
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        folders.sort();
        folders
    });
    let all = DATABASES.iter().map(|place| home.join(place)).chain(profiles);
    all.filter(|folder| folder.join("cert9.db").is_file()).collect()
}

impl Database<'_> {
    fn certutil<'a>(&'a self, args: &[&str]) -> Result<Program<'a>, Outcome> {
        let path = self.certutil.as_deref().ok_or(Outcome::NeedsProgram(MISSING))?;
        let database = format!("sql:{}", self.folder.display());
        Ok(Program::new(path).args(args).args(["-d", &database]).of(self.home))
    }

    /// The nicknames of what may be ours.
    fn nicknames(&self) -> Result<Vec<String>, Outcome> {
        let listed = self.certutil(&["-L"])?.run()?;
        let nickname =
            |line: &str| line.rsplit_once(char::is_whitespace).map(|(name, _)| name.trim().to_owned());
        Ok(listed.lines().filter(|line| line.starts_with(COMMON_NAME)).filter_map(nickname).collect())
    }

    /// Those that are ours, with their certificates.
    fn ours(&self) -> Result<Vec<(String, Certificate)>, Outcome> {
        let mut ours = Vec::new();
        for nickname in self.nicknames()? {
            let text = self.certutil(&["-L", "-a", "-n", &nickname])?.run()?;
            ours.extend(Certificate::parse(text.as_bytes()).map(|certificate| (nickname, certificate)));
        }
        Ok(ours)
    }

    fn delete(&self, nickname: &str) -> Result<(), Outcome> {
        self.certutil(&["-D", "-n", nickname])?.run().map(|_| ())
    }
}

impl Store for Database<'_> {
    fn name(&self) -> String {
        format!("NSS {}", self.folder.display())
    }

    fn install(&self, certificate: &Certificate) -> Result<Outcome, Outcome> {
        let mut there = false;
        for (nickname, other) in self.ours()? {
            if other.der() == certificate.der() {
                there = true;
            } else {
                self.delete(&nickname)?;
            }
        }
        if there {
            return Ok(Outcome::There);
        }
        let args = ["-A", "-a", "-t", TRUST, "-n", certificate.name()];
        self.certutil(&args)?.reads(certificate.pem()).run()?;
        Ok(Outcome::Installed)
    }

    fn uninstall(&self) -> Result<Outcome, Outcome> {
        let ours = self.ours()?;
        for (nickname, _) in &ours {
            self.delete(nickname)?;
        }
        Ok(if ours.is_empty() { Outcome::NotThere } else { Outcome::Removed })
    }

    fn state(&self, certificate: &Certificate) -> Result<Outcome, Outcome> {
        let there = self.ours()?.iter().any(|(_, other)| other.der() == certificate.der());
        Ok(if there { Outcome::There } else { Outcome::NotThere })
    }
}
