//! The sound as it leaves the program, recorded from a private sound server (`tests/rig`).
//!
//! Each test runs in a process of its own, which finds the server, and nothing but it, in its environment.

#![cfg(all(target_os = "linux", feature = "audio"))]
#![expect(clippy::disallowed_methods, reason = "sound is recorded on a real clock")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{env, thread};

use dorsi::audio::{Audio, Status};
use dorsi::config::Config;
use dorsi::cue::Cue;

/// Set in the process that a test runs in.
const INSIDE: &str = "DORSI_SOUND_TEST";

/// The tests measure time, so that only one may run at a time.
static TURN: Mutex<()> = Mutex::new(());

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Runs `scenario` of the test `name` in a process of its own, with `environment`.
fn in_own_process(name: &str, environment: &HashMap<String, String>) -> Output {
    let child = env::current_exe().expect("the path of this test");
    Command::new(child)
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env(INSIDE, "1")
        .envs(environment)
        .output()
        .expect("a process for the test")
}

fn assert_success(output: &Output) {
    let [stdout, stderr] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    print!("{stdout}");
    assert!(output.status.success(), "{stdout}\n{stderr}");
}

/// Runs `scenario` against a private sound server.
fn with_server(name: &str, scenario: fn(&Rig)) {
    if env::var_os(INSIDE).is_some() {
        let directory = env::var_os("AUDIO_RIG_DIR").expect("the folder of the rig").into();
        return scenario(&Rig { directory });
    }
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().expect("a folder for the rig");
    let rig = Rig { directory: folder.path().join("rig") };
    let up = rig.command("rig-up").arg(&rig.directory).output().expect("bash for the rig");
    let _server = Server(&rig);
    if !up.status.success() {
        let why = String::from_utf8_lossy(&up.stderr).into_owned();
        assert!(env::var_os("CI").is_none(), "the rig can't start: {why}");
        return eprintln!("{name} is left out, since the rig can't start: {why}");
    }
    let exports = String::from_utf8_lossy(&up.stdout).into_owned();
    let environment = exports
        .lines()
        .filter_map(|line| line.strip_prefix("export ")?.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned()))
        .collect();
    assert_success(&in_own_process(name, &environment));
}

/// Ends the server on every way out of a test.
struct Server<'a>(&'a Rig);

impl Drop for Server<'_> {
    fn drop(&mut self) {
        // Of a server that never came up there is nothing to thaw, which is not worth a word.
        let _ = self.0.command("rig-fault").arg("thaw").output();
        let _ = self.0.command("rig-down").output();
    }
}

/// The private sound server.
struct Rig {
    directory: PathBuf,
}

/// A sound that was heard: its start in the recording and its length, in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Heard {
    start: f64,
    length: f64,
}

impl Rig {
    fn command(&self, tool: &str) -> Command {
        let mut command = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rig").join(tool));
        command.env("AUDIO_RIG_DIR", &self.directory);
        command
    }

    fn run(&self, tool: &str, arguments: &[&str]) -> bool {
        self.command(tool).args(arguments).status().is_ok_and(|status| status.success())
    }

    fn fault(&self, what: &str) {
        assert!(self.run("rig-fault", &[what]), "rig-fault {what}");
    }

    fn recording(&self) -> String {
        self.directory.join("heard.wav").display().to_string()
    }

    fn record(&self) {
        assert!(self.run("rig-record", &["--bg", &self.recording()]), "a recording begins");
    }

    /// Ends the recording; silences within a cue are shorter than `gap` milliseconds.
    fn heard(&self, gap: u32) -> Vec<Heard> {
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
            .map(|sound| Heard { start: number(sound, "onset_ms"), length: number(sound, "duration_ms") })
            .collect()
    }
}

fn start() -> Audio {
    Audio::start(&Config::built_in().sound, || {})
}

/// Waits until the status is as wanted; the time that it took.
fn wait_for(audio: &Audio, patience: Duration, wanted: fn(&Status) -> bool) -> Duration {
    let began = Instant::now();
    while !wanted(&audio.status()) {
        assert!(began.elapsed() < patience, "{:?} after {patience:?}", audio.status());
        thread::sleep(ms(5));
    }
    began.elapsed()
}

fn is_on(status: &Status) -> bool {
    matches!(status, Status::On { .. })
}

fn is_missing(status: &Status) -> bool {
    matches!(status, Status::Missing { .. })
}

fn quit_in_time(audio: Audio) {
    let began = Instant::now();
    audio.quit();
    assert!(began.elapsed() < ms(300), "quitting took {:?}", began.elapsed());
}

