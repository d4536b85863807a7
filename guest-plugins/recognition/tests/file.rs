//! What files are taken for, by example, and how often that is wrong.

use std::fmt::Write;

use recognition::file::{Finding, Look, TAG, false_refusals};

/// Bytes like those of ciphertext: SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes: Vec<u8> = (0..count.div_ceil(8)).flat_map(|_| self.next().to_le_bytes()).collect();
        bytes.truncate(count);
        bytes
    }
}

/// As it arrives: in pieces, with nothing but the notes in between.
fn judge(file: &[u8], piece: usize) -> Option<Finding> {
    let mut notes = Vec::new();
    for piece in file.chunks(piece) {
        let mut look = Look::decode(&notes).expect("own notes");
        if let Some(finding) = look.feed(piece) {
            return Some(finding);
        }
        notes = look.encode();
        assert!(notes.len() <= 8_192, "{}", notes.len());
        assert_eq!(Look::decode(&notes).as_ref(), Ok(&look));
    }
    Look::decode(&notes).expect("own notes").end()
}

/// Small pieces may give it away by another sign, but not another answer.
fn check(name: &str, file: &[u8], expected: Option<Finding>) {
    assert_eq!(judge(file, 65_536), expected, "{name}");
    for piece in [4_096, 1_000, 37] {
        let found = judge(file, piece);
        assert_eq!(found.is_some(), expected.is_some(), "{name} in pieces of {piece}: {found:?}");
    }
}

fn before_random(beginning: &[u8], count: usize) -> Vec<u8> {
    [beginning, &Random(1).bytes(count)].concat()
}

