//! The page of a small history, and what it must never have in it.

use super::*;
use crate::config::{Config, Files, Source};
use crate::protocol::Work;
use crate::protocol::quantity::RepRange;
use crate::session::digest::{Measured, Rated, SetDone};
use crate::session::earlier::Chosen;
use crate::session::event::{Ending, SetEnd};

fn ankle() -> Protocol {
    Protocol::clone(&Config::built_in().protocols["ankle"])
}

/// A session of 2026 with a reading a side, and a set.
fn line(day: &str, left: Reading, right: Reading, pain: (u8, u8)) -> Line {
    let protocol = ankle();
    let test = protocol.steps.iter().enumerate().find_map(|(step, _)| protocol.test(step)).unwrap().clone();
    let measured = |side, reading| Measured {
        test: "wall".to_owned(),
        side: Some(side),
        again: false,
        reading,
        distance: reading::distance(&test, reading),
    };
    let rated = |again, number| Rated { question: "pain".to_owned(), side: None, again, number };
    let digest = Digest {
        protocol: "ankle".to_owned(),
        title: "Ankle session".to_owned(),
        ending: Some(Ending::Finished),
        sets: vec![SetDone {
            exercise: "front-band".to_owned(),
            title: "Band in front".to_owned(),
            side: Some(Side::Left),
            round: 1,
            reps: 12,
            range: RepRange::new(10, 15).unwrap(),
            how: Some(SetEnd::Enough),
            repositioned: false,
        }],
        readings: vec![measured(Side::Left, left), measured(Side::Right, right)],
        scales: vec![rated(false, pain.0), rated(true, pain.1)],
        chosen: vec![Chosen::of("feel", None, "front")],
        ..Digest::default()
    };
    let began = format!("2026-{day}T18:30[Europe/Berlin]").parse().unwrap();
    Line { id: 1, began, note: String::new(), digest }
}

fn gap(mm: i32) -> Reading {
    Reading::Gap(Length::from_mm(mm))
}

fn history() -> Vec<Line> {
    let reach = |mm| Reading::Reach(Length::from_mm(mm));
    let mut history = vec![
        line("11-18", gap(12), reach(118), (1, 1)),
        line("11-10", gap(20), gap(0), (2, 1)),
        line("11-02", gap(35), gap(15), (4, 2)),
        line("10-28", Reading::Judged("2 in".parse().unwrap()), gap(20), (4, 4)),
    ];
    history[1].note = "slept badly".to_owned();
    history
}

fn page(sessions: &[Line], protocols: &[Protocol]) -> String {
    page_of(&Config::built_in(), sessions, protocols)
}

fn report_of<'a>(config: &'a Config, sessions: &'a [Line], protocols: &'a [Protocol], today: Date) -> Report<'a> {
    let (words, aims) = (&config.words, &config.progress);
    Report { words, unit: Unit::Cm, aims, today, sessions, left_out: 0, protocols }
}

fn page_of(config: &Config, sessions: &[Line], protocols: &[Protocol]) -> String {
    let today = "2026-11-21".parse().unwrap();
    report_of(config, sessions, protocols, today).html().unwrap()
}

/// The page without its style and the insides of its charts.
fn words_of(page: &str) -> String {
    let mut text = String::new();
    let mut rest = page;
    while let Some(open) = ["<style", "<svg"].iter().filter_map(|tag| rest.find(tag)).min() {
        text.push_str(&rest[..open]);
        let end = if rest[open..].starts_with("<svg") { "</svg>" } else { "</style>" };
        rest = &rest[open + rest[open..].find(end).unwrap() + end.len()..];
        text.push('…');
    }
    (text + rest).replace("><", ">\n<")
}

#[test]
fn a_small_report() {
    insta::assert_snapshot!(words_of(&page(&history(), &[ankle()])));
}

