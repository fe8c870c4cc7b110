//! What systems and runtimes need to trust the CA, in words: one place for pages and commands that say it. Knows
//! neither where the certificate is nor who asks.

/// The name under which the certificate is offered, which the steps below speak of.
pub const FILE: &str = "smsbridge-ca.pem";

/// A system with a trust store that most programs on it use.
#[derive(Debug, Clone, Copy)]
pub struct System {
    /// Its name.
    pub name: &'static str,
    /// The command that puts [`FILE`] into its store.
    pub trust: &'static str,
}

/// Where `smsbridge ca install` cannot run, since smsbridge is elsewhere, this does the same by hand.
pub const SYSTEMS: &[System] = &[
    System {
        name: "Debian, Ubuntu, Alpine",
        trust: "sudo cp smsbridge-ca.pem /usr/local/share/ca-certificates/smsbridge.crt && sudo update-ca-certificates",
    },
    System {
        name: "Fedora, RHEL",
        trust: "sudo cp smsbridge-ca.pem /etc/pki/ca-trust/source/anchors/smsbridge.pem && sudo update-ca-trust",
    },
    System { name: "Arch", trust: "sudo trust anchor --store smsbridge-ca.pem" },
    System {
        name: "macOS",
        trust: "sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain smsbridge-ca.pem",
    },
    System { name: "Windows, as Administrator", trust: "certutil -addstore -f Root smsbridge-ca.pem" },
];

/// A runtime or a program, and what it looks at.
#[derive(Debug, Clone, Copy)]
pub struct Runtime {
    /// Its name.
    pub name: &'static str,
    /// Whose certificates it trusts.
    pub trusts: &'static str,
    /// What it needs beside the system's store; `None` for nothing.
    pub needs: Option<&'static str>,
}

/// What a variable names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// What `BUNDLE` stands for below: these replace what a runtime would trust else.
    Bundle,
    /// The certificate alone, which is added to what the runtime trusts.
    Certificate,
    /// A store for Java, by the options of its runtime.
    JavaStore,
}

/// The variables of the environment by which runtimes are told of a file.
#[derive(Debug, Clone, Copy)]
pub struct Variables {
    /// Whom they tell, and what of.
    pub note: &'static str,
    /// What they are called.
    pub called: &'static [&'static str],
    /// What they name.
    pub name: Names,
}

/// All of them.
pub const VARIABLES: [Variables; 3] = [
    Variables {
        note: "Python, curl and what uses OpenSSL: the system's roots and the local CA",
        called: &["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"],
        name: Names::Bundle,
    },
    Variables {
        note: "Node: its own roots, and the local CA",
        called: &["NODE_EXTRA_CA_CERTS"],
        name: Names::Certificate,
    },
    Variables {
        note: "Java: its own roots and the local CA; not needed after smsbridge ca install",
        called: &["JAVA_TOOL_OPTIONS"],
        name: Names::JavaStore,
    },
];

/// What is said in their place where there is nothing that they could name.
pub fn without(name: Names) -> &'static str {
    match name {
        Names::Bundle => {
            "this system keeps its roots in no file, so that there is none to name in REQUESTS_CA_BUNDLE"
        }
        Names::Certificate => "there is no certificate",
        Names::JavaStore => "Java: there is none here; smsbridge ca export --format p12 makes a store",
    }
}

/// What `BUNDLE` stands for in [`RUNTIMES`].
pub const BUNDLE: &str = "a file with the system's certificates and this one, since it replaces what the runtime would trust else: the one that smsbridge ca env names, or the system's own after the step above (/etc/ssl/certs/ca-certificates.crt, on Fedora /etc/pki/tls/certs/ca-bundle.crt)";

/// What software that is redirected is usually made with.
pub const RUNTIMES: &[Runtime] = &[
    Runtime {
        name: "curl, wget",
        trusts: "the system's store",
        needs: Some("where curl has a store of its own: CURL_CA_BUNDLE=BUNDLE"),
    },
    Runtime {
        name: "Python with requests",
        trusts: "its own store (certifi)",
        needs: Some("REQUESTS_CA_BUNDLE=BUNDLE"),
    },
    Runtime {
        name: "Python with httpx, aiohttp, urllib",
        trusts: "certifi or the system's store",
        needs: Some("SSL_CERT_FILE=BUNDLE"),
    },
    Runtime {
        name: "Node",
        trusts: "its own store",
        needs: Some(
            "NODE_EXTRA_CA_CERTS=smsbridge-ca.pem, with its whole path; it adds, and replaces nothing",
        ),
    },
    Runtime {
        name: "Java",
        trusts: "its own store (cacerts)",
        needs: Some(
            "keytool -importcert -cacerts -alias smsbridge -file smsbridge-ca.pem -storepass changeit -noprompt",
        ),
    },
    Runtime { name: ".NET", trusts: "the system's store", needs: None },
    Runtime { name: "Go", trusts: "the system's store", needs: None },
    Runtime {
        name: "PHP",
        trusts: "what openssl.cafile and curl.cainfo in php.ini name, else the system's store",
        needs: Some("on Windows: openssl.cafile=BUNDLE and curl.cainfo=BUNDLE in php.ini"),
    },
    Runtime {
        name: "Ruby",
        trusts: "the system's store",
        needs: Some("where it has its own: SSL_CERT_FILE=BUNDLE"),
    },
    Runtime {
        name: "Chrome, Edge",
        trusts: "the system's store; on Linux that of NSS",
        needs: Some("on Linux: certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n smsbridge -i smsbridge-ca.pem"),
    },
    Runtime {
        name: "Firefox",
        trusts: "its own store",
        needs: Some("Settings, Privacy & Security, View Certificates, Authorities, Import"),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_speaks_of_the_file_that_is_offered() {
        for system in SYSTEMS {
            assert!(system.trust.contains(FILE), "{}", system.name);
        }
        let all = RUNTIMES.iter().filter_map(|runtime| runtime.needs);
        for needs in all.filter(|needs| needs.contains(".pem")) {
            assert!(needs.contains(FILE), "{needs}");
        }
    }

    /// A page that says one thing and a command that says another would be worse than either.
    #[test]
    fn runtimes_are_told_by_the_variables_that_there_are() {
        let needs: Vec<&str> = RUNTIMES.iter().filter_map(|runtime| runtime.needs).collect();
        let is_variable = |word: &&str| {
            word.len() > 3 && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
        };
        for text in &needs {
            let words = text.split_whitespace().filter_map(|word| word.split_once('=')).map(|(name, _)| name);
            for word in words.filter(is_variable) {
                assert!(VARIABLES.iter().any(|group| group.called.contains(&word)), "{word}");
            }
        }
        for group in VARIABLES.iter().filter(|group| group.name != Names::JavaStore) {
            let value = if group.name == Names::Bundle { "BUNDLE" } else { FILE };
            for name in group.called {
                assert!(needs.iter().any(|text| text.contains(&format!("{name}={value}"))), "{name}");
            }
        }
    }
}
