//! The seed corpus, fed to what the fuzz targets feed: it means something where no fuzzer is.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// A target: its folder of seeds, and what is fed.
type Target = (&'static str, fn(&[u8]));

const TARGETS: [Target; 7] = [
    ("params", super::params),
    ("round_trip", super::round_trip),
    ("vak_sms", |data| super::decoders("vak-sms", data)),
    ("smsak", |data| super::decoders("smsak", data)),
    ("sms_service_online", |data| super::decoders("sms-service-online", data)),
    ("sms_man", |data| super::decoders("sms-man", data)),
    ("handler_api", |data| super::decoders("sms-activate", data)),
];

fn seeds() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn every_seed_keeps_the_laws() {
    let mut broken = Vec::new();
    for (name, target) in TARGETS {
        let seeds = files(&seeds().join(name));
        assert!(seeds.len() >= 20, "{name} has {} seeds", seeds.len());
        for seed in seeds {
            let bytes = fs::read(&seed).unwrap();
            if catch_unwind(AssertUnwindSafe(|| target(&bytes))).is_err() {
                broken.push(seed);
            }
        }
    }
    assert_eq!(broken, Vec::<PathBuf>::new());
}

#[test]
fn seeds_that_are_cut_or_joined_keep_the_laws() {
    for (name, target) in TARGETS {
        let seeds: Vec<_> = files(&seeds().join(name)).iter().map(|file| fs::read(file).unwrap()).collect();
        for (nth, seed) in seeds.iter().enumerate() {
            target(&seed[..seed.len() / 2]);
            let next = &seeds[(nth + 1) % seeds.len()];
            target(&[&seed[..seed.len() * 2 / 3], &next[next.len() / 3..]].concat());
        }
    }
}

#[test]
fn each_folder_of_seeds_and_each_kind_has_a_target() {
    let folders: Vec<_> =
        files(&seeds()).iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    let mut names: Vec<_> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    names.sort();
    assert_eq!(folders, names);
    let programs = files(&seeds().with_file_name("fuzz_targets"));
    assert_eq!(
        programs.iter().map(|path| path.file_stem().unwrap().to_str().unwrap()).collect::<Vec<_>>(),
        names
    );
    let kinds = crate::provider::PROVIDERS.iter().filter(|spec| !spec.in_process).count();
    assert_eq!(kinds + 2, TARGETS.len(), "a kind has no target");
}
