//! The files that a configuration is made of: where they are, and new ones.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::Failure;
use super::output::{self, NotWritten};
use crate::config::show::InForce;
use crate::config::{self, Files, Source, Unreadable};
use crate::text;

/// A routine of one's own to begin with; `{name}` is replaced.
const SKELETON: &str = include_str!("../../assets/skeleton.toml");

/// A configuration of one's own to begin with.
const STARTER: &str = include_str!("../../assets/starter.toml");

/// The name of the folder of the person's own languages.
const LANGUAGES: &str = "languages";

/// The most files that are told as unreadable.
const MOST_UNREADABLE: usize = 10;

/// The name of the folder of the person's own protocols.
const PROTOCOLS: &str = "protocols";

/// The folder of the person's own protocols, beside the configuration file.
pub fn protocols_folder(config: &Path) -> PathBuf {
    config.parent().unwrap_or(Path::new("")).join(PROTOCOLS)
}

/// Where the configuration file is, or would be.
///
/// # Errors
/// When there is no home folder and none was given.
pub fn config_path(given: &Option<PathBuf>) -> Result<PathBuf, Failure> {
    given.clone().or_else(config::default_path).ok_or_else(|| Failure {
        message: "no home folder was found; give a configuration file with --config".to_owned(),
        code: 1,
    })
}

/// The folder of the person's own languages, beside the configuration file.
fn languages_folder(config: &Path) -> PathBuf {
    config.parent().unwrap_or(Path::new("")).join(LANGUAGES)
}

/// The person's files: their languages, their protocols by name, and their configuration last, which is laid on all of them.
///
/// # Errors
/// When one of them can't be read, or the one that was asked for does not exist.
pub fn in_force(given: &Option<PathBuf>) -> Result<Files, Failure> {
    let Ok(path) = config_path(given) else { return Ok(Files { locale: locale(), ..Files::default() }) };
    // A link that leads nowhere is one that was meant to lead somewhere.
    let own = if given.is_some() || path.symlink_metadata().is_ok() { vec![path.clone()] } else { Vec::new() };
    match read(toml_files(&languages_folder(&path))?, toml_files(&protocols_folder(&path))?, own) {
        (files, None) => Ok(files),
        (_, Some(unreadable)) => Err(unreadable),
    }
}

/// The person's files, watched for edits.
pub struct Watched {
    given: Option<PathBuf>,
    seen: Vec<(PathBuf, Option<SystemTime>, u64)>,
}

impl Watched {
    /// The files as they are now.
    pub fn new(given: Option<PathBuf>) -> Watched {
        let seen = stamps(&given);
        Watched { given, seen }
    }

    /// Where an edit shows: the files, since one may be a link to elsewhere, and the folders that are dorsi's own.
    pub fn places(&self) -> Vec<PathBuf> {
        let Ok(path) = config_path(&self.given) else { return Vec::new() };
        let folders = [protocols_folder(&path), languages_folder(&path)];
        let own = path.parent().filter(|_| self.given.is_none()).map(Path::to_owned);
        let files = self.seen.iter().map(|(file, ..)| file.clone());
        files.chain(folders).chain(own).collect()
    }

    /// The files, where any of them has changed since this was last asked.
    pub fn changed(&mut self) -> Option<Result<Files, Failure>> {
        let now = stamps(&self.given);
        (std::mem::replace(&mut self.seen, now) != self.seen).then(|| in_force(&self.given))
    }
}

/// The time of the last change and the size of each of the person's files that is there.
fn stamps(given: &Option<PathBuf>) -> Vec<(PathBuf, Option<SystemTime>, u64)> {
    let Ok(path) = config_path(given) else { return Vec::new() };
    let folders = [protocols_folder(&path), languages_folder(&path)];
    let files = folders.iter().filter_map(|folder| toml_files(folder).ok()).flatten().chain([path]);
    let stamp = |file: PathBuf| {
        let known = std::fs::metadata(&file).ok()?;
        Some((file, known.modified().ok(), known.len()))
    };
    files.filter_map(stamp).collect()
}

/// The files at `paths`, those in a folder called `languages` as languages, and those in one called `protocols` as routines;
/// and why some of them can't be read, where that is so.
pub fn named(paths: &[PathBuf]) -> (Files, Option<Failure>) {
    let is_in = |folder: &str, path: &PathBuf| {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        path.parent().and_then(Path::file_name) == Some(OsStr::new(folder))
    };
    let (languages, others): (Vec<_>, Vec<_>) = paths.iter().cloned().partition(|path| is_in(LANGUAGES, path));
    let (routines, own) = others.into_iter().partition(|path| is_in(PROTOCOLS, path));
    read(languages, routines, own)
}

