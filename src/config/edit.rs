//! Changes to a person's own file, which stays as they wrote it everywhere else.

use toml_edit::{Array, DocumentMut, Item, RawString, Table, Value, value};

use crate::keymap::Key;

/// `text` with these keys of actions; comments, order, line ends and everything else stay.
///
/// # Errors
/// Why it can't be changed, where it is not TOML or `keys` is no table.
pub fn with_keys(text: &str, changes: &[(String, Vec<String>)]) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    let keys = document.entry("keys").or_insert_with(|| Item::Table(Table::new()));
    let keys = keys.as_table_like_mut().ok_or("`keys` is no table in it")?;
    for (action, names) in changes {
        match keys.get_mut(action).and_then(Item::as_array_mut) {
            Some(list) => add_missing(list, names),
            None => {
                keys.insert(action, value(names.iter().map(String::as_str).collect::<Array>()));
            }
        }
    }
    // Editors of Windows mark a text with it, and it is no part of what is read.
    let mark = text.chars().next().filter(|c| *c == '\u{feff}');
    let changed: String = mark.into_iter().chain(document.to_string().trim_start_matches('\u{feff}').chars()).collect();
    // What is new has the line ends of Unix.
    let is_windows = text.contains("\r\n") && !text.replace("\r\n", "").contains('\n');
    Ok(if is_windows { changed.replace("\r\n", "\n").replace('\n', "\r\n") } else { changed })
}

/// Adds those of `names` that are not in the list behind the others: on a line of its own where they have one.
fn add_missing(list: &mut Array, names: &[String]) {
    let key = |name: &str| name.parse::<Key>().ok();
    for name in names {
        let is_there = list.iter().any(|old| old.as_str().is_some_and(|old| key(old) == key(name)));
        if !is_there {
            add(list, name);
        }
    }
}

fn add(list: &mut Array, name: &str) {
    let raw = |raw: Option<&RawString>| raw.and_then(RawString::as_str).unwrap_or_default().to_owned();
    let trailing = raw(Some(list.trailing()));
    let Some(last) = list.iter_mut().last() else { return list.push(name) };
    // All that stands between the last one and the bracket. A comment there is on the last one, and stays with it.
    let tail = raw(last.decor().suffix()) + &trailing;
    let before = raw(last.decor().prefix());
    last.decor_mut().set_suffix("");
    let mut new = Value::from(name);
    let (prefix, end) = match tail.rsplit_once('\n') {
        Some((_, end)) => {
            let indent = before.rsplit_once('\n').map_or("", |(_, indent)| indent);
            (format!("{}\n{indent}", tail.trim_end()), format!("\n{end}"))
        }
        None => (" ".to_owned(), tail),
    };
    new.decor_mut().set_prefix(prefix);
    list.push_formatted(new);
    list.set_trailing(end);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(action: &str, names: &[&str]) -> (String, Vec<String>) {
        (action.to_owned(), names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn what_is_not_changed_stays_as_it_was_written() {
        let mine =
            "# mine\n[settings]\nvolume  =  50 # loud\n\n[keys]\n# the pedal\ngo = [\"space\"] # left\nskip = ['s']\n";
        let changed = with_keys(mine, &[change("go", &["space", "f9"]), change("pause", &["p"])]).unwrap();
        let expected = mine.replace("[\"space\"]", "[\"space\", \"f9\"]") + "pause = [\"p\"]\n";
        assert_eq!(changed, expected);
    }

    #[test]
    fn a_key_is_added_to_a_list_and_what_is_noted_in_it_stays() {
        for (mine, expected) in [
            (
                "[keys]\ngo = [\n  \"space\", # the big one\n  \"Enter\", # the small one\n] # left\n",
                "[keys]\ngo = [\n  \"space\", # the big one\n  \"Enter\", # the small one\n  \"f9\",\n] # left\n",
            ),
            (
                "[keys]\ngo = [\n  \"space\",\n  # the small one\n  \"enter\" # mine\n  # no more\n]\n",
                "[keys]\ngo = [\n  \"space\",\n  # the small one\n  \"enter\", # mine\n  # no more\n  \"f9\"\n]\n",
            ),
            ("[keys]\ngo = [ \"space\", \"enter\" ]\n", "[keys]\ngo = [ \"space\", \"enter\", \"f9\" ]\n"),
            ("[keys]\ngo = [\"space\", \"enter\",]\n", "[keys]\ngo = [\"space\", \"enter\", \"f9\",]\n"),
        ] {
            assert_eq!(with_keys(mine, &[change("go", &["space", "enter", "f9"])]).unwrap(), expected);
        }
        let windows = "[keys]\r\n# mine\r\ngo = [\r\n  \"space\", # big\r\n]\r\n";
        let changed = with_keys(windows, &[change("go", &["space", "f9"])]).unwrap();
        assert_eq!(changed, windows.replace(" # big\r\n", " # big\r\n  \"f9\",\r\n"));
        let marked = |text: &str| format!("\u{feff}{text}");
        assert_eq!(with_keys(&marked(windows), &[change("go", &["space", "f9"])]).unwrap(), marked(&changed));
    }

    #[test]
    fn a_file_without_keys_gets_them_and_one_that_is_wrong_stays() {
        assert_eq!(with_keys("", &[change("go", &["f9"])]).unwrap(), "[keys]\ngo = [\"f9\"]\n");
        assert!(with_keys("keys = 3", &[change("go", &["f9"])]).is_err());
        assert!(with_keys("[keys", &[change("go", &["f9"])]).is_err());
    }
}
