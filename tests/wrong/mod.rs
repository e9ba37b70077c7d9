//! Files that are wrong in ways that cost time, memory or lines.

use std::sync::Arc;

use dorsi::config::Config;
use dorsi::protocol::Protocol;
use dorsi::session::event::{Event, Fact};
use dorsi::session::time::SessionTime;
use dorsi::store::transfer::{Carried, Writer};
use jiff::Zoned;

/// A megabyte.
pub const MB: usize = 1 << 20;

/// Bytes as if at random.
pub fn noise(count: usize) -> Vec<u8> {
    (0..count).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

/// So many lines, as far as they make a quarter of a megabyte with what stands before them.
fn lines(before: &str, line: impl Fn(usize) -> String) -> String {
    let mut text = before.to_owned();
    for number in 0.. {
        let line = line(number);
        if text.len() + line.len() > MB / 4 - 100 {
            break;
        }
        text.push_str(&line);
    }
    text
}

/// Text files that are wrong in ways that cost time, memory or lines.
pub fn wrong_configs() -> Vec<(&'static str, String)> {
    let most = MB / 4 - 100;
    let step = "[protocol.p]\ntitle = \"p\"\nsummary = \"p\"\n";
    let asked = "[protocol.p.step.a]\nkind=\"ask\"\nquestion=\"feel\"\nsides=\"each\"\n\
                 [protocol.p.step.b]\nkind=\"note\"\ntitle=\"x\"\ntext=[\"x\"]\n";
    vec![
        ("brackets", "[".repeat(most)),
        ("lists in lists", format!("x = {}{}", "[".repeat(most / 2), "]".repeat(most / 2))),
        ("tables in tables", format!("x = {}", "{a=".repeat(most / 3))),
        ("a name of many parts", format!("{} = 1", ["a"].repeat(most / 2).join("."))),
        ("a table of many parts", format!("[{}]", ["a"].repeat(most / 2).join("."))),
        ("one long line", "a".repeat(most)),
        ("one long value", format!("settings.units = \"{}\"", "a".repeat(most))),
        ("one long name", format!("[settings]\n{} = 1", "v".repeat(most))),
        ("wide letters", format!("settings.units = \"{}\"", "脚".repeat(most / 3))),
        ("accents", format!("settings.units = \"e{}\"", "\u{301}".repeat(most / 2))),
        ("equals signs", "=".repeat(most)),
        ("lines that are no TOML", "=\n".repeat(most / 2)),
        ("carriage returns", "\r".repeat(most)),
        ("quotes", "\"\n".repeat(most / 2)),
        ("a text without end", format!("x = \"\"\"\n{}", "\"\n".repeat(most / 2))),
        ("a text of many lines", format!("settings.units = \"\"\"\n{}\"\"\"", "a\n".repeat(most / 2))),
        ("null bytes", "\0".repeat(most)),
        ("control characters", "\u{1}\u{1b}[31m\u{9b}\u{202e}\n=a".repeat(most / 16)),
        ("unknown names", lines("", |number| format!("k{number}=1\n"))),
        ("unknown settings", lines("[settings]\n", |number| format!("k{number}=1\n"))),
        ("the same name", lines("", |_| "x=1\n".to_owned())),
        ("numbers without end", lines("", |number| format!("x{number}=99999999999999999999\n"))),
        ("exercises with nothing in them", lines("", |number| format!("[exercise.e{number}]\n"))),
        ("protocols with nothing in them", lines("", |number| format!("[protocol.e{number}]\n"))),
        ("empty texts", lines("exercise.front-band.setup=[", |_| "\"\",".to_owned()) + "]"),
        ("words in braces", lines("exercise.front-band.setup=[", |_| "\"{a}\",".to_owned()) + "]"),
        ("keys", lines("keys.go=[", |_| "\"a\",\n".to_owned()) + "]\nkeys.back=[\"a\"]"),
        ("names of protocols", lines("settings.protocols=[", |number| format!("\"p{number}\",")) + "]"),
        (
            "steps",
            lines(step, |number| format!("[protocol.p.step.s{number}]\nkind=\"exercise\"\nexercise=\"front-band\"\n")),
        ),
        (
            "steps that repeat nothing",
            lines(step, |number| {
                format!("[protocol.p.step.s{number}]\nkind=\"measure\"\ntest=\"wall\"\nrepeats=\"x\"\n")
            }),
        ),
        (
            "conditions",
            lines(&format!("settings.unit=1\n{step}{asked}when=["), |_| "{step=\"a\",is=[\"back\"]},".to_owned()) + "]",
        ),
        (
            "conditions of which one holds",
            lines(&format!("settings.unit=1\n{step}{asked}when-any=["), |_| "{step=\"a\",is=[\"back\"]},".to_owned())
                + "]",
        ),
        ("lists without an end", lines("[settings]\n", |number| format!("k{number}=[1\n"))),
        ("words", lines("", |_| "hello world\n".to_owned())),
        ("bands", lines("[test.wall.band]\n", |number| format!("b{number}={{label=\"x\"}}\n"))),
    ]
}

/// Files of sessions of about `most` bytes, as a forger would make them: each check is right, and what is wrong is the
/// last session.
pub fn forged_imports(most: usize) -> Vec<(&'static str, Vec<u8>)> {
    let resumed = |times: usize| vec![Event { at: SessionTime::from_millis(0), fact: Fact::Resumed }; times];
    let line = r#"[0,"resumed"],"#.len();
    let ankle = Config::built_in().protocols["ankle"].clone();
    let of_its_own = |number: usize| Arc::new(Protocol { id: format!("p{number}"), ..Protocol::clone(&ankle) });
    vec![
        ("forged sessions", forged(most, |_| (ankle.clone(), resumed(500)))),
        ("forged sessions of 15 MB each", forged(most, |_| (ankle.clone(), resumed(15 * MB / line)))),
        ("forged protocols", forged(most, |number| (of_its_own(number), resumed(1)))),
    ]
}

/// A file of about `most` bytes of such sessions, by number, and one with a wrong uid behind them.
fn forged(most: usize, session: impl Fn(usize) -> (Arc<Protocol>, Vec<Event>)) -> Vec<u8> {
    let began: Zoned = "2026-11-20T18:30:00+01:00[Europe/Berlin]".parse().expect("a time");
    let write = |uids: &mut dyn Iterator<Item = (usize, String)>| {
        let mut file = Vec::new();
        let mut writer = Writer::begin(&mut file).expect("a beginning");
        for (number, uid) in uids {
            let (protocol, events) = session(number);
            let session = Carried { uid, began: began.clone(), note: String::new(), protocol, closed: false, events };
            writer.session(&session).expect("a session");
        }
        writer.end().expect("an end");
        file
    };
    let right = |number: usize| (number, format!("forged-{number}"));
    let [one, two] = [1, 2].map(|count| write(&mut (0..count).map(right)).len());
    let many = (most - one) / (two - one);
    write(&mut (0..=many).map(right).chain([(0, "not a uid".to_owned())]))
}
