//! Whatever is put into the words of a configuration beside letters, none of it is in what is made of them.

use std::sync::{Arc, LazyLock};

use dorsi::config::{Config, Source};
use dorsi::kept::Past;
use dorsi::keymap::Action;
use proptest::prelude::*;

use crate::screens::Desk;

static BUILT_IN: LazyLock<Config> = LazyLock::new(Config::built_in);

/// Every character that moves the cursor, begins a sequence, or reorders what stands beside it; but not the three that
/// become spaces.
fn disturbing() -> Vec<char> {
    let controls = ('\0'..='\u{9f}').filter(|c| c.is_control() && !['\n', '\t'].contains(c));
    let bidi = ['\u{61c}', '\u{200e}', '\u{200f}'].into_iter().chain('\u{202a}'..='\u{202e}');
    controls.chain(bidi).chain('\u{2066}'..='\u{2069}').collect()
}

/// A TOML string of `text` with `bad` behind its character `at`.
fn quoted(text: &str, bad: &str, at: usize) -> String {
    let mut written = String::from("\"");
    let escaped = |c: char| format!("\\u{:04x}", u32::from(c));
    let before = text.chars().count().min(at);
    written.extend(text.chars().take(before).map(escaped));
    written.extend(bad.chars().map(escaped));
    written.extend(text.chars().skip(before).map(escaped));
    written + "\""
}

/// The built-in configuration as a file, with `bad` in every text and every name, `at` characters from its beginning.
fn spoilt(bad: &str, at: usize) -> String {
    let values = Config::in_force(Vec::new()).expect("the built-in configuration is right");
    let spoilt = |value: &toml::Value| spoilt_value(value, bad, at);
    let line = |key: &str, value: &str| {
        let value: toml::Table = format!("it = {value}").parse().expect("a value");
        let key: Vec<_> = key.split('.').map(|part| quoted(part, bad, at)).collect();
        format!("{} = {}\n", key.join("."), spoilt(&value["it"]))
    };
    values.iter().map(|value| line(&value.key, &value.value)).collect()
}

fn spoilt_value(value: &toml::Value, bad: &str, at: usize) -> String {
    match value {
        toml::Value::String(text) => quoted(text, bad, at),
        toml::Value::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| spoilt_value(item, bad, at)).collect();
            format!("[{}]", items.join(", "))
        }
        toml::Value::Table(table) => {
            let entries =
                table.iter().map(|(key, value)| format!("{} = {}", quoted(key, bad, at), spoilt_value(value, bad, at)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        value => value.to_string(),
    }
}

/// The configuration of which `text` is the person's own part, and what all of it amounts to in words.
fn loaded(text: String) -> (Config, String) {
    let source = Source { name: "mine.toml".to_owned(), text };
    let config = Config::load(vec![source]).unwrap_or_else(|refusal| panic!("{}", refusal.render(false)));
    let told = told(&config);
    (config, told)
}

/// Everything that is in `config`, but for the order of its protocols.
fn told(config: &Config) -> String {
    let mut protocols: Vec<_> = config.protocols.values().map(|protocol| format!("{protocol:?}\n")).collect();
    protocols.sort();
    let rest = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        config.settings,
        config.progress,
        config.keys,
        config.themes,
        config.sound,
        config.learn,
        config.voice,
        config.words
    );
    protocols.concat() + &rest
}

#[test]
fn no_control_character_or_bidi_override_in_a_text_or_name_of_a_config_is_on_any_screen() {
    let all: String = disturbing().into_iter().collect();
    for at in [0, 1, usize::MAX] {
        let (config, spoilt) = loaded(spoilt(&all, at));
        assert_eq!(spoilt, told(&BUILT_IN), "what is left is what was there without them");
        let config = Arc::new(config);
        let mut desk = Desk::new(config.clone(), Past::default());
        for action in [Action::Help, Action::Quit, Action::History, Action::Right, Action::Right, Action::Quit] {
            desk.press(action);
        }
        for protocol in config.protocols.values() {
            desk.app.begin(protocol.clone());
            desk.look();
            desk.train(40);
            desk.app.overlay = None;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn a_config_with_disturbing_characters_anywhere_is_the_config_without_them(
        bad in proptest::collection::vec(proptest::sample::select(disturbing()), 1..4), at in 0..20_usize,
    ) {
        let bad: String = bad.into_iter().collect();
        prop_assert!(loaded(spoilt(&bad, at)).1 == told(&BUILT_IN), "{bad:?} at {at}");
    }
}
