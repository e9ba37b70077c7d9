//! How long it takes until a wrong file is refused. It fails where that is more than a second.
#![expect(clippy::disallowed_methods, reason = "what is measured is real time")]

#[path = "../tests/wrong/mod.rs"]
mod wrong;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

use wrong::{MB, forged_imports, noise, wrong_configs};

/// Until a wrong file is refused, in milliseconds.
const MOST: f64 = 1_000.0;

fn main() -> ExitCode {
    let home = tempfile::tempdir().expect("a folder");
    let [config, sessions] = ["wrong.toml", "wrong.jsonl"].map(|name| home.path().join(name));
    let export =
        Command::new(env!("CARGO_BIN_EXE_dorsi")).args(["export", "-", "--data-dir"]).arg(home.path()).output();
    let export = export.expect("an export").stdout;
    let head = &export[..=export.iter().position(|byte| *byte == b'\n').expect("a line")];
    let mut took = Vec::new();
    let texts = wrong_configs().into_iter().map(|(what, text)| (what, text.into_bytes()));
    for (what, bytes) in texts.chain([("a config of 50 MB", b"# comment\n".repeat(5 * MB)), ("noise", noise(MB / 4))]) {
        std::fs::write(&config, bytes).expect("a file");
        took.push((what, refused(home.path(), &["list", "--config"], &config)));
    }
    for (what, bytes) in [
        ("an import of 120 MB that is something else", b"[settings]\n".repeat(11 * MB)),
        ("an import of 120 MB that is wrong from the second line on", [head, &b"line\n".repeat(24 * MB)].concat()),
    ]
    .into_iter()
    .chain(forged_imports(120 * MB))
    {
        std::fs::write(&sessions, bytes).expect("a file");
        took.push((what, refused(home.path(), &["import"], &sessions)));
    }
    took.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    took.iter().for_each(|(what, took)| println!("{took:>6.0} ms  {what}"));
    let is_kept = took.iter().all(|(_, took)| *took < MOST);
    println!("{}: any wrong file is refused within {MOST} ms", if is_kept { "kept" } else { "BROKEN" });
    if is_kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The shortest of three times that the program takes to refuse `file`, in milliseconds.
fn refused(home: &Path, arguments: &[&str], file: &Path) -> f64 {
    let once = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_dorsi"));
        let began = Instant::now();
        let output = command.args(arguments).arg(file).arg("--data-dir").arg(home).output().expect("it runs");
        let took = began.elapsed().as_secs_f64() * 1e3;
        assert!(!output.status.success(), "{} was taken", file.display());
        took
    };
    (0..3).map(|_| once()).fold(f64::INFINITY, f64::min)
}
