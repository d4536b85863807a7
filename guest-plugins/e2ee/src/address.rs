//! XMPP addresses, as far as this policy looks at them (RFC 7622).

/// Without the resource.
pub fn bare(address: &str) -> &str {
    address.split_once('/').map_or(address, |(bare, _)| bare)
}

/// The part after the `@`.
pub fn domain(address: &str) -> &str {
    let bare = bare(address);
    bare.split_once('@').map_or(bare, |(_, domain)| domain)
}

/// Is it a server or a part of one, not a person or a room?
pub fn is_service(address: &str) -> bool {
    !bare(address).contains('@')
}

/// Is this address or its domain in the list, which is in lower case?
pub fn is_listed(address: Option<&str>, list: &[String]) -> bool {
    let Some(address) = address.filter(|_| !list.is_empty()) else { return false };
    let bare = bare(address).to_lowercase();
    list.iter().any(|entry| *entry == bare || *entry == domain(&bare))
}
