//! What the operator is told of reports: who, why and how often, and never the message that was reported.

use prosody_policy::{Element, clock, operator, rates::Rates};

use crate::address::{bare, domain, is_host, shown};
use crate::request::{Item, Report, items};
use crate::settings;

const DAY: u64 = 24 * 60 * 60;
/// So many lines of one request are told; each fits, with all that may be in it.
const MOST_LINES: usize = 3;
/// One request names so many to look at.
const MOST_ITEMS: usize = 1_000;

/// Who was reported lately.
#[derive(Debug)]
pub struct Reports {
    told: settings::Reports,
    /// By who was reported.
    reported: Rates,
    /// By who was reported and by whom: the same is told once a day.
    pairs: Rates,
}

impl Reports {
    /// Nobody was reported yet.
    pub fn new(told: settings::Reports) -> Self {
        Self { told, reported: Rates::new(DAY), pairs: Rates::new(DAY) }
    }

    /// Tells the operator what a user reports with a request that is allowed.
    pub fn tell(&mut self, stanza: Element<'_>, user: &str) {
        if !self.told.are_told {
            return;
        }
        let lines: Vec<String> = items(stanza).take(MOST_ITEMS).filter_map(|item| self.line(item, user)).collect();
        if lines.is_empty() {
            return;
        }
        let more = lines.len().saturating_sub(MOST_LINES);
        let mut text = lines[..lines.len() - more].join("\n");
        if more > 0 {
            text.push_str(&format!("\nand {more} more in the same request"));
        }
        operator::tell(&text);
    }

    fn line(&mut self, item: Item<'_>, user: &str) -> Option<String> {
        let report = item.report()?;
        let address = bare(item.address);
        if !is_host(domain(address)) {
            return None;
        }
        let (now, pair) = (clock::now(), format!("{user}\n{address}"));
        if self.pairs.lately(&pair, now).0 > 0 {
            return None;
        }
        self.pairs.count(&pair, now);
        self.reported.count(address, now);
        let count = self.reported.lately(address, now).0;
        Some(self.written(&report, &shown(address), count, user))
    }

    fn written(&self, report: &Report, address: &str, count: u32, user: &str) -> String {
        let times = if count > 1 { format!(", by {count} users within a day") } else { String::new() };
        let mut line = format!("{address} was reported for {}{times}", report.reason.word());
        if self.told.name_reporters {
            line.push_str(&format!("; now by {}", shown(user)));
        }
        if self.told.quote && !report.text.is_empty() {
            line.push_str(&format!("; with the words: {}", report.text));
        }
        line
    }

    /// For a successor.
    pub fn save(&self, state: &mut Vec<u8>) {
        self.reported.save(state);
        self.pairs.save(state);
    }

    /// Takes it over from the beginning of `rest`.
    pub fn restore(&mut self, rest: &mut &[u8]) -> Option<()> {
        self.reported.restore(rest)?;
        self.pairs.restore(rest)
    }
}
