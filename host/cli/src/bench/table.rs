//! Costs by hook, as a table.

use std::collections::BTreeMap;
use std::time::Duration;

use prosody_wasm_runtime::Limits;
use serde_json::{Value, json};

/// What was measured at one hook.
#[derive(Default)]
pub struct Costs {
    /// Cases that ask there.
    pub cases: usize,
    /// Those in which the policy failed.
    pub failures: usize,
    /// The time of each decision.
    pub spent: Vec<Duration>,
    /// The fuel of each case.
    pub fuel: Vec<u64>,
}

const HEAD: [&str; 7] = ["hook", "cases", "failed", "median µs", "p99 µs", "most fuel", "of the limit"];

impl Costs {
    /// The time that so many hundredths of the decisions did not exceed, in microseconds.
    fn microseconds(&self, hundredths: usize) -> f64 {
        let mut spent = self.spent.clone();
        spent.sort();
        let place = spent.len().saturating_sub(1) * hundredths / 100;
        spent.get(place).map_or(0.0, |spent| spent.as_nanos() as f64 / 1_000.0)
    }

    fn most_fuel(&self) -> u64 {
        self.fuel.iter().copied().max().unwrap_or_default()
    }

    /// The p99 as a share of the limit.
    fn share(&self, limits: &Limits) -> f64 {
        self.microseconds(99) / (f64::from(limits.milliseconds) * 1_000.0)
    }

    pub fn json(&self, hook: &str, limits: &Limits) -> Value {
        json!({
            "hook": hook,
            "cases": self.cases,
            "failed": self.failures,
            "median_us": self.microseconds(50),
            "p99_us": self.microseconds(99),
            "fuel": self.most_fuel(),
            "fuel_limit": limits.fuel(),
            "share_of_milliseconds": self.share(limits),
        })
    }

    fn row(&self, hook: &str, limits: &Limits) -> [String; HEAD.len()] {
        let (median, p99) = (self.microseconds(50), self.microseconds(99));
        let share = 100.0 * self.share(limits);
        let (cases, failures, fuel) = (self.cases.to_string(), self.failures.to_string(), self.most_fuel().to_string());
        [hook.into(), cases, failures, format!("{median:.1}"), format!("{p99:.1}"), fuel, format!("{share:.2} %")]
    }
}

/// The table, and what the last column is a share of.
pub fn lines(hooks: &BTreeMap<&'static str, Costs>, limits: &Limits) -> Vec<String> {
    let mut rows = vec![HEAD.map(str::to_owned)];
    rows.extend(hooks.iter().map(|(hook, costs)| costs.row(hook, limits)));
    let widths = std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    let mut lines: Vec<String> = rows.iter().map(|row| line(row, &widths)).collect();
    let (milliseconds, fuel) = (limits.milliseconds, limits.fuel());
    lines.push(format!("The limit is {milliseconds} ms of processor time for a decision; offline, {fuel} fuel."));
    lines
}

/// The first column is text, the others are numbers.
fn line(row: &[String; HEAD.len()], widths: &[usize; HEAD.len()]) -> String {
    let mut cells = row.iter().zip(widths);
    let first = cells.next().map(|(cell, width)| format!("{cell:width$}")).unwrap_or_default();
    cells.fold(first, |line, (cell, width)| format!("{line}  {cell:>width$}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_stand_beside_the_limits() {
        let costs =
            Costs { cases: 2, failures: 0, spent: (1..=100).map(Duration::from_micros).collect(), fuel: vec![7, 1200] };
        let hooks = BTreeMap::from([("message-policy", costs)]);
        let expected = [
            "hook            cases  failed  median µs  p99 µs  most fuel  of the limit",
            "message-policy      2       0       50.0    99.0       1200        1.98 %",
            "The limit is 5 ms of processor time for a decision; offline, 25000000 fuel.",
        ];
        assert_eq!(lines(&hooks, &Limits::default()), expected);
    }
}
