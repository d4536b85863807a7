//! The fields of an OTR message, after base64.

use crate::opaque::is_readable;

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
pub fn is_well_formed(bytes: &[u8]) -> bool {
    let mut fields = Fields(bytes);
    fields.message().is_some() && fields.0.is_empty()
}

/// What is left to read.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn message(&mut self) -> Option<()> {
        let header = self.take(3).filter(|header| is_header(header))?;
        if header[1] == 3 {
            // Instance tags of sender and receiver.
            self.take(8)?;
        }
        match header[2] {
            DH_COMMIT => {
                self.opaque()?;
                self.opaque().filter(|hash| hash.len() == 32).map(drop)
            }
            DH_KEY => self.opaque().map(drop),
            REVEAL_SIGNATURE => {
                self.opaque().filter(|key| key.len() == 16)?;
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
        self.take(1 + 4 + 4)?;
        self.opaque()?;
        self.take(8)?;
        // A heartbeat has nothing to say.
        self.field().filter(|text| !is_readable(text))?;
        self.code()?;
        self.field().filter(|codes| codes.len() % 20 == 0).map(drop)
    }

    fn code(&mut self) -> Option<()> {
        self.take(20).map(drop)
    }

    fn opaque(&mut self) -> Option<&'a [u8]> {
        self.field().filter(|bytes| !bytes.is_empty() && !is_readable(bytes))
    }

    fn field(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first_chunk::<4>()?;
        self.0 = rest;
        self.take(u32::from_be_bytes(*length) as usize)
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }
}
