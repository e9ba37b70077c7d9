//! The sound of the library, each test in a process of its own, which finds the server in its environment.

use std::thread;
use std::time::{Duration, Instant};

use dorsi::audio::{Audio, Status};
use dorsi::config::Config;
use dorsi::cue::Cue;

use crate::rig::{Rig, alone, beside, errors, in_own_process, is_inside, ms, no_device, up};

fn assert_success(output: &std::process::Output) {
    let [stdout, stderr] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    print!("{stdout}");
    assert!(output.status.success() && stdout.contains("1 passed"), "{stdout}\n{stderr}");
}

/// Runs `scenario` against a private sound server, in a process that is told of it.
fn with_server(name: &str, scenario: fn(&Rig)) {
    let _turn = (!is_inside()).then(beside);
    run_with_server(name, scenario);
}

/// The same, with no other test beside it.
fn alone_with_server(name: &str, scenario: fn(&Rig)) {
    let _turn = (!is_inside()).then(alone);
    run_with_server(name, scenario);
}

fn run_with_server(name: &str, scenario: fn(&Rig)) {
    if is_inside() {
        return scenario(&Rig::of_environment());
    }
    if let Some(server) = up(name) {
        assert_success(&in_own_process(name, &server.environment));
    }
}

fn start() -> Audio {
    Audio::start(&Config::built_in().sound, true, || {})
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

#[test]
fn every_cue_sounds_once_and_on_its_time() {
    alone_with_server("every_cue_sounds_once_and_on_its_time", |rig| {
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
            audio.play(*cue, None, due);
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
    alone_with_server("what_is_withdrawn_is_not_heard", |rig| {
        rig.record();
        let audio = start();
        audio.open();
        wait_for(&audio, ms(3000), is_on);
        let begin = Instant::now();
        for after in [300, 600, 900, 1200] {
            audio.play(Cue::Pip, None, begin + ms(after));
        }
        thread::sleep(ms(750));
        audio.silence();
        audio.play(Cue::Back, None, begin + ms(1500));
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
        let busy = busy_during(ms(3000));
        assert!(busy < 0.05, "{busy:.3} of a processor while there is no server");
        rig.fault("start");
        rig.record();
        let returned = Instant::now();
        while returned.elapsed() < ms(6000) {
            audio.play(Cue::Pip, None, Instant::now() + ms(100));
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

/// Whether a cue is heard from `source` within six seconds.
fn is_heard(rig: &Rig, audio: &Audio, source: &str) -> Option<f64> {
    rig.record_from(source);
    let began = Instant::now();
    while began.elapsed() < ms(6000) {
        audio.play(Cue::Pip, None, Instant::now() + ms(100));
        thread::sleep(ms(250));
    }
    rig.heard(8).first().map(|heard| heard.start)
}

#[test]
fn sound_follows_to_another_device_and_back() {
    with_server("sound_follows_to_another_device_and_back", |rig| {
        let audio = start();
        audio.open();
        wait_for(&audio, ms(3000), is_on);
        rig.fault("switch");
        let moved = is_heard(rig, &audio, "rig2.monitor");
        println!("heard {moved:?} ms after the other device took over");
        assert!(moved.is_some(), "silent for 6 s");
        rig.fault("add-sink");
        let busy = busy_during(ms(1000));
        assert!(busy < 0.05, "{busy:.3} of a processor after the switch");
        quit_in_time(audio);
    });
}

#[test]
fn sound_survives_a_device_that_is_suspended_or_taken_away_for_a_while() {
    with_server("sound_survives_a_device_that_is_suspended_or_taken_away_for_a_while", |rig| {
        for (gone, back) in [("suspend", "resume"), ("drop-sink", "add-sink")] {
            let audio = start();
            audio.open();
            wait_for(&audio, ms(3000), is_on);
            rig.fault(gone);
            let busy = busy_during(ms(4000));
            assert!(busy < 0.05, "{busy:.3} of a processor after {gone}");
            rig.fault(back);
            let heard = is_heard(rig, &audio, "rig.monitor");
            println!("after {gone}: {busy:.4} of a processor; heard {heard:?} ms after {back}");
            assert!(heard.is_some(), "silent for 6 s after {back}");
            quit_in_time(audio);
        }
    });
}

/// A device that was never there is found soon after it comes, and looking for it leaves nothing behind.
fn a_device_appears(rig: &Rig) {
    let threads = || std::fs::read_dir("/proc/self/task").expect("the threads of this process").count();
    for (gone, back) in [("drop-sink", "add-sink"), ("kill", "start")] {
        rig.fault(gone);
        let audio = start();
        audio.open();
        wait_for(&audio, ms(5000), is_missing);
        thread::sleep(ms(1500));
        let before = threads();
        // By now the tries are as far apart as they get.
        thread::sleep(ms(8000));
        let more = threads().saturating_sub(before);
        rig.fault(back);
        let found = wait_for(&audio, ms(6000), is_on);
        println!("after {gone}: found {found:?} after {back}; {more} threads more than 8 s before");
        // One may just be trying.
        assert!(more <= 1, "{more} threads were left behind");
        quit_in_time(audio);
    }
}

#[test]
fn a_device_that_appears_is_found_within_six_seconds() {
    with_server("a_device_that_appears_is_found_within_six_seconds", a_device_appears);
}

#[test]
fn a_device_that_appears_is_found_over_the_socket_too() {
    with_server("a_device_that_appears_is_found_over_the_socket_too", |rig| {
        // Where PipeWire is, the socket of PulseAudio is asked before ALSA.
        rig.pretend_pipewire();
        a_device_appears(rig);
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
        at_once(&|| playing.play(Cue::Forward, None, Instant::now()));
        at_once(&|| playing.silence());
        at_once(&|| playing.set_volume(10));
        let noticed = wait_for(&playing, ms(5000), is_missing);
        wait_for(&opening, ms(5000), is_missing);
        let busy = busy_during(ms(3000));
        println!("the freeze is noticed after {noticed:?}; {busy:.4} of a processor while it lasts");
        assert!(busy < 0.05, "{busy:.3} of a processor while the server is frozen");
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
            audio.play(Cue::Pip, None, begin + ms(after));
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
    if !is_inside() {
        let _turn = beside();
        let folder = tempfile::tempdir().expect("a folder");
        let output = in_own_process(name, &no_device(folder.path()));
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
    audio.play(Cue::Go, None, Instant::now());
    let noticed = wait_for(&audio, ms(4000), is_missing);
    println!("{:?} after {noticed:?}", audio.status());
    thread::sleep(ms(500));
    audio.close();
    wait_for(&audio, ms(500), |status| *status == Status::Off);
    quit_in_time(audio);
}

/// The share of a processor that this process keeps busy during `time`.
fn busy_during(time: Duration) -> f64 {
    let before = processor_time();
    thread::sleep(time);
    (processor_time() - before).as_secs_f64() / time.as_secs_f64()
}

/// The time that this process has kept a processor busy.
fn processor_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("the numbers of this process");
    let (_, numbers) = stat.rsplit_once(") ").expect("a name in parentheses");
    let ticks: u64 = numbers.split(' ').skip(11).take(2).map(|ticks| ticks.parse::<u64>().expect("a number")).sum();
    // Linux counts hundredths of a second here on every machine.
    ms(ticks * 10)
}
