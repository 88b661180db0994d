//! Films: H.264 in MP4, encoded on a thread of its own.
//!
//! Does: write exactly `seconds × fps` frames of exactly the asked size at exactly the asked rate.
//! Does not: sound.
//! Accuracy: the bit rate is a target of the encoder's rate control, not a promise; frames are never skipped
//! to meet it.

use super::index::put_index_first;
use super::offscreen::{Frame, Offscreen, PictureOptions};
use super::{CaptureError, check_adapter};
use crate::observables::Snapshot;
use crate::style::FrameRate;
use openh264::OpenH264API;
use openh264::encoder::{
    BitRate, Encoder, EncoderConfig, FrameRate as EncoderRate, FrameType, IntraFramePeriod, RateControlMode,
    UsageType, VuiConfig,
};
use openh264::formats::{RgbaSliceU8, YUVBuffer};
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};

/// Longest side that the encoder takes, pixels.
const LARGEST_SIDE: u32 = 3840;
/// Longest shorter side that the encoder takes, pixels.
const LARGEST_SHORT_SIDE: u32 = 2160;

/// A film.
#[derive(Clone, Debug)]
pub struct FilmOptions {
    /// What every frame shows.
    pub picture: PictureOptions,
    /// Length, s.
    pub seconds: f64,
    /// Frames per second.
    pub rate: FrameRate,
    /// Target bit rate, Mbit s⁻¹; `None` chooses 0.15 bit per pixel, which shows no blocks on moss.
    pub megabits_per_s: Option<f64>,
}

impl FilmOptions {
    /// Number of frames.
    pub fn frames(&self) -> u32 {
        (self.seconds * self.rate.per_s()).round() as u32
    }

    /// Says what the encoder could not do, before anything is drawn.
    pub fn check(&self) -> Result<(), CaptureError> {
        let (width, height) = self.picture.size;
        if width % 2 != 0 || height % 2 != 0 {
            return Err(CaptureError::OddSize { width, height });
        }
        if width.min(height) < 16
            || width.max(height) > LARGEST_SIDE
            || width.min(height) > LARGEST_SHORT_SIDE
        {
            return Err(CaptureError::FilmSize { width, height });
        }
        let length_is_sensible = self.seconds.is_finite()
            && (1.0..=240.0).contains(&self.rate.per_s())
            && self.seconds * self.rate.per_s() <= f64::from(u32::MAX)
            && self.frames() >= 1;
        if !length_is_sensible {
            return Err(CaptureError::Length { seconds: self.seconds, fps: self.rate.per_s() });
        }
        match self.megabits_per_s {
            Some(rate) if !(0.01..=1000.0).contains(&rate) => {
                Err(CaptureError::BitRate { megabits_per_s: rate })
            }
            _ => Ok(()),
        }
    }

    fn bits_per_s(&self) -> u32 {
        let (width, height) = self.picture.size;
        let rate = match self.megabits_per_s {
            Some(rate) => rate * 1.0e6,
            None => 0.15 * f64::from(width) * f64::from(height) * self.rate.per_s(),
        };
        rate.clamp(1.0e4, 1.0e9) as u32
    }
}

/// Draws a film.
///
/// `snapshot(frame)` is asked once for every frame, in order, for what changed since the last one, and may
/// advance a simulation to get it; where it gives none, the film ends with the frame before.
/// `progress(done, all)` is told after every frame. The file appears whole at its end, or not at all. Returns
/// how many frames it has.
pub fn record(
    path: &Path,
    options: &FilmOptions,
    mut snapshot: impl FnMut(u32) -> Option<Snapshot>,
    mut progress: impl FnMut(u32, u32),
) -> Result<u32, CaptureError> {
    options.check()?;
    check_adapter()?;
    let write_error = |source| CaptureError::Write { path: path.to_owned(), source };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = tempfile::Builder::new().suffix(".part").tempfile_in(folder).map_err(write_error)?;
    let sink = file.reopen().map_err(write_error)?;

    let all = options.frames();
    let mut stage = Offscreen::new(&options.picture, 1.0 / options.rate.per_s())?;
    // Few frames in flight: encoding overlaps drawing, memory stays bounded.
    let (to_encoder, frames) = sync_channel::<Frame>(4);
    let encoder_options = options.clone();
    let encoder = std::thread::Builder::new()
        .name("film encoder".into())
        .spawn(move || encode(&encoder_options, frames, sink))
        .map_err(write_error)?;
    let mut drawn = 0;
    for index in 0..all {
        let Some(snapshot) = snapshot(index) else { break };
        let frame = stage.draw(snapshot)?;
        drawn = index + 1;
        if to_encoder.send(frame).is_err() {
            break; // The encoder has ended early: its own error, below, says why.
        }
        progress(index + 1, all);
    }
    drop(to_encoder);
    match encoder.join() {
        Ok(result) => result.map_err(|error| match error {
            EncodeError::Io(source) => CaptureError::Write { path: path.to_owned(), source },
            EncodeError::Encoder(reason) => CaptureError::Encode(reason),
        })?,
        Err(_) => return Err(CaptureError::Encode("the encoder stopped unexpectedly".into())),
    }
    super::still::persist(file, path)?;
    Ok(drawn)
}

