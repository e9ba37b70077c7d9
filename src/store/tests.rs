//! What is written is there again; what can't be read is told.
#![expect(clippy::disallowed_methods, reason = "files are damaged to be mended")]

mod busy;
mod clocks;
mod damage;
mod lately;
mod moved;
mod windows;

use jiff::Zoned;
use jiff::civil::date;

use super::*;
use crate::config::Config;
use crate::kept::Notice;
use crate::protocol::Side;
use crate::session::earlier::Earlier;
use crate::session::event::{Answer, Correction, Ending, Fact, Part, PauseReason, SetEnd, Stage};

/// The latest option that was chosen for `question`.
fn latest<'a>(earlier: &'a Earlier, question: &str) -> &'a str {
    let answers: Vec<_> = earlier.to(question, None).collect();
    assert_eq!(answers.len(), 1, "{answers:?}");
    &answers[0].option
}

fn began() -> Zoned {
    "2026-03-29T01:30:00+01:00[Europe/Berlin]".parse().unwrap()
}

fn event(at: u64, fact: Fact) -> Event {
    Event { at: SessionTime::from_millis(at), fact }
}

fn ankle() -> Arc<Protocol> {
    Config::built_in().protocols["ankle"].clone()
}

fn answer(step: usize, option: &str) -> Fact {
    let stage = Stage { step, part: Part::Whole, side: None, round: 0 };
    Fact::Answered { stage, answer: Answer::Option(option.to_owned()) }
}

/// Writes a session that was closed with these answers to the safety questions.
fn closed(store: &mut Store, options: &[&str]) {
    let protocol = ankle();
    store.begin(&protocol, &began()).unwrap();
    let step = protocol.steps.iter().position(|step| step.id == "safety").unwrap();
    let mut events: Vec<Event> = options.iter().map(|option| event(1, answer(step, option))).collect();
    events.push(event(2, Fact::Ended { ending: Ending::Early }));
    let digest = Digest::of(&protocol, &Record::of(&events));
    store.record(&events.iter().collect::<Vec<_>>(), Some(&digest)).unwrap();
}

#[test]
fn a_session_left_open_is_there_when_the_store_is_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let events = [event(5, Fact::Paused { why: PauseReason::Asked }), event(7, Fact::Resumed)];
    let late = event(9, Fact::Paused { why: PauseReason::Asked });
    {
        let mut store = Store::open(folder.path()).unwrap();
        store.begin(&ankle(), &began()).unwrap();
        store.record(&events.iter().collect::<Vec<_>>(), None).unwrap();
    }
    let mut store = Store::open(folder.path()).unwrap();
    let kept = store.past().unwrap().unfinished.unwrap();
    assert_eq!((kept.events.as_slice(), &*kept.protocol), (&events[..], &*ankle()));
    store.take_up(kept.id);
    store.record(&[&late], None).unwrap();
    assert_eq!(store.past().unwrap().unfinished.unwrap().events.last(), Some(&late));
}

#[test]
fn a_session_is_kept_with_the_protocol_that_it_was_taken_over_to_and_no_other_session_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    closed(&mut store, &["none"]);
    let edited = |title: &str| Protocol { title: title.to_owned(), ..Protocol::clone(&ankle()) };
    store.begin(&ankle(), &began()).unwrap();
    store.rewrite(&edited("before the first event")).unwrap();
    store.record(&[&event(1, Fact::Resumed)], None).unwrap();
    let title = |store: &Store| store.past().unwrap().unfinished.unwrap().protocol.title.clone();
    assert_eq!(title(&store), "before the first event");
    store.rewrite(&edited("and after it")).unwrap();
    store.record(&[&event(2, Fact::Resumed)], None).unwrap();
    assert_eq!(title(&store), "and after it");
    let kept: Vec<String> = store.protocols().unwrap().into_iter().map(|protocol| protocol.title).collect();
    assert_eq!(kept, [ankle().title.clone(), "and after it".to_owned()]);
}

