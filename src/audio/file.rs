//! A person's own sounds: WAV, Ogg Vorbis and FLAC files, decoded before anything starts.

use std::fs;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use rodio::{Decoder, SampleRate, Source};

use crate::config::sound::{LONGEST_MS, Recording};

/// The largest file that is read, in bytes: some seconds of studio sound.
const MAX_BYTES: u64 = 8 << 20;

/// The most channels, and samples a second, that a recording has.
const MOST_CHANNELS: usize = 8;
const HIGHEST_RATE: u32 = 384_000;

/// What a FLAC file begins with.
const FLAC: &[u8] = b"fLaC";

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
    let (rate, samples) = decode(file)?;
    if samples.is_empty() {
        return Err("there is no sound in it".to_owned());
    }
    if samples.len() > longest(rate) {
        return Err(format!("it is longer than {} s", LONGEST_MS / 1000));
    }
    Ok(Recording { rate, samples })
}

/// The rate of a sound and its samples, of which one more than may be there tells that there are too many.
fn decode(mut file: fs::File) -> Result<(SampleRate, Vec<f32>), String> {
    let no_sound = || "this is no sound that can be read".to_owned();
    let mut head = Vec::new();
    let begun = file.by_ref().take(FLAC.len() as u64).read_to_end(&mut head).and_then(|_| file.rewind());
    begun.map_err(|error| format!("it can't be read: {error}"))?;
    if head == FLAC {
        return decode_flac(file).ok_or_else(no_sound)?;
    }
    let decoder = Decoder::try_from(file).map_err(|_| no_sound())?;
    let (channels, rate) = (usize::from(decoder.channels().get()), decoder.sample_rate());
    fits(channels, rate)?;
    let samples: Vec<f32> = decoder.take((longest(rate) + 1) * channels).collect();
    Ok((rate, samples.chunks_exact(channels).map(mixed).collect()))
}

/// The same of a FLAC file; `None` where it is none. Rodio's decoder ends the program where a block has other channels than
/// the file.
fn decode_flac(file: fs::File) -> Option<Result<(SampleRate, Vec<f32>), String>> {
    let mut reader = claxon::FlacReader::new(BufReader::new(file)).ok()?;
    let told = reader.streaminfo();
    let (channels, rate) = (told.channels, SampleRate::new(told.sample_rate)?);
    if let Err(why) = fits(channels as usize, rate) {
        return Some(Err(why));
    }
    let full = 2_f32.powi(told.bits_per_sample as i32 - 1);
    let (mut samples, mut buffer, mut blocks) = (Vec::new(), Vec::new(), reader.blocks());
    while samples.len() <= longest(rate) {
        let Ok(Some(block)) = blocks.read_next_or_eof(buffer) else { break };
        if block.channels() != channels {
            break;
        }
        let frame = |at| (0..channels).map(|channel| block.sample(channel, at) as f32 / full).collect::<Vec<_>>();
        samples.extend((0..block.duration()).map(|at| mixed(&frame(at))));
        buffer = block.into_buffer();
    }
    Some(Ok((rate, samples)))
}

/// How many samples the longest sound has.
fn longest(rate: SampleRate) -> usize {
    rate.get() as usize * LONGEST_MS as usize / 1000
}

/// Refuses what only a forger would write, and what would take memory without end.
fn fits(channels: usize, rate: SampleRate) -> Result<(), String> {
    match channels <= MOST_CHANNELS && rate.get() <= HIGHEST_RATE {
        true => Ok(()),
        false => {
            Err(format!("it has more than {MOST_CHANNELS} channels, or more than {HIGHEST_RATE} samples a second"))
        }
    }
}

/// The channels of a frame in one.
fn mixed(frame: &[f32]) -> f32 {
    let sample = frame.iter().sum::<f32>() / frame.len() as f32;
    if sample.is_finite() { sample.clamp(-1.0, 1.0) } else { 0.0 }
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
    fn a_flac_file_whose_blocks_are_not_as_its_head_says_is_no_fault_of_ours() {
        let tone = include_bytes!("../../tests/sounds/tone.flac");
        // Bits 4 to 6 of this byte are the channels less one, the last of it and the first four of the next the bits of a sample.
        for byte in 0..=255 {
            let mut bytes = tone.to_vec();
            bytes[20] = byte;
            let read = read_bytes(&bytes);
            assert!(read.is_ok() || read.is_err_and(|why| !why.is_empty()), "{byte}");
        }
        let mut bytes = tone.to_vec();
        bytes[18..21].fill(0);
        assert!(read_bytes(&bytes).is_err(), "no rate at all");
    }

    #[test]
    fn what_is_no_short_sound_is_refused_in_words() {
        for (bytes, why) in [
            (b"no sound at all".repeat(100), "no sound that can be read"),
            (Vec::new(), "no sound"),
            (wav(8_000, &[1], 0), "no sound"),
            (wav(8_000, &[1], 24_001), "longer than 3 s"),
            (wav(8_000, &[1; 9], 100), "more than 8 channels"),
            (wav(400_000, &[1], 100), "more than 384000 samples"),
        ] {
            let refused = read_bytes(&bytes).unwrap_err();
            assert!(refused.contains(why), "{refused}");
        }
        assert!(read_bytes(&wav(8_000, &[1], 24_000)).is_ok(), "just short enough");
        assert!(read(Path::new("/nowhere.wav")).unwrap_err().contains("can't be read"));
        assert!(read(Path::new("/")).unwrap_err().contains("no file"));
    }
}
