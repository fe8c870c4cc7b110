//! `[admin]`: where those who watch look.

use super::{complaint, read};

#[test]
fn it_is_this_machine_alone_unless_somebody_says_otherwise() {
    let admin = read("", &[]).unwrap().admin;
    assert_eq!((admin.listen.unwrap().to_string().as_str(), admin.is_wanted), ("127.0.0.1:9464", false));
    let config = read("[admin]\nlisten = 'localhost:9000'\n", &[]).unwrap();
    assert_eq!(config.admin.listen.unwrap().to_string(), "127.0.0.1:9000");
    assert!(config.admin.is_wanted && config.warnings.is_empty(), "{:?}", config.warnings);
    for nowhere in ["", " "] {
        let config = read("", &[("SMSBRIDGE_ADMIN__LISTEN", nowhere)]).unwrap();
        assert_eq!(config.admin.listen, None);
    }
}

#[test]
fn an_address_that_others_reach_is_warned_of() {
    let config = read("[admin]\nlisten = '0.0.0.0:9464'\n", &[]).unwrap();
    let [warning] = config.warnings.as_slice() else { panic!("{:?}", config.warnings) };
    assert!(warning.starts_with("proxy.toml: admin.listen: whoever reaches 0.0.0.0:9464"), "{warning}");
}

#[test]
fn what_is_wrong_is_told_what_would_be_right() {
    for (text, right) in [
        (
            "[admin]\nlisten = '9464'\n",
            "admin.listen: `9464` is not an address to listen at; write 127.0.0.1:9464 for this machine only, or 0.0.0.0:9464 for all; \"\" is for none",
        ),
        ("[admin]\nlsten = ''\n", "admin.lsten: there is no such setting; did you mean `listen`?"),
        (
            "[server]\nlisten = ['127.0.0.1:80']\n[admin]\nlisten = '127.0.0.1:80'\n",
            "admin.listen: clients are answered at `127.0.0.1:80`, and they are not to see this; choose another port, or \"\" for none",
        ),
    ] {
        assert_eq!(complaint(text, &[]), format!("proxy.toml: {right}"));
    }
    // Where nobody asked for it, it gives way when the server starts.
    assert!(read("[server]\nlisten = ['127.0.0.1:9464']\n", &[]).is_ok());
    // Port 0 is another one each time.
    assert!(read("[server]\nlisten = ['127.0.0.1:0']\n[admin]\nlisten = '127.0.0.1:0'\n", &[]).is_ok());
}