#[test]
fn a_test_is_told_by_the_rules_of_the_program_before_exercise_and_at_one_toe_distance() {
    // Twice on one day, the second time after training; at the end at another distance from the wall.
    let mut sessions = vec![
        line("11-18", gap(12), gap(12), (1, 1)),
        line("11-18", gap(30), gap(30), (1, 1)),
        line("11-02", gap(40), gap(40), (1, 1)),
    ];
    let words = |sessions: &[Line]| words_of(&page(sessions, &[ankle()]));
    let told = words(&sessions);
    assert!(told.contains("+1\u{a0}cm: ") && !told.contains("+2.8\u{a0}cm"), "{told}");
    for measured in &mut sessions[2].digest.readings {
        measured.distance = measured.distance.plus(Length::from_mm(50));
    }
    let told = words(&sessions);
    assert!(told.contains(&Config::built_in().words.summary.other_form.replace("{by}", "−4\u{a0}cm")), "{told}");
}

#[test]
fn a_chart_tells_kinds_of_readings_apart_and_joins_only_what_is_measured_alike() {
    let words = &Config::built_in().words;
    let days = chart::Days { words, first: "2026-10-26".parse().unwrap(), count: 27 };
    let point = |day, value, mark| Point { day, value, mark };
    let points = [
        point(2.0, 5.1, Mark::Cross),
        point(7.0, 6.7, Mark::Circle),
        point(15.0, 8.2, Mark::Circle),
        point(18.0, 10.2, Mark::Triangle),
        point(20.0, 11.8, Mark::Square),
    ];
    let svg = chart::Readings { days, points: &points, target: 10.2, band: Some((6.7, 1.9)) }.svg().unwrap();
    insta::assert_snapshot!(svg);
}

/// The ankle session with a test and a scale of a person's own beside those that it has, and a session of it.
fn with_own_measures() -> (Protocol, Line) {
    let mut protocol = ankle();
    let mut own: Vec<_> =
        protocol.steps.iter().filter(|step| ["wall", "pain-before"].contains(&&*step.id)).cloned().collect();
    for step in &mut own {
        match &mut step.work {
            Work::Measure { test_id, test, .. } => {
                *test_id = "barefoot".to_owned();
                let test = std::sync::Arc::make_mut(test);
                (test.title, test.real_change) = ("Barefoot test".to_owned(), Length::from_mm(26));
            }
            Work::Ask { question_id, question, .. } => {
                *question_id = "stiff".to_owned();
                let question = std::sync::Arc::make_mut(question);
                question.title = "Morning stiffness".to_owned();
                let scale = question.scale.as_mut().unwrap();
                (scale.high, scale.notable_change) = (4, 1);
            }
            _ => {}
        }
    }
    protocol.steps.extend(own);
    let mut line = line("11-18", gap(12), gap(12), (1, 1));
    line.digest.readings[1].test = "barefoot".to_owned();
    line.digest.scales.push(Rated { question: "stiff".to_owned(), side: Some(Side::Left), again: false, number: 3 });
    (protocol, line)
}

#[test]
fn each_test_and_each_scale_is_told_under_its_own_title_with_its_own_error() {
    let (protocol, session) = with_own_measures();
    let told = words_of(&page(&[session], &[protocol]));
    for expected in [
        "measuring error of this test: 1.9 cm",
        "measuring error of this test: 2.6 cm",
        "(± 2.6 cm)",
        "to 4 (the worst imaginable), as the person rated it. A change of 1 or more",
        "<th>Tests, cm</th>",
        "<div>Wall test: <span class=\"d\">left 9</span>",
        "<div>Barefoot test: <span class=\"d\">right 9</span>",
        "<th>Ratings</th>",
        "<div>Pain: <span class=\"d\">1 → 1</span>",
        "<div>Morning stiffness: <span class=\"d\">left 3</span>",
    ] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
}

