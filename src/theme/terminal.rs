//! What a terminal can show, as far as it says so by itself: it is never asked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::colour::Depth;

/// Which colours are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Colours {
    /// As many as the terminal says it has, none where `NO_COLOR` is set.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// None: weight and signs must do.
    #[serde(rename = "none")]
    None,
    /// The sixteen that every terminal has.
    #[serde(rename = "16")]
    Sixteen,
    /// 256.
    #[serde(rename = "256")]
    Indexed,
    /// All.
    #[serde(rename = "true")]
    True,
}

/// Which signs are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Glyphs {
    /// ASCII on the Linux console, and where the locale is set and is not UTF-8.
    #[default]
    Auto,
    /// All signs.
    Unicode,
    /// Letters, digits and the signs of ASCII.
    Ascii,
}

/// What a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ability {
    /// Its colours.
    pub depth: Depth,
    /// It shows signs beyond ASCII.
    pub unicode: bool,
    /// Its own background is light.
    pub light: bool,
}

impl Default for Ability {
    /// What most terminals of today are: all colours, all signs, dark.
    fn default() -> Ability {
        Ability { depth: Depth::True, unicode: true, light: false }
    }
}

impl Ability {
    /// What the environment tells, where `variable` gives a variable's value.
    pub fn of(variable: impl Fn(&str) -> Option<String>) -> Ability {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let term = set("TERM").unwrap_or_default();
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
        let utf8 = |locale: String| {
            let locale = locale.to_ascii_lowercase();
            locale.ends_with("utf-8") || locale.ends_with("utf8")
        };
        Ability {
            depth: if set("NO_COLOR").is_some() { Depth::None } else { depth(&term, set) },
            // The console of Linux has a font of 512 signs at most.
            unicode: !["linux", "dumb"].contains(&term.as_str()) && locale.is_none_or(utf8),
            light: set("COLORFGBG").is_some_and(|colours| is_light(&colours)),
        }
    }

    /// The depth that is used where `wanted` is set.
    pub fn depth(self, wanted: Colours) -> Depth {
        match wanted {
            Colours::Auto => self.depth,
            Colours::None => Depth::None,
            Colours::Sixteen => Depth::Sixteen,
            Colours::Indexed => Depth::Indexed,
            Colours::True => Depth::True,
        }
    }

    /// Whether ASCII alone is used where `wanted` is set.
    pub fn ascii(self, wanted: Glyphs) -> bool {
        match wanted {
            Glyphs::Auto => !self.unicode,
            Glyphs::Unicode => false,
            Glyphs::Ascii => true,
        }
    }
}

fn depth(term: &str, set: impl Fn(&str) -> Option<String>) -> Depth {
    // Over ssh only TERM arrives, so that these are known by their names.
    const ALL_COLOURS: [&str; 5] = ["kitty", "alacritty", "foot", "ghostty", "wezterm"];
    let colorterm = set("COLORTERM").is_some_and(|value| ["truecolor", "24bit"].contains(&value.as_str()));
    let named = ALL_COLOURS.iter().any(|name| term.contains(name)) || term.ends_with("-direct");
    if term == "dumb" || term.starts_with("vt") {
        Depth::None
    } else if colorterm || named || set("WT_SESSION").is_some() {
        Depth::True
    } else if term.contains("256") {
        Depth::Indexed
    } else {
        Depth::Sixteen
    }
}

/// `COLORFGBG` is two or three numbers of the sixteen, the background last.
fn is_light(colours: &str) -> bool {
    let background = colours.rsplit(';').next().and_then(|number| number.parse::<u8>().ok());
    background.is_some_and(|number| number == 7 || (9..=15).contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(variables: &[(&str, &str)]) -> Ability {
        Ability::of(|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn colours_are_as_many_as_the_terminal_says() {
        for (variables, depth) in [
            (&[("TERM", "xterm-256color")][..], Depth::Indexed),
            (&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")], Depth::True),
            (&[("TERM", "screen-256color"), ("COLORTERM", "24bit")], Depth::True),
            (&[("TERM", "xterm-256color"), ("COLORTERM", "yes")], Depth::Indexed),
            (&[("TERM", "xterm-kitty")], Depth::True),
            (&[("TERM", "xterm-direct")], Depth::True),
            (&[("TERM", "xterm")], Depth::Sixteen),
            (&[("TERM", "linux")], Depth::Sixteen),
            (&[("TERM", "vt220")], Depth::None),
            (&[("TERM", "dumb"), ("COLORTERM", "truecolor")], Depth::None),
            (&[("TERM", "xterm-kitty"), ("NO_COLOR", "1")], Depth::None),
            (&[("TERM", "xterm-kitty"), ("NO_COLOR", "")], Depth::True),
            (&[], Depth::Sixteen),
        ] {
            assert_eq!(told(variables).depth, depth, "{variables:?}");
        }
    }

    #[test]
    fn signs_beyond_ascii_need_a_locale_that_has_them_or_none_at_all() {
        for (variables, unicode) in [
            (&[("LANG", "de_DE.UTF-8")][..], true),
            (&[("LANG", "en_US.utf8")], true),
            (&[("LANG", "C.UTF-8"), ("LC_ALL", "C")], false),
            (&[("LANG", "C"), ("LC_CTYPE", "C.UTF-8")], true),
            (&[("LANG", "POSIX")], false),
            (&[("LANG", ""), ("LC_ALL", "")], true),
            (&[("LANG", "C.UTF-8"), ("TERM", "linux")], false),
            (&[("LANG", "C.UTF-8"), ("TERM", "dumb")], false),
        ] {
            assert_eq!(told(variables).unicode, unicode, "{variables:?}");
        }
    }

    #[test]
    fn a_light_background_is_taken_from_where_the_terminal_tells_it() {
        for (colours, light) in [("0;15", true), ("0;default;7", true), ("15;0", false), ("7;8", false), ("x", false)] {
            assert_eq!(told(&[("COLORFGBG", colours)]).light, light, "{colours}");
        }
        assert!(!told(&[]).light);
    }

    #[test]
    fn a_setting_outdoes_the_environment() {
        let plain = told(&[("TERM", "dumb")]);
        assert_eq!((plain.depth(Colours::Auto), plain.depth(Colours::True)), (Depth::None, Depth::True));
        assert!(plain.ascii(Glyphs::Auto) && !plain.ascii(Glyphs::Unicode) && Ability::default().ascii(Glyphs::Ascii));
    }
}
