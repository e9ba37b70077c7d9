//! How long a picture takes to be built at 200 × 60, with its colours: the aim is less than a millisecond.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use dorsi::app::App;
use dorsi::config::Config;
use dorsi::kept::Past;
use dorsi::keymap::Key;
use dorsi::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

/// The main screens, each with the keys, and the seconds, that lead on to it from the one before.
const SCREENS: [(&str, &str, u64); 8] = [
    ("home", "", 0),
    ("first sounds", "space", 0),
    ("question", "s", 0),
    ("wall test", "1 2 space space", 0),
    ("plan", "2 space 3 2 2 3", 0),
    ("set-up", "space s", 0),
    ("forward", "space", 5),
    ("hold", "space", 0),
];

fn press(app: &mut App, now: u64, keys: &str) {
    for name in keys.split_whitespace() {
        let key: Key = name.parse().expect("a key");
        let action = app.context().action(key, &app.config.keys).expect("a key of this screen");
        app.press(now, action);
        app.was_seen(dorsi::app::Seen { all: true, ..Default::default() });
    }
}

fn frames(criterion: &mut Criterion) {
    let mut app = App::new(Arc::new(Config::built_in()), Past::default());
    let mut terminal = Terminal::new(TestBackend::new(200, 60)).expect("a terminal in memory");
    let mut group = criterion.benchmark_group("frame at 200x60");
    let mut now = 0;
    for (screen, keys, seconds) in SCREENS {
        press(&mut app, now, keys);
        now += seconds * 1_000;
        while let Some(due) = app.deadline().filter(|due| *due <= now) {
            app.wake(due);
        }
        app.wake(now);
        // A figure that stands still is kept; one that moves is drawn in a pose that was not there lately.
        let moments = if screen == "forward" { 25 } else { 1 };
        let mut moment = 0;
        group.bench_function(screen, |bencher| {
            bencher.iter(|| {
                moment = (moment + 1) % moments;
                app.now = now + moment * 40;
                let mut frame = terminal.get_frame();
                view::draw(black_box(&app), &mut frame);
            });
        });
    }
    group.finish();
}

criterion_group!(benches, frames);
criterion_main!(benches);
