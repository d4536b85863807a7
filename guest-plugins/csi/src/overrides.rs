//! What an operator chose for single namespaces.

use std::collections::BTreeMap;

use prosody_policy::Element;

use crate::choice::Choice;
use crate::namespaces::EVENT;

/// Choices by the namespace of an element; that of something published is its node.
#[derive(Debug, Default)]
pub struct Overrides {
    choices: BTreeMap<String, Choice>,
}

impl Overrides {
    /// From a table.
    pub fn new(choices: BTreeMap<String, Choice>) -> Self {
        Self { choices }
    }

    /// Is nothing chosen?
    pub fn is_empty(&self) -> bool {
        self.choices.is_empty()
    }

    /// Of several namespaces the one that is most in a hurry.
    pub fn of<'a>(&self, namespaces: impl Iterator<Item = &'a str>) -> Option<(Choice, &'a str)> {
        if self.is_empty() {
            return None;
        }
        let chosen = namespaces.filter_map(|namespace| Some((*self.choices.get(namespace)?, namespace)));
        chosen.min_by_key(|(choice, _)| *choice)
    }

    /// Of the elements of a message, and what is published in it.
    pub fn of_message<'a>(&self, message: Element<'a>) -> Option<(Choice, &'a str)> {
        let nodes = message.child_elements().filter(|child| child.is("event", EVENT));
        let nodes = nodes.flat_map(|event| event.child_elements()).filter_map(|items| items.attribute("node"));
        self.of(message.child_elements().map(|child| child.namespace()).chain(nodes))
    }
}
