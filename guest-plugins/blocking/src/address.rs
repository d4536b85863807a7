//! XMPP addresses, as far as this policy looks at them (RFC 7622).

/// Longer ones are shown in part.
const LONGEST_SHOWN: usize = 200;

/// Without the resource.
pub fn bare(address: &str) -> &str {
    address.split_once('/').map_or(address, |(bare, _)| bare)
}

/// The part after the `@`.
pub fn domain(address: &str) -> &str {
    let bare = bare(address);
    bare.split_once('@').map_or(bare, |(_, domain)| domain)
}

/// Is it the name of a host, or a number? Not every server looks at what a client takes for one.
pub fn is_host(domain: &str) -> bool {
    let number = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let is_plain = |character: char| character.is_alphanumeric() || ".-".contains(character);
    number.is_some_and(|number| number.parse::<std::net::Ipv6Addr>().is_ok())
        || !domain.is_empty() && domain.chars().all(is_plain)
}

/// Is it an account or a room, with or without resource?
pub fn has_user(address: &str) -> bool {
    bare(address).contains('@')
}

/// Does an entry of a block list block all of this person?
pub fn blocks(entry: &str, person: &str) -> bool {
    entry == person || entry == domain(person)
}

/// For a line that somebody reads: what a client sent may hold anything.
pub fn shown(address: &str) -> String {
    let is_plain = |character: &char| !character.is_control() && !character.is_whitespace();
    let mut shown: String = address.chars().filter(is_plain).take(LONGEST_SHOWN).collect();
    if shown.len() < address.len() {
        shown.push('…');
    }
    shown
}
