//! A private sound server (`tests/rig`), whose sound is recorded.

use std::collections::HashMap;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

/// Set in the process that a test runs in.
const INSIDE: &str = "DORSI_SOUND_TEST";

/// Some tests measure milliseconds, so that no other may run beside them.
static TURN: RwLock<()> = RwLock::new(());

pub const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Whether this is the process that a test runs in.
pub fn is_inside() -> bool {
    env::var_os(INSIDE).is_some()
}

/// Waits until no other test measures milliseconds.
pub fn beside() -> RwLockReadGuard<'static, ()> {
    TURN.read().unwrap_or_else(PoisonError::into_inner)
}

/// Waits until no other test runs, for one that measures milliseconds.
pub fn alone() -> RwLockWriteGuard<'static, ()> {
    TURN.write().unwrap_or_else(PoisonError::into_inner)
}

/// Runs `scenario` of the test `name` in a process of its own, with `environment`.
pub fn in_own_process(name: &str, environment: &HashMap<String, String>) -> Output {
    let child = env::current_exe().expect("the path of this test");
    Command::new(child)
        .args([&format!("engine::{name}"), "--exact", "--nocapture", "--test-threads=1"])
        .env(INSIDE, "1")
        .envs(environment)
        .output()
        .expect("a process for the test")
}

/// Starts a private sound server; nothing, outside CI, where it can't start, since nothing can be tested then.
pub fn up(name: &str) -> Option<Server> {
    let folder = tempfile::tempdir().expect("a folder for the rig");
    let rig = Rig { directory: folder.path().join("rig") };
    let up = rig.command("rig-up").arg(&rig.directory).output().expect("bash for the rig");
    let exports = String::from_utf8_lossy(&up.stdout).into_owned();
    let environment = exports
        .lines()
        .filter_map(|line| line.strip_prefix("export ")?.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned()))
        .collect();
    let server = Server { rig, environment, _folder: folder };
    if !up.status.success() {
        let why = String::from_utf8_lossy(&up.stderr).into_owned();
        assert!(env::var_os("CI").is_none(), "the rig can't start: {why}");
        eprintln!("{name} is left out, since the rig can't start: {why}");
        return None;
    }
    Some(server)
}

/// An environment in which there is no sound device; `folder` is empty.
pub fn no_device(folder: &Path) -> HashMap<String, String> {
    let empty = folder.join("alsa.conf");
    std::fs::write(&empty, "").expect("an ALSA without devices");
    let nowhere = folder.display().to_string();
    HashMap::from([
        ("ALSA_CONFIG_PATH".to_owned(), empty.display().to_string()),
        ("XDG_RUNTIME_DIR".to_owned(), nowhere.clone()),
        ("PIPEWIRE_RUNTIME_DIR".to_owned(), nowhere.clone()),
        ("PULSE_RUNTIME_PATH".to_owned(), nowhere.clone()),
        ("PULSE_SERVER".to_owned(), format!("unix:{nowhere}/none")),
    ])
}

/// Ends the server on every way out of a test.
pub struct Server {
    pub rig: Rig,
    /// What a program must find in its environment to find the server, and nothing but it.
    pub environment: HashMap<String, String>,
    _folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        // Of a server that never came up there is nothing to thaw, which is not worth a word.
        let _ = self.rig.command("rig-fault").arg("thaw").output();
        let _ = self.rig.command("rig-down").output();
    }
}

/// The private sound server.
pub struct Rig {
    directory: PathBuf,
}

/// A sound that was heard: its start in the recording and its length, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub struct Heard {
    pub start: f64,
    pub length: f64,
    /// Its start on the clock of the computer, in nanoseconds.
    pub monotonic: f64,
}

impl Rig {
    /// The one that this process finds in its environment.
    pub fn of_environment() -> Rig {
        Rig { directory: env::var_os("AUDIO_RIG_DIR").expect("the folder of the rig").into() }
    }

    /// Has programs take it that PipeWire is there; what answers is the same.
    pub fn pretend_pipewire(&self) {
        std::fs::write(self.directory.join("run/pipewire-0"), "").expect("a file where the socket would be");
    }

    fn command(&self, tool: &str) -> Command {
        let mut command = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rig").join(tool));
        command.env("AUDIO_RIG_DIR", &self.directory);
        command
    }

    fn run(&self, tool: &str, arguments: &[&str]) -> bool {
        self.command(tool).args(arguments).status().is_ok_and(|status| status.success())
    }

    pub fn fault(&self, what: &str) {
        assert!(self.run("rig-fault", &[what]), "rig-fault {what}");
    }

    fn recording(&self) -> String {
        self.directory.join("heard.wav").display().to_string()
    }

    pub fn record(&self) {
        self.record_from("rig.monitor");
    }

    /// Records what this source of the server gives.
    pub fn record_from(&self, source: &str) {
        assert!(self.run("rig-record", &["--bg", "--device", source, &self.recording()]), "a recording begins");
    }

    /// Ends the recording; silences within a cue are shorter than `gap` milliseconds.
    pub fn heard(&self, gap: u32) -> Vec<Heard> {
        assert!(self.run("rig-record", &["--stop"]), "the recording ends");
        let output = self
            .command("onsets.py")
            .args([&self.recording(), "--json", "--gap", &gap.to_string()])
            .output()
            .expect("python3 for the recording");
        let told: serde_json::Value = serde_json::from_slice(&output.stdout).expect("the sounds of the recording");
        let number = |sound: &serde_json::Value, key: &str| sound[key].as_f64().expect("a number");
        told["beeps"]
            .as_array()
            .expect("a list of sounds")
            .iter()
            .map(|sound| Heard {
                start: number(sound, "onset_ms"),
                length: number(sound, "duration_ms"),
                monotonic: number(sound, "onset_monotonic_ns"),
            })
            .collect()
    }
}

/// How far each sound is off the plan, in milliseconds, after the constant way through the device; the plan is the times
/// after its first sound.
pub fn errors(heard: &[Heard], plan: &[f64]) -> Vec<f64> {
    let mut late: Vec<f64> = heard.iter().zip(plan).map(|(heard, planned)| heard.start - planned).collect();
    let mut sorted = late.clone();
    sorted.sort_by(f64::total_cmp);
    let way = sorted[sorted.len() / 2];
    late.iter_mut().for_each(|late| *late = (*late - way).abs());
    late
}