#[test]
fn what_spoke_against_training_is_remembered_until_the_next_session_and_pain_for_the_day() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let stage = Stage { step: 7, part: Part::Set, side: None, round: 1 };
    let mut ended = |how: Option<SetEnd>, ending, began: &Zoned| {
        store.begin(&ankle(), began).unwrap();
        let set = how.map(|how| event(1, Fact::SetEnded { stage, how }));
        let events: Vec<Event> = set.into_iter().chain([event(2, Fact::Ended { ending })]).collect();
        let digest = Digest::of(&ankle(), &Record::of(&events));
        store.record(&events.iter().collect::<Vec<_>>(), Some(&digest)).unwrap();
        store.past().unwrap().stopped
    };
    let day = Some(began().date());
    for (how, ending, told) in [
        (Some(SetEnd::Full), Ending::Finished, None),
        (None, Ending::Advised, day),
        (None, Ending::Early, None),
        (Some(SetEnd::Pain), Ending::Finished, day),
        (None, Ending::Early, day),
        (None, Ending::Pain, day),
    ] {
        assert_eq!(ended(how, ending, &began()), told, "{how:?} {ending:?}");
    }
    assert_eq!(ended(None, Ending::Finished, &began().tomorrow().unwrap()), None);
}

#[test]
fn only_the_latest_session_can_be_continued_and_only_while_it_is_open() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    store.begin(&ankle(), &began()).unwrap();
    store.record(&[&event(1, Fact::Resumed)], None).unwrap();
    closed(&mut store, &["none"]);
    assert!(store.past().unwrap().unfinished.is_none());
    let endings: Vec<_> = store.history().unwrap().into_iter().map(|line| line.digest.ending).collect();
    assert_eq!(endings, [Some(Ending::Early), None]);
}

#[test]
fn a_session_with_reps_is_continued_rather_than_a_later_one_that_was_only_opened() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let stage = Stage { step: 7, part: Part::Set, side: None, round: 1 };
    store.begin(&ankle(), &began()).unwrap();
    store.record(&[&event(1, Fact::RepCompleted { stage, rep: 1 })], None).unwrap();
    let trained = store.past().unwrap().unfinished.unwrap().id;
    store.begin(&ankle(), &began()).unwrap();
    assert_eq!(store.past().unwrap().unfinished.unwrap().id, trained, "a session without events is none");
    store.record(&[&event(1, Fact::Resumed)], None).unwrap();
    assert_eq!(store.past().unwrap().unfinished.unwrap().id, trained);
}

#[test]
fn the_latest_answer_to_a_question_is_known_to_later_sessions() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    assert!(store.past().unwrap().earlier.is_empty());
    closed(&mut store, &["calf"]);
    assert_eq!(latest(&store.past().unwrap().earlier, "safety"), "calf");
    closed(&mut store, &["injury", "none"]);
    closed(&mut store, &[]);
    assert_eq!(latest(&store.past().unwrap().earlier, "safety"), "none");
}

#[test]
fn a_question_asked_of_each_ankle_keeps_an_answer_of_each_for_later_sessions() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let protocol = ankle();
    let step = protocol.steps.iter().position(|step| step.id == "feel").unwrap();
    let mut felt = |answers: &[(Option<Side>, &str)]| {
        store.begin(&protocol, &began()).unwrap();
        let answered = answers.iter().map(|(side, option)| Fact::Answered {
            stage: Stage { step, part: Part::Whole, side: *side, round: 0 },
            answer: Answer::Option((*option).to_owned()),
        });
        let events: Vec<Event> = answered.map(|fact| event(1, fact)).collect();
        let digest = Digest::of(&protocol, &Record::of(&events));
        store.record(&events.iter().collect::<Vec<_>>(), Some(&digest)).unwrap();
        let earlier = store.past().unwrap().earlier;
        Side::BOTH.map(|side| earlier.to("feel", Some(side)).map(|chosen| chosen.option.clone()).collect::<Vec<_>>())
    };
    let (left, right) = (Some(Side::Left), Some(Side::Right));
    assert_eq!(felt(&[(left, "front"), (right, "back")]), [["front"], ["back"]]);
    assert_eq!(felt(&[(right, "both")]), [["front"], ["both"]], "the other one was not asked");
    assert_eq!(felt(&[(None, "unsure")]), [["unsure"], ["unsure"]], "asked once, it holds for each");
}

