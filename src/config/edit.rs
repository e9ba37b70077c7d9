//! Changes to a person's own file, which stays as they wrote it everywhere else.

use toml_edit::{Array, DocumentMut, Item, Table, value};

/// `text` with these keys of actions; comments, order and everything else stay.
///
/// # Errors
/// Why it can't be changed, where it is not TOML or `keys` is no table.
pub fn with_keys(text: &str, changes: &[(String, Vec<String>)]) -> Result<String, String> {
    let mut document: DocumentMut = text.parse().map_err(|error: toml_edit::TomlError| error.to_string())?;
    let keys = document.entry("keys").or_insert_with(|| Item::Table(Table::new()));
    let keys = keys.as_table_like_mut().ok_or("`keys` is no table in it")?;
    for (action, names) in changes {
        let mut list = value(names.iter().map(String::as_str).collect::<Array>());
        // A comment behind the old list stays behind the new one.
        if let (Some(new), Some(old)) = (list.as_value_mut(), keys.get(action).and_then(Item::as_value)) {
            *new.decor_mut() = old.decor().clone();
        }
        match keys.get_mut(action) {
            Some(item) => *item = list,
            None => {
                keys.insert(action, list);
            }
        }
    }
    Ok(document.to_string())
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
    fn a_file_without_keys_gets_them_and_one_that_is_wrong_stays() {
        assert_eq!(with_keys("", &[change("go", &["f9"])]).unwrap(), "[keys]\ngo = [\"f9\"]\n");
        assert!(with_keys("keys = 3", &[change("go", &["f9"])]).is_err());
        assert!(with_keys("[keys", &[change("go", &["f9"])]).is_err());
    }
}