enum EncodeError {
    Io(std::io::Error),
    Encoder(String),
}

impl From<openh264::Error> for EncodeError {
    fn from(error: openh264::Error) -> Self {
        Self::Encoder(error.to_string())
    }
}

impl From<mp4::Error> for EncodeError {
    fn from(error: mp4::Error) -> Self {
        match error {
            mp4::Error::IoError(source) => Self::Io(source),
            other => Self::Encoder(other.to_string()),
        }
    }
}

/// Encodes frames until the sender hangs up.
fn encode(options: &FilmOptions, frames: Receiver<Frame>, sink: File) -> Result<(), EncodeError> {
    let (width, height) = options.picture.size;
    let config = EncoderConfig::new()
        .usage_type(UsageType::ScreenContentRealTime)
        .rate_control_mode(RateControlMode::Quality)
        .adaptive_quantization(false)
        .background_detection(false)
        .bitrate(BitRate::from_bps(options.bits_per_s()))
        .max_frame_rate(EncoderRate::from_hz(options.rate.per_s() as f32))
        .intra_frame_period(IntraFramePeriod::from_num_frames((2.0 * options.rate.per_s()).round() as u32))
        .skip_frames(true)
        .vui(VuiConfig::bt601());
    let mut encoder = Encoder::with_api_config(OpenH264API::from_source(), config)?;
    let mut picture = YUVBuffer::new(width as usize, height as usize);
    let mut film: Option<mp4::Mp4Writer<BufWriter<File>>> = None;
    let mut sink = Some(sink);
    let (_, ticks) = options.rate.clock();
    for (index, frame) in frames.iter().enumerate() {
        picture.read_rgba8(RgbaSliceU8::new(&frame.rgba, (width as usize, height as usize)));
        let units = insist(&mut encoder, &picture)?;
        if film.is_none()
            && let Some(sink) = sink.take()
        {
            film = Some(start(options, &units, sink)?);
        }
        let Some(film) = film.as_mut() else { continue };
        // MP4 wants each unit after its length; parameter sets live in the header.
        let mut bytes = Vec::new();
        for unit in units.iter().filter(|unit| !matches!(kind(unit), SEQUENCE | PICTURE)) {
            bytes.extend_from_slice(&(unit.len() as u32).to_be_bytes());
            bytes.extend_from_slice(unit);
        }
        film.write_sample(
            1,
            &mp4::Mp4Sample {
                start_time: index as u64 * u64::from(ticks),
                duration: ticks,
                rendering_offset: 0,
                is_sync: units.iter().any(|unit| kind(unit) == KEY_FRAME),
                bytes: bytes.into(),
            },
        )?;
    }
    match film {
        Some(mut film) => {
            film.write_end()?;
            let file =
                film.into_writer().into_inner().map_err(|error| EncodeError::Io(error.into_error()))?;
            Ok(put_index_first(&file)?)
        }
        None => Err(EncodeError::Encoder("no frame was drawn".into())),
    }
}

/// Encodes a picture. The rate control is allowed to skip frames, for without that it does not hold the rate.
/// A film must not lack any, so a skipped one is offered again, each time with a frame's worth of bits more
/// to spend.
fn insist(encoder: &mut Encoder, picture: &YUVBuffer) -> Result<Vec<Vec<u8>>, EncodeError> {
    for _ in 0..MOST_OFFERS {
        let stream = encoder.encode(picture)?;
        if !matches!(stream.frame_type(), FrameType::Skip | FrameType::Invalid) {
            return Ok(split(&stream.to_vec()));
        }
    }
    Err(EncodeError::Encoder(format!(
        "the encoder refused a frame {MOST_OFFERS} times; allow a higher bit rate"
    )))
}

/// How often a frame is offered to the encoder; a few times are enough at any sensible rate.
const MOST_OFFERS: u32 = 1000;
/// H.264 unit types (ITU-T H.264, table 7-1).
const KEY_FRAME: u8 = 5;
const SEQUENCE: u8 = 7;
const PICTURE: u8 = 8;

fn kind(unit: &[u8]) -> u8 {
    unit.first().map_or(0, |byte| byte & 0x1f)
}

/// Cuts a byte stream (ITU-T H.264, annex B) at its start codes.
fn split(stream: &[u8]) -> Vec<Vec<u8>> {
    let starts: Vec<usize> = stream
        .windows(3)
        .enumerate()
        .filter(|(_, window)| *window == [0, 0, 1])
        .map(|(index, _)| index + 3)
        .collect();
    starts
        .iter()
        .enumerate()
        .map(|(number, &start)| {
            let end = starts.get(number + 1).map_or(stream.len(), |next| next - 3);
            let unit = &stream[start..end];
            let trimmed = unit.iter().rposition(|&byte| byte != 0).map_or(0, |last| last + 1);
            unit[..trimmed].to_vec()
        })
        .filter(|unit| !unit.is_empty())
        .collect()
}