/// Reads the files at these paths, and tells of every one that can't be read.
fn read(languages: Vec<PathBuf>, routines: Vec<PathBuf>, own: Vec<PathBuf>) -> (Files, Option<Failure>) {
    let mut left = Some(config::MAX_TOTAL);
    let mut unreadable: Vec<String> = Vec::new();
    let mut read = |path: &PathBuf| {
        // What comes after the first file that is too much is too much as well.
        let room = left?;
        let fits = |source: Source| {
            left = room.checked_sub(source.text.len() as u64);
            let too_much = || Unreadable::TooMuch { path: source.name.clone() };
            left.ok_or_else(too_much)?;
            Ok(source)
        };
        let source = config::read(path).and_then(fits);
        source.map_err(|error| unreadable.push(text::clean(&error.to_string()))).ok()
    };
    let name = |path: &PathBuf| text::clean(&path.file_stem().unwrap_or_default().to_string_lossy());
    let files = Files {
        languages: languages.iter().filter_map(|path| Some((name(path), read(path)?))).collect(),
        routines: routines.iter().filter_map(&mut read).collect(),
        own: own.iter().filter_map(&mut read).collect(),
        locale: locale(),
        incomplete: false,
    };
    match unreadable.len() {
        0 => (files, None),
        count => {
            let more = count.saturating_sub(MOST_UNREADABLE);
            unreadable.truncate(MOST_UNREADABLE);
            unreadable.extend((more > 0).then(|| format!("and {more} more files that can't be read")));
            (Files { incomplete: true, ..files }, Some(Failure { message: unreadable.join("\n"), code: 2 }))
        }
    }
}

/// A line for each file that looks as if it were meant for the configuration, and that is not read for its name.
pub fn passed_over(given: &Option<PathBuf>) -> Vec<String> {
    let Ok(config) = config_path(given) else { return Vec::new() };
    let files = |folder: &Path| {
        let entries = std::fs::read_dir(folder).into_iter().flatten();
        let files = entries.filter_map(|entry| entry.ok().filter(|entry| entry.path().is_file()));
        let named = files.map(|entry| (entry.file_name().to_string_lossy().to_lowercase(), entry.path()));
        let mut meant: Vec<_> = named.filter(|(name, _)| !is_put_aside(name)).collect();
        meant.sort();
        meant
    };
    let own = config.file_name().unwrap_or_default().to_string_lossy();
    let stem = own.strip_suffix(".toml").unwrap_or(&own).to_owned();
    let begins = |name: &str| name == stem || name.strip_prefix(&stem).is_some_and(|end| end.starts_with('.'));
    let beside = files(config.parent().unwrap_or(Path::new(""))).into_iter();
    let alike = beside.filter(|(name, path)| given.is_none() && begins(name) && *path != config);
    // Where no difference is made between large and small letters it is the same file.
    let alike = alike.filter(|(name, _)| !(*name == own && config.exists()));
    let alike = alike.map(|(_, path)| format!("not read, as it is not called {own}: {}", shown(&path)));
    let named = [protocols_folder(&config), languages_folder(&config)].into_iter().flat_map(|folder| files(&folder));
    let others = named.filter(|(_, path)| path.extension() != Some(OsStr::new("toml")));
    let others = others.map(|(_, path)| format!("not read, as its name does not end in .toml: {}", shown(&path)));
    alike.chain(others).collect()
}

/// Whether a file called `name` is what an editor left, or what somebody noted for themselves.
fn is_put_aside(name: &str) -> bool {
    let endings = [".bak", ".orig", ".old", ".swp", ".tmp", ".md", ".json", "~"];
    name.starts_with('.') || endings.iter().any(|end| name.ends_with(end))
}

/// What the system says of its language.
fn locale() -> Option<String> {
    // The first that is set counts, as for every program of the system.
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set)
}

/// The TOML files in `folder`, by name; none where there is no such folder.
fn toml_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        // Who wants no configuration may have named no folder for it.
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory && folder.symlink_metadata().is_err() => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(Failure::failed(format!("{}: {error}", folder.display()))),
    };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension() == Some(OsStr::new("toml"))).collect();
    paths.sort();
    Ok(paths)
}

/// Makes a new file, with the folders above it; one that is there already is left as it is.
///
/// # Errors
/// When the file exists, or can't be written.
fn create(path: &Path, text: &str) -> Result<(), Failure> {
    output::write_shared(path, false, text).map_err(|error| match error {
        NotWritten::Exists(name) => Failure::failed(format!("{name} exists already")),
        error => Failure::failed(error),
    })
}

/// Writes the schema beside a person's file, for editors that complete and check it.
fn schema_beside(path: &Path) -> Result<(), Failure> {
    let schema = path.with_file_name("config.schema.json");
    // An older schema would call new settings wrong, so it is always replaced.
    output::write_shared(&schema, true, &config::schema::text()).map_err(Failure::failed)
}

/// The name of a file as it can be printed.
fn shown(path: &Path) -> String {
    text::clean(&path.display().to_string())
}

