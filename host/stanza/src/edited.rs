//! What edits mean: a copy of a stanza with the changes made on the way.

use crate::edit::Edit;
use crate::tree::{NodeRecord, Stanza};
use crate::{Builder, Excess, Limits};

impl Stanza {
    /// The stanza after these edits, all of which were [checked](Edit::check) against `self`.
    ///
    /// A later edit of the same thing wins; an edit inside something removed or replaced has no effect.
    pub fn edited(&self, edits: &[Edit], limits: &Limits) -> Result<Self, Excess> {
        let mut copy = Copy { stanza: self, edits, builder: Builder::new(*limits), open: Vec::new() };
        let mut number = 0;
        while (number as usize) < self.len() {
            copy.close_until(number)?;
            number = copy.node(number)?;
        }
        copy.close_until(self.len() as u32)?;
        copy.builder.finish()
    }
}

/// A copy of a stanza in the making, with the edits applied on the way.
struct Copy<'a> {
    stanza: &'a Stanza,
    edits: &'a [Edit],
    builder: Builder,
    open: Vec<(u32, u32)>,
}

impl Copy<'_> {
    /// Copies one node without what is inside, and says which is next.
    fn node(&mut self, number: u32) -> Result<u32, Excess> {
        let record = self.stanza.nodes[number as usize];
        if self.edits.contains(&Edit::Remove { node: number }) {
            return Ok(record.end);
        }
        if record.is_text() {
            self.builder.text(self.stanza.string(record.name).as_bytes())?;
            return Ok(record.end);
        }
        self.element(number, &record)?;
        let Some(text) = self.replacement(number).map(str::to_owned) else { return Ok(number + 1) };
        if !text.is_empty() {
            self.builder.text(text.as_bytes())?;
        }
        Ok(record.end)
    }

    fn element(&mut self, number: u32, record: &NodeRecord) -> Result<(), Excess> {
        let stanza = self.stanza;
        self.builder.open(stanza.string(record.name).as_bytes(), Some(stanza.string(record.namespace).as_bytes()))?;
        self.open.push((number, record.end));
        for (name, value) in self.attributes(number) {
            self.builder.attribute(name.as_bytes(), value.as_bytes())?;
        }
        Ok(())
    }

    fn attributes(&self, number: u32) -> Vec<(String, String)> {
        let element = self.stanza.element(number).into_iter();
        let mut attributes: Vec<(String, String)> =
            element.flat_map(|element| element.attributes()).map(|(name, value)| (name.into(), value.into())).collect();
        for edit in self.edits {
            match edit {
                Edit::SetAttribute { node, name, value } if *node == number => {
                    attributes.retain(|(other, _)| other != name);
                    attributes.push((name.clone(), value.clone()));
                }
                Edit::RemoveAttribute { node, name } if *node == number => {
                    attributes.retain(|(other, _)| other != name)
                }
                _ => {}
            }
        }
        attributes
    }

    /// The text that takes the place of everything inside this element.
    fn replacement(&self, number: u32) -> Option<&str> {
        self.edits.iter().rev().find_map(|edit| match edit {
            Edit::SetText { node, text } if *node == number => Some(text.as_str()),
            _ => None,
        })
    }

    fn close_until(&mut self, number: u32) -> Result<(), Excess> {
        while let Some((element, end)) = self.open.last().copied()
            && end <= number
        {
            self.append(element)?;
            self.builder.close()?;
            self.open.pop();
        }
        Ok(())
    }

    fn append(&mut self, number: u32) -> Result<(), Excess> {
        for edit in self.edits {
            let Edit::Append { parent, element } = edit else { continue };
            if *parent != number {
                continue;
            }
            let namespace = (!element.namespace.is_empty()).then_some(element.namespace.as_str());
            self.builder.open(element.name.as_bytes(), namespace.map(str::as_bytes))?;
            for (name, value) in &element.attributes {
                self.builder.attribute(name.as_bytes(), value.as_bytes())?;
            }
            if !element.text.is_empty() {
                self.builder.text(element.text.as_bytes())?;
            }
            self.builder.close()?;
        }
        Ok(())
    }
}
