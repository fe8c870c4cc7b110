//! What differs from system to system: where the hosts file is, how somebody with rights is asked, and who remembers
//! where a name led before. Knows nothing of what stands in a file.

use std::path::{Path, PathBuf};

/// The system's hosts file.
pub fn hosts_file() -> PathBuf {
    if cfg!(windows) {
        let root = std::env::var_os("SystemRoot").map_or_else(|| PathBuf::from(r"C:\Windows"), PathBuf::from);
        return root.join("System32").join("drivers").join("etc").join("hosts");
    }
    PathBuf::from("/etc/hosts")
}

/// How a command is run by somebody with rights, in one sentence.
pub fn with_rights(command: &str) -> String {
    if cfg!(windows) {
        format!("run `{command}` in a terminal that was opened as Administrator")
    } else {
        format!(
            "run `sudo {command}` in this folder; if that says so too, the file is protected (`lsattr`), or mounted read-only"
        )
    }
}

/// What may remember for a while where a name led before, and how it is made to forget; a sentence each.
pub fn caches() -> Vec<&'static str> {
    let mut found = Vec::new();
    if cfg!(windows) {
        found.push("`ipconfig /flushdns` makes Windows forget where names led before");
    } else if cfg!(target_os = "macos") {
        found.push(
            "`sudo dscacheutil -flushcache; sudo killall -HUP mDNSResponder` makes macOS forget where names led before",
        );
    } else {
        let is_there = |paths: [&str; 2]| paths.iter().any(|path| Path::new(path).exists());
        if is_there(["/run/nscd/socket", "/var/run/nscd/socket"]) {
            found.push("`sudo nscd -i hosts` makes nscd forget where names led before");
        }
        if is_there(["/run/systemd/resolve/io.systemd.Resolve", "/run/systemd/resolve/stub-resolv.conf"]) {
            found.push("`resolvectl flush-caches` makes systemd-resolved forget where names led before");
        }
    }
    found.push("programs that run already, browsers first of all, may remember it until they are restarted");
    found
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_told_something() {
        assert_eq!(hosts_file(), Path::new("/etc/hosts"));
        assert!(with_rights("smsbridge hosts install").contains("sudo smsbridge hosts install"));
        assert!(!caches().is_empty());
    }
}