#[test]
fn sessions_of_the_same_protocol_share_its_text() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    for _ in 0..3 {
        closed(&mut store, &[]);
    }
    let texts: i64 = store.connection.query_row("SELECT count(*) FROM protocol", [], |row| row.get(0)).unwrap();
    assert_eq!((texts, store.history().unwrap().len()), (1, 3));
}

#[test]
fn the_history_has_the_date_at_which_a_session_began_in_its_own_zone() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    for _ in 0..2 {
        closed(&mut store, &[]);
    }
    let dates: Vec<Zoned> = store.history().unwrap().into_iter().map(|line| line.began).collect();
    assert_eq!(dates, [began(), began()]);
    assert_eq!(dates[0].time_zone().iana_name(), Some("Europe/Berlin"));
}

#[test]
fn a_file_of_the_first_version_is_brought_up_to_date_with_all_that_is_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let protocol = ankle();
    let events = [event(1, answer(1, "calf")), event(2, Fact::Ended { ending: Ending::Advised })];
    let digest = Digest::of(&protocol, &Record::of(&events));
    {
        let mut connection = Connection::open(folder.path().join(FILE)).unwrap();
        schema::make(&mut connection, 1);
        let protocol = serde_json::to_string(&*protocol).unwrap();
        connection.execute("INSERT INTO protocol VALUES (1, ?1)", [protocol]).unwrap();
        let digest = serde_json::to_string(&digest).unwrap();
        for (id, began, digest) in [
            (1, "2026-11-20T23:30:00.25-05:00[America/New_York]", Some(&digest)),
            (2, "2026-11-21T05:00:00+01:00[Europe/Berlin]", None),
        ] {
            let insert = "INSERT INTO session (id, began, protocol, digest) VALUES (?1, ?2, 1, ?3)";
            connection.execute(insert, params![id, began, digest]).unwrap();
        }
        for (session, number, event) in [(1, 0, &events[0]), (1, 1, &events[1]), (2, 0, &event(3, Fact::Resumed))] {
            let fact = serde_json::to_string(&event.fact).unwrap();
            let insert = "INSERT INTO event VALUES (?1, ?2, ?3, ?4)";
            connection.execute(insert, params![session, number, event.at.millis() as i64, fact]).unwrap();
        }
        connection.execute("INSERT INTO chosen VALUES ('safety', 1, 'calf')", []).unwrap();
    }
    let store = Store::open(folder.path()).unwrap();
    let history = store.history().unwrap();
    assert_eq!(history.iter().map(|line| line.id).collect::<Vec<_>>(), [1, 2], "in New York it was later");
    assert_eq!(history[0].digest, digest);
    let past = store.past().unwrap();
    assert_eq!(latest(&past.earlier, "safety"), "calf");
    assert!(past.unfinished.is_none());
    let millis: Vec<i64> = store.rows("SELECT began_millis FROM session ORDER BY id", |row| row.get(0)).unwrap();
    assert_eq!(millis, history.iter().map(|line| line.began.timestamp().as_millisecond()).collect::<Vec<_>>());
    store.verify().unwrap();
}

#[test]
fn an_older_file_that_cannot_be_brought_up_to_date_tells_why_and_is_not_called_newer() {
    let folder = of_version(include_bytes!("../../tests/stores/v1.sqlite3"));
    let error = Store::open_read_only(folder.path(), &StoreError::InUse).unwrap_err();
    assert_eq!(error.to_string(), StoreError::InUse.to_string());
}

