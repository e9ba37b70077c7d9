//! `dorsi keys learn`: what a remote or a pedal sends, and where it belongs in the configuration.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crossterm::event::KeyCode;

use super::files::config_path;
use super::{Failure, load, output, print};
use crate::config::words::Keys as Labels;
use crate::config::{self, Config, edit};
use crate::keymap::{Action, Key, Learner, Taught, WANTED};
use crate::terminal::{Keys, NoTerminal, Pressed};
use crate::text::{clean, fill};

/// What came of asking for an action.
enum Asked {
    /// A key was learnt, or left as it is.
    GoOn,
    /// The person wants no more.
    NoMore,
    /// A signal, or a terminal that is gone, ends the program with this code.
    Ended(u8),
}

/// Asks for each action in turn, and writes what was pressed.
pub fn learn(path: &Option<PathBuf>) -> Result<ExitCode, Failure> {
    let config = load(path)?;
    let file = config_path(path)?;
    let mut learner = Learner::new(config.keys.clone());
    let mut keys = match Keys::take() {
        Err(NoTerminal::Ended(signal)) => return Ok(ExitCode::from(128 + signal as u8)),
        taken => taken.map_err(Failure::usage)?,
    };
    let words = &config.words.learn_keys;
    say(&format!("{}\n\n", words.ask))?;
    for action in WANTED {
        // A terminal that can no longer be read or written is gone.
        let asked = ask(&config, &mut keys, &mut learner, action).unwrap_or(Asked::Ended(129));
        if let Asked::GoOn = asked {
            continue;
        }
        drop(keys);
        let told = print(&format!("\n{}\n", words.given_up));
        // Where the terminal is gone, nobody can be told.
        return if let Asked::Ended(code) = asked { Ok(ExitCode::from(code)) } else { told };
    }
    drop(keys);
    let changes = learner.changes();
    if changes.is_empty() {
        return print(&format!("\n{}\n", words.unchanged));
    }
    write(&file, &changes)?;
    let file = clean(&file.display().to_string());
    print(&format!("\n{}\n", fill(&words.written, &[("file", file)])))
}

/// Says something while the keys are taken.
fn say(text: &str) -> Result<ExitCode, Failure> {
    print(&text.replace('\n', "\r\n"))
}

/// Asks for one action until a key is learnt or left.
fn ask(config: &Config, keys: &mut Keys, learner: &mut Learner, action: Action) -> Result<Asked, Failure> {
    let (words, labels) = (&config.words.learn_keys, &config.words.keys);
    let bound = learner.bindings().all();
    let now = bound.iter().find(|(other, ..)| *other == action).map_or_else(String::new, |(.., keys)| {
        keys.iter().map(|key| String::from(*key)).collect::<Vec<_>>().join(", ")
    });
    say(&format!("{}\n", fill(&words.now, &[("action", label(labels, action)), ("keys", &now)])))?;
    loop {
        let key = match keys.wait().map_err(Failure::failed)? {
            Pressed::Key(key) => Key::from(key),
            Pressed::Signal(signal) => return Ok(Asked::Ended(128 + signal as u8)),
            Pressed::HungUp => return Ok(Asked::Ended(129)),
        };
        if key == Key::ctrl('c') {
            return Ok(Asked::NoMore);
        }
        if key == Key::ctrl('z') {
            keys.suspend().map_err(Failure::failed)?;
            continue;
        }
        if key == Key::plain(KeyCode::Tab) {
            say(&format!("    {}\n", words.as_it_is))?;
            return Ok(Asked::GoOn);
        }
        let name = clean(&String::from(key));
        let taught = learner.teach(action, key);
        let told = match taught {
            Taught::Learnt => name,
            Taught::Known => fill(&words.known, &[("key", &name)]),
            Taught::Reserved => fill(&words.reserved, &[("key", &name)]),
            Taught::Alike(other) => fill(&words.alike, &[("key", &name), ("other", &clean(&String::from(other)))]),
            Taught::Taken(other) => fill(&words.taken, &[("key", &name), ("action", &label(labels, other).to_owned())]),
        };
        say(&format!("    {told}\n"))?;
        if matches!(taught, Taught::Learnt | Taught::Known) {
            return Ok(Asked::GoOn);
        }
    }
}

/// What `action` does, in the words of the help.
fn label(words: &Labels, action: Action) -> &str {
    match action {
        Action::Go => &words.go_on,
        Action::Back => &words.back,
        Action::NextLine => &words.next_line_or_back,
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
        Action::Learn => &words.learn,
        Action::SoundCheck => &words.sound_check,
        Action::Note => &words.note,
        Action::Correct => &words.correct,
        Action::Remove => &words.remove,
        Action::TakeOver => &words.take_over,
        Action::Distance => &words.distance,
        Action::Digit(_) | Action::Point => &words.digits,
        Action::Leave => &words.leave,
        Action::Suspend => &words.suspend,
        Action::Redraw => &words.redraw,
        Action::Twice => &words.next_line,
    }
}

/// Puts `changes` into `file`, which is replaced as a whole or not at all.
fn write(file: &Path, changes: &[(String, Vec<String>)]) -> Result<(), Failure> {
    let before = match file.exists() {
        // What is wrong with it is told as everywhere; what is changed is all of it, with the mark of Windows' editors.
        true => config::read(file).map_err(Failure::usage).and_then(|_| whole(file))?,
        false => String::new(),
    };
    let text = edit::with_keys(&before, changes).map_err(Failure::failed)?;
    output::write_shared(file, true, &text).map_err(Failure::failed)
}

#[expect(clippy::disallowed_methods, reason = "the person asked for their file to be changed")]
fn whole(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file).map_err(|error| Failure::failed(format!("{}: {error}", file.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "files are written to be looked at")]
    fn a_file_that_is_changed_keeps_its_mark_its_permissions_and_what_else_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("folder/config.toml");
        let go = [("go".to_owned(), vec!["f9".to_owned()])];
        write(&file, &go).unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "[keys]\ngo = [\"f9\"]\n");
        std::fs::write(&file, "\u{feff}# mine\r\n[keys]\r\ngo = [\"space\"]\r\n").unwrap();
        let permissions = |file: &Path| std::fs::metadata(file).unwrap().permissions();
        #[cfg(unix)]
        std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o640)).unwrap();
        let before = permissions(&file);
        write(&file, &go).unwrap();
        let after = std::fs::read_to_string(&file).unwrap();
        assert_eq!(after, "\u{feff}# mine\r\n[keys]\r\ngo = [\"space\", \"f9\"]\r\n");
        assert_eq!(permissions(&file), before);
        assert_eq!(std::fs::read_dir(file.parent().unwrap()).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn every_action_that_a_key_can_have_is_told_in_words_of_its_own() {
        let config = Config::built_in();
        for (action, name, _) in config.keys.all() {
            assert!(label(&config.words.keys, action).chars().any(char::is_alphabetic), "{name}");
        }
    }
}
