//! Years of sessions, made by running the session itself on a clock that jumps from deadline to deadline.

use std::path::Path;
use std::sync::Arc;

use dorsi::config::Config;
use dorsi::protocol::quantity::{Length, Seconds};
use dorsi::protocol::{Protocol, Side, Work};
use dorsi::session::digest::Digest;
use dorsi::session::earlier::Earlier;
use dorsi::session::event::{Answer, Event, Pacing, Part, Reading, Stage};
use dorsi::session::time::SessionTime;
use dorsi::session::{Input, Output, Session};
use dorsi::store::Store;
use jiff::{Span, Zoned};

/// A person who trains every day, and gets a little further over the years.
struct Person {
    session: Session,
    now: SessionTime,
    events: Vec<Event>,
    /// The number of the day.
    day: i32,
    chance: u64,
}

/// Fills the store in `folder` with a session on each of `days` days up to `last`, and returns how many events that made.
pub fn fill(folder: &Path, last: &Zoned, days: i32) -> usize {
    let protocol = Config::built_in().protocols["ankle"].clone();
    let mut store = Store::open(folder).expect("a store");
    let mut events = 0;
    for day in 0..days {
        let began = last.checked_sub(Span::new().days(days - 1 - day)).expect("a day");
        let earlier = store.past().expect("a past").earlier;
        let mut person = Person::enter(&protocol, &earlier, day);
        person.train();
        store.begin(&protocol, &began).expect("a session");
        let digest = Digest::of(&protocol, person.session.record());
        store.record(&person.events.iter().collect::<Vec<_>>(), Some(&digest)).expect("its events");
        events += person.events.len();
    }
    events
}

impl Person {
    fn enter(protocol: &Arc<Protocol>, earlier: &Earlier, day: i32) -> Person {
        let session = Session::begin(protocol.clone(), earlier, Seconds::from_millis(3_000), Pacing::Paced);
        let chance = 0x9e37_79b9_7f4a_7c15 ^ (day as u64 + 1).wrapping_mul(0x2545_f491_4f6c_dd1d);
        Person { session, now: SessionTime::ZERO, events: Vec::new(), day, chance }
    }

    /// A number below `end`, another one each time, the same ones in every run.
    fn below(&mut self, end: u64) -> u64 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        (self.chance >> 11) % end
    }

    fn say(&mut self, input: Input) {
        for output in self.session.step(self.now, input) {
            if let Output::Record(event) = output {
                self.events.push(event);
            }
        }
    }

    /// Does whatever is asked, to the end of the session.
    fn train(&mut self) {
        while let Some(stage) = self.session.stage() {
            let work = self.session.protocol().steps[stage.step].work.clone();
            match (stage.part, work) {
                (Part::Set, _) => self.set(stage),
                (Part::Whole, Work::Measure { .. }) => {
                    let reading = self.reading(stage);
                    self.after(40_000, Input::Measure(reading));
                }
                (Part::Whole, Work::Ask { question, .. }) => {
                    let answer = self.answer(&question.option.keys().cloned().collect::<Vec<_>>());
                    self.after(8_000, Input::Answer(answer));
                }
                _ if self.session.ends_by_itself(stage) => self.wait(),
                _ => self.after(20_000, Input::Go),
            }
        }
    }

    fn after(&mut self, millis: u64, input: Input) {
        self.now = self.now.plus_millis(millis);
        self.say(input);
    }

    /// To the next deadline.
    fn wait(&mut self) {
        self.now = self.session.deadline().unwrap_or(self.now).max(self.now);
        self.say(Input::Tick);
    }

    /// A set of 9 to 13 reps, with a pause now and then.
    fn set(&mut self, stage: Stage) {
        let enough = 9 + self.below(5) as u16;
        while self.session.stage() == Some(stage) && self.session.record().reps(stage) < enough {
            self.wait();
        }
        if self.below(10) == 0 {
            self.after(500, Input::Pause);
            self.after(9_000, Input::Pause);
        }
        self.after(100, Input::EndSet);
    }

    /// A gap that shrinks over the weeks, then a touch, then a reach that grows.
    fn reading(&mut self, stage: Stage) -> Reading {
        let behind = if stage.side == Some(Side::Left) { 18 } else { 0 };
        let gain = 70.0 * (1.0 - (-f64::from(self.day) / 120.0).exp());
        let gap = 32 + behind - gain as i32 + self.below(9) as i32 - 4;
        match gap {
            _ if self.day < 3 => Reading::Judged("1 in".parse().expect("a length")),
            gap if gap > 2 => Reading::Gap(Length::from_mm(gap)),
            gap if gap > -8 => Reading::Gap(Length::ZERO),
            gap => Reading::Reach(Length::from_mm(102 - gap)),
        }
    }

    fn answer(&mut self, options: &[String]) -> Answer {
        match options {
            [] => Answer::Scale((self.below(3) + u64::from(self.day < 40)) as u8),
            // The first answer to a question is the one that lets the session go on.
            [first, ..] if options.len() > 4 || options.len() == 2 => Answer::Option(first.clone()),
            options => Answer::Option(options[self.below(options.len() as u64) as usize].clone()),
        }
    }
}
