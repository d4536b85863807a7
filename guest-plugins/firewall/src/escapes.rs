//! Backslashes in definitions and defaults.

/// With the signs that the backslashes stand for. One before any other sign stays.
pub fn resolved(text: &str) -> String {
    let mut resolved = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (character, characters.clone().next().and_then(sign)) {
            ('\\', Some(sign)) => {
                resolved.push(sign);
                characters.next();
            }
            // The pair is taken as it is, so that its second half begins no other.
            ('\\', None) => resolved.extend(std::iter::once(character).chain(characters.next())),
            _ => resolved.push(character),
        }
    }
    resolved
}

fn sign(letter: char) -> Option<char> {
    Some(match letter {
        'a' => '\u{7}',
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        '\\' | '"' | '\'' => letter,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn are_those_of_lua() {
        for (text, expected) in
            [(r"a\nb", "a\nb"), (r"\\n", r"\n"), (r"\d\e", r"\d\e"), (r"x\", r"x\"), (r#"\"\'"#, "\"'")]
        {
            assert_eq!(super::resolved(text), expected);
        }
    }
}
