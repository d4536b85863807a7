//! A request to block or unblock (XEP-0191), with its reports (XEP-0377).

use prosody_policy::Element;

const BLOCKING: &str = "urn:xmpp:blocking";
const REPORTING: &str = "urn:xmpp:reporting:1";
const REPORTING_0: &str = "urn:xmpp:reporting:0";

/// More of the text of a report is not shown to anybody.
const LONGEST_TEXT: usize = 300;

/// One address of a request.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    element: Element<'a>,
    /// The address, as the server writes it.
    pub address: &'a str,
}

/// Why somebody was reported, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Unwanted messages.
    Spam,
    /// Unwanted behaviour.
    Abuse,
    /// Something else, or nothing that is known.
    Other,
}

/// What was said of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Why.
    pub reason: Reason,
    /// What the reporter wrote about it.
    pub text: String,
}

/// The addresses that a request names.
pub fn items(stanza: Element<'_>) -> impl Iterator<Item = Item<'_>> {
    let action = stanza.child_elements().find(|child| child.namespace() == BLOCKING);
    let items = action.into_iter().flat_map(|action| action.child_elements());
    items.filter(|element| element.is("item", BLOCKING)).filter_map(|element| {
        let address = element.attribute("jid")?;
        Some(Item { element, address })
    })
}

impl Item<'_> {
    /// The report in it, if there is one.
    pub fn report(&self) -> Option<Report> {
        let namespaces = [REPORTING, REPORTING_0];
        let report = namespaces.iter().find_map(|namespace| self.element.child("report", namespace))?;
        let text = report.child("text", report.namespace()).map_or_else(String::new, |text| plain(&text.text()));
        Some(Report { reason: Reason::of(report), text })
    }
}

impl Reason {
    /// From an attribute, or in the older form from an element.
    fn of(report: Element<'_>) -> Self {
        let has = |name| report.child(name, report.namespace()).is_some();
        match report.attribute("reason") {
            Some("urn:xmpp:reporting:spam") => Self::Spam,
            Some("urn:xmpp:reporting:abuse") => Self::Abuse,
            None if has("spam") => Self::Spam,
            None if has("abuse") => Self::Abuse,
            _ => Self::Other,
        }
    }

    /// For the operator.
    pub fn word(self) -> &'static str {
        match self {
            Self::Spam => "spam",
            Self::Abuse => "abuse",
            Self::Other => "another reason",
        }
    }
}

/// On one line, and not long.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split(|character: char| character.is_whitespace() || character.is_control()).collect();
    let line = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    line.chars().take(LONGEST_TEXT).collect()
}
