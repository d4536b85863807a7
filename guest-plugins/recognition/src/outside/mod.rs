//! What stands outside ciphertext: all that a server on the way, or an archive, can read of a message.
//!
//! Nothing may stand there but what servers and software need: that is written down in tables, element by element,
//! attribute by attribute. A message that is nothing else passes; one with ciphertext passes without whatever else
//! is in it; any other is refused.
//!
//! ```
//! use prosody_stanza::{Limits, xml};
//! use recognition::outside::{self, Context, Judgement};
//!
//! let text = "<message to='b@x'><body>Lunch?</body></message>";
//! let message = xml::parse(text, "jabber:client", &Limits::default()).unwrap();
//! let context = Context::default();
//! let reading = outside::read(message.root(), &context);
//! assert_eq!(reading.scheme(), None);
//! assert_eq!(reading.readable().unwrap().len(), 1);
//! assert_eq!(reading.judgement(), Judgement::Refuse("plaintext"));
//! ```

mod archive;
mod bodies;
mod fallback;
mod findings;
mod message;
mod private;
pub mod publish;
mod shape;
pub mod tables;
mod values;

pub use fallback::is_known as is_known_fallback;
pub use findings::{Context, Findings, Judgement};
pub use message::{Reading, read};
pub use shape::{Shape, check_stanza};
pub use values::Value;