#[test]
fn what_published_work_found_is_never_told_with_the_numbers_of_a_test() {
    let mut protocol = ankle();
    for step in &mut protocol.steps {
        if let Work::Measure { test, .. } = &mut step.work {
            let test = std::sync::Arc::make_mut(test);
            (test.real_change, test.watch_difference) = (Length::from_mm(33), Length::from_mm(27));
        }
    }
    let told = words_of(&page(&history(), &[protocol]));
    let meaning = &told[told.find("What the numbers mean").unwrap()..];
    assert!(told.contains("3.3 cm") && told.contains("2.7 cm"), "{told}");
    assert!(!meaning.contains("3.3 cm") && !meaning.contains("2.7 cm"), "{meaning}");
}

#[test]
fn what_is_explained_is_what_is_on_the_page() {
    let words = &Config::built_in().words.report;
    let mut session = line("11-18", gap(12), gap(12), (1, 1));
    session.digest.scales.clear();
    let told = page(&[session.clone()], &[ankle()]);
    assert!(told.contains(&words.meaning_reps) && !told.contains(&words.meaning_pain), "{told}");
    assert!(!told.contains("<th>Pain</th>") && !told.contains(&words.rated_several), "{told}");
    session.digest.readings.clear();
    session.digest.sets.clear();
    let told = page(&[session], &[ankle()]);
    assert!(!told.contains(&words.meaning) && !told.contains("Wall test, cm"), "{told}");
}

/// The labels of a chart, as they stand on it.
fn labels(svg: &str) -> Vec<&str> {
    let texts = svg.split("<text").skip(1).filter_map(|text| text.split_once('>')?.1.split_once('<'));
    texts.map(|(label, _)| label.trim()).collect()
}

#[test]
fn no_two_lines_of_a_chart_have_one_number() {
    let words = &Config::built_in().words;
    let days = chart::Days { words, first: "2026-10-26".parse().unwrap(), count: 27 };
    let point = |day, value| Point { day, value, mark: Mark::Cross };
    let numbers = |svg: &str| -> Vec<u8> { labels(svg).into_iter().filter_map(|label| label.parse().ok()).collect() };
    for high in 1..=4 {
        let svg = chart::scale(days, (0, high), &[point(2.0, 1.0)], &[]).unwrap();
        assert_eq!(numbers(&svg), (0..=high).collect::<Vec<_>>());
    }
    let in_inches = [point(2.0, 3.2), point(9.0, 4.0)];
    let svg = chart::Readings { days, points: &in_inches, target: 4.0, band: None }.svg().unwrap();
    assert_eq!(numbers(&svg), [2, 3, 4, 5]);
}

#[test]
fn measuring_error_is_drawn_round_the_reading_that_the_latest_is_compared_with() {
    let words = Config::built_in().words.report.error_band.replace(" (± {error})", "");
    let reach = |mm| Reading::Reach(Length::from_mm(mm));
    // The first reading is a reach, which the latest, a gap, is not compared with.
    let sessions = [("11-18", gap(12)), ("11-10", gap(40)), ("11-02", reach(80))]
        .map(|(day, left)| line(day, left, gap(0), (1, 1)));
    let told = page(&sessions, &[ankle()]);
    assert_eq!(words_of(&told).matches(&words).count(), 1, "none round a touch");
    let band = |sessions: &[Line]| -> String {
        let page = page(sessions, &[ankle()]);
        let rectangle = page.split("<rect ").find(|rectangle| rectangle.contains("#DEDEDE")).unwrap();
        rectangle[rectangle.find(" y=").unwrap()..rectangle.find(" fill").unwrap()].to_owned()
    };
    assert_ne!(
        band(&sessions),
        band(&[sessions[0].clone(), line("11-10", gap(20), gap(0), (1, 1)), sessions[2].clone()])
    );
}

#[test]
fn a_touch_is_told_with_the_distance_at_which_it_was_one() {
    let mut latest = line("11-18", gap(0), gap(0), (1, 1));
    for measured in &mut latest.digest.readings {
        measured.distance = Length::from_mm(80);
    }
    let told = words_of(&page(&[latest], &[ankle()]));
    assert!(told.contains("touches at 8 cm") && !told.contains("touches at 10 cm"), "{told}");
}

