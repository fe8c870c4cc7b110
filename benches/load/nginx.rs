//! The yardstick: Debian's nginx with one worker, as a proxy with kept connections to the stand-in, over plain TCP
//! and over TLS, and serving files. Knows nothing of what is asked through it.
//!
//! It writes an access log to a file line by line, since smsbridge logs each request too. It runs without a
//! master process: the one process does the same work as a worker, and can be ended without leaving one behind.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::certificate::Certificate;
use super::failure::{Outcome, Trying};
use super::servers::{Running, free_address};

/// The running nginx.
pub struct Nginx {
    /// Where it listens over plain TCP.
    pub addr: SocketAddr,
    /// Where it listens over TLS.
    pub tls: SocketAddr,
    /// From where it serves files.
    pub files: PathBuf,
    running: Running,
}

/// Where it is on this machine.
fn program() -> Option<PathBuf> {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&paths).chain([PathBuf::from("/usr/sbin")]);
    folders.map(|folder| folder.join("nginx")).find(|file| file.is_file())
}

/// What it calls itself, where it is installed.
pub fn version() -> Option<String> {
    let ended = Command::new(program()?).arg("-v").output().ok()?;
    let text = String::from_utf8_lossy(&ended.stderr).into_owned();
    text.trim().rsplit(": ").next().map(str::to_owned)
}

impl Nginx {
    /// Starts it in `folder`, before the upstream at `upstream`; `None` where it is not installed.
    pub fn start(folder: &Path, upstream: SocketAddr, certificate: &Certificate) -> Outcome<Option<Self>> {
        let Some(program) = program() else { return Ok(None) };
        let files = folder.join("files");
        fs::create_dir_all(&files).trying("no folder for nginx can be made")?;
        let (addr, tls) = (free_address()?, free_address()?);
        let text = settings(folder, upstream, certificate, addr, tls);
        let file = folder.join("nginx.conf");
        fs::write(&file, text).trying("nginx.conf cannot be written")?;
        let mut command = Command::new(program);
        command.arg("-p").arg(folder).arg("-c").arg(&file).arg("-e").arg(folder.join("error.log"));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit());
        let running = Running::start("nginx", &mut command)?;
        running.listens(addr)?;
        Ok(Some(Self { addr, tls, files, running }))
    }

    /// Its number.
    pub fn pid(&self) -> u32 {
        self.running.pid()
    }
}

/// Everything that is not said here is as nginx has it, but for what would end connections while they are measured.
fn settings(
    folder: &Path,
    upstream: SocketAddr,
    certificate: &Certificate,
    addr: SocketAddr,
    tls: SocketAddr,
) -> String {
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|kind| format!("    {kind}_temp_path {}/{kind};\n", folder.display()))
        .collect();
    format!(
        "daemon off;
master_process off;
worker_processes 1;
pid {folder}/nginx.pid;
events {{
    worker_connections 4096;
}}
http {{
{temporary}    access_log {folder}/access.log combined;
    default_type text/html;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    upstream stand_in {{
        server {upstream};
        keepalive 64;
        keepalive_requests 1000000000;
    }}
    server {{
        listen {addr};
        listen {tls} ssl;
        ssl_certificate {cert};
        ssl_certificate_key {key};
        ssl_protocols TLSv1.2 TLSv1.3;
        location /files/ {{
            root {folder};
            gzip_static on;
        }}
        location / {{
            proxy_pass http://stand_in;
            proxy_http_version 1.1;
            proxy_set_header Connection \"\";
        }}
    }}
}}
",
        folder = folder.display(),
        cert = certificate.cert.display(),
        key = certificate.key.display(),
    )
}