#[test]
fn a_folder_that_cannot_be_entered_is_told_by_the_system_s_word_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    std::fs::write(&file, "").unwrap();
    let why = Store::open(&file).unwrap_err();
    let error = Store::open_read_only(&file, &why).unwrap_err().to_string();
    let expected = std::fs::File::open(file.join(FILE)).unwrap_err().to_string();
    assert!(error.ends_with(&format!("{FILE}: {expected}")), "{error}");
}

#[test]
fn a_newer_file_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open(folder.path()).unwrap());
    let path = folder.path().join(FILE);
    Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    let error = Store::open(folder.path()).unwrap_err();
    assert!(!error.is_damage());
    assert!(error.to_string().contains("newer") && error.to_string().contains("99"), "{error}");
}

/// Puts the file of an older dorsi into a folder of its own.
fn of_version(bytes: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(FILE), bytes).unwrap();
    folder
}

#[test]
fn a_file_of_every_older_version_is_brought_up_to_date() {
    let files: [&[u8]; schema::VERSION as usize - 1] = [
        include_bytes!("../../tests/stores/v1.sqlite3"),
        include_bytes!("../../tests/stores/v2.sqlite3"),
        include_bytes!("../../tests/stores/v3.sqlite3"),
        include_bytes!("../../tests/stores/v4.sqlite3"),
        include_bytes!("../../tests/stores/v5.sqlite3"),
        include_bytes!("../../tests/stores/v6.sqlite3"),
    ];
    for (file, version) in files.into_iter().zip(1..) {
        let folder = of_version(file);
        let found = schema::version(&Connection::open(folder.path().join(FILE)).unwrap()).unwrap();
        assert_eq!(found, version, "the fixture is of its version");
        let store = Store::open(folder.path()).unwrap();
        store.verify().unwrap();
        let history = store.history().unwrap();
        let told: Vec<_> = history.iter().map(|line| (line.digest.title.as_str(), line.digest.reps())).collect();
        assert_eq!(told, [("Warm-up", 0), ("Ankle session", 2)]);
        let past = store.past().unwrap();
        assert_eq!(latest(&past.earlier, "feel"), "both");
        assert_eq!(latest(&past.earlier, "changed"), "no", "answered in the one that is open");
        assert_eq!(past.habit.days().collect::<Vec<_>>(), [(jiff::civil::date(2026, 11, 21), 1)]);
        assert_eq!(past.unfinished.map(|kept| kept.events.len()), Some(5));
        drop(store);
        assert_eq!(schema::version(&Connection::open(folder.path().join(FILE)).unwrap()).unwrap(), schema::VERSION);
    }
}

#[test]
fn the_training_days_are_counted_without_reading_a_session() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let steps = |row: &Row<'_>| Ok((row.get::<_, String>(1)?, row.get::<_, i64>(2)?, row.get::<_, i64>(3)?));
    let steps = store.rows(&format!("EXPLAIN {}", past::TRAINING_DAYS), steps).unwrap();
    let table = "SELECT rootpage FROM sqlite_schema WHERE name = 'session'";
    let table = store.rows(table, |row| row.get::<_, i64>(0)).unwrap()[0];
    let (_, cursor, _) = steps.iter().find(|(step, _, page)| step == "OpenRead" && *page == table).unwrap();
    let columns: Vec<_> = steps.iter().filter(|(step, ..)| step == "Column").collect();
    assert!(!columns.is_empty() && columns.iter().all(|(_, of, _)| of != cursor), "{steps:?}");
}