/// Writes the file's head; the first frame carries the parameter sets.
fn start(
    options: &FilmOptions,
    units: &[Vec<u8>],
    sink: File,
) -> Result<mp4::Mp4Writer<BufWriter<File>>, EncodeError> {
    let find = |wanted| units.iter().find(|unit| kind(unit) == wanted).cloned();
    let (Some(sequence), Some(picture)) = (find(SEQUENCE), find(PICTURE)) else {
        return Err(EncodeError::Encoder("the first frame carries no parameter sets".into()));
    };
    let (timescale, _) = options.rate.clock();
    let brand = |name: &[u8; 4]| mp4::FourCC { value: *name };
    let mut film = mp4::Mp4Writer::write_start(
        BufWriter::new(sink),
        &mp4::Mp4Config {
            major_brand: brand(b"isom"),
            minor_version: 512,
            compatible_brands: vec![brand(b"isom"), brand(b"iso2"), brand(b"avc1"), brand(b"mp41")],
            timescale,
        },
    )?;
    film.add_track(&mp4::TrackConfig {
        track_type: mp4::TrackType::Video,
        timescale,
        language: "und".into(),
        media_conf: mp4::MediaConfig::AvcConfig(mp4::AvcConfig {
            width: options.picture.size.0 as u16,
            height: options.picture.size.1 as u16,
            seq_param_set: sequence,
            pic_param_set: picture,
        }),
    })?;
    Ok(film)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(width: u32, height: u32) -> FilmOptions {
        FilmOptions {
            picture: PictureOptions { size: (width, height), ..PictureOptions::default() },
            seconds: 1.0,
            rate: FrameRate::of(25),
            megabits_per_s: Some(2.0),
        }
    }

    #[test]
    fn a_stream_is_cut_at_its_start_codes() {
        let stream = [0, 0, 0, 1, 0x67, 1, 2, 0, 0, 0, 1, 0x68, 3, 0, 0, 1, 0x65, 4, 0, 5];
        assert_eq!(split(&stream), vec![vec![0x67, 1, 2], vec![0x68, 3], vec![0x65, 4, 0, 5]]);
    }

    #[test]
    fn what_cannot_be_encoded_is_refused_before_drawing() {
        assert!(matches!(options(641, 360).check(), Err(CaptureError::OddSize { .. })));
        assert!(options(641, 361).check().unwrap_err().to_string().contains("642x362"));
        assert!(matches!(options(8, 8).check(), Err(CaptureError::FilmSize { .. })));
        assert!(matches!(options(8000, 360).check(), Err(CaptureError::FilmSize { .. })));
        let long = |seconds, fps| FilmOptions { seconds, rate: FrameRate::of(fps), ..options(64, 64) };
        for (seconds, fps) in
            [(f64::NAN, 30), (0.0, 30), (-1.0, 30), (1.0, 0), (1.0, 1000), (f64::INFINITY, 30)]
        {
            assert!(
                matches!(long(seconds, fps).check(), Err(CaptureError::Length { .. })),
                "{seconds} {fps}"
            );
        }
        let rate = FilmOptions { megabits_per_s: Some(f64::NAN), ..options(64, 64) };
        assert!(matches!(rate.check(), Err(CaptureError::BitRate { .. })));
    }

    #[test]
    fn the_file_has_the_asked_size_rate_and_duration() {
        // Encoding needs no adapter: ten frames of moving stripes.
        let options = FilmOptions { seconds: 0.4, ..options(64, 48) };
        let path = tempfile::NamedTempFile::new().unwrap();
        let (sender, frames) = sync_channel(1);
        let sink = path.reopen().unwrap();
        let encoder = {
            let options = options.clone();
            std::thread::spawn(move || encode(&options, frames, sink).is_ok())
        };
        for index in 0..options.frames() {
            let rgba = (0..64 * 48 * 4).map(|byte| (byte as u32 * 3 + index * 20) as u8).collect();
            sender.send(Frame { size: (64, 48), rgba }).unwrap();
        }
        drop(sender);
        assert!(encoder.join().unwrap());

        let bytes = std::fs::read(path.path()).unwrap();
        let place = |name: &[u8]| bytes.windows(4).position(|four| four == name).unwrap();
        assert!(place(b"moov") < place(b"mdat"), "the index lies in front");
        let file = path.reopen().unwrap();
        let length = file.metadata().unwrap().len();
        let film = mp4::Mp4Reader::read_header(std::io::BufReader::new(file), length).unwrap();
        let track = &film.tracks()[&1];
        assert_eq!((track.width(), track.height()), (64, 48));
        assert_eq!(track.sample_count(), 10);
        assert!((track.frame_rate() - 25.0).abs() < 1e-9, "{}", track.frame_rate());
        assert!((film.duration().as_secs_f64() - 0.4).abs() < 1e-9, "{:?}", film.duration());
    }
}