/// How far each sound is off the plan, in milliseconds, after the constant way through the device; the plan is the times
/// after its first sound.
fn errors(heard: &[Heard], plan: &[f64]) -> Vec<f64> {
    let mut late: Vec<f64> = heard.iter().zip(plan).map(|(heard, planned)| heard.start - planned).collect();
    let mut sorted = late.clone();
    sorted.sort_by(f64::total_cmp);
    let way = sorted[sorted.len() / 2];
    late.iter_mut().for_each(|late| *late = (*late - way).abs());
    late
}

#[test]
fn every_cue_sounds_once_and_on_its_time() {
    with_server("every_cue_sounds_once_and_on_its_time", |rig| {
        const CUES: [Cue; 4] = [Cue::Forward, Cue::Hold, Cue::Back, Cue::Pip];
        const COUNT: usize = 32;
        const PERIOD: Duration = ms(500);
        // In its first two seconds a stream still finds its pace, and shifts by up to 2 ms. A session opens the device
        // when it begins; between that and the first rep there is at least the set-up list and the countdown.
        const SETTLED: Duration = ms(3000);
        rig.record();
        let audio = start();
        audio.open();
        wait_for(&audio, ms(3000), is_on);

        // As a session does: each cue is planned when the one before is due.
        let first = Instant::now() + SETTLED;
        let plan: Vec<Cue> = CUES.into_iter().cycle().take(COUNT).collect();
        let mut due = first;
        for cue in &plan {
            thread::sleep((due - PERIOD).saturating_duration_since(Instant::now()));
            audio.play(*cue, due);
            due += PERIOD;
        }
        thread::sleep(due + ms(200) - Instant::now());
        quit_in_time(audio);

        let heard = rig.heard(100);
        assert_eq!(heard.len(), plan.len(), "{heard:?}");
        let sound = Config::built_in().sound;
        for (heard, cue) in heard.iter().zip(&plan) {
            let length = f64::from(sound.tone(*cue).ms());
            assert!((heard.length - length).abs() < 10.0, "{cue:?}, {length} ms: {heard:?}");
        }
        let times: Vec<f64> = (0..COUNT).map(|index| index as f64 * PERIOD.as_secs_f64() * 1000.0).collect();
        let mut errors = errors(&heard, &times);
        errors.sort_by(f64::total_cmp);
        let (median, p95, most) = (errors[COUNT / 2], errors[COUNT * 95 / 100], errors[COUNT - 1]);
        println!("off the plan: p50 {median:.2} ms, p95 {p95:.2} ms, max {most:.2} ms");
        assert!(p95 < 2.0 && most < 5.0, "{errors:?}");
    });
}

#[test]
fn what_is_withdrawn_is_not_heard() {
    with_server("what_is_withdrawn_is_not_heard", |rig| {
        rig.record();
        let audio = start();
        audio.open();
        wait_for(&audio, ms(3000), is_on);
        let begin = Instant::now();
        for after in [300, 600, 900, 1200] {
            audio.play(Cue::Pip, begin + ms(after));
        }
        thread::sleep(ms(750));
        audio.silence();
        audio.play(Cue::Back, begin + ms(1500));
        // The last cue sounds to its end, and then the device is given back.
        thread::sleep(ms(550));
        audio.close();
        assert!(is_on(&audio.status()));
        let closed = wait_for(&audio, ms(3000), |status| *status == Status::Off);
        assert!(closed > ms(300), "closed before the last cue, after {closed:?}");
        let heard = rig.heard(20);
        assert_eq!(heard.len(), 3, "{heard:?}");
        assert!((heard[2].length - 180.0).abs() < 10.0, "{heard:?}");
        assert!(errors(&heard, &[300.0, 600.0, 1500.0]).iter().all(|error| *error < 5.0), "{heard:?}");
        quit_in_time(audio);
    });
}

#[test]
fn sound_returns_with_the_server() {
    with_server("sound_returns_with_the_server", |rig| {
        let audio = start();
        audio.open();
        wait_for(&audio, ms(3000), is_on);
        rig.fault("kill");
        let noticed = wait_for(&audio, ms(5000), is_missing);
        let before = processor_time();
        thread::sleep(ms(3000));
        let busy = (processor_time() - before).as_secs_f64() / 3.0;
        assert!(busy < 0.05, "{busy:.3} of a processor while there is no server");
        rig.fault("start");
        rig.record();
        let returned = Instant::now();
        while returned.elapsed() < ms(6000) {
            audio.play(Cue::Pip, Instant::now() + ms(100));
            thread::sleep(ms(250));
        }
        let heard = rig.heard(8);
        println!(
            "loss noticed after {noticed:?}; {busy:.4} of a processor without a server; first sound {:?} ms after it came",
            heard.first().map(|heard| heard.start)
        );
        assert!(heard.first().is_some_and(|heard| heard.start < 6000.0), "silent for 6 s");
        quit_in_time(audio);
    });
}

