//! The files that a configuration is made of: where they are, and new ones.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::Failure;
use crate::config::{self, Source};

/// A routine of one's own to begin with; `{name}` is replaced.
const SKELETON: &str = include_str!("../../assets/skeleton.toml");

/// A configuration of one's own to begin with.
const STARTER: &str = include_str!("../../assets/starter.toml");

/// The folder of the person's own protocols, beside the configuration file.
pub fn protocols_folder(config: &Path) -> PathBuf {
    config.parent().unwrap_or(Path::new("")).join("protocols")
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

/// The person's files: their protocols by name, and their configuration last, which is laid on all of them.
///
/// # Errors
/// When one of them can't be read, or the one that was asked for does not exist.
pub fn in_force(given: &Option<PathBuf>) -> Result<Vec<Source>, Failure> {
    let Ok(path) = config_path(given) else { return Ok(Vec::new()) };
    let mut files = protocol_files(&protocols_folder(&path))?;
    if given.is_some() || path.exists() {
        files.push(path);
    }
    files.iter().map(|path| config::read(path).map_err(Failure::usage)).collect()
}

/// The TOML files in `folder`, by name; none where there is no such folder.
fn protocol_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
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
    let told = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::failed(format!("{} exists already", path.display())),
        _ => Failure::failed(format!("{}: {error}", path.display())),
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(told)?;
    }
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(path).map_err(told)?;
    file.write_all(text.as_bytes()).map_err(told)
}

/// Writes the schema beside a person's file, for editors that complete and check it.
fn schema_beside(path: &Path) -> Result<(), Failure> {
    let schema = path.with_file_name("config.schema.json");
    // An older schema would call new settings wrong, so it is always replaced.
    let _ = std::fs::remove_file(&schema);
    create(&schema, &config::schema::text())
}

/// Makes a configuration to begin with, and tells where it is.
///
/// # Errors
/// When there is one already, or it can't be written.
pub fn init(path: &Path) -> Result<String, Failure> {
    create(path, STARTER)?;
    schema_beside(path)?;
    Ok(format!("{} is yours to change; `dorsi check` tells whether it is right.\n", path.display()))
}

/// Makes a routine to begin with, called `name`, and tells what to do with it.
///
/// # Errors
/// When the name can't be one, is taken, or the file can't be written.
pub fn new_protocol(config: &Path, name: &str, known: impl Fn(&str) -> bool) -> Result<String, Failure> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || name.len() > 40 || !name.chars().all(fits) {
        return Err(Failure::usage(format!(
            "{name:?} can't be the name of a routine: expected small letters, digits and hyphens, such as `my-stretch`"
        )));
    }
    if known(name) {
        return Err(Failure::usage(format!("there is a protocol `{name}` already; choose another name")));
    }
    let path = protocols_folder(config).join(format!("{name}.toml"));
    create(&path, &SKELETON.replace("{name}", name))?;
    schema_beside(&path)?;
    let mut told = format!("{} is a routine that runs as it is.\n", path.display());
    let _ = writeln!(told, "Change it, then: dorsi check; dorsi preview {name}; dorsi start {name}");
    Ok(told)
}

/// The command of the person's editor, in words.
///
/// # Errors
/// When none is named, or it can't be taken apart.
pub fn editor() -> Result<Vec<String>, Failure> {
    let named = ["VISUAL", "EDITOR"].into_iter().find_map(|name| std::env::var(name).ok().filter(|it| !it.is_empty()));
    let named = named.ok_or_else(|| {
        Failure::usage("no editor is named; set VISUAL or EDITOR, or open the file of `dorsi config path` yourself")
    })?;
    let words = shlex::split(&named).filter(|words| !words.is_empty());
    words.ok_or_else(|| Failure::usage(format!("the editor {named:?} has a quote without its end")))
}
