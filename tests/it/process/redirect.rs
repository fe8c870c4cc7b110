//! `smsbridge redirect` where something stands against a part of it, and a hosts file as containers have it: within
//! namespaces, where `/etc` is a copy and nobody else can be reached.

use super::trust::in_a_namespace;

/// What is asked of the machine: the hosts file, the system's store, and whether ours is in them.
const STATE: &str = r#"
cp /etc/hosts hosts-before
sums > before
untouched() { [ ! -e /etc/hosts.smsbridge-backup ]; cmp /etc/hosts hosts-before && sums | cmp - before; }
led() { grep -q '^127.0.0.1 api.sms-activate.org$' /etc/hosts; }
trusted() { [ -e /usr/local/share/ca-certificates/smsbridge.crt ]; }
fails() { if "$@" > said 2>&1; then cat said; return 1; else cat said; fi; }
"#;

/// A name was taken out of the configuration since the CA was made.
const BEYOND: &str = r#"
SMSBRIDGE_REDIRECT__HOSTS=smshub.org "$SMSBRIDGE" ca init
fails "$SMSBRIDGE" ca install
grep 'it can sign for smshub.org, which .redirect. hosts does not name' said
untouched
fails "$SMSBRIDGE" redirect on
grep '^CA     it can sign for smshub.org' said
grep '^hosts  nothing was changed' said
grep 'smsbridge ca init --renew' said
untouched
fails "$SMSBRIDGE" redirect status
grep '^CA     it can sign for smshub.org' said
"$SMSBRIDGE" ca init --renew
fails "$SMSBRIDGE" redirect on
led
trusted
SMSBRIDGE_REDIRECT__HOSTS=smshub.org fails "$SMSBRIDGE" redirect status
grep '^CA     it cannot sign for smshub.org' said
grep '^hosts .* for other names' said
"$SMSBRIDGE" redirect off
untouched
"#;

/// Somebody who may write to the folder has put a CA there that can sign for more.
const FOREIGN: &str = r#"
"$SMSBRIDGE" ca init
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout other.key -out other.pem \
    -subj '/CN=smsbridge local CA 01234567' -addext 'nameConstraints=critical,permitted;DNS:com' 2> /dev/null
cp smsbridge-ca/ca.pem ours.pem
cat ours.pem other.pem > smsbridge-ca/ca.pem
fails "$SMSBRIDGE" ca install
cp other.pem smsbridge-ca/ca.pem
fails "$SMSBRIDGE" ca install
fails "$SMSBRIDGE" redirect on
grep 'is not a CA certificate as' said
untouched
"#;

/// The hosts file cannot be written: what was done is undone all the same.
const HALF: &str = r#"
mount --bind /etc/hosts /etc/hosts
mount -o remount,ro,bind /etc/hosts
fails "$SMSBRIDGE" redirect on
grep 'read-only' said
trusted
fails led
"$SMSBRIDGE" redirect off
untouched
[ ! -e smsbridge-ca ]
umount /etc/hosts
"#;

/// What is trusted or led here still must be recognised the next time: the CA stays until the rest is undone.
const LEFT: &str = r#"
fails "$SMSBRIDGE" redirect on
cp /etc/hosts whole
sed -i '/^# smsbridge end/d' /etc/hosts
fails "$SMSBRIDGE" redirect off
grep '^hosts .* no line ends them' said
fails trusted
[ -e smsbridge-ca/ca.pem ]
cp whole /etc/hosts
"$SMSBRIDGE" redirect off
untouched
[ ! -e smsbridge-ca ]
"#;

/// A file that is mounted can be written to, and nothing can take its place.
const MOUNTED: &str = r#"
printf '127.0.0.1 localhost\n10.0.0.7 own' > mounted
mount --bind mounted /etc/hosts
cp /etc/hosts hosts-before
"$SMSBRIDGE" hosts install
led
"$SMSBRIDGE" hosts install
"$SMSBRIDGE" hosts remove
untouched
"#;

const PROGRAMS: &[&str] = &["update-ca-certificates", "openssl"];

fn run(commands: &str) {
    in_a_namespace(&format!("{STATE}{commands}"), PROGRAMS);
}

#[test]
fn a_ca_for_more_than_is_named_is_not_trusted_and_nothing_is_led_to_it() {
    run(BEYOND);
}

#[test]
fn a_ca_that_was_not_made_here_is_not_trusted() {
    run(FOREIGN);
}

#[test]
fn what_was_switched_on_by_half_is_switched_off_whole() {
    run(HALF);
}

#[test]
fn the_ca_stays_until_all_that_rests_on_it_is_undone() {
    run(LEFT);
}

#[test]
fn a_hosts_file_that_is_mounted_is_changed_in_its_place() {
    run(MOUNTED);
}
