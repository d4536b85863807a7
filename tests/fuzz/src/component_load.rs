//! F6: files that are components, or nearly: what nobody wrote is refused, or runs within its limits.

use super::abi_guest;
use super::house;

/// Bytes as they are, which the fuzzer makes from its seeds.
pub fn run(bytes: &[u8]) {
    load(bytes);
}

fn load(component: &[u8]) {
    if nesting::check(component).is_err() {
        return;
    }
    match house::policy(component, house::terms()) {
        Ok(policy) => abi_guest::ask(&policy),
        Err(error) => assert!(!format!("{error:#}").is_empty()),
    }
}

/// As the program that compiles does it.
#[path = "../../../host/cli/src/nesting.rs"]
mod nesting;
