//! What one policy may use. The one table of defaults; `docs/limits.md` is its public form.

use std::time::Duration;

use serde::Serialize;

/// The limits an operator may set, by policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// Processor time of one decision, 1 to [`MOST_MILLISECONDS`].
    pub milliseconds: u32,
    /// Linear memory of one instance in bytes, all its memories together, up to [`MOST_MEMORY`].
    pub memory: usize,
    /// Processor time of all decisions together, in milliseconds of each second, 1 to [`MOST_BUDGET`].
    pub budget: u32,
}

impl Default for Limits {
    fn default() -> Self {
        // Bulk memory operations cannot be interrupted, so the memory is also what bounds a time-out.
        Self { milliseconds: 5, memory: 16 * 1024 * 1024, budget: 200 }
    }
}

impl Limits {
    /// The fuel of one decision, where there is no clock.
    pub fn fuel(&self) -> u64 {
        u64::from(self.milliseconds) * FUEL_PER_MILLISECOND
    }

    /// Are the operator's numbers in their bounds?
    pub fn check(&self) -> Result<(), String> {
        if !(1..=MOST_MILLISECONDS).contains(&self.milliseconds) {
            let milliseconds = self.milliseconds;
            return Err(format!("limits.milliseconds is {milliseconds}; allowed are 1 to {MOST_MILLISECONDS}"));
        }
        if !(64 * 1024..=MOST_MEMORY).contains(&self.memory) {
            return Err(format!("limits.memory is {}; allowed are 65536 to {MOST_MEMORY} bytes", self.memory));
        }
        if !(1..=MOST_BUDGET).contains(&self.budget) {
            let budget = self.budget;
            return Err(format!(
                "limits.budget is {budget}; allowed are 1 to {MOST_BUDGET} milliseconds of each second"
            ));
        }
        Ok(())
    }
}

