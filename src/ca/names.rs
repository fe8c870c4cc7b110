//! Names and what lies below them, as a certificate's name constraints see it (RFC 5280 section 4.2.1.10: a permitted
//! DNS name permits itself and everything below it). Knows no certificate.

/// Whether `name` is `base` or lies below it; both in small letters.
pub fn is_within(name: &str, base: &str) -> bool {
    name.strip_suffix(base).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The names that permit all of `names`: those that lie below another are left out, the others stay in their order.
pub fn reduced(names: &[String]) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for name in names.iter().map(|name| name.to_ascii_lowercase()) {
        if kept.iter().any(|base| is_within(&name, base)) {
            continue;
        }
        kept.retain(|other| !is_within(other, &name));
        kept.push(name);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn below_means_below_a_dot() {
        assert!(is_within("sms-activate.org", "sms-activate.org"));
        assert!(is_within("api.sms-activate.org", "sms-activate.org"));
        assert!(!is_within("evilsms-activate.org", "sms-activate.org"));
        assert!(!is_within("org", "sms-activate.org"));
    }

    #[test]
    fn what_lies_below_another_is_left_out_wherever_it_stands() {
        let names = ["api.a.org", "a.org", "www.a.org", "api.b.org", "B.org", "ba.org"].map(str::to_owned);
        assert_eq!(reduced(&names), ["a.org", "b.org", "ba.org"]);
    }
}
