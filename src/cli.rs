//! The command line: arguments in, exit code out.

mod check;
#[expect(clippy::disallowed_methods, reason = "it waits for the device, and lets each sound end before it asks")]
mod doctor;
mod files;
mod history;
mod keys;
mod man;
mod output;
mod protocols;
mod report;
mod transfer;

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use clap::{CommandFactory, Parser, Subcommand};

use crate::app::App;
use crate::config::report::{Refusal, near};
use crate::config::sound::Recording;
use crate::config::{self, Config};
use crate::kept::{Notice, Past};
use crate::logging;
use crate::protocol::Protocol;
use crate::runtime::{self, Exit};
use crate::store::{self, Opened, Store, StoreError};
use crate::terminal;
use crate::text;
use crate::theme::ascii;
use crate::theme::terminal::Ability;
use output::{print, print_on};

/// Guided ankle-mobility sessions in a terminal.
///
/// Exit codes: 0 left by the person, 1 something failed, 2 wrong arguments, wrong configuration or no terminal,
/// 101 a fault in dorsi itself, 128 + N ended by signal N (129 when the terminal was closed).
#[derive(Debug, Parser)]
#[command(name = "dorsi", version = env!("DORSI_VERSION"), arg_required_else_help = false)]
struct Arguments {
    /// Use this configuration file instead of the one in the configuration folder.
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    /// Keep sessions in this folder.
    #[arg(long, value_name = "FOLDER", global = true)]
    data_dir: Option<PathBuf>,
    /// Write a log into this file, to look for the cause of a fault; it says what happened, not what was typed or noted.
    ///
    /// Without it, the environment variable DORSI_LOG names the file; without both there is none.
    #[arg(long, value_name = "FILE", global = true)]
    log: Option<PathBuf>,
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
    /// Print the sessions so far, the latest first.
    ///
    /// `8.2 → 9` is a wall test before and after the exercises: the toe-to-wall distance. `≥` says that the knee touched, so
    /// at least this far; `~` that the gap was judged by eye.
    History {
        /// As a JSON array of sessions (names in docs/formats.md).
        #[arg(long, conflicts_with = "csv")]
        json: bool,
        /// As comma-separated values, a row a set, the earliest session first (names in docs/formats.md).
        #[arg(long)]
        csv: bool,
    },
    /// Print what there is to train.
    List,
    /// Make a routine of your own to begin with: a file with comments, that runs.
    New {
        /// Its name: small letters, digits and hyphens.
        name: String,
    },
    /// Print what a protocol amounts to: each part, its beginning and length, and the total.
    Preview {
        /// The protocol.
        protocol: String,
        /// Play it, so many times as fast as it is, with each sound as a line.
        #[arg(long, value_name = "TIMES", value_parser = clap::value_parser!(u32).range(1..=1000))]
        speed: Option<u32>,
    },
    /// Tell what is wrong with the configuration and the protocols. Exit code 0: nothing, 1: something, 2: a file
    /// can't be read.
    Check {
        /// These files instead of those in force.
        files: Vec<PathBuf>,
        /// For people, or for editors.
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Write a page for a physiotherapist: tests, sessions and answers so far, to print or to send.
    Report {
        /// The HTML file, or `-` for standard output.
        #[arg(default_value = "dorsi-report.html")]
        file: PathBuf,
        /// Replace the file where it exists.
        #[arg(long)]
        force: bool,
    },
    /// Write all sessions into a file, to import them on another machine.
    Export {
        /// The file, or `-` for standard output.
        file: PathBuf,
        /// Replace the file where it exists.
        #[arg(long)]
        force: bool,
    },
    /// Take over the sessions of a file that `dorsi export` wrote.
    ///
    /// All of them are taken over, or none where the file is not whole. Importing a file twice changes nothing. A session
    /// that is here already gets what the file knows more of it; where the two went on differently, it stays as it is.
    /// A session that was deleted here comes back.
    Import {
        /// The file, or `-` for standard input.
        file: PathBuf,
    },
    /// Tell what was found: terminal, configuration, sessions, sound, voice; and play each sound.
    ///
    /// Ends with 1 where something would be missing in a session.
    Doctor {
        /// Play each sound without asking whether it was heard.
        #[arg(long)]
        play: bool,
    },
    /// The keys.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// The configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page.
    Man,
}

/// How problems are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// As in a compiler's messages.
    Text,
    /// A JSON array.
    Json,
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Show what a remote or a pedal sends, and put it into your configuration.
    Learn,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Make a configuration file to begin with.
    Init,
    /// Open the configuration file in your editor ($VISUAL or $EDITOR), and check it on return.
    Edit,
    /// Print the values in force, and where each comes from.
    Show {
        /// Only those whose name begins with this, such as `exercise.front-band`.
        prefix: Option<String>,
    },
    /// Print where the configuration file is looked for.
    Path,
    /// Print the built-in configuration, with comments: everything that can be changed.
    Default,
    /// Print the JSON schema of the configuration, for editors.
    Schema,
    /// Print the reference of the configuration, as Markdown.
    Reference,
}

