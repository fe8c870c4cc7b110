//! The file for runtimes that trust nothing but the file they are pointed to.

use std::fs;
use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use super::super::bundle;
use super::super::stores::{Machine, System};
use super::made;

fn machine(root: &Path) -> Machine {
    Machine { system: System::Linux, root: root.to_owned(), path: vec![], homes: vec![], java_home: None }
}

#[test]
fn it_has_the_systems_roots_and_the_ca_once() {
    let ground = tempfile::tempdir().unwrap();
    let (root, folder) = (ground.path().join("root"), ground.path().join("ca"));
    let certificate = made(&folder).certificate().clone();
    let machine = machine(&root);
    assert_eq!(bundle(&folder, &certificate, &machine).unwrap(), None, "a file with the CA alone is worse");
    let system = root.join("etc/ssl/certs/ca-certificates.crt");
    fs::create_dir_all(system.parent().unwrap()).unwrap();
    let other = rcgen::generate_simple_self_signed(["a.example".to_owned()]).unwrap().cert;
    // The last line has no end, as an administrator's file may.
    let roots = other.pem().trim_end().to_owned();
    // After `ca install` the system's own file has it already.
    for text in [roots.clone(), format!("{roots}\n{}", certificate.pem())] {
        fs::write(&system, text).unwrap();
        let path = bundle(&folder, &certificate, &machine).unwrap().unwrap();
        assert_eq!(path, folder.join("bundle.pem"));
        let bytes = fs::read(path).unwrap();
        let held: Vec<_> = CertificateDer::pem_slice_iter(&bytes).map(Result::unwrap).collect();
        assert_eq!(held, [other.der().clone(), certificate.der().clone()]);
    }
}