#[test]
fn a_session_is_amended_noted_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    closed(&mut store, &["none"]);
    closed(&mut store, &["none"]);
    let [late, early] = &store.history().unwrap()[..] else { panic!("two sessions") };
    let stage = Stage { step: 7, part: Part::Set, side: None, round: 1 };
    let to = Correction::Reps { reps: 9, how: SetEnd::Short };
    let correction = event(2, Fact::Corrected { stage, to });
    let mut kept = store.session(early.id).unwrap();
    kept.events.push(correction.clone());
    let digest = Digest::of(&kept.protocol, &Record::of(&kept.events));
    let known = kept.events.len() - 1;
    let amendment = Amendment { session: early.id, known, events: vec![correction], digest: Box::new(digest) };
    store.amend(&amendment).unwrap();
    assert!(matches!(store.amend(&amendment), Err(StoreError::GoneOn)), "it has more events than that by now");
    store.note(Some(early.id), "slept badly").unwrap();
    store.note(None, "the last one").unwrap();

    let again = Store::open(folder.path()).unwrap();
    let history = again.history().unwrap();
    let notes: Vec<_> = history.iter().map(|line| (line.note.as_str(), line.digest.reps())).collect();
    assert_eq!(notes, [("the last one", 0), ("slept badly", 9)]);
    assert_eq!(again.session(early.id).unwrap().events, kept.events);
    assert_eq!(again.past().unwrap().habit.sessions(), 1, "only the amended one has reps");
    again.verify().unwrap();

    store.remove(early.id).unwrap();
    assert_eq!(store.history().unwrap().iter().map(|line| line.id).collect::<Vec<_>>(), [late.id]);
    assert!(store.session(early.id).is_err());
    store.verify().unwrap();
    store.remove(late.id).unwrap();
    assert_eq!(store.rows("SELECT id FROM protocol", |row| row.get::<_, i64>(0)).unwrap(), [0; 0], "kept for nobody");
}

#[test]
fn what_another_program_kept_from_being_written_is_written_with_what_follows() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    store.begin(&ankle(), &began()).unwrap();
    let events = [event(1, Fact::Resumed), event(2, Fact::Paused { why: PauseReason::Asked }), event(3, Fact::Resumed)];
    store.record(&[&events[0]], None).unwrap();
    let other = Connection::open(folder.path().join(FILE)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = store.record(&[&events[1]], None).unwrap_err();
    assert!(!error.is_damage() && error.to_string().contains("locked"), "{error}");
    assert!(store.has_unsaved());
    assert_eq!(Store::open(folder.path()).unwrap().history().unwrap().len(), 1, "it can be read meanwhile");
    other.execute_batch("ROLLBACK").unwrap();
    store.record(&[&events[2]], None).unwrap();
    assert!(!store.has_unsaved());
    assert_eq!(store.past().unwrap().unfinished.unwrap().events, events);
}

#[test]
fn what_is_not_on_disk_is_neither_lost_by_filing_its_session_nor_left_out_by_continuing_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let stage = Stage { step: 7, part: Part::Set, side: None, round: 1 };
    let rep = |rep| event(u64::from(rep), Fact::RepCompleted { stage, rep });
    store.begin(&ankle(), &began()).unwrap();
    store.record(&[&rep(1)], None).unwrap();
    let other = Connection::open(folder.path().join(FILE)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    store.record(&[&rep(2)], None).unwrap_err();
    let session = store.history().unwrap()[0].id;
    assert!(store.past().unwrap().unfinished.is_none(), "its rows are not all of it");
    let end = event(3, Fact::Ended { ending: Ending::Early });
    let digest = Box::new(Digest::of(&ankle(), &Record::of(&[rep(1), end.clone()])));
    let amendment = Amendment { session, known: 1, events: vec![end], digest };
    store.amend(&amendment).unwrap_err();
    assert!(store.has_unsaved());
    other.execute_batch("ROLLBACK").unwrap();
    assert!(matches!(store.amend(&amendment), Err(StoreError::GoneOn)), "what was shown of it lacks a rep");
    assert_eq!(store.session(session).unwrap().events, [rep(1), rep(2)]);
    assert_eq!(store.past().unwrap().unfinished.map(|kept| kept.id), Some(session));
}

