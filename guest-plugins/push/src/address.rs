//! Addresses of services, as a client writes them (RFC 7622): looked at before anything is compared or said.

/// More than an address can have in each of its parts.
const LONGEST_PART: usize = 1_023;

/// The user part, if there is one, and the domain; without the resource, which says nothing of who gets a notification.
pub fn split(address: &str) -> (Option<&str>, &str) {
    let bare = address.split_once('/').map_or(address, |(bare, _)| bare);
    bare.split_once('@').map_or((None, bare), |(user, domain)| (Some(user), domain))
}

/// Could this be an address at all?
pub fn is_valid(address: &str) -> bool {
    let resource = address.split_once('/').map(|(_, resource)| resource);
    let (user, domain) = split(address);
    user.is_none_or(is_user) && is_domain(domain) && resource.is_none_or(is_text)
}

/// Is it written as the server compares it (RFC 7622 §3.3)? Another form of it is sent, and comes from nowhere.
pub fn is_prepared(address: &str) -> bool {
    let bare = address.split_once('/').map_or(address, |(bare, _)| bare);
    !bare.chars().any(char::is_uppercase)
}

/// Letters, digits and hyphens between dots, of any script.
pub fn is_domain(domain: &str) -> bool {
    let is_label =
        |label: &str| !label.is_empty() && label.chars().all(|letter| letter.is_alphanumeric() || letter == '-');
    domain.len() <= LONGEST_PART && domain.split('.').all(is_label)
}

/// What may stand before the `@`.
pub fn is_user(user: &str) -> bool {
    is_text(user) && !user.contains(|letter: char| letter.is_whitespace() || "\"&'/:<>@*".contains(letter))
}

fn is_text(part: &str) -> bool {
    (1..=LONGEST_PART).contains(&part.len()) && !part.contains(char::is_control)
}