#[test]
fn a_second_reading_of_one_session_is_no_test_of_another_day() {
    let mut session = line("11-18", gap(30), gap(30), (1, 1));
    let mut later = session.digest.readings.clone();
    later.iter_mut().for_each(|measured| measured.reading = gap(5));
    session.digest.readings.extend(later);
    let told = words_of(&page(&[session], &[ankle()]));
    assert!(told.contains("3 cm short") && !told.contains("0.5 cm short"), "{told}");
}

#[test]
fn a_set_without_a_rep_is_no_set_done() {
    let mut session = line("11-18", gap(30), gap(30), (1, 1));
    let done = session.digest.sets[0].clone();
    let without = |how| SetDone { reps: 0, how: Some(how), ..done.clone() };
    session.digest.sets.extend([without(SetEnd::Skipped), without(SetEnd::Pain)]);
    let told = words_of(&page(&[session], &[ankle()]));
    let row = &told[told.find("<th>Band in front</th>").unwrap()..];
    let numbers: Vec<_> =
        row.split("<td class=\"n\">").skip(1).take(7).filter_map(|cell| cell.split('<').next()).collect();
    assert_eq!(numbers, ["1", "12", "0", "1", "0", "1", "1"], "{row}");
    assert!(told.contains("1 sets, 12 reps"), "as it is counted at a glance: {told}");
}

