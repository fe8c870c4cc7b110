//! What the command line asks for.

use std::time::Duration;

use crate::args::Asked;

fn read(args: &[&str]) -> Asked {
    Asked::read(args.iter().map(|arg| (*arg).to_owned()))
}

#[test]
fn nothing_is_measured_in_a_run_of_tests() {
    assert_eq!(read(&[]), Asked::Nothing);
    assert_eq!(read(&["--test"]), Asked::Nothing);
    assert!(matches!(read(&["--bench"]), Asked::Measure(_)));
}

#[test]
fn the_options_are_read() {
    let asked = read(&["--bench", "--only", "tls", "--rounds", "3", "--seconds", "0.5", "--as-built"]);
    let Asked::Measure(options) = asked else { panic!("{asked:?}") };
    assert_eq!((options.rounds, options.turn), (3, Duration::from_millis(500)));
    assert!(options.as_built && !options.quick);
    assert!(options.wants("status over tls") && !options.wants("orders"));
    for wrong in [&["--rounds", "0"][..], &["--rounds"], &["--seconds", "-1"], &["tls"]] {
        let args = [&["--bench"], wrong].concat();
        assert!(matches!(read(&args), Asked::Wrong(_)), "{wrong:?}");
    }
}