/// An error that ends the program, with its exit code.
#[derive(Debug)]
struct Failure {
    message: String,
    code: u8,
}

impl Failure {
    fn failed(error: impl ToString) -> Failure {
        Failure { message: text::clean(&error.to_string()), code: 1 }
    }

    fn usage(error: impl ToString) -> Failure {
        Failure { message: text::clean(&error.to_string()), code: 2 }
    }

    fn refused(refusal: &Refusal) -> Failure {
        Failure { message: refusal.render(has_colour()), code: 2 }
    }
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    terminal::give_back_on_panic();
    // Where that can't be, a full quota ends the program.
    let _ = terminal::take_limits_as_errors();
    let arguments = Arguments::try_parse().unwrap_or_else(|error| misunderstood(&error));
    match begin_log(arguments.log.as_deref()).and_then(|()| command(arguments)) {
        Ok(code) => code,
        Err(failure) => {
            log::error!("exit code {}", failure.code);
            terminal::show_stderr();
            // Where nobody can read it any more there is nothing else to do.
            let _ = writeln!(std::io::stderr(), "{}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}

/// Tells what is wrong with the arguments, or the help that they ask for, and ends the program.
fn misunderstood(error: &clap::Error) -> ! {
    let told = error.render().to_string();
    if told.lines().all(text::is_clean) {
        error.exit();
    }
    // An argument with control characters in it is told without them, and without colour.
    let lines: String = told.lines().map(|line| text::clean(line) + "\n").collect();
    let _ = std::io::stderr().write_all(lines.as_bytes());
    std::process::exit(error.exit_code());
}

/// Begins the log, where `given` or the environment names a file for it.
fn begin_log(given: Option<&Path>) -> Result<(), Failure> {
    let named = std::env::var_os(logging::VARIABLE).filter(|name| !name.is_empty()).map(PathBuf::from);
    let Some(path) = given.or(named.as_deref()) else { return Ok(()) };
    logging::start(path)
        .map_err(|error| Failure::failed(format!("the log {} can't be written: {error}", path.display())))?;
    log::info!("dorsi {} on {} {}", env!("DORSI_VERSION"), std::env::consts::OS, std::env::consts::ARCH);
    Ok(())
}

fn command(arguments: Arguments) -> Result<ExitCode, Failure> {
    match arguments.command {
        None => start(&arguments.config, arguments.data_dir, None),
        Some(Command::Start { protocol }) => start(&arguments.config, arguments.data_dir, protocol),
        Some(Command::History { json, csv }) => {
            let store = reading(arguments.data_dir)?;
            let history = store.history().map_err(Failure::failed)?;
            let text = match (json, csv) {
                (true, _) => history::json(&history).map_err(Failure::failed)?,
                (_, true) => history::csv(&history).map_err(Failure::failed)?,
                _ => {
                    let config = load(&arguments.config)?;
                    let protocols = store.protocols().map_err(Failure::failed)?;
                    let table = history::table(&history, &protocols, &config.words, config.settings.units);
                    drawn(&config, table.map_err(Failure::failed)?)
                }
            };
            print(&text)
        }
        Some(Command::List) => {
            let config = load(&arguments.config)?;
            print(&drawn(&config, protocols::list(&config)))
        }
        Some(Command::New { name }) => {
            let path = files::config_path(&arguments.config)?;
            let known = Config::in_force(files::in_force(&arguments.config)?);
            let known = known.map_err(|refusal| Failure::refused(&refusal))?;
            print(&files::new_protocol(&path, &name, &known)?)
        }
        Some(Command::Preview { protocol, speed }) => preview(&load(&arguments.config)?, &protocol, speed),
        Some(Command::Check { files, format }) => check::check(&arguments.config, &files, format),
        Some(Command::Config(what)) => configuration(what, &arguments.config),
        Some(Command::Report { file, force }) => {
            let config = load(&arguments.config)?;
            report::report(&reading(arguments.data_dir)?, &config, &file, force)
        }
        Some(Command::Export { file, force }) => transfer::export(&reading(arguments.data_dir)?, &file, force),
        Some(Command::Import { file }) => {
            transfer::import(|| folder(arguments.data_dir).and_then(|folder| Store::open(&folder)), &file)
        }
        Some(Command::Doctor { play }) => doctor::run(&arguments.config, arguments.data_dir, play),
        Some(Command::Keys(KeysCommand::Learn)) => keys::learn(&arguments.config),
        Some(Command::Completions { shell }) => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "dorsi", &mut text);
            print(&String::from_utf8_lossy(&text))
        }
        Some(Command::Man) => {
            let page = man::page(Arguments::command()).map_err(Failure::failed)?;
            print(&String::from_utf8_lossy(&page))
        }
    }
}

/// What `dorsi config` is asked for, where that file was `given`.
fn configuration(what: ConfigCommand, given: &Option<PathBuf>) -> Result<ExitCode, Failure> {
    match what {
        ConfigCommand::Init => print(&files::init(&files::config_path(given)?)?),
        ConfigCommand::Edit => edit(given),
        ConfigCommand::Show { prefix } => {
            let values = Config::in_force(files::in_force(given)?);
            let values = values.map_err(|refusal| Failure::refused(&refusal))?;
            let prefix = prefix.unwrap_or_default();
            let lines = values.iter().filter(|value| value.key.starts_with(&prefix));
            let lines = lines.map(|it| format!("{} = {}  # {}:{}\n", it.key, it.value, it.file, it.line));
            match lines.collect::<String>() {
                lines if lines.is_empty() => {
                    let parts = values.iter().flat_map(|value| value.key.split('.').take(2));
                    let meant = near(&prefix, parts).map(|meant| format!("; did you mean `{meant}`?"));
                    let prefix = text::shortened(&prefix, 100);
                    Err(Failure::failed(format!("no value begins with `{prefix}`{}", meant.unwrap_or_default())))
                }
                lines => print(&lines),
            }
        }
        ConfigCommand::Path => {
            let path = files::config_path(given)?.display().to_string();
            // For another program it is the name itself.
            let shown = if std::io::stdout().is_terminal() { text::clean(&path) } else { path };
            print(&(shown + "\n"))
        }
        ConfigCommand::Default => print(config::BUILT_IN),
        ConfigCommand::Reference => print(&config::reference::text()),
        ConfigCommand::Schema => print(&config::schema::text()),
    }
}

/// The folder with the sessions.
fn folder(chosen: Option<PathBuf>) -> Result<PathBuf, StoreError> {
    chosen.or_else(store::default_folder).ok_or(StoreError::NoPlace)
}

/// The store, to be read. Damage is told, and mended when the program itself starts.
fn reading(data_dir: Option<PathBuf>) -> Result<Store, Failure> {
    let open = |folder: PathBuf| Store::open(&folder).or_else(|error| Store::open_read_only(&folder, &error));
    folder(data_dir).and_then(open).map_err(Failure::failed)
}

fn start(given: &Option<PathBuf>, data_dir: Option<PathBuf>, protocol: Option<String>) -> Result<ExitCode, Failure> {
    let folder = folder(data_dir);
    let today = runtime::today();
    // An edit from here on is one that is offered.
    let edits = edits(given);
    // One after the other: a second thread takes longer to be woken than the file of sessions to be read.
    let config = Arc::new(load(given)?);
    if let Some(id) = &protocol {
        named(&config, id)?;
    }
    let mut app = App::new(config.clone(), Past::default());
    app.today = today.clone();
    app.ability = Ability::of(|name| std::env::var(name).ok());
    app.look = config.look(app.ability);
    app.remote = is_remote();
    app.place_sound();
    let store = open(&mut app, folder, &today);
    let exit = runtime::run(app, store, protocol.as_deref(), edits).map_err(Failure::usage)?;
    Ok(match exit {
        Exit::Left => ExitCode::SUCCESS,
        Exit::Signal(signal) => ExitCode::from(128 + signal as u8),
        Exit::HungUp => ExitCode::from(129),
    })
}

/// The store in `folder`, with what is in it told to `app`; none where there can be none.
fn open(app: &mut App, folder: Result<PathBuf, StoreError>, today: &jiff::Zoned) -> Option<Store> {
    let known: Vec<_> = app.config.protocols.values().cloned().collect();
    match folder.and_then(|folder| Store::open_or_rescue(&folder, &known, today.timestamp())) {
        Ok(Opened { store, past, notice, trouble }) => {
            let (shared, read_only) = (notice == Some(Notice::Shared), store.read_only().is_some());
            log::info!(
                "store: open, shared={shared} read-only={read_only} notice={}",
                notice.as_ref().map_or_else(|| "none".to_owned(), logging::kind)
            );
            app.remember(past, notice, today.clone());
            if let Some(why) = trouble {
                app.cannot_save(text::clean(&why));
            }
            Some(store)
        }
        Err(error) => {
            log::error!("store: {error}");
            app.cannot_save(text::clean(&error.to_string()));
            None
        }
    }
}

/// The configuration after an edit, as [`runtime::run`] asks for it.
fn edits(given: &Option<PathBuf>) -> runtime::Edits {
    let folder = files::config_path(given).unwrap_or_default();
    let mut watched = files::Watched::new(given.clone());
    let places = watched.places();
    let changed = Box::new(move || {
        let files = watched.changed()?;
        // What is told while something else is done is a line.
        let first = |failure: Failure| failure.message.lines().next().unwrap_or_default().to_owned();
        let config = files.map_err(first).and_then(|files| {
            Config::load_with(files, &|file| hear(&folder, file)).map_err(|refusal| refusal.in_a_line())
        });
        Some(config.map_err(|why| crate::text::clean(&why)))
    });
    runtime::Edits { changed, places }
}

/// The configuration that is in force, or everything that is wrong with it.
fn load(path: &Option<PathBuf>) -> Result<Config, Failure> {
    let files = files::in_force(path)?;
    let folder = files::config_path(path).unwrap_or_default();
    Config::load_with(files, &|file| hear(&folder, file)).map_err(|refusal| Failure::refused(&refusal))
}

/// Reads a sound file that `config`, a configuration file, names.
fn hear(config: &Path, file: &str) -> Result<Recording, String> {
    crate::audio::read(&config.parent().unwrap_or(Path::new("")).join(file))
}

/// Whether the person sits at another machine, connected by SSH.
fn is_remote() -> bool {
    ["SSH_TTY", "SSH_CONNECTION"].into_iter().filter_map(std::env::var_os).any(|value| !value.is_empty())
}

/// Whether messages may be coloured.
fn has_colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// `text` with the signs that the terminal has, or that are wanted.
fn drawn(config: &Config, text: String) -> String {
    let is_ascii = Ability::of(|name| std::env::var(name).ok()).ascii(config.settings.glyphs);
    if is_ascii { ascii::signs(&text) } else { text }
}

/// The protocol called `id`.
fn named<'a>(config: &'a Config, id: &str) -> Result<&'a Arc<Protocol>, Failure> {
    config.protocols.get(id).ok_or_else(|| {
        let known: Vec<&str> = config.protocols.keys().map(String::as_str).collect();
        let meant = near(id, known.iter().copied()).map(|name| format!("; did you mean `{name}`?"));
        let meant = meant.unwrap_or_else(|| format!("; there is: {}", text::shortened(&known.join(", "), 1_000)));
        Failure::usage(format!("there is no protocol `{}`{meant}", text::shortened(id, 100)))
    })
}

