//! Files as they are found, before, between and after.

use super::*;

struct Ground {
    folder: tempfile::TempDir,
}

impl Ground {
    fn with(content: &[u8]) -> Self {
        let ground = Self { folder: tempfile::tempdir().unwrap() };
        fs::write(ground.path(), content).unwrap();
        ground
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("hosts")
    }

    fn hosts(&self) -> HostsFile {
        HostsFile::at(&self.path()).unwrap()
    }

    fn files(&self) -> Vec<String> {
        let found = fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<String> =
            found.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn lines() -> Lines {
    Lines { names: vec!["a.b".to_owned(), "c.d".to_owned()], addresses: vec!["127.0.0.1".parse().unwrap()] }
}

const FILE: &[u8] = b"127.0.0.1 localhost\n";

#[test]
fn what_is_put_in_is_taken_out_without_a_trace() {
    let ground = Ground::with(FILE);
    let hosts = ground.hosts();
    assert_eq!(hosts.state(&lines()).unwrap(), (State::Absent, Vec::new()));
    let first = hosts.install(&lines()).unwrap();
    assert_eq!(first.change, Change::Added);
    assert_eq!(fs::read(first.backup.unwrap()).unwrap(), FILE);
    assert_eq!(hosts.state(&lines()).unwrap().0, State::Complete);
    let again = hosts.install(&lines()).unwrap();
    assert_eq!((again.change, again.backup), (Change::Nothing, None));
    assert_eq!(ground.files(), ["hosts", "hosts.smsbridge-backup"]);
    assert!(hosts.remove().unwrap());
    assert_eq!(fs::read(ground.path()).unwrap(), FILE);
    assert_eq!(ground.files(), ["hosts"]);
    assert!(!hosts.remove().unwrap(), "nothing is left to take out");
}

#[test]
fn twice_does_not_touch_the_file() {
    let ground = Ground::with(FILE);
    let hosts = ground.hosts();
    let mut read_only = fs::metadata(ground.path()).unwrap().permissions();
    hosts.install(&lines()).unwrap();
    let before = fs::metadata(ground.path()).unwrap().modified().unwrap();
    read_only.set_readonly(true);
    hosts.install(&lines()).unwrap();
    assert_eq!(fs::metadata(ground.path()).unwrap().modified().unwrap(), before);
    hosts.remove().unwrap();
    let before = fs::metadata(ground.path()).unwrap().modified().unwrap();
    hosts.remove().unwrap();
    assert_eq!(fs::metadata(ground.path()).unwrap().modified().unwrap(), before);
}

#[test]
fn other_names_take_the_place_of_the_first_and_the_copy_stays() {
    let ground = Ground::with(FILE);
    let hosts = ground.hosts();
    hosts.install(&lines()).unwrap();
    let mut more = lines();
    more.names.push("e.f".to_owned());
    assert_eq!(hosts.state(&more).unwrap().0, State::Other);
    assert_eq!(hosts.install(&more).unwrap().change, Change::Exchanged);
    assert_eq!(fs::read(ground.folder.path().join("hosts.smsbridge-backup")).unwrap(), FILE);
    hosts.remove().unwrap();
    assert_eq!(fs::read(ground.path()).unwrap(), FILE);
    assert_eq!(ground.files(), ["hosts"]);
}

#[test]
fn a_file_that_was_not_there_is_not_there_afterwards() {
    let ground = Ground::with(FILE);
    fs::remove_file(ground.path()).unwrap();
    let hosts = ground.hosts();
    assert_eq!(hosts.install(&lines()).unwrap().backup, None);
    assert_eq!(hosts.state(&lines()).unwrap().0, State::Complete);
    assert!(hosts.remove().unwrap());
    assert_eq!(ground.files(), [""; 0]);
    assert!(!hosts.remove().unwrap());
}

#[test]
fn entries_of_others_are_told_and_left() {
    let file = b"10.0.0.1 A.B other\n127.0.0.1 c.d\n# 10.0.0.2 c.d\n";
    let ground = Ground::with(file);
    let hosts = ground.hosts();
    let right = [Conflict { line: 1, name: "a.b".to_owned(), address: "10.0.0.1".parse().unwrap() }];
    assert_eq!(hosts.install(&lines()).unwrap().conflicts, right);
    let behind = [&fs::read(ground.path()).unwrap()[..], b"10.0.0.3 c.d\n"].concat();
    fs::write(ground.path(), &behind).unwrap();
    let (state, conflicts) = hosts.state(&lines()).unwrap();
    assert_eq!(state, State::Complete);
    let seen: Vec<_> = conflicts.iter().map(|one| (one.line, one.name.as_str())).collect();
    assert_eq!(seen, [(1, "a.b"), (8, "c.d")], "{}", String::from_utf8_lossy(&behind));
    hosts.remove().unwrap();
    assert_eq!(fs::read(ground.path()).unwrap(), [&file[..], b"10.0.0.3 c.d\n"].concat());
}

#[test]
fn our_own_lines_for_another_aim_are_no_conflict() {
    let ground = Ground::with(FILE);
    let hosts = ground.hosts();
    let elsewhere = Lines { addresses: vec!["10.0.0.1".parse().unwrap()], ..lines() };
    hosts.install(&elsewhere).unwrap();
    assert_eq!(hosts.state(&lines()).unwrap(), (State::Other, Vec::new()));
    assert_eq!(hosts.install(&lines()).unwrap().conflicts, []);
}

#[test]
fn a_copy_that_is_left_of_a_change_that_did_not_come_about_goes_too() {
    let ground = Ground::with(FILE);
    let backup = ground.folder.path().join("hosts.smsbridge-backup");
    fs::write(&backup, FILE).unwrap();
    ground.hosts().remove().unwrap();
    assert_eq!(ground.files(), ["hosts"]);
    fs::write(&backup, "somebody's").unwrap();
    ground.hosts().remove().unwrap();
    assert_eq!(ground.files(), ["hosts", "hosts.smsbridge-backup"], "this one may be of use");
}

#[test]
fn damage_is_refused_and_nothing_changes() {
    let file = b"# smsbridge begin\n127.0.0.1 a.b\n";
    let ground = Ground::with(file);
    let said = ground.hosts().install(&lines()).unwrap_err().to_string();
    assert!(said.contains("hosts: line 1 begins"), "{said}");
    assert!(matches!(ground.hosts().remove(), Err(HostsError::Damaged { .. })));
    assert!(matches!(ground.hosts().state(&lines()), Err(HostsError::Damaged { .. })));
    assert_eq!(fs::read(ground.path()).unwrap(), file);
    assert_eq!(ground.files(), ["hosts"]);
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let ground = Ground::with(FILE);
    let link = ground.folder.path().join("link");
    std::os::unix::fs::symlink("hosts", &link).unwrap();
    let hosts = HostsFile::at(&link).unwrap();
    hosts.install(&lines()).unwrap();
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(fs::read(ground.path()).unwrap().len() > FILE.len());
    hosts.remove().unwrap();
    assert_eq!(fs::read(ground.path()).unwrap(), FILE);
    fs::remove_file(ground.path()).unwrap();
    assert!(HostsFile::at(&link).is_err(), "it leads nowhere");
}
