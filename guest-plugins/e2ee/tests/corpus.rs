//! The published corpora, and the cases of this folder.

mod common;

use common::{STRICT, cases, check, load};

#[test]
fn ways_around_a_policy() {
    check(&load("../../tests/corpus/e2ee.json"), STRICT);
}

#[test]
fn real_clients() {
    check(&load("../../tests/corpus/captures.json"), STRICT);
}

#[test]
fn every_rule() {
    check(&cases(), STRICT);
}
