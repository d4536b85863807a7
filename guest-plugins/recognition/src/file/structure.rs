//! Formats that are known by how their parts follow each other.

/// How a format is looked for, and how many bits it fixes at least.
struct Structure {
    format: &'static str,
    bits: u32,
    fits: fn(&[u8]) -> bool,
}

const STRUCTURES: [Structure; 3] = [
    // "MZ", a place within the head (21 bits), and there "PE\0\0".
    Structure { format: "executable", bits: 16 + 20 + 32, fits: is_windows_executable },
    // The first frame fixes 11 bits, and one of 14 rates; of the next two each is where it must be, with 20 bits.
    Structure { format: "mp3", bits: 11 + 20 + 20, fits: is_mpeg_audio },
    Structure { format: "mpeg", bits: 8 * PACKETS as u32, fits: is_transport_stream },
];

/// The format that a file is built like.
pub fn find(head: &[u8]) -> Option<&'static str> {
    STRUCTURES.iter().find(|structure| (structure.fits)(head)).map(|structure| structure.format)
}

/// How many bits each structure fixes.
pub fn all_bits() -> impl Iterator<Item = u32> {
    STRUCTURES.iter().map(|structure| structure.bits)
}

fn is_windows_executable(head: &[u8]) -> bool {
    let place = head
        .get(0x3c..0x40)
        .and_then(|place| place.try_into().ok())
        .map_or(usize::MAX, |place| usize::try_from(u32::from_le_bytes(place)).unwrap_or(usize::MAX));
    head.starts_with(b"MZ") && head.get(place..).is_some_and(|header| header.starts_with(b"PE\0\0"))
}

/// So many packets have to begin where they should.
const PACKETS: usize = 6;
const PACKET: usize = 188;

fn is_transport_stream(head: &[u8]) -> bool {
    head.len() > PACKET * PACKETS && head.iter().step_by(PACKET).take(PACKETS).all(|byte| *byte == 0x47)
}

/// Three frames, each as long as its header says.
fn is_mpeg_audio(head: &[u8]) -> bool {
    let mut rest = head;
    let Some(kind) = frame(rest).map(|(kind, _)| kind) else { return false };
    (0..3).all(|_| match frame(rest) {
        Some((other, length)) if other == kind => {
            rest = rest.get(length..).unwrap_or_default();
            true
        }
        _ => false,
    })
}

/// Kilobits a second of layer III, of MPEG-1 and of its successors.
const RATES: [[usize; 14]; 2] = [
    [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];
const FREQUENCIES: [usize; 3] = [44_100, 48_000, 32_000];

/// What all frames of one sound have in common, and the length of this one.
fn frame(bytes: &[u8]) -> Option<([u8; 3], usize)> {
    let [0xff, second, third, fourth] = *bytes.first_chunk()? else { return None };
    let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
    if second & 0xe0 != 0xe0 || version == 1 || layer != 1 {
        return None;
    }
    let is_first = version == 3;
    let rate = RATES[usize::from(!is_first)].get(usize::from(third >> 4).checked_sub(1)?)?;
    let divisor = match version {
        3 => 1,
        2 => 2,
        _ => 4,
    };
    let frequency = FREQUENCIES.get(usize::from(third >> 2 & 3))? / divisor;
    let length = (if is_first { 144_000 } else { 72_000 }) * rate / frequency + usize::from(third >> 1 & 1);
    Some(([second, third & 0x0c, fourth & 0x0c], length))
}
