//! The fields of an OTR message, after base64.

use crate::opaque::Opaque;

const DH_COMMIT: u8 = 0x02;
const DATA: u8 = 0x03;
const DH_KEY: u8 = 0x0a;
const REVEAL_SIGNATURE: u8 = 0x11;
const SIGNATURE: u8 = 0x12;

/// The first three bytes: version and type.
pub fn is_header(bytes: &[u8]) -> bool {
    matches!(bytes, [0, 2 | 3, DH_COMMIT | DATA | DH_KEY | REVEAL_SIGNATURE | SIGNATURE])
}

/// Are the fields those that its type demands, and nothing after them?
pub fn is_well_formed(bytes: &Opaque<'_>) -> bool {
    let mut fields = Fields { bytes, position: 0 };
    fields.message().is_some() && fields.position == bytes.len()
}

/// Reads one field after the other, from their lengths.
struct Fields<'a> {
    bytes: &'a Opaque<'a>,
    position: usize,
}

impl Fields<'_> {
    fn message(&mut self) -> Option<()> {
        let header = self.bytes.read(0, 3).filter(|header| is_header(header))?;
        // Version 3 has the instance tags of sender and receiver here.
        self.skip(if header[1] == 3 { 3 + 8 } else { 3 })?;
        match header[2] {
            DH_COMMIT => {
                self.opaque()?;
                self.opaque().filter(|hash| *hash == 32).map(drop)
            }
            DH_KEY => self.opaque().map(drop),
            REVEAL_SIGNATURE => {
                self.opaque().filter(|key| *key == 16)?;
                self.opaque()?;
                self.code()
            }
            SIGNATURE => {
                self.opaque()?;
                self.code()
            }
            _ => self.conversation(),
        }
    }

    /// Flags, two key numbers, the next public key, a counter, the text, its code, old codes.
    fn conversation(&mut self) -> Option<()> {
        self.skip(1 + 4 + 4)?;
        self.opaque()?;
        self.skip(8)?;
        // A heartbeat has nothing to say.
        self.field()?;
        self.code()?;
        self.field().filter(|codes| codes % 20 == 0).map(drop)
    }

    fn code(&mut self) -> Option<()> {
        self.skip(20).map(drop)
    }

    /// The length of a field that is not empty.
    fn opaque(&mut self) -> Option<usize> {
        self.field().filter(|length| *length > 0)
    }

    /// The length of a field that cannot be read.
    fn field(&mut self) -> Option<usize> {
        let length = self.bytes.read(self.position, 4)?;
        self.skip(4)?;
        let length = length.iter().fold(0, |number, byte| (number << 8) | usize::from(*byte));
        let start = self.skip(length)?;
        (!self.bytes.is_readable(start, length)).then_some(length)
    }

    fn skip(&mut self, count: usize) -> Option<usize> {
        let start = self.position;
        self.position = start.checked_add(count).filter(|end| *end <= self.bytes.len())?;
        Some(start)
    }
}
