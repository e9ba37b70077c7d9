//! `dorsi report`: the page for a physiotherapist.

use std::path::Path;
use std::process::ExitCode;

use super::output::{self, STANDARD};
use super::transfer::spare;
use super::{Failure, print};
use crate::config::Config;
use crate::report::Report;
use crate::runtime;
use crate::store::Store;
use crate::text;

/// Writes the page into the file `path`.
pub fn report(store: &Store, config: &Config, path: &Path, force: bool) -> Result<ExitCode, Failure> {
    let today = runtime::today().date();
    let mut sessions = store.history().map_err(Failure::failed)?;
    let all = sessions.len();
    sessions.retain(|line| line.can_have_begun(today));
    let protocols = store.protocols().map_err(Failure::failed)?;
    let report = Report {
        words: &config.words,
        unit: config.settings.units,
        aims: &config.progress,
        today,
        sessions: &sessions,
        left_out: all - sessions.len(),
        protocols: &protocols,
    };
    let page = report.html().map_err(Failure::failed)?;
    spare(store, path)?;
    output::write(path, force, |out| out.write_all(page.as_bytes())).map_err(Failure::failed)?;
    match path == Path::new(STANDARD) {
        true => Ok(ExitCode::SUCCESS),
        false => print(&format!("{}\n", text::clean(&path.display().to_string()))),
    }
}
