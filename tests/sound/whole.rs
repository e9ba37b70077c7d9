//! The real program in a real terminal, with its real sound: held against the session's own plan, and through every
//! fault of a sound server.

use std::thread;
use std::time::Instant;

use dorsi::config::Config;
use dorsi::cue::Cue;
use dorsi::protocol::quantity::Seconds;
use dorsi::session::earlier::Earlier;
use dorsi::session::event::{Event, Fact, Pacing, Part};
use dorsi::session::{Input, Output, Session};
use dorsi::store::Store;

use crate::rig::{Heard, Server, alone, beside, errors, ms, no_device, up};
use crate::tty::{APART, Home, Tty};

/// Phases of one second, six reps, led by the program. Countdowns begin with a second of silence, so that no cue of theirs
/// comes with the key that begins them: that one could not be planned ahead.
const PACED: &str = r#"
[settings]
sound-check = false
pacing = "paced"
lead-in = 4
volume = 100
stereo = false
[exercise.front-band]
reps = [5, 6]
rounds = 1
get-ready = 4
change-over = 3
[exercise.front-band.phase.forward]
seconds = 1
[exercise.front-band.phase.hold]
seconds = 1
[exercise.front-band.phase.back]
seconds = 1
[voice]
on = true
command = ["sleep", "0.8"] # a voice that speaks while the tones sound, and is not heard itself
"#;

