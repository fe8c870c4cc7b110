//! The values that are stored, and what may become of them. Knows nothing of what they count.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::Done;
use crate::valgrind::Counts;

/// By how many of a hundred a value may rise.
const ALLOWED: u64 = 5;

/// What was counted when it was last stored.
#[derive(Serialize, Deserialize)]
pub struct Stored {
    /// With which compiler and C library, on what kind of processor.
    pub platform: String,
    /// How many instructions each thing took.
    pub instructions: Counts,
}

/// What comes of a comparison.
pub struct Verdict {
    /// Whether nothing is dearer than allowed, and everything is as it is stored.
    pub good: bool,
    /// That in words.
    pub text: String,
}

impl Stored {
    fn file() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/instructions/stored.toml")
    }

    /// What is stored; nothing where there is no such file.
    pub fn read() -> Done<Self> {
        match fs::read_to_string(Self::file()) {
            Ok(text) => Ok(toml::from_str(&text)?),
            Err(_) => Ok(Self { platform: platform(), instructions: Counts::new() }),
        }
    }

    /// The same with what was counted now, which is all there is or a part of it.
    pub fn with(mut self, now: &Counts, all: bool) -> Self {
        if all {
            self.instructions.clear();
        }
        self.instructions.extend(now.clone());
        Self { platform: platform(), ..self }
    }

    /// Writes it where it is read.
    pub fn write(&self) -> Done {
        let head =
            "# Instructions, counted by valgrind. New values: cargo bench --bench instructions -- --store\n";
        fs::write(Self::file(), format!("{head}{}", toml::to_string(self)?))?;
        crate::say(&format!("stored in {}", Self::file().display()));
        Ok(())
    }

    /// What is to be said of what was counted now.
    pub fn judge(&self, now: &Counts, all: bool) -> Verdict {
        let mut lines = Vec::new();
        for (name, counted) in now {
            match self.instructions.get(name) {
                None => lines.push(format!("not stored: {name}")),
                Some(stored) if *counted * 100 > *stored * (100 + ALLOWED) => {
                    lines.push(format!("more than {ALLOWED} % dearer: {name}, {stored} -> {counted}"));
                }
                Some(_) => {}
            }
        }
        let gone = self.instructions.keys().filter(|name| all && !now.contains_key(*name));
        lines.extend(gone.map(|name| format!("stored, but not counted any more: {name}")));
        let good = lines.is_empty();
        match good {
            true => lines.push(format!("nothing is more than {ALLOWED} % dearer than it is stored")),
            false => {
                lines.push("new values, if this is meant: cargo bench --bench instructions -- --store".into())
            }
        }
        let platform = platform();
        let comparable = platform == self.platform;
        if !comparable {
            lines.push(format!(
                "this is {platform}, the values are of {}: nothing fails, since they may differ for that alone",
                self.platform
            ));
        }
        Verdict { good: good || !comparable, text: lines.join("\n") }
    }
}

/// What the number of instructions depends on beside the program: the compiler, and the C library, which moves memory in
/// the way that suits the processor.
fn platform() -> String {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let compiler = said(Command::new(rustc).arg("--version"));
    let library = said(Command::new("getconf").arg("GNU_LIBC_VERSION"));
    format!("{compiler}, {library}, {} {}", std::env::consts::ARCH, widest_registers())
}

fn said(command: &mut Command) -> String {
    let said = command.output().map(|said| said.stdout).unwrap_or_default();
    String::from_utf8_lossy(&said).trim().to_owned()
}

/// By what memory is moved there: valgrind knows nothing wider than AVX2.
#[cfg(target_arch = "x86_64")]
fn widest_registers() -> &'static str {
    if is_x86_feature_detected!("avx2") { "avx2" } else { "sse2" }
}

#[cfg(not(target_arch = "x86_64"))]
fn widest_registers() -> &'static str {
    ""
}
