//! What is printed; and files that are written whole or not at all, and never over one that is there unless asked to.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::Failure;

/// The name that stands for standard input or output.
pub const STANDARD: &str = "-";

/// How many links lead on at most from one to the next.
const MOST_LINKS: usize = 40;

/// Why a file is not written.
#[derive(Debug, thiserror::Error)]
pub enum NotWritten<E: std::error::Error> {
    /// There is one by that name.
    #[error("{0} exists already; choose another name, or replace it with --force")]
    Exists(String),
    /// There is a folder, a device or a pipe by that name.
    #[error("{0} is no file, and is not replaced; choose another name, or `-` for standard output")]
    NoFile(String),
    /// The system says no.
    #[error("{0}: {1}")]
    Io(String, io::Error),
    /// What belongs in the file can't be had.
    #[error("{0}")]
    Content(E),
}

/// Has `fill` write the file at `path`: into a file beside it, which takes its name once it is on disk. `-` is standard
/// output. Where the file exists it is replaced if `force` says so.
///
/// # Errors
/// When the file exists, can't be written, or `fill` fails; nothing is left of it then.
pub fn write<T, E: std::error::Error>(
    path: &Path,
    force: bool,
    fill: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<T, NotWritten<E>> {
    write_with(path, force, &mut tempfile::Builder::new(), fill)
}

/// Writes `text` to the file at `path`, with the folders above it, for everybody whom the system lets read files made here:
/// what is in it is nobody's training. Where the file exists it is replaced if `force` says so.
///
/// # Errors
/// When the file exists, or can't be written; nothing is left of it then.
pub fn write_shared(path: &Path, force: bool, text: &str) -> Result<(), NotWritten<io::Error>> {
    if let Some(folder) = path.parent() {
        let name = || crate::text::clean(&folder.display().to_string());
        std::fs::create_dir_all(folder).map_err(|error| NotWritten::Io(name(), error))?;
    }
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    write_with(path, force, &mut builder, |out| out.write_all(text.as_bytes()))
}

fn write_with<T, E: std::error::Error>(
    path: &Path,
    force: bool,
    builder: &mut tempfile::Builder<'_, '_>,
    fill: impl FnOnce(&mut dyn Write) -> Result<T, E>,
) -> Result<T, NotWritten<E>> {
    let name = crate::text::clean(&path.display().to_string());
    let io = |error| NotWritten::Io(name.clone(), error);
    if path == Path::new(STANDARD) {
        let mut out = BufWriter::new(io::stdout().lock());
        let value = fill(&mut out).map_err(NotWritten::Content)?;
        out.flush().map_err(io)?;
        return Ok(value);
    }
    // Nothing is worked out in vain; what counts is the look when the file gets its name.
    if !force && path.symlink_metadata().is_ok() {
        return Err(NotWritten::Exists(name));
    }
    // A link stays a link; what it leads to is replaced. A device that is replaced is gone for every program.
    let path = &if force { led_to(path) } else { path.to_owned() };
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        return Err(NotWritten::NoFile(name));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    folder.metadata().map_err(|error| NotWritten::Io(crate::text::clean(&folder.display().to_string()), error))?;
    let file = builder.prefix(".dorsi-").tempfile_in(folder).map_err(io)?;
    // Past its name, which is nobody's concern.
    let mut out = BufWriter::new(file.as_file());
    let value = fill(&mut out).map_err(NotWritten::Content)?;
    out.flush().map_err(io)?;
    drop(out);
    if let Ok(old) = path.metadata() {
        file.as_file().set_permissions(old.permissions()).map_err(io)?;
    }
    file.as_file().sync_all().map_err(io)?;
    let named = if force { file.persist(path) } else { file.persist_noclobber(path) };
    named.map_err(|error| match error.error.kind() {
        io::ErrorKind::AlreadyExists => NotWritten::Exists(name.clone()),
        _ => io(error.error),
    })?;
    Ok(value)
}

/// What `path` leads to, be it there or not.
fn led_to(path: &Path) -> PathBuf {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        let Ok(next) = path.read_link() else { break };
        path = path.parent().unwrap_or(Path::new("")).join(next);
    }
    path
}

/// Prints `text`; a reader that closed the pipe has read enough.
///
/// # Errors
/// When the output can't be written to.
pub fn print(text: &str) -> Result<ExitCode, Failure> {
    print_on(text).map(|_| ExitCode::SUCCESS)
}

/// Prints `text`, and tells whether somebody still reads.
///
/// # Errors
/// When the output can't be written to.
pub fn print_on(text: &str) -> Result<bool, Failure> {
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Failure { message: format!("the output can't be written: {error}"), code: 1 }),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "files are written to be looked at")]

    use super::*;

    fn put(path: &Path, force: bool, text: &str) -> Result<(), NotWritten<io::Error>> {
        write(path, force, |out| out.write_all(text.as_bytes()))
    }

    #[test]
    fn a_file_that_exists_is_replaced_only_when_asked_to() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a file");
        put(&path, false, "first").unwrap();
        assert!(matches!(put(&path, false, "second"), Err(NotWritten::Exists(_))));
        assert_eq!(std::fs::read(&path).unwrap(), b"first");
        put(&path, true, "third").unwrap();
        assert_eq!(std::fs::read(&path).unwrap(), b"third");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_to_nothing_stays_a_link_and_what_it_leads_to_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let (link, target) = (folder.path().join("link"), folder.path().join("target"));
        std::os::unix::fs::symlink("target", &link).unwrap();
        put(&link, true, "made").unwrap();
        assert!(link.is_symlink() && std::fs::read(&target).unwrap() == b"made");
    }

    #[cfg(unix)]
    #[test]
    fn only_a_file_is_replaced_and_a_link_leads_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        assert!(std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
        std::fs::create_dir(at("folder")).unwrap();
        for name in ["pipe", "folder"] {
            let before = at(name).metadata().unwrap().file_type();
            assert!(matches!(put(&at(name), true, "text"), Err(NotWritten::NoFile(_))), "{name}");
            assert_eq!(at(name).metadata().unwrap().file_type(), before, "{name}");
        }
        put(&at("file"), false, "first").unwrap();
        std::os::unix::fs::symlink("file", at("link")).unwrap();
        put(&at("link"), true, "second").unwrap();
        assert!(at("link").symlink_metadata().unwrap().is_symlink());
        assert_eq!(std::fs::read(at("file")).unwrap(), b"second");
    }

    #[test]
    fn what_fails_half_way_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        let half = write(&path, false, |out| {
            out.write_all(b"half")?;
            Err::<(), _>(io::Error::other("no more"))
        });
        assert!(matches!(half, Err(NotWritten::Content(_))));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let nowhere = put(&folder.path().join("none/file"), false, "text").unwrap_err().to_string();
        assert!(
            nowhere.contains("none: ") && !nowhere.contains(".dorsi-"),
            "by a name that the person knows: {nowhere}"
        );
    }
}