/// Makes a configuration to begin with, and tells where it is.
///
/// # Errors
/// When there is one already, or it can't be written.
pub fn init(path: &Path) -> Result<String, Failure> {
    // The file last, so that what fails can be done again.
    schema_beside(path)?;
    create(path, STARTER)?;
    Ok(format!("{} is yours to change; `dorsi check` tells whether it is right.\n", shown(path)))
}

/// The tables of a routine to begin with that are called like it: `exercise.my-stretch`, `protocol.my-stretch`.
fn tables_of(name: &str) -> impl Iterator<Item = String> {
    let kinds = SKELETON.lines().filter_map(|line| line.strip_prefix('[')?.strip_suffix(".{name}]"));
    kinds.map(move |kind| format!("{kind}.{name}"))
}

/// Makes a routine to begin with, called `name`, and tells what to do with it.
///
/// # Errors
/// When the name can't be one, something `known` has it already, or the file can't be written.
pub fn new_protocol(config: &Path, name: &str, known: &[InForce]) -> Result<String, Failure> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.starts_with('-') || name.is_empty() || name.len() > 40 || !name.chars().all(fits) {
        return Err(Failure::usage(format!(
            "{name:?} can't be the name of a routine: expected small letters, digits and, between them, hyphens, such as `my-stretch`"
        )));
    }
    let is_in = |table: &str, value: &InForce| value.key.strip_prefix(table).is_some_and(|key| key.starts_with('.'));
    if let Some(table) = tables_of(name).find(|table| known.iter().any(|value| is_in(table, value))) {
        return Err(Failure::usage(format!(
            "`{table}` is there already, and a routine called `{name}` would change it; choose another name"
        )));
    }
    let path = protocols_folder(config).join(format!("{name}.toml"));
    schema_beside(&path)?;
    create(&path, &SKELETON.replace("{name}", name))?;
    let mut told = format!("{} is a routine that runs as it is.\n", shown(&path));
    let _ = writeln!(told, "Change it, then: dorsi check; dorsi preview {name}; dorsi start {name}");
    Ok(told)
}

/// The command of the person's editor, in words.
///
/// # Errors
/// When none is named, or it can't be taken apart.
pub fn editor() -> Result<Vec<String>, Failure> {
    let named =
        ["VISUAL", "EDITOR"].into_iter().find_map(|name| std::env::var(name).ok().filter(|it| !it.trim().is_empty()));
    let named = named.ok_or_else(|| {
        Failure::usage("no editor is named; set VISUAL or EDITOR, or open the file of `dorsi config path` yourself")
    })?;
    let words = shlex::split(&named).filter(|words| !words.is_empty());
    words.ok_or_else(|| Failure::usage(format!("the editor {named:?} has a quote without its end")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn every_file_that_cannot_be_read_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let paths: Vec<PathBuf> = ["a.toml", "b.toml", "c.toml"].map(|name| folder.path().join(name)).into();
        assert!(create(&paths[1], "").is_ok());
        let (_, Some(failure)) = named(&paths) else { panic!("two are not there") };
        let told: Vec<&str> = failure.message.lines().collect();
        assert!(told.len() == 2 && told[0].contains("a.toml") && told[1].contains("c.toml"), "{told:?}");
        let many: Vec<PathBuf> = (0..30).map(|number| folder.path().join(format!("{number}.toml"))).collect();
        let (_, Some(failure)) = named(&many) else { panic!("none is there") };
        assert!(
            failure.message.lines().count() == 11 && failure.message.ends_with("and 20 more files that can't be read")
        );
    }

    #[test]
    fn a_file_that_is_not_read_for_its_name_is_told_and_what_was_put_aside_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("config.toml");
        for name in
            ["config.toml", "notes.txt", "protocols/mine.toml", "protocols/mine.txt", "protocols/.mine.toml.swp"]
                .into_iter()
                .chain(["protocols/mine.toml~", "languages/fr.tml", "languages/README.md"])
        {
            assert!(create(&folder.path().join(name), "").is_ok(), "{name}");
        }
        let told = passed_over(&Some(config));
        let ends: Vec<_> = told.iter().map(|line| line.rsplit('/').next().unwrap_or(line)).collect();
        assert_eq!(ends, ["mine.txt", "fr.tml"], "{told:?}");
    }

    #[test]
    fn a_new_routine_takes_no_name_that_a_protocol_or_an_exercise_has() {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("config.toml");
        let known = Config::in_force(Files::default()).unwrap_or_else(|refusal| panic!("{refusal}"));
        for (name, table) in
            [("retest", "protocol.retest"), ("front-band", "exercise.front-band"), ("calf-roll", "exercise.calf-roll")]
        {
            let Err(failure) = new_protocol(&config, name, &known) else { panic!("{name} was made") };
            assert!(failure.message.contains(table) && failure.message.contains("another name"), "{}", failure.message);
            assert!(!protocols_folder(&config).exists(), "{name}");
        }
        assert!(new_protocol(&config, "-mine", &known).is_err(), "that would be no name");
        assert!(new_protocol(&config, "front", &known).is_ok(), "the beginning of a name is none");
    }
}