#[test]
fn numbers_and_dates_are_those_of_the_language() {
    let files = Files { locale: Some("de_DE.UTF-8".to_owned()), ..Files::default() };
    let german = Config::load(files).unwrap_or_else(|refusal| panic!("{refusal}"));
    let page = page_of(&german, &history(), &[german.protocols["ankle"].as_ref().clone()]);
    for expected in ["4, 1,0 pro Woche", "28.10.2026 bis 21.11.2026", "18.11.2026 18:30", "am 21.11.2026", "26.10.2026"]
    {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    let text: String = page.split('>').filter_map(|part| part.split('<').next()).collect::<Vec<_>>().join("\n");
    assert!(!text.contains("2026-"), "a date of another language: {text}");
    let is_point = |window: &[u8]| window[0].is_ascii_digit() && window[1] == b'.' && window[2].is_ascii_digit();
    let body = &text[text.find("Auf einen Blick").unwrap()..text.find("Erstellt von").unwrap()];
    let points: Vec<_> = body.split_whitespace().filter(|word| word.as_bytes().windows(3).any(is_point)).collect();
    assert!(!points.is_empty() && points.iter().all(|word| word.matches('.').count() == 2), "{points:?}");
}

#[test]
fn what_was_stopped_for_pain_is_told_with_its_session_however_that_ended() {
    let stopped = |ending| {
        let mut session = line("11-18", gap(30), gap(30), (1, 1));
        session.digest.sets[0].how = Some(SetEnd::Pain);
        session.digest.ending = Some(ending);
        words_of(&page(&[session], &[ankle()]))
    };
    let finished = stopped(Ending::Finished);
    assert!(finished.contains("<td>finished (stopped for pain: Band in front, left)</td>"), "{finished}");
    let ended = stopped(Ending::Pain);
    assert!(ended.contains("<td>stopped for pain: Band in front, left</td>"), "{ended}");
}

#[test]
fn what_hurt_and_was_gone_on_with_is_told_with_its_session() {
    let mut session = line("11-18", gap(30), gap(30), (1, 1));
    session.digest.sets[0].repositioned = true;
    let told = words_of(&page(&[session], &[ankle()]));
    assert!(
        told.contains("<td>finished (hurt or pinched, then on in another position: Band in front, left)</td>"),
        "{told}"
    );
}

#[test]
fn weeks_without_a_gain_are_told_as_the_person_is_told_of_them() {
    // Every second day for four weeks, with the right ankle short of the wall and not trained.
    let days = (0..15).map(|day| "2026-10-19".parse::<Date>().unwrap().saturating_add(jiff::Span::new().days(2 * day)));
    let mut sessions: Vec<Line> =
        days.map(|day| line(&day.strftime("%m-%d").to_string(), gap(30), gap(30), (1, 1))).collect();
    sessions.reverse();
    let told = words_of(&page(&sessions, &[ankle()]));
    let expected = "Left ankle: 15 sessions in 4 weeks, and no gain beyond measuring error since 2026-10-19.";
    assert!(told.contains(expected) && !told.contains("Right ankle: 15"), "{told}");
    assert!(!words_of(&page(&sessions[1..], &[ankle()])).contains("no gain beyond"), "less than four weeks");
}

#[test]
fn numbers_of_two_scales_are_not_on_one_chart() {
    let text = "[question.pain.scale]\nhigh = 20\n".to_owned();
    let edited = Config::load(vec![Source { name: "mine.toml".to_owned(), text }]);
    let edited = edited.unwrap_or_else(|refusal| panic!("{refusal}"));
    let [edited, other] = ["ankle", "warm-up"].map(|id| edited.protocols[id].as_ref().clone());
    let sessions = [line("11-18", gap(30), gap(30), (1, 1))];
    let alike = page(&sessions, &[ankle(), ankle()]);
    let mixed = page(&sessions, &[ankle(), edited]);
    let charts = |page: &str| page.matches("<svg").count();
    assert_eq!(charts(&page(&sessions, &[ankle(), other])), charts(&alike), "in that one no number was given");
    assert_eq!(charts(&mixed), charts(&alike) - 1);
    let said = "It was asked on different scales over time";
    assert!(words_of(&mixed).contains(said) && !words_of(&alike).contains(said), "{mixed}");
}

#[test]
fn its_weeks_begin_where_the_person_says() {
    // A Sunday and the Monday after it.
    let sessions = [line("11-16", gap(30), gap(30), (1, 1)), line("11-15", gap(30), gap(30), (1, 1))];
    let weeks = |text: &str| {
        let source = Source { name: "mine.toml".to_owned(), text: text.to_owned() };
        let config = Config::load(vec![source]).unwrap_or_else(|refusal| panic!("{refusal}"));
        Figures::of(&report_of(&config, &sessions, &[], "2026-11-18".parse().unwrap())).weeks
    };
    assert_eq!(weeks(""), [(0.0, 1), (7.0, 1)]);
    assert_eq!(weeks("[progress]\nweek-starts = \"sunday\"\n"), [(0.0, 2)]);
}

#[test]
fn sessions_that_lie_ahead_are_left_out_and_that_is_told() {
    let (sessions, config) = (history(), Config::built_in());
    let told = |left_out| {
        let report = report_of(&config, &sessions, &[], "2026-11-21".parse().unwrap());
        words_of(&Report { left_out, ..report }.html().unwrap())
    };
    assert!(told(2).contains("<td>2, dated ahead of today</td>") && !told(0).contains("ahead of today"));
}

#[test]
fn without_sessions_it_says_so() {
    let page = page(&[], &[]);
    assert!(words_of(&page).contains("<td>none</td>"), "{page}");
    assert!(!page.contains("<svg"));
}

#[test]
fn it_has_no_script_and_refers_to_nothing_outside_itself() {
    let page = page(&history(), &[ankle()]).to_lowercase();
    for sign in ["<script", "http:", "https:", "//", "href", "src=", "url(", "@import", "javascript", "onload", "<link"]
    {
        assert!(!page.contains(sign), "{sign}");
    }
}

#[test]
fn every_text_is_escaped_wherever_it_comes_from() {
    let evil = "<script>alert('&')</script>";
    let mut sessions = history();
    sessions[0].note = evil.to_owned();
    sessions[0].digest.title = evil.to_owned();
    sessions[0].digest.sets[0].title = evil.to_owned();
    sessions[0].digest.chosen = vec![Chosen::of(evil, None, evil)];
    let mut protocol = ankle();
    for step in &mut protocol.steps {
        match &mut step.work {
            Work::Measure { test, .. } => std::sync::Arc::make_mut(test).title = evil.to_owned(),
            Work::Ask { question, .. } => std::sync::Arc::make_mut(question).title = evil.to_owned(),
            _ => {}
        }
    }
    let page = page(&sessions, &[protocol]);
    assert!(!page.contains("<script"), "{page}");
    assert!(page.matches("&lt;script&gt;").count() >= 7);
}

#[test]
fn a_hold_is_told_as_a_set_and_not_as_a_rep() {
    let mut session = line("11-18", gap(30), gap(30), (1, 1));
    let hold = SetDone {
        exercise: "calf-roll".to_owned(),
        title: "Calf rolling".to_owned(),
        reps: 1,
        range: RepRange::new(1, 1).unwrap(),
        how: Some(SetEnd::Full),
        ..session.digest.sets[0].clone()
    };
    session.digest.sets.push(hold);
    let told = words_of(&page(&[session], &[ankle()]));
    assert!(told.contains("2 sets, 12 reps"), "{told}");
    let row = &told[told.find("<th>Calf rolling</th>").unwrap()..];
    let numbers: Vec<_> =
        row.split("<td class=\"n\">").skip(1).take(3).filter_map(|cell| cell.split('<').next()).collect();
    assert_eq!(numbers, ["1", "–", "1"]);
}

#[test]
fn ankles_are_compared_by_tests_of_one_day_alone() {
    let mut sessions = vec![line("11-18", gap(12), gap(12), (1, 1)), line("11-10", gap(40), gap(10), (1, 1))];
    assert!(words_of(&page(&sessions[1..], &[ankle()])).contains("Left and right differ by 3 cm"));
    sessions[0].digest.readings.truncate(1);
    let told = words_of(&page(&sessions, &[ankle()]));
    assert!(!told.contains("Left and right differ"), "the left one gained since: {told}");
}

#[test]
fn a_session_without_exercise_is_none_of_those_that_are_counted() {
    let mut sessions = vec![line("11-18", gap(12), gap(12), (1, 1)), line("11-17", gap(12), gap(12), (1, 1))];
    sessions[0].digest.sets[0].reps = 0;
    let told = words_of(&page(&sessions, &[ankle()]));
    assert!(told.contains("<td>1, 1.0 a week"), "{told}");
}

#[test]
fn a_test_of_both_ankles_at_once_tells_of_no_difference_between_them() {
    let mut session = line("11-18", gap(12), gap(12), (1, 1));
    assert!(words_of(&page(&[session.clone()], &[ankle()])).contains("asymmetric"));
    session.digest.readings.truncate(1);
    session.digest.readings[0].side = None;
    assert!(!words_of(&page(&[session], &[ankle()])).contains("asymmetric"));
}

#[test]
fn sets_are_counted_by_ankle_and_one_that_was_left_in_the_middle_as_short() {
    let mut session = line("11-18", gap(30), gap(30), (1, 1));
    let done = session.digest.sets[0].clone();
    session.digest.sets.push(SetDone { side: Some(Side::Right), reps: 3, how: None, ..done });
    let told = words_of(&page(&[session], &[ankle()]));
    let rows = told.split("<th>Band in front</th>").skip(1).map(|row| {
        let cells = row.split("<td class=\"n\">").skip(1).take(7);
        cells.filter_map(|cell| cell.split('<').next()).map(str::to_owned).collect::<Vec<_>>()
    });
    assert_eq!(rows.collect::<Vec<_>>(), [["1", "12", "0", "1", "0", "0", "0"], ["1", "3", "0", "0", "1", "0", "0"]]);
}
