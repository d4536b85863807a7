//! What a policy may be called, as `wasm_policies` has it.

use anyhow::{Result, ensure};

const MOST: usize = 40;

/// Refuses what the server would refuse as a name.
pub fn check(name: &str) -> Result<()> {
    let is_known = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "_-".contains(letter);
    ensure!(
        !name.is_empty() && name.len() <= MOST && name.chars().all(is_known) && !name.starts_with('-'),
        "\"{}\" is not a policy's name: take 1 to {MOST} of a-z 0-9 _ -, such as no-shouting",
        name.escape_debug()
    );
    Ok(())
}

/// The words of a name, for languages that write them together.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(['-', '_']).filter(|word| !word.is_empty())
}

/// `no-shouting` as `NoShouting`.
pub fn upper_camel_case(name: &str) -> String {
    words(name).map(|word| word[..1].to_ascii_uppercase() + &word[1..]).collect()
}

/// `no-shouting` as `no_shouting`.
pub fn snake_case(name: &str) -> String {
    words(name).collect::<Vec<_>>().join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_configuration() {
        for good in ["no-shouting", "2fa", "a_b", &"x".repeat(40)] {
            check(good).unwrap();
        }
        for bad in ["", "No", "a/b", "../a", "a.wasm", "é", "-a", "a b", "a\n", &"x".repeat(41)] {
            let error = check(bad).unwrap_err().to_string();
            assert!(error.contains("such as no-shouting") && !error.contains('\n'), "{error}");
        }
    }

    #[test]
    fn names_in_other_spellings() {
        assert_eq!(upper_camel_case("no-shouting_2"), "NoShouting2");
        assert_eq!(snake_case("no--shouting-"), "no_shouting");
    }
}
