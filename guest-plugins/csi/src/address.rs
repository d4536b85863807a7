//! XMPP addresses, as far as this policy looks at them (RFC 7622).

/// Without the resource.
pub fn bare(address: &str) -> &str {
    address.split_once('/').map_or(address, |(bare, _)| bare)
}

/// The part after the slash: a device, or what somebody is called in a room.
pub fn resource(address: &str) -> Option<&str> {
    address.split_once('/').map(|(_, resource)| resource)
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