#[test]
fn formats() {
    for (format, beginning) in [
        ("png", b"\x89PNG\r\n\x1a\n".as_slice()),
        ("jpeg", b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01"),
        ("jpeg", b"\xff\xd8\xff\xe1\x7a\x9cExif\0\0"),
        ("jpeg", b"\xff\xd8\xff\xdb\x00\x43\x00"),
        ("gif", b"GIF89a"),
        ("webp", b"RIFF\x24\x10\x02\x00WEBPVP8 "),
        ("bmp", b"BM\x36\x10\x0e\0\0\0\0\0\x36\0\0\0"),
        ("tiff", b"II*\0\x08\0\0\0"),
        ("mp4", b"\0\0\0\x20ftypisom"),
        ("mp4", b"\0\0\0\x1cftypheic"),
        ("mov", b"\0\0\0\x08wide\0\0"),
        ("matroska", b"\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01"),
        ("mpeg", b"\0\0\x01\xba\x44\0\x04\0\x04\x01\x01\x89\xc3\xf8"),
        ("ogg", b"OggS\0\x02\0\0"),
        ("mp3", b"ID3\x04\0\0\0\0\x1f\x76"),
        ("flac", b"fLaC\0\0\0\x22\x10\0"),
        ("pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3"),
        ("ole", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("zip", b"PK\x03\x04\x14\x00\x08\x00\x08\x00"),
        ("zip", b"PK\x03\x04\x0a\x00\x00\x00\x00\x00"),
        ("zip", b"PK\x03\x04\x33\x00\x01\x00\x63\x00"),
        ("gzip", b"\x1f\x8b\x08\0\x12\x34\x56\x78\0\x03"),
        ("xz", b"\xfd7zXZ\0\0\x04"),
        ("zstd", b"\x28\xb5\x2f\xfd\x04\x58"),
        ("7z", b"7z\xbc\xaf\x27\x1c\0\x04"),
        ("sqlite", b"SQLite format 3\0\x10\0"),
        ("elf", b"\x7fELF\x02\x01\x01\0"),
        ("mach-o", b"\xcf\xfa\xed\xfe\x07\0\0\x01"),
        ("java", b"\xca\xfe\xba\xbe\0\0\0\x41"),
        ("ttf", b"\0\x01\0\0\0\x0f"),
        ("woff", b"wOF2\0\x01\0\0"),
    ] {
        check(format, &before_random(beginning, 5_000), Some(Finding::Format(format)));
    }
}

#[test]
fn formats_that_do_not_begin_with_their_names() {
    let place = |at: usize, bytes: &[u8]| [&Random(2).bytes(at), bytes, &Random(3).bytes(2_000)].concat();
    check("tar", &place(257, b"ustar\0"), Some(Finding::Format("tar")));
    check("iso", &place(32_769, b"CD001\x01"), Some(Finding::Format("iso")));
    let mut program = place(0x80, b"PE\0\0");
    program[..2].copy_from_slice(b"MZ");
    program[0x3c..0x40].copy_from_slice(&0x80_u32.to_le_bytes());
    check("executable", &program, Some(Finding::Format("executable")));
    let packets: Vec<u8> = (0..8).flat_map(|seed| [vec![0x47], Random(seed).bytes(187)].concat()).collect();
    check("mpeg", &packets, Some(Finding::Format("mpeg")));
    for (second, third, length) in [(0xfb, 0x90, 417), (0xfb, 0xe4, 960), (0xfb, 0xe0, 1_044), (0xf3, 0x80, 208)] {
        let frame = |seed| [vec![0xff, second, third, 0x44], Random(seed).bytes(length - 4)].concat();
        let sound: Vec<u8> = (0..5).flat_map(frame).collect();
        check("mp3", &sound, Some(Finding::Format("mp3")));
    }
}

fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(to_bytes).collect()
}

const GERMAN: &str = "Wir treffen uns morgen um zwölf auf der Brücke, wie immer. Bring bitte die Schlüssel mit.\n";
const RUSSIAN: &str = "Встречаемся завтра в полдень на мосту, как всегда. Возьми с собой ключи, пожалуйста.\n";
const CHINESE: &str =
    "明天中午我们像往常一样在桥上见面。请带上钥匙。如果下雨，我们就去旁边的咖啡馆，在那里等到两点钟，然后一起去车站。";

#[test]
fn texts() {
    let text = |name| Some(Finding::Text(name));
    check("a note", b"meet me at noon\r\n", text("words"));
    check("with digits", b"Meet me at 12:30, bring $20!", text("ascii"));
    check("german", GERMAN.as_bytes(), text("utf-8"));
    check("russian", RUSSIAN.as_bytes(), text("utf-8"));
    check("chinese", CHINESE.as_bytes(), text("utf-8"));
    check("cut off", &CHINESE.as_bytes()[..64], text("utf-8"));
    let latin: Vec<u8> = GERMAN.repeat(3).chars().map(|letter| letter as u8).collect();
    check("latin-1", &latin, text("8-bit"));
    check("with a mark", format!("\u{feff}{GERMAN}").as_bytes(), text("utf-8"));
    for (name, written) in
        [("german", GERMAN), ("russian", RUSSIAN), ("chinese", CHINESE), ("marked", "\u{feff}Привет, как дела?")]
    {
        check(name, &utf16(written, u16::to_le_bytes), text("utf-16"));
        check(name, &utf16(written, u16::to_be_bytes), text("utf-16"));
    }
    check("html", b"<!DOCTYPE html><html><body>Hello</body></html>", text("ascii"));
}

#[test]
fn bytes_written_as_text() {
    let bytes = Random(4).bytes(300);
    let hexadecimal = bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    });
    check("hexadecimal", hexadecimal.as_bytes(), Some(Finding::Text("hexadecimal")));
    let encode = |bytes: &[u8]| base64::Engine::encode(&base64::engine::general_purpose::STANDARD, bytes);
    check("base64", encode(&bytes).as_bytes(), Some(Finding::Text("base64")));
    check("in lines", encode(&bytes).replace('A', "\r\n").as_bytes(), Some(Finding::Text("base64")));
    let armored = format!("-----BEGIN PGP MESSAGE-----\n\n{}\n-----END PGP MESSAGE-----\n", encode(&bytes));
    check("armored", armored.as_bytes(), Some(Finding::Text("base64")));
}

