//! Patterns of the addresses of rooms.

/// A pattern such as `public-*@rooms.example.org`: each star stands for any text before the `@`, also none.
#[derive(Debug)]
pub struct Pattern {
    /// What stands between the stars, in lower case; one piece if there is none.
    pieces: Vec<String>,
    domain: String,
}

impl Pattern {
    /// From what the operator wrote; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let Some((name, domain)) = text.split_once('@') else {
            return Err("write the room and its service, like \"support@rooms.example.org\"");
        };
        match () {
            () if text.contains('/') => Err("write the address without what follows the slash"),
            () if domain.contains('*') => Err("write what follows the @ in full; a star stands for text before it"),
            () if name.is_empty()
                || domain.is_empty()
                || domain.contains('@')
                || text.contains(char::is_whitespace) =>
            {
                Err("this is not the address of a room (\"support@rooms.example.org\", \"public-*@rooms.example.org\")")
            }
            () => Ok(Self {
                pieces: name.to_lowercase().split('*').map(str::to_owned).collect(),
                domain: domain.to_lowercase(),
            }),
        }
    }

    /// Is this the address of such a room? The server writes addresses in lower case.
    pub fn fits(&self, address: &str) -> bool {
        address.split_once('@').is_some_and(|(name, domain)| domain == self.domain && self.fits_name(name))
    }

    /// Takes the first place for each piece, so no text is looked at twice for one piece.
    fn fits_name(&self, name: &str) -> bool {
        let [first, middle @ .., last] = self.pieces.as_slice() else {
            return self.pieces.first().is_some_and(|whole| whole == name);
        };
        let Some(rest) = name.strip_prefix(&**first).and_then(|rest| rest.strip_suffix(&**last)) else {
            return false;
        };
        let after = |rest: &'_ str, piece: &String| rest.find(&**piece).map(|at| at + piece.len());
        middle.iter().try_fold(rest, |rest, piece| after(rest, piece).map(|end| &rest[end..])).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_is_any_text_before_the_at() {
        for (pattern, address, expected) in [
            ("support@rooms.x", "support@rooms.x", true),
            ("Support@Rooms.x", "support@rooms.x", true),
            ("support@rooms.x", "support2@rooms.x", false),
            ("support@rooms.x", "support@rooms.x.evil", false),
            ("support@rooms.x", "support@other.x", false),
            ("*@rooms.x", "any@rooms.x", true),
            ("*@rooms.x", "any@other.x", false),
            ("*@rooms.x", "any@evil@rooms.x", false),
            ("public-*@rooms.x", "public-@rooms.x", true),
            ("public-*@rooms.x", "public-a@rooms.x", true),
            ("public-*@rooms.x", "not-public-a@rooms.x", false),
            ("*-public@rooms.x", "a-public@rooms.x", true),
            ("*-public@rooms.x", "a-public-b@rooms.x", false),
            ("a*b*c@rooms.x", "a-b-c@rooms.x", true),
            ("a*b*c@rooms.x", "abc@rooms.x", true),
            ("a*b*c@rooms.x", "ac@rooms.x", false),
            ("a*b*c@rooms.x", "acbb@rooms.x", false),
            ("a**c@rooms.x", "ac@rooms.x", true),
            // One letter is not the end of both.
            ("ab*ba@rooms.x", "aba@rooms.x", false),
            ("ab*ba@rooms.x", "abba@rooms.x", true),
            ("öffentlich-*@rooms.x", "öffentlich-ß@rooms.x", true),
            ("a*@rooms.x", "a", false),
        ] {
            assert_eq!(Pattern::parse(pattern).unwrap().fits(address), expected, "{pattern} {address}");
        }
    }

    /// With backtracking this would not end.
    #[test]
    #[cfg_attr(miri, ignore = "Miri is a thousand times slower, whatever the pattern")]
    fn no_pattern_is_slow() {
        let pattern = format!("{}b@rooms.x", "a*".repeat(10_000));
        let address = format!("{}@rooms.x", "a".repeat(100_000));
        assert!(!Pattern::parse(&pattern).unwrap().fits(&address));
    }
}
