//! Names that lead nowhere outside a network of one's own. Knows nobody who asks for one.

/// Their last labels (RFC 6761, 6762, 8375 and 9476, and what routers, companies and Kubernetes have).
const NEAR: [&str; 13] = [
    "local",
    "localhost",
    "localdomain",
    "internal",
    "intranet",
    "private",
    "lan",
    "home",
    "home.arpa",
    "corp",
    "svc",
    "test",
    "alt",
];

/// Whether nobody outside can say where this name leads; it is in small letters, without a dot at its end.
pub fn is_near(name: &str) -> bool {
    let ends = |suffix: &&str| name.strip_suffix(*suffix).is_some_and(|rest| rest.ends_with('.'));
    !name.contains('.') || NEAR.iter().any(ends)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_world_can_own_is_not_near() {
        for name in ["mock", "localhost", "nas.lan", "a.b.home.arpa", "proxy.svc", "x.test"] {
            assert!(is_near(name), "{name}");
        }
        for name in
            ["sms-activate.org", "evillan.org", "a.notlan", "1.in-addr.arpa", "lan.example", "a.homearpa"]
        {
            assert!(!is_near(name), "{name}");
        }
    }
}