fn start(environment: &[(&str, &str)]) -> (Home, Tty) {
    let home = Home::new();
    std::fs::write(home.path().join("dorsi.toml"), PACED).expect("a config");
    let mut tty = home.start_with(environment, &["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1");
    tty.wait_for("Today's plan").keys("\r");
    tty.wait_for("Face away from it").rest(APART).keys("\r").wait_for("LEFT ANKLE");
    (home, tty)
}

fn start_on(server: &Server) -> (Home, Tty) {
    let environment: Vec<(&str, &str)> =
        server.environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    start(&environment)
}

/// The cues of the session that `home` keeps: a session that is told the same at the same times.
fn planned_cues(home: &Home) -> Vec<(u64, Cue)> {
    let store = Store::open(&home.path().join("data")).expect("the sessions");
    let kept = store.past().expect("the sessions").unfinished.expect("a session that was left");
    let lead_in = Seconds::from_millis(4_000);
    let mut session = Session::begin(kept.protocol, &Earlier::default(), lead_in, Pacing::Paced);
    let (mut events, mut cues) = (Vec::<Event>::new(), Vec::new());
    for event in &kept.events {
        let input = match &event.fact {
            Fact::Answered { answer, .. } => Input::Answer(answer.clone()),
            Fact::Planned { choices, .. } => Input::Choose(choices.clone()),
            Fact::Done { stage } if stage.part == Part::Setup => Input::Go,
            Fact::Paused { .. } => Input::Pause,
            Fact::Resumed => Input::Go,
            _ => Input::Tick,
        };
        let mut outputs = Vec::new();
        while let Some(due) = session.deadline().filter(|due| *due <= event.at) {
            outputs.extend(session.step(due, Input::Tick));
        }
        outputs.extend(session.step(event.at, input));
        for output in outputs {
            match output {
                Output::Record(event) => events.push(event),
                Output::Cue(at, cue, _) => cues.push((at.millis(), cue)),
            }
        }
    }
    assert_eq!(events, kept.events, "the same session once more");
    cues
}

/// When sounds begin that are told apart by a silence of more than `gap` milliseconds, if `cues` are played.
fn onsets(cues: &[(u64, Cue)], gap: u64) -> Vec<f64> {
    let config = Config::built_in();
    let mut notes = Vec::new();
    for (at, cue) in cues {
        let mut start = *at;
        for note in &config.sound.tone(*cue).notes {
            let end = start + u64::from(note.ms);
            notes.extend(note.hz.map(|_| (start, end)));
            start = end;
        }
    }
    notes.sort_unstable();
    let mut end = None;
    let mut begun = Vec::new();
    for (start, until) in notes {
        if end.is_none_or(|end| start > end + gap) {
            begun.push(start as f64);
        }
        end = end.max(Some(until));
    }
    begun
}

/// How long after a sound the word for it was on the screen, in milliseconds; negative where it was there before.
fn screen_after_sound(tty: &Tty, heard: &[Heard], words: &[&str]) -> Vec<f64> {
    let (here, there) = (Instant::now(), rustix::time::clock_gettime(rustix::time::ClockId::Monotonic));
    let there = there.tv_sec as f64 * 1e3 + there.tv_nsec as f64 / 1e6;
    let mut shown = None;
    let mut changes = Vec::new();
    for (at, picture) in tty.pictures() {
        let word = words.iter().find(|word| picture.contains(*word));
        if word.is_some() && shown.is_some() && word != shown {
            changes.push(there - (here - at).as_secs_f64() * 1e3);
        }
        shown = word;
    }
    let nearest = |at: &f64| {
        let distances = heard.iter().map(|heard| at - heard.monotonic / 1e6);
        distances.min_by(|a, b| a.abs().total_cmp(&b.abs()))
    };
    changes.iter().filter_map(nearest).collect()
}

#[test]
fn a_paced_set_sounds_as_the_session_plans_it_and_the_screen_with_it() {
    let _turn = alone();
    let Some(server) = up("a_paced_set_sounds_as_the_session_plans_it_and_the_screen_with_it") else { return };
    server.rig.record();
    let (home, mut tty) = start_on(&server);
    tty.wait_for("enough; 6 at most").wait_for("Move the band to the right ankle").wait_for("Stay there");
    // In the middle of a phase, with the next cue placed already: a pause withdraws it.
    tty.rest(300).keys(" ").wait_for("Paused").rest(3_000).keys(" ").wait_for("Stay there");
    tty.wait_for("enough; 6 at most").wait_for("Band behind");
    tty.rest(1_500).keys("\x03");
    tty.end();

    const GAP: u32 = 100;
    let heard = server.rig.heard(GAP);
    let plan = onsets(&planned_cues(&home), GAP.into());
    let starts: Vec<f64> = heard.iter().map(|heard| heard.start).collect();
    assert_eq!(
        heard.len(),
        plan.len(),
        "none missed, none doubled, none after the pause or the end:\n{starts:?}\n{plan:?}"
    );
    assert!(plan.len() > 40, "{plan:?}");
    let mut errors = errors(&heard, &plan);
    errors.sort_by(f64::total_cmp);
    let at = |percent: usize| errors[(errors.len() - 1) * percent / 100];
    println!("{} sounds, off the plan: p50 {:.2} p95 {:.2} max {:.2} ms", plan.len(), at(50), at(95), at(100));
    assert!(at(95) < 2.0 && at(100) < 5.0, "{errors:?}");

    let mut apart = screen_after_sound(&tty, &heard, &["knee over the foot", "Stay there", "Slowly back"]);
    apart.sort_by(f64::total_cmp);
    assert!(apart.len() > 20, "{apart:?}");
    println!("screen after sound: {:.1} to {:.1} ms", apart[0], apart[apart.len() - 1]);
    assert!(apart.iter().all(|apart| apart.abs() < 100.0), "{apart:?}");
}

/// Trained through the loss of the server: the words that the screen shows, and the sound that comes back.
#[test]
fn a_server_that_dies_costs_sound_but_no_rep_and_comes_back() {
    let _turn = beside();
    let Some(server) = up("a_server_that_dies_costs_sound_but_no_rep_and_comes_back") else { return };
    let (_home, mut tty) = start_on(&server);
    tty.wait_for("sound 100 %").wait_for("Stay there");
    server.rig.fault("kill");
    let killed = Instant::now();
    tty.wait_for("no sound");
    let noticed = killed.elapsed();
    let count = tty.screen(crate::tty::big_count).expect("a count of reps");
    tty.wait_until_screen("a rep more", |screen| crate::tty::big_count(screen) > Some(count));
    let back = Instant::now();
    server.rig.fault("start");
    server.rig.record();
    tty.wait_for("sound 100 %");
    let returned = back.elapsed();
    tty.wait_until_screen("a rep more", |screen| crate::tty::big_count(screen) > Some(count + 1));
    let heard = server.rig.heard(100);
    println!("lost after {noticed:?}, back {returned:?} after the server, {} sounds then", heard.len());
    assert!(returned < ms(6_000) && !heard.is_empty());
    tty.keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
}

#[test]
fn a_server_that_hangs_does_not_hold_up_the_way_out() {
    let _turn = alone();
    let Some(server) = up("a_server_that_hangs_does_not_hold_up_the_way_out") else { return };
    let (_home, mut tty) = start_on(&server);
    tty.wait_for("sound 100 %").wait_for("Stay there");
    server.rig.fault("freeze");
    tty.wait_until("a phase more", |screen| !screen.contains("Stay there"));
    let pressed = Instant::now();
    tty.keys("p").wait_for("Paused");
    println!("a key is answered after {:?}", pressed.elapsed());
    let asked = Instant::now();
    tty.keys("\x03");
    while tty.child.try_wait().expect("the program is known").is_none() {
        assert!(asked.elapsed() < ms(5_000), "it does not end");
        thread::sleep(ms(1));
    }
    let ended = asked.elapsed();
    println!("ended {ended:?} after it was asked to");
    assert!(ended < ms(300), "{ended:?}");
    assert!(!tty.screen(|screen| screen.alternate_screen()), "the terminal is given back");
}

#[test]
fn the_doctor_names_the_device_and_plays_every_sound() {
    let _turn = beside();
    let Some(server) = up("the_doctor_names_the_device_and_plays_every_sound") else { return };
    server.rig.record();
    let home = Home::new();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_dorsi"))
        .args(["doctor", "--play"])
        .args(home.arguments())
        .env_clear()
        .env("HOME", home.path())
        .envs(&server.environment)
        .output()
        .expect("the doctor");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let heard = server.rig.heard(300);
    assert!(output.status.success() && told.contains("sound      on "), "{told}");
    assert_eq!(heard.len(), Config::built_in().sound.tones().len(), "{told}\n{heard:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn the_system_s_speech_is_heard() {
    let _turn = beside();
    let Some(server) = up("the_system_s_speech_is_heard") else { return };
    if dorsi::voice::find("espeak-ng").is_none() {
        assert!(std::env::var_os("CI").is_none(), "espeak-ng is missing: scripts/deps --test");
        return eprintln!("the_system_s_speech_is_heard is left out, since there is no espeak-ng");
    }
    let home = Home::new();
    let speaking = PACED.replace("command = [", "command = [] # [").replace("volume = 100", "volume = 0");
    std::fs::write(home.path().join("dorsi.toml"), speaking).expect("a config");
    let environment: Vec<(&str, &str)> =
        server.environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut tty = home.start_with(&environment, &["start", "warm-up"], (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1");
    server.rig.record();
    tty.wait_for("Today's plan").keys("\r").wait_for("Face away from it");
    tty.rest(APART).keys("\r").wait_for("LEFT ANKLE").wait_for("Stay there");
    assert!(!tty.text().contains("no voice"), "{}", tty.text());
    let spoken: f64 = server.rig.heard(300).iter().map(|heard| heard.length).sum();
    println!("{spoken:.0} ms of speech");
    assert!(spoken > 1_000.0, "{spoken} ms of speech");
    tty.keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
}

#[test]
fn the_first_session_begins_with_every_sound() {
    let _turn = beside();
    let Some(server) = up("the_first_session_begins_with_every_sound") else { return };
    server.rig.record();
    let home = Home::new();
    std::fs::write(home.path().join("dorsi.toml"), "[settings]\nlanguage = \"en\"\n").expect("a config");
    let environment: Vec<(&str, &str)> =
        server.environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut tty = home.start_with(&environment, &["start", "warm-up"], (80, 24));
    tty.wait_for("Before your first session").wait_for("It comes from");
    let config = Config::built_in();
    let tones = config.sound.tones();
    let sounds = tones.len();
    for (number, (_, tone)) in (1..).zip(&tones) {
        tty.keys(" ").wait_for(&format!("Sound {number} of {sounds}")).rest(APART.max(u64::from(tone.ms()) + 400));
    }
    tty.keys(" ").wait_for("begins the session").rest(APART).keys(" ").wait_for("Does any of these apply to you?");
    let heard = server.rig.heard(300);
    assert_eq!(heard.len(), sounds, "{heard:?}");
    tty.keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
}

#[test]
fn without_a_device_nothing_but_the_session_is_on_the_screen() {
    let _turn = beside();
    let folder = tempfile::tempdir().expect("a folder");
    let environment = no_device(folder.path());
    let mut environment: Vec<(&str, &str)> =
        environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let home = Home::new();
    std::fs::write(home.path().join("dorsi.toml"), PACED).expect("a config");
    let stderr = home.path().join("stderr").display().to_string();
    environment.push(("STDERR", &stderr));
    let mut command = portable_pty::CommandBuilder::new("/bin/sh");
    command.args(["-c", "exec \"$@\" 2>\"$STDERR\"", "sh", env!("CARGO_BIN_EXE_dorsi"), "start", "warm-up"]);
    command.args(home.arguments());
    let mut tty = Tty::run_with(home.path(), &environment, command, (80, 24));
    tty.wait_for("Does any of these apply to you?").keys("1");
    tty.wait_for("Today's plan").keys("\r");
    tty.wait_for("Face away from it").rest(APART).keys("\r").wait_for("no sound").wait_for("Stay there");
    assert!(!tty.text().contains("ALSA"), "{}", tty.text());
    tty.keys("\x03");
    assert_eq!(tty.end().exit_code(), 0);
    assert_eq!(std::fs::read_to_string(&stderr).expect("what it wrote"), "");
}
