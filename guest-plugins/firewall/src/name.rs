//! Names that a rule file gives to things.

/// A letter, then letters, digits and underscores.
pub fn is_name(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '_')
}
