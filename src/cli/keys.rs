//! `dorsi keys learn`: what a remote or a pedal sends, and where it belongs in the configuration.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crossterm::event::{self, Event, KeyCode, KeyEventKind};
use crossterm::terminal;

use super::{Failure, load, print};
use crate::config::words::Keys as Labels;
use crate::config::{self, Config, Source, edit};
use crate::keymap::{Action, Key, Learner, Taught, WANTED};
use crate::text::{clean, fill};

/// Asks for each action in turn, and writes what was pressed.
pub fn learn(path: &Option<PathBuf>) -> Result<ExitCode, Failure> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(Failure::usage("keys are learnt in a terminal window; input or output is a file or a pipe"));
    }
    let config = load(path)?;
    let file = path
        .clone()
        .or_else(config::default_path)
        .ok_or_else(|| Failure::usage("no home folder was found; give a configuration file with --config"))?;
    let mut learner = Learner::new(config.keys.clone());
    let words = &config.words.learn_keys;
    print(&format!("{}\n\n", words.ask))?;
    for action in WANTED {
        if !ask(&config, &mut learner, action)? {
            print(&format!("\n{}\n", words.given_up))?;
            return Ok(ExitCode::SUCCESS);
        }
    }
    let changes = learner.changes();
    if changes.is_empty() {
        return print(&format!("\n{}\n", words.unchanged));
    }
    write(&file, &changes)?;
    let file = clean(&file.display().to_string());
    print(&format!("\n{}\n", fill(&words.written, &[("file", file)])))
}

/// Asks for one action until a key is learnt or left; `false` where the person wants no more.
fn ask(config: &Config, learner: &mut Learner, action: Action) -> Result<bool, Failure> {
    let (words, labels) = (&config.words.learn_keys, &config.words.keys);
    let keys = learner.bindings().all();
    let now = keys.iter().find(|(other, ..)| *other == action).map_or_else(String::new, |(.., keys)| {
        keys.iter().map(|key| String::from(*key)).collect::<Vec<_>>().join(", ")
    });
    print(&format!("{}\n", fill(&words.now, &[("action", label(labels, action)), ("keys", &now)])))?;
    loop {
        let key = read_key().map_err(Failure::failed)?;
        if key == Key::ctrl('c') {
            return Ok(false);
        }
        if key == Key::plain(KeyCode::Tab) {
            print(&format!("    {}\n", words.as_it_is))?;
            return Ok(true);
        }
        let name = clean(&String::from(key));
        let taught = learner.teach(action, key);
        let told = match taught {
            Taught::Learnt => name,
            Taught::Known => fill(&words.known, &[("key", &name)]),
            Taught::Reserved => fill(&words.reserved, &[("key", &name)]),
            Taught::Taken(other) => fill(&words.taken, &[("key", &name), ("action", &label(labels, other).to_owned())]),
        };
        print(&format!("    {told}\n"))?;
        if matches!(taught, Taught::Learnt | Taught::Known) {
            return Ok(true);
        }
    }
}

/// What `action` does, in the words of the help.
fn label(words: &Labels, action: Action) -> &str {
    match action {
        Action::Go => &words.go_on,
        Action::Back => &words.back,
        Action::Up | Action::Down => &words.choose,
        Action::Left | Action::Right => &words.change,
        Action::Pause => &words.pause,
        Action::Skip => &words.skip,
        Action::EndSet => &words.end_set,
        Action::Ouch => &words.ouch,
        Action::Quit => &words.quit,
        Action::Help => &words.help,
        Action::Units => &words.units,
        Action::Mute => &words.mute,
        Action::Louder => &words.louder,
        Action::Quieter => &words.quieter,
        Action::History => &words.history,
        _ => "?",
    }
}

/// The next key that is pressed.
fn read_key() -> io::Result<Key> {
    let _ = io::stdout().flush();
    terminal::enable_raw_mode()?;
    let key = loop {
        match event::read() {
            Ok(Event::Key(key)) if key.kind == KeyEventKind::Press => break Ok(Key::from(key)),
            Ok(_) => {}
            Err(error) => break Err(error),
        }
    };
    terminal::disable_raw_mode()?;
    key
}

/// Puts `changes` into `file`, which is replaced as a whole or not at all.
fn write(file: &Path, changes: &[(String, Vec<String>)]) -> Result<(), Failure> {
    // A link stays a link; what it leads to is changed.
    let file = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    let before = match file.exists() {
        true => config::read(&file).map_err(Failure::usage)?,
        false => Source { name: file.display().to_string(), text: String::new() },
    };
    let text = edit::with_keys(&before.text, changes).map_err(Failure::failed)?;
    let folder = file.parent().unwrap_or(Path::new("."));
    let failed = |error: io::Error| Failure::failed(format!("{}: {error}", file.display()));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let new = file.with_extension(format!("new-{}", std::process::id()));
    #[expect(clippy::disallowed_methods, reason = "the person asked for their file to be changed")]
    let written = std::fs::write(&new, text).and_then(|()| {
        if let Ok(old) = std::fs::metadata(&file) {
            std::fs::set_permissions(&new, old.permissions())?;
        }
        std::fs::File::open(&new)?.sync_all()?;
        std::fs::rename(&new, &file)
    });
    written.map_err(|error| {
        let _ = std::fs::remove_file(&new);
        failed(error)
    })
}
