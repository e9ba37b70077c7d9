//! A person's own sounds: WAV, Ogg Vorbis and FLAC files, decoded before anything starts.

use std::fs;
use std::path::Path;

use rodio::{Decoder, Source};

use crate::config::sound::{LONGEST_MS, Recording};

/// The largest file that is read, in bytes: some seconds of studio sound.
const MAX_BYTES: u64 = 8 << 20;

/// Reads a sound file, and mixes its channels into one.
///
/// # Errors
/// Why it can't be used, in a few words.
pub fn read(path: &Path) -> Result<Recording, String> {
    let size = fs::metadata(path).map_err(|error| format!("it can't be read: {error}"))?;
    if !size.is_file() {
        return Err("this is no file".to_owned());
    }
    if size.len() > MAX_BYTES {
        return Err(format!("the file is larger than {} MB", MAX_BYTES >> 20));
    }
    #[expect(clippy::disallowed_methods, reason = "the configuration asks for this file")]
    let file = fs::File::open(path).map_err(|error| format!("it can't be read: {error}"))?;
    let decoder = Decoder::try_from(file).map_err(|_| "this is no sound that can be read".to_owned())?;
    let (channels, rate) = (usize::from(decoder.channels().get()), decoder.sample_rate());
    let longest = rate.get() as usize * LONGEST_MS as usize / 1000;
    // One frame more than is allowed tells that it is too long.
    let samples: Vec<f32> = decoder.take((longest + 1) * channels).collect();
    let samples: Vec<f32> = samples
        .chunks_exact(channels)
        .map(|frame| frame.iter().sum::<f32>() / channels as f32)
        .map(|sample| if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 })
        .collect();
    if samples.is_empty() {
        return Err("there is no sound in it".to_owned());
    }
    if samples.len() > longest {
        return Err(format!("it is longer than {} s", LONGEST_MS / 1000));
    }
    Ok(Recording { rate, samples })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A WAV file of 16 bits: every frame is `frame`.
    fn wav(rate: u32, frame: &[i16], frames: u32) -> Vec<u8> {
        let (channels, data) = (frame.len() as u16, frames * frame.len() as u32 * 2);
        let mut bytes = [b"RIFF".as_slice(), &(36 + data).to_le_bytes(), b"WAVEfmt ", &16_u32.to_le_bytes()].concat();
        bytes.extend([1_u16.to_le_bytes(), channels.to_le_bytes()].concat());
        bytes.extend([rate.to_le_bytes(), (rate * u32::from(channels) * 2).to_le_bytes()].concat());
        bytes.extend([(channels * 2).to_le_bytes(), 16_u16.to_le_bytes()].concat());
        bytes.extend([b"data".as_slice(), &data.to_le_bytes()].concat());
        (0..frames).for_each(|_| frame.iter().for_each(|sample| bytes.extend(sample.to_le_bytes())));
        bytes
    }

    #[expect(clippy::disallowed_methods, reason = "a file to be read")]
    fn read_bytes(bytes: &[u8]) -> Result<Recording, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mine");
        fs::write(&path, bytes).unwrap();
        read(&path)
    }

    #[test]
    fn channels_are_mixed_into_one() {
        let recording = read_bytes(&wav(22_050, &[16_384, 0], 2_205)).unwrap();
        assert_eq!((recording.rate.get(), recording.samples.len(), recording.ms()), (22_050, 2_205, 100));
        assert!(recording.samples.iter().all(|sample| (sample - 0.25).abs() < 0.001));
    }

    #[test]
    fn ogg_vorbis_and_flac_are_read() {
        // A tone of half the full level, 0.1 s long.
        for bytes in
            [include_bytes!("../../tests/sounds/tone.ogg").as_slice(), include_bytes!("../../tests/sounds/tone.flac")]
        {
            let recording = read_bytes(bytes).unwrap();
            assert_eq!(recording.rate.get(), 8_000);
            // Vorbis keeps the rest of its last block.
            assert!((100..=130).contains(&recording.ms()), "{} ms", recording.ms());
            let loudest = recording.samples.iter().fold(0.0_f32, |most, sample| most.max(sample.abs()));
            assert!((0.4..0.6).contains(&loudest), "{loudest}");
            assert!(read_bytes(&bytes[..bytes.len() / 8]).is_err(), "a file that was cut off");
        }
    }

    #[test]
    fn what_is_no_short_sound_is_refused_in_words() {
        for (bytes, why) in [
            (b"no sound at all".repeat(100), "no sound that can be read"),
            (Vec::new(), "no sound"),
            (wav(8_000, &[1], 0), "no sound"),
            (wav(8_000, &[1], 24_001), "longer than 3 s"),
        ] {
            let refused = read_bytes(&bytes).unwrap_err();
            assert!(refused.contains(why), "{refused}");
        }
        assert!(read_bytes(&wav(8_000, &[1], 24_000)).is_ok(), "just short enough");
        assert!(read(Path::new("/nowhere.wav")).unwrap_err().contains("can't be read"));
        assert!(read(Path::new("/")).unwrap_err().contains("no file"));
    }
}