/// The most time an operator can allow a decision.
pub const MOST_MILLISECONDS: u32 = 1_000;
/// The most linear memory an operator can allow: what the engine reserves in address space for each.
pub const MOST_MEMORY: usize = 64 * 1024 * 1024;
/// The most processor time of each second that an operator can allow: all of it, in milliseconds.
pub const MOST_BUDGET: u32 = 1_000;
/// Processor time of all decisions of all policies of the server together, in milliseconds of each second.
pub const JOINT_BUDGET: u32 = 400;
/// So much of that is little: the bucket of a policy that took less lately fills, though others have used up the rest.
pub const JOINT_BUDGET_LITTLE: Duration = Duration::from_millis(4);
/// So much of it may be taken in advance, for those who take little.
pub const JOINT_BUDGET_OWED: Duration = Duration::from_millis(50);
/// For how long a policy that is asked little saves up its processor time.
pub const BUDGET_SAVED: Duration = Duration::from_millis(100);
/// Senders of whom is noted what they took, while a policy has little processor time left.
pub const BUDGET_SENDERS: usize = 64;
/// Exemptions of one policy.
pub const EXEMPTIONS: usize = 16;
/// The longest retention that a policy may name, in hours: ten years.
pub const RETENTION_HOURS: u32 = 87_600;
/// Bytes of the key under which a held stanza replaces an older one.
pub const DELIVERY_KEY: usize = 4_096;
/// The longest pause between two notifications of one device, in seconds: a day.
pub const PUSH_PAUSE: u32 = 86_400;
/// Bytes that a policy notes about a file of which a piece has come.
pub const NOTES: usize = 8_192;
/// The longest time after which an upload may be tried again, in seconds: a year.
pub const RETRY: u32 = 31_536_000;
/// Bytes of an address to which a stanza is sent (RFC 7622 §3.1).
pub const ADDRESS: usize = 3_071;
/// Bytes of a key under which messages wait.
pub const HOLDING_KEY: usize = 256;
/// Processor time for making an instance: its start functions, `configure`, `wants`, `needed`, `exempt`, `retention`, `expires`, `save`, `restore`.
pub const SETUP_MILLISECONDS: u32 = 250;
/// Stack of the guest. Prosody's own thread has 8 MiB.
pub const STACK: usize = 256 * 1024;
/// Fuel that stands for one millisecond where there is no clock: replays must not depend on the machine. What `e2ee`
/// burns on its worst stanzas in a millisecond of the machine this was measured on.
pub const FUEL_PER_MILLISECOND: u64 = 5_000_000;
/// Calls from the guest into the host during one call.
pub const HOST_CALLS: u32 = 20_000;
/// Bytes the guest may hand to the host during one call: strings, lists, everything.
pub const BYTES_FROM_GUEST: usize = 4 * 1024 * 1024;
/// Handles the guest may hold. No interface hands any out.
pub const HANDLES: usize = 256;
/// Tables of one instance, and entries of one table. Interpreters link dozens of core modules.
pub const TABLES: usize = 64;
/// Entries of one table.
pub const TABLE_ENTRIES: usize = 20_000;
/// Memories of one instance.
pub const MEMORIES: usize = 16;
/// Core instances of one component instance.
pub const CORE_INSTANCES: usize = 128;
/// Bytes of the operator's settings as JSON.
pub const SETTINGS: usize = 256 * 1024;
/// Wants of a policy, and namespaces of one want.
pub const WANTS: usize = 64;
/// Bytes of a namespace in a want.
pub const NAMESPACE: usize = 256;
/// Samples of a policy.
pub const SAMPLES: usize = 64;
/// Bytes of a sample's stanza.
pub const SAMPLE: usize = 16 * 1024;
/// Edits of one stanza by one policy.
pub const EDITS: usize = 256;
/// Messages to the parties of one stanza.
pub const NOTICES: usize = 4;
/// Bytes of such a message.
pub const NOTICE: usize = 2_048;
/// Bytes of the text of a bounce.
pub const BOUNCE_TEXT: usize = 1_024;
/// Bytes of a reason.
pub const REASON: usize = 40;
/// Different reasons of one policy. Later ones become `unnamed`: a policy cannot say much through them.
pub const REASONS: usize = 64;
/// Log lines of one call.
pub const LOG_LINES: usize = 16;
/// Log lines of one policy in one second.
pub const LOG_LINES_PER_SECOND: u32 = 100;
/// Different failures of one policy that are told in one minute.
pub const FAILURES_PER_MINUTE: usize = 8;
/// Log lines of a call that failed which are shown with the failure.
pub const LAST_LINES: usize = 5;
/// Functions that had been called and had not returned, which are kept of a failure.
pub const FRAMES: usize = 16;
/// Characters of a function's name that are shown with a failure.
pub const FUNCTION: usize = 120;
/// Bytes of such a name as it stands in the component.
pub const FUNCTION_MANGLED: usize = 2_048;
/// Bytes of a log line.
pub const LOG_LINE: usize = 1_024;
/// Bytes of a key in the store.
pub const STORE_KEY: usize = 256;
/// Bytes of a value in the store.
pub const STORE_VALUE: usize = 64 * 1024;
/// Keys of a policy in the store.
pub const STORE_KEYS: usize = 10_000;
/// Bytes of a policy in the store, keys and values.
pub const STORE_BYTES: usize = 1024 * 1024;
/// Writes to the store in one call.
pub const STORE_WRITES: usize = 64;
/// Bytes of them all, keys and values: the server waits while they are written to the disk.
pub const STORE_WRITTEN: usize = 72 * 1024;
// Else there are values that a policy may have and can never write.
const _: () = assert!(STORE_KEY + STORE_VALUE <= STORE_WRITTEN);
/// Bytes of a saved state.
pub const STATE: usize = 1024 * 1024;
/// Stanzas of one recording.
pub const RECORDING_STANZAS: u64 = 100_000;
/// Bytes of one recording.
pub const RECORDING_BYTES: u64 = 256 << 20;
/// Bytes of a component.
pub const COMPONENT: u64 = 64 * 1024 * 1024;

/// Bytes of a custom section that this host reads.
pub const SECTION: usize = 64 * 1024;

/// Cuts a text from a guest at a character border.
pub fn cut(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}
