//! From notes to samples.

use std::f64::consts::{PI, TAU};

use rodio::buffer::SamplesBuffer;
use rodio::source::UniformSourceIterator;

use crate::config::sound::{Note, Recording, Tone};

/// The fundamental and its overtones, by amplitude: a little colour carries a tone through a loud room.
const PARTIALS: [f64; 3] = [1.0, 0.35, 0.15];

/// How long a note swells, in seconds: too short to blur its start, too long to click.
const ATTACK: f64 = 0.004;

/// How long a note fades, in seconds.
const RELEASE: f64 = 0.015;

/// The samples of `tone`, for one channel at `rate` frames a second, between -1 and 1.
pub fn render(tone: &Tone, rate: u32) -> Vec<f32> {
    let level = f64::from(tone.level.min(100)) / 100.0;
    if let Some(recording) = &tone.recording {
        return resample(recording, rate).map(|sample| sample * level as f32).collect();
    }
    let rate = f64::from(rate);
    let mut samples = Vec::new();
    let mut ms = 0;
    for note in &tone.notes {
        ms += u32::from(note.ms);
        // Counted from the start of the tone: lengths that are no whole number of frames don't add up to a shift.
        let end = (f64::from(ms) / 1000.0 * rate).round() as usize;
        let frames = end.saturating_sub(samples.len());
        match note.hz {
            Some(hz) => render_note(&mut samples, note, f64::from(hz), frames, level, rate),
            None => samples.resize(end, 0.0),
        }
    }
    samples
}

/// The samples of a recording at another rate.
fn resample(recording: &Recording, rate: u32) -> impl Iterator<Item = f32> {
    let mono = std::num::NonZero::<u16>::MIN;
    let source = SamplesBuffer::new(mono, recording.rate, recording.samples.clone());
    UniformSourceIterator::new(source, mono, std::num::NonZero::new(rate).unwrap_or(recording.rate))
}

fn render_note(samples: &mut Vec<f32>, note: &Note, hz: f64, frames: usize, level: f64, rate: f64) {
    let to = note.to.map_or(hz, f64::from);
    let whole: f64 = PARTIALS.iter().sum();
    let mut phase = 0.0;
    for frame in 0..frames {
        let hz_now = hz * (to / hz).powf(frame as f64 / frames as f64);
        let wave: f64 = (1_u8..)
            .zip(PARTIALS)
            // An overtone above half the rate would come back as a wrong pitch.
            .filter(|(number, _)| f64::from(*number) * hz_now < 0.45 * rate)
            .map(|(number, amplitude)| amplitude * (phase * f64::from(number) * TAU).sin())
            .sum();
        samples.push((wave / whole * level * envelope(frame, frames, rate)) as f32);
        phase = (phase + hz_now / rate).fract();
    }
}

/// The loudness of a note at `frame` of `frames`: a rise and a fall with the slope of a cosine.
fn envelope(frame: usize, frames: usize, rate: f64) -> f64 {
    let ramp = |distance: usize, seconds: f64, share: f64| {
        let length = (seconds * rate).min(frames as f64 * share).max(1.0);
        0.5 - 0.5 * (PI * (distance as f64 / length).min(1.0)).cos()
    };
    ramp(frame, ATTACK, 0.25) * ramp(frames - 1 - frame, RELEASE, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    const RATES: [u32; 4] = [8000, 44_100, 48_000, 192_000];

    /// The frequency of `samples`, from the times between their rises through zero.
    fn frequency(samples: &[f32], rate: u32) -> f64 {
        let rises: Vec<usize> =
            samples.windows(2).enumerate().filter(|(_, w)| w[0] <= 0.0 && w[1] > 0.0).map(|(i, _)| i).collect();
        let periods = (rises.len() - 1) as f64;
        periods * f64::from(rate) / (rises[rises.len() - 1] - rises[0]) as f64
    }

    fn tone(hz: u16, to: Option<u16>, ms: u16) -> Tone {
        Tone { level: 100, notes: vec![Note { hz: Some(hz), to, ms }], file: None, recording: None }
    }

    #[test]
    fn every_built_in_cue_has_its_length_its_level_and_no_click() {
        let sound = Config::built_in().sound;
        for (cue, tone) in sound.tones() {
            for rate in RATES {
                let samples = render(tone, rate);
                let expected = f64::from(tone.ms()) * f64::from(rate) / 1000.0;
                assert!((samples.len() as f64 - expected).abs() <= 1.0, "{cue:?}: {} of {expected}", samples.len());

                let peak = samples.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
                let level = f32::from(tone.level) / 100.0;
                assert!(peak <= level && peak > 0.6 * level, "{cue:?}: {peak} at level {level}");

                // The steepest that the waves themselves are, with their overtones, at the highest pitch.
                let highest = tone.notes.iter().flat_map(|note| [note.hz, note.to]).flatten().max().unwrap();
                let steepest = level * 2.2 * std::f32::consts::TAU * f32::from(highest) / rate as f32;
                let around = [0.0].into_iter().chain(samples.iter().copied()).chain([0.0]).collect::<Vec<f32>>();
                let jump = around.windows(2).fold(0.0_f32, |jump, w| jump.max((w[1] - w[0]).abs()));
                assert!(jump <= steepest, "{cue:?} at {rate} Hz: a jump of {jump}, {steepest} at most");
                assert!(
                    around[1].abs() < 0.001 && around[around.len() - 2].abs() < 0.001,
                    "{cue:?} starts and ends at rest"
                );
            }
        }
    }

    #[test]
    fn a_note_has_its_pitch_and_a_glide_goes_its_way() {
        for rate in RATES {
            let level = render(&tone(700, None, 300), rate);
            assert!((frequency(&level, rate) - 700.0).abs() < 5.0, "{}", frequency(&level, rate));
            for (from, to) in [(500, 900), (900, 500)] {
                let glide = render(&tone(from, Some(to), 300), rate);
                let quarter = glide.len() / 4;
                let pitches: Vec<f64> = glide.chunks_exact(quarter).map(|part| frequency(part, rate)).collect();
                assert!(pitches.is_sorted_by(|a, b| (a < b) == (from < to)), "{from} to {to}: {pitches:?}");
                let near = |pitch: f64, hz: u16| (pitch / f64::from(hz) - 1.0).abs() < 0.15;
                assert!(near(pitches[0], from) && near(pitches[3], to), "{from} to {to}: {pitches:?}");
            }
        }
    }

    #[test]
    fn a_recording_sounds_in_place_of_the_notes_at_the_level_and_at_the_rate_of_the_stream() {
        let wave = (0..4410).map(|frame| (f64::from(frame) / 44_100.0 * 500.0 * TAU).sin() as f32);
        let recording = Recording { rate: 44_100.try_into().unwrap(), samples: wave.collect() };
        let tone = Tone { level: 50, recording: Some(recording.into()), ..tone(2000, None, 10) };
        assert_eq!(tone.ms(), 100);
        for rate in RATES {
            let samples = render(&tone, rate);
            assert!((samples.len() as f64 / f64::from(rate) - 0.1).abs() < 0.002, "{} at {rate}", samples.len());
            assert!((frequency(&samples, rate) - 500.0).abs() < 5.0, "{}", frequency(&samples, rate));
            let peak = samples.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
            assert!((peak - 0.5).abs() < 0.02, "{peak} at {rate}");
        }
    }

    #[test]
    fn a_silence_is_nothing_but_zeros() {
        let silence = Tone { notes: vec![Note { hz: None, to: None, ms: 25 }], ..tone(440, None, 10) };
        assert_eq!(render(&silence, 48_000), vec![0.0; 1200]);
    }
}
