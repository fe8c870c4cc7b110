//! How the names of upstreams become addresses, as it is configured.

use super::{complaint, read};

fn paid_with(lines: &str) -> String {
    format!("[provider.p]\nkind = 'paid'\napi_key = 'k'\n{lines}\n")
}

#[test]
fn each_provider_is_told_what_is_redirected_and_whom_to_ask() {
    let dns = "[dns]\nservers = ['9.9.9.9', '192.0.2.1:5353', '::1', '[2001:db8::1]:53']\n";
    let config = read(&format!("{}{dns}", paid_with("")), &[]).unwrap();
    let servers: Vec<String> = config.dns.servers.iter().map(ToString::to_string).collect();
    assert_eq!(servers, ["9.9.9.9:53", "192.0.2.1:5353", "[::1]:53", "[2001:db8::1]:53"]);
    let lookup = &config.providers[0].lookup;
    assert_eq!(lookup.servers, config.dns.servers);
    assert!(lookup.redirected.iter().any(|name| name == "api.sms-activate.org"), "{lookup:?}");
    assert!(lookup.is_elsewhere && lookup.pinned.is_empty(), "{lookup:?}");
    let own = read(&paid_with("base_url = 'https://own.example'"), &[]).unwrap();
    assert!(!own.providers[0].lookup.is_elsewhere, "it may be anywhere");
}

#[test]
fn an_upstream_may_be_pinned_to_addresses() {
    let config = read(&paid_with("resolve = ['192.0.2.1', '[2001:db8::1]']"), &[]).unwrap();
    let pinned: Vec<String> = config.providers[0].lookup.pinned.iter().map(ToString::to_string).collect();
    assert_eq!(pinned, ["192.0.2.1", "2001:db8::1"]);
    let by_variable = read(&paid_with(""), &[("SMSBRIDGE_PROVIDER__P__RESOLVE", "192.0.2.1")]).unwrap();
    assert_eq!(by_variable.providers[0].lookup.pinned.len(), 1);
    let unused = read(&paid_with("base_url = 'https://192.0.2.9'\nresolve = '192.0.2.1'"), &[]).unwrap();
    assert!(unused.warnings.iter().any(|text| text.contains("provider.p.resolve: is not used")));
}

#[test]
fn what_is_no_address_is_refused() {
    let error = complaint(&paid_with("resolve = '192.0.2.1:443'"), &[]);
    assert!(error.starts_with("proxy.toml: provider.p.resolve: "), "{error}");
    assert!(error.contains("is not an IP address; write an IP address without a port"), "{error}");
    for server in ["dns.example", "9.9.9.9:0", "9.9.9.9:70000"] {
        let error = complaint(&format!("[dns]\nservers = '{server}'\n"), &[]);
        assert!(error.starts_with("proxy.toml: dns.servers: "), "{error}");
        assert!(error.contains("write the IP address of a DNS server"), "{error}");
    }
}

#[test]
fn a_redirected_name_is_one_however_often_and_however_it_is_written() {
    let toml = "[redirect]\nhosts = ['API.sms-man.ru', 'api.sms-man.ru', 'Sms-Activate.ru']\n";
    let names = read(&format!("{}{toml}", paid_with("")), &[]).unwrap().redirect.names;
    assert_eq!(names.len(), 13, "{names:?}");
    assert_eq!(names.last().map(String::as_str), Some("api.sms-man.ru"));
}
