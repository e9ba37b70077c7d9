//! What the program makes of the terminal and the desktop that it finds.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;

use crate::tty::{Home, PATIENCE, Tty};

fn start(home: &Home, variables: &[&str]) -> Tty {
    let mut command = CommandBuilder::new("/usr/bin/env");
    command.args(variables);
    command.arg(env!("CARGO_BIN_EXE_dorsi"));
    command.args(home.arguments());
    Tty::run(home.path(), command, (80, 24))
}

/// All that the program writes from its first picture to its end.
fn written(variables: &[&str]) -> String {
    let home = Home::new();
    let mut tty = start(&home, variables);
    tty.wait_for("Warm-up").keys("q");
    tty.end();
    String::from_utf8(tty.raw()).expect("text")
}

#[test]
fn colours_are_those_that_the_terminal_has() {
    let (all, indexed) = ("38;2;", "38;5;");
    let told = written(&["COLORTERM=truecolor"]);
    assert!(told.contains(all));
    let told = written(&["TERM=xterm-256color"]);
    assert!(told.contains(indexed) && !told.contains(all));
    let told = written(&["COLORTERM=truecolor", "NO_COLOR=1"]);
    assert!(!told.contains(all) && !told.contains(indexed) && told.contains("\x1b[1m"));
}

#[test]
fn where_the_locale_has_no_other_signs_everything_is_ascii() {
    assert!(!written(&["LANG=C.UTF-8"]).is_ascii());
    assert!(written(&["LANG=C"]).is_ascii());
    assert!(written(&["TERM=linux", "LANG=C.UTF-8"]).is_ascii());
}

/// A session bus of its own, and all that is said on it.
struct Bus {
    processes: Vec<Child>,
    said: Arc<Mutex<String>>,
}

impl Bus {
    fn start(address: &str, socket: &Path) -> Bus {
        let daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--address", address])
            .stderr(Stdio::null())
            .spawn();
        let mut bus = Bus { processes: vec![daemon.expect("dbus-daemon")], said: Arc::default() };
        bus.wait("the bus", |_| socket.exists());
        let matches = ["interface='org.freedesktop.ScreenSaver'", "member='NameOwnerChanged'"];
        let monitor =
            Command::new("dbus-monitor").args(["--address", address]).args(matches).stdout(Stdio::piped()).spawn();
        let mut monitor = monitor.expect("dbus-monitor");
        let (heard, said) = (monitor.stdout.take().expect("its output"), bus.said.clone());
        bus.processes.push(monitor);
        std::thread::spawn(move || {
            for line in BufReader::new(heard).lines().map_while(Result::ok) {
                said.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        bus.wait("the monitor", |said| said.contains("member=NameAcquired"));
        bus
    }

    fn wait(&self, what: &str, heard: impl Fn(&str) -> bool) -> String {
        let end = Instant::now() + PATIENCE;
        loop {
            let said = self.said.lock().unwrap().clone();
            if heard(&said) {
                return said;
            }
            assert!(Instant::now() < end, "waited in vain for {what}:\n{said}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        for process in self.processes.iter_mut().rev() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

#[test]
fn the_desktop_is_asked_to_stay_awake_for_as_long_as_a_session_is_open() {
    let home = Home::new();
    let socket = home.path().join("bus");
    let address = format!("unix:path={}", socket.display());
    let bus = Bus::start(&address, &socket);
    let mut tty = start(&home, &[&format!("DBUS_SESSION_BUS_ADDRESS={address}")]);

    tty.wait_for("Warm-up").keys(" ").wait_for("Does any of these apply to you?");
    let said = bus.wait("the wish", |said| said.contains("member=Inhibit"));
    let wish = said.lines().find(|line| line.contains("member=Inhibit")).expect("the wish");
    let (_, sender) = wish.split_once("sender=").expect("its sender");
    let sender = sender.split(' ').next().expect("its name");
    let gone = format!("string \"{sender}\"\n   string \"{sender}\"\n   string \"\"");
    assert!(!said.contains(&gone), "it holds");

    tty.keys("q").wait_for("Leave?").keys("3").wait_for("Summary").keys("\r").wait_for("Warm-up");
    bus.wait("its end", |said| said.contains(&gone));
}

#[test]
fn a_bus_that_is_not_there_costs_nothing() {
    let home = Home::new();
    let mut tty = start(&home, &["DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere/bus"]);
    tty.wait_for("Warm-up")
        .keys(" ")
        .wait_for("Does any of these apply to you?")
        .keys("q")
        .wait_for("Leave?")
        .keys("2");
    assert!(tty.end().success());
}
