//! The operator's settings.

use std::collections::BTreeMap;

use prosody_policy::List;
use serde::Deserialize;

use crate::program::Program;
use crate::reading;
use crate::sources::{File, Sources};
use crate::times;

/// The settings as they are written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Scripts (`….pfw`), in their order, and lists for them. The host reads them by the option `files` of the policy.
    files: Vec<File>,
    /// More rules.
    rules: String,
    /// By the address of a list on the web: the name of the file that stands in for it.
    lists: BTreeMap<String, String>,
    /// Where the rules tell the time, like `+02:00` (default: UTC).
    timezone: Option<String>,
    /// The hosts of this server, which are the zone `$local`. Without them it is as the road of a stanza shows it.
    hosts: List,
}

impl Settings {
    /// Reads the rules; the error is for the operator.
    pub fn read(self) -> Result<Program, String> {
        let Self { mut files, rules, lists, timezone, hosts } = self;
        let offset = timezone.as_deref().map_or(Some(0), times::offset).ok_or_else(|| {
            format!("`timezone` cannot be \"{}\": write it like \"+02:00\"", timezone.as_deref().unwrap_or_default())
        })?;
        files.iter_mut().for_each(File::forget_mark);
        if !rules.is_empty() {
            files.push(File { name: "rules.pfw".into(), text: rules });
        }
        let sources = Sources { files, stand_ins: lists };
        if sources.scripts().next().is_none() {
            return Err(
                "there are no rules: name files that end in `.pfw` in the option `files` of the policy, or write \
                        them in the setting `rules`"
                    .into(),
            );
        }
        if let Some(file) = sources.missing() {
            return Err(format!("`lists` names \"{file}\", which is not among the `files` of the policy"));
        }
        let mut program = reading::program(&sources)?;
        program.offset = offset;
        program.set_hosts(hosts.entries());
        Ok(program)
    }
}
