//! The command line: arguments in, exit code out.

mod history;

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};

use crate::app::{App, Past};
use crate::config::{self, Config};
use crate::runtime::{self, Exit};
use crate::store::{self, Store, StoreError};

/// Guided ankle-mobility sessions in a terminal.
///
/// Exit codes: 0 left by the person, 1 something failed, 2 wrong arguments, wrong configuration or no terminal,
/// 128 + N ended by signal N (129 when the terminal was closed).
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = false)]
struct Arguments {
    /// Use this configuration file instead of the one in the configuration folder.
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// Keep sessions in this folder.
    #[arg(long, value_name = "FOLDER", global = true)]
    data_dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open the home screen, or begin a protocol at once.
    Start {
        /// The protocol to begin, such as `ankle` or `warm-up`.
        protocol: Option<String>,
    },
    /// Print the sessions so far.
    History {
        /// As a JSON array of sessions.
        #[arg(long, conflicts_with = "csv")]
        json: bool,
        /// As comma-separated values, a row a set.
        #[arg(long)]
        csv: bool,
    },
    /// The configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print where the configuration file is looked for.
    Path,
    /// Print the built-in configuration, with comments: everything that can be changed.
    Default,
    /// Print the JSON schema of the configuration, for editors.
    Schema,
}

/// An error that ends the program, with its exit code.
struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    fn failed(error: impl ToString) -> Failure {
        Failure { message: crate::text::clean(&error.to_string()), code: 1 }
    }

    fn usage(error: impl ToString) -> Failure {
        Failure { message: error.to_string(), code: 2 }
    }
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    match command(Arguments::parse()) {
        Ok(code) => code,
        Err(failure) => {
            // Where nobody can read it any more there is nothing else to do.
            let _ = writeln!(std::io::stderr(), "{}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}

fn command(arguments: Arguments) -> Result<ExitCode, Failure> {
    match arguments.command {
        None => start(&arguments.config, arguments.data_dir, None),
        Some(Command::Start { protocol }) => start(&arguments.config, arguments.data_dir, protocol),
        Some(Command::History { json, csv }) => {
            let folder = arguments.data_dir.or_else(store::default_folder).ok_or(StoreError::NoPlace);
            // Damage is told, and mended when the program itself starts.
            let read = folder.and_then(|folder| {
                Store::open(&folder).or_else(|error| Store::open_read_only(&folder, &error))?.history()
            });
            let history = read.map_err(Failure::failed)?;
            let text = match (json, csv) {
                (true, _) => history::json(&history).map_err(Failure::failed)?,
                (_, true) => history::csv(&history).map_err(Failure::failed)?,
                _ => history::table(&history),
            };
            print(&text)
        }
        Some(Command::Config(ConfigCommand::Path)) => {
            let path = arguments.config.or_else(config::default_path).ok_or_else(|| Failure {
                message: "no home folder was found; give a configuration file with --config".to_owned(),
                code: 1,
            })?;
            print(&format!("{}\n", path.display()))
        }
        Some(Command::Config(ConfigCommand::Default)) => print(config::BUILT_IN),
        Some(Command::Config(ConfigCommand::Schema)) => print(&config::schema::text()),
    }
}

/// Prints `text`; a reader that closed the pipe has read enough.
fn print(text: &str) -> Result<ExitCode, Failure> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure { message: format!("the output can't be written: {error}"), code: 1 })
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}

fn start(config: &Option<PathBuf>, data_dir: Option<PathBuf>, protocol: Option<String>) -> Result<ExitCode, Failure> {
    let config = Arc::new(load(config)?);
    let begin = match &protocol {
        Some(id) if !config.protocols.contains_key(id) => {
            let known: Vec<&str> = config.protocols.keys().map(String::as_str).collect();
            return Err(Failure::usage(format!("there is no protocol `{id}`; there is: {}", known.join(", "))));
        }
        protocol => protocol.as_ref(),
    };
    let mut app = App::new(config.clone(), Past::default());
    let known: Vec<_> = config.protocols.values().cloned().collect();
    let folder = data_dir.or_else(store::default_folder).ok_or(StoreError::NoPlace);
    let store = match folder.and_then(|folder| Store::open_or_rescue(&folder, &known)) {
        Ok((store, notice)) => {
            app.remember(store.past().unwrap_or_default(), notice, runtime::today());
            if let Some(why) = store.read_only() {
                app.cannot_save(crate::text::clean(why));
            }
            Some(store)
        }
        Err(error) => {
            app.cannot_save(crate::text::clean(&error.to_string()));
            None
        }
    };
    let exit = runtime::run(app, store, begin.map(String::as_str)).map_err(Failure::usage)?;
    Ok(match exit {
        Exit::Left => ExitCode::SUCCESS,
        Exit::Signal(signal) => ExitCode::from(128 + signal as u8),
        Exit::HungUp => ExitCode::from(129),
    })
}

/// The configuration that is in force, or everything that is wrong with it.
fn load(path: &Option<PathBuf>) -> Result<Config, Failure> {
    let files = match path {
        Some(path) => vec![config::read(path).map_err(Failure::usage)?],
        None => match config::default_path().filter(|path| path.exists()) {
            Some(path) => vec![config::read(&path).map_err(Failure::usage)?],
            None => Vec::new(),
        },
    };
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    Config::load(files).map_err(|refusal| Failure::usage(refusal.render(colour)))
}
