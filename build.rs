//! Tells the program which commit it was built from, where there is one to tell.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=.git/HEAD");
    println!("cargo::rerun-if-changed=.git/refs/heads");
    let commit = Command::new("git").args(["rev-parse", "--short=9", "HEAD"]).output();
    // A copy from a package has no history: its version says enough.
    let commit = commit.ok().filter(|output| output.status.success() && std::path::Path::new(".git").exists());
    let commit = commit.map(|output| format!(" ({})", String::from_utf8_lossy(&output.stdout).trim()));
    let version = std::env::var("CARGO_PKG_VERSION").unwrap_or_default();
    println!("cargo::rustc-env=DORSI_VERSION={version}{}", commit.unwrap_or_default());
}