#[test]
fn what_could_not_be_written_outlives_the_next_session_and_is_written_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let [one, two] = ["2026-11-03T18:00[Europe/Berlin]", "2026-11-04T18:00[Europe/Berlin]"];
    let ended = event(3, Fact::Ended { ending: Ending::Early });
    let other = Connection::open(folder.path().join(FILE)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    store.begin(&ankle(), &one.parse().unwrap()).unwrap();
    let digest = Digest::of(&ankle(), &Record::of(std::slice::from_ref(&ended)));
    assert!(store.record(&[&ended], Some(&digest)).is_err());
    assert!(store.note(None, "tired").is_err(), "on the session that is not there yet");
    store.begin(&ankle(), &two.parse().unwrap()).unwrap();
    assert!(store.has_unsaved());
    assert!(store.flush().is_err() && store.has_unsaved());
    other.execute_batch("ROLLBACK").unwrap();
    store.record(&[&event(1, Fact::Resumed)], None).unwrap();
    assert!(!store.has_unsaved());
    store.flush().unwrap();
    let history = store.history().unwrap();
    let told: Vec<_> = history.iter().map(|line| (line.began.day(), &*line.note, line.digest.ending)).collect();
    assert_eq!(told, [(4, "", None), (3, "tired", Some(Ending::Early))]);
}

#[test]
fn a_session_taken_up_where_nothing_can_be_written_is_never_called_saved() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    store.begin(&ankle(), &began()).unwrap();
    store.record(&[&event(1, Fact::Resumed)], None).unwrap();
    let id = store.past().unwrap().unfinished.unwrap().id;
    drop(store);
    let why = StoreError::ReadOnly("the disk is".to_owned());
    let mut store = Store::open_read_only(folder.path(), &why).unwrap();
    store.take_up(id);
    for at in [2, 3] {
        let error = store.record(&[&event(at, Fact::Resumed)], None).unwrap_err();
        assert!(error.to_string().contains("the disk is"), "{error}");
        assert!(store.has_unsaved());
    }
    assert_eq!(store.session(id).unwrap().events.len(), 1);
}

#[test]
fn a_session_left_open_with_reps_is_a_training_day_at_home_as_it_is_among_the_weeks() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let protocol = ankle();
    let step = (0..protocol.steps.len()).find(|step| protocol.exercise(*step).is_some()).unwrap();
    let stage = Stage { step, part: Part::Set, side: Some(Side::Left), round: 1 };
    let days = |store: &Store| -> Vec<_> { store.past().unwrap().habit.days().collect() };
    store.begin(&protocol, &began()).unwrap();
    store.record(&[&event(1, Fact::RepCompleted { stage, rep: 1 })], None).unwrap();
    assert_eq!(days(&store), [(date(2026, 3, 29), 1)]);
    let counted: u64 = store.history().unwrap().iter().map(|line| line.digest.reps()).sum();
    assert_eq!(counted, 1, "as the pages over weeks count it");
    store.record(&[&event(2, Fact::RepUndone { stage, rep: 1 })], None).unwrap();
    assert_eq!(days(&store), []);
}

#[test]
fn the_protocol_that_was_trained_last_comes_last_however_long_it_has_been_known() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).unwrap();
    let edited = Protocol { title: "edited".to_owned(), ..Protocol::clone(&ankle()) };
    for (protocol, day) in [(&*ankle(), "01"), (&edited, "02"), (&*ankle(), "03")] {
        store.begin(protocol, &format!("2026-11-{day}T18:00[Europe/Berlin]").parse().unwrap()).unwrap();
        store.record(&[&event(1, Fact::Resumed)], None).unwrap();
    }
    let titles: Vec<_> = store.protocols().unwrap().into_iter().map(|protocol| protocol.title).collect();
    assert_eq!(titles, ["edited".to_owned(), ankle().title.clone()]);
}