fn preview(config: &Config, id: &str, speed: Option<u32>) -> Result<ExitCode, Failure> {
    let moments = protocols::preview(config, named(config, id)?, speed.is_some());
    let mut before = 0;
    for moment in moments {
        if let Some(speed) = speed {
            let wait = Duration::from_millis(moment.at.millis().saturating_sub(before)) / speed;
            before = moment.at.millis();
            #[expect(clippy::disallowed_methods, reason = "a preview is played for a person who watches")]
            std::thread::sleep(wait);
        }
        if !print_on(&drawn(config, moment.text))? {
            break;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Opens the configuration file in the person's editor, and checks it on return.
fn edit(config: &Option<PathBuf>) -> Result<ExitCode, Failure> {
    let path = files::config_path(config)?;
    let editor = files::editor()?;
    if !path.exists() {
        files::init(&path)?;
    }
    let [program, words @ ..] = editor.as_slice() else { return Ok(ExitCode::SUCCESS) };
    // Ctrl-C in the editor is the editor's.
    terminal::leave_interrupts_to_others().map_err(Failure::failed)?;
    let status = std::process::Command::new(program).args(words).arg(&path).status();
    match status {
        Err(error) => Err(Failure::failed(format!("the editor {program:?} can't be started: {error}"))),
        Ok(status) if !status.success() => Err(Failure::failed(format!("the editor {program:?} ended with {status}"))),
        Ok(_) => check::check(&Some(path), &[], Format::Text),
    }
}