#[test]
fn what_is_skewed_without_a_name() {
    let skewed = Some(Finding::Skewed);
    check("zeros", &[0; 40], Some(Finding::Text("utf-16")));
    check("one byte", &[0xa5; 40], skewed);
    let german = GERMAN.repeat(40);
    let dirty = [b"\x01\x02\x03\x04", german.as_bytes()].concat();
    check("text behind other bytes", &dirty, skewed);
    check(
        "text in the middle of ciphertext",
        &[Random(5).bytes(40_960), german.into_bytes(), Random(6).bytes(40_000)].concat(),
        skewed,
    );
    // A loud sound: the lower halves are noise, the upper ones are not.
    let mut random = Random(7);
    let sound: Vec<u8> = (0..20_000)
        .flat_map(|_| {
            let noise = (0..6).map(|_| random.next() as i16 >> 3).fold(0_i16, i16::wrapping_add);
            noise.to_le_bytes()
        })
        .collect();
    check("sound", &sound, skewed);
    let mut halves = random.bytes(60_000);
    halves.iter_mut().step_by(2).for_each(|byte| *byte |= 0x20);
    check("half of the bytes", &halves, skewed);
}

#[test]
fn what_looks_like_ciphertext() {
    for (size, expected) in
        [(0, false), (15, false), (16, true), (17, true), (4_096, true), (100_000, true), (1_000_000, true)]
    {
        let file = Random(8).bytes(size);
        let expected = if expected { None } else { Some(Finding::TooShort) };
        assert_eq!(judge(&file, 65_536), expected, "{size}");
    }
    // A format that is ciphertext with a name in front.
    check("age", &before_random(b"age-encryption.org/v1\n-> X25519 ", 5_000), None);
    for beginning in
        [b"BM\x00\xff".as_slice(), b"\xff\xd8\xff\xe0", b"PK\x03\x04", b"\x1f\x8b\x08", b"MZ", b"ID3", b"ftyp"]
    {
        check("too short a beginning", &before_random(beginning, 5_000), None);
    }
}

#[test]
fn random_bytes_are_refused_less_than_once_in_a_thousand_million() {
    let bound = false_refusals();
    assert!(bound < 1e-9 && bound > 1e-11, "{bound:e}");
    let mut random = Random(9);
    for number in 0..20_000 {
        let size = match number % 100 {
            0 => random.next() % 300_000,
            1..10 => random.next() % 8_192,
            _ => random.next() % 300,
        };
        let file = random.bytes((TAG + size) as usize);
        let mut look = Look::default();
        let found =
            file.chunks(1 + (random.next() % 5_000) as usize).find_map(|piece| look.feed(piece)).or_else(|| look.end());
        assert_eq!(found, None, "{number}: {size} bytes");
    }
}

#[test]
fn notes_that_are_none() {
    let notes = |size: usize| {
        let mut look = Look::default();
        look.feed(&Random(10).bytes(size));
        look.encode()
    };
    assert_eq!(Look::decode(b""), Ok(Look::default()));
    for size in [0, 1, 5_000] {
        let right = notes(size);
        assert!(Look::decode(&right).is_ok());
        for end in 1..right.len() {
            assert!(Look::decode(&right[..end]).is_err(), "{size}: the first {end}");
        }
        assert!(Look::decode(&[&right[..], b"\0"].concat()).is_err());
        // Bytes that were never seen, and more than can be.
        for place in 7..right.len().min(5_139) {
            let mut wrong = right.clone();
            wrong[place] = wrong[place].wrapping_add(1);
            let is_of_volume = (15..20).contains(&place);
            assert_eq!(Look::decode(&wrong).is_ok(), is_of_volume, "{size}: {place}");
            wrong[place] = 0xff;
            let _ = Look::decode(&wrong).map(|mut look| look.feed(&[0xff; 70_000]));
        }
    }
}