#[test]
fn a_frozen_server_holds_nobody_up() {
    with_server("a_frozen_server_holds_nobody_up", |rig| {
        let at_once = |call: &dyn Fn()| {
            let began = Instant::now();
            call();
            assert!(began.elapsed() < ms(20), "{:?}", began.elapsed());
        };
        let [playing, quitting] = [start(), start()];
        for audio in [&playing, &quitting] {
            audio.open();
            wait_for(audio, ms(3000), is_on);
        }
        rig.fault("freeze");
        quit_in_time(quitting);
        let opening = start();
        at_once(&|| opening.open());
        at_once(&|| playing.play(Cue::Forward, Instant::now()));
        at_once(&|| playing.silence());
        at_once(&|| playing.set_volume(10));
        let noticed = wait_for(&playing, ms(5000), is_missing);
        wait_for(&opening, ms(5000), is_missing);
        println!("the freeze is noticed after {noticed:?}");
        at_once(&|| opening.close());
        at_once(&|| opening.open());
        quit_in_time(opening);

        rig.fault("thaw");
        let back = wait_for(&playing, ms(6000), is_on);
        println!("sound is back {back:?} after the thaw");
        rig.fault("freeze");
        quit_in_time(playing);
    });
}

#[test]
fn after_a_freeze_nothing_sounds_late() {
    with_server("after_a_freeze_nothing_sounds_late", |rig| {
        rig.record();
        let audio = start();
        audio.open();
        wait_for(&audio, ms(3000), is_on);
        let begin = Instant::now();
        for after in [300, 1200, 1500, 1800, 4500] {
            audio.play(Cue::Pip, begin + ms(after));
        }
        thread::sleep(ms(700));
        rig.fault("freeze");
        thread::sleep(ms(1700));
        rig.fault("thaw");
        thread::sleep(ms(2800));
        let heard = rig.heard(8);
        assert_eq!(heard.len(), 2, "those at 300 and 4500 ms: {heard:?}");
        quit_in_time(audio);
    });
}

#[test]
fn without_a_device_there_is_a_reason_and_nothing_on_the_screen() {
    let name = "without_a_device_there_is_a_reason_and_nothing_on_the_screen";
    if env::var_os(INSIDE).is_none() {
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = tempfile::tempdir().expect("a folder");
        let empty = folder.path().join("alsa.conf");
        std::fs::write(&empty, "").expect("an ALSA without devices");
        let nowhere = folder.path().display().to_string();
        let environment = HashMap::from([
            ("ALSA_CONFIG_PATH".to_owned(), empty.display().to_string()),
            ("XDG_RUNTIME_DIR".to_owned(), nowhere.clone()),
            ("PIPEWIRE_RUNTIME_DIR".to_owned(), nowhere.clone()),
            ("PULSE_RUNTIME_PATH".to_owned(), nowhere.clone()),
            ("PULSE_SERVER".to_owned(), format!("unix:{nowhere}/none")),
        ]);
        let output = in_own_process(name, &environment);
        assert_success(&output);
        // What libasound writes itself is the terminal's to keep from the screen.
        let stderr = String::from_utf8_lossy(&output.stderr);
        let ours: Vec<&str> = stderr.lines().filter(|line| !line.starts_with("ALSA lib ")).collect();
        assert!(ours.is_empty(), "{ours:?}");
        return;
    }
    let audio = start();
    assert_eq!(audio.status(), Status::Off);
    audio.open();
    audio.play(Cue::Go, Instant::now());
    let noticed = wait_for(&audio, ms(4000), is_missing);
    println!("{:?} after {noticed:?}", audio.status());
    thread::sleep(ms(500));
    audio.close();
    wait_for(&audio, ms(500), |status| *status == Status::Off);
    quit_in_time(audio);
}

/// The time that this process has kept a processor busy.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("the numbers of this process");
    let (_, numbers) = stat.rsplit_once(") ").expect("a name in parentheses");
    let ticks: u64 = numbers.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().expect("a number")).sum();
    // Linux counts hundredths of a second here on every machine.
    ms(ticks * 10)
}
