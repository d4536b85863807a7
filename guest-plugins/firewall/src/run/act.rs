//! What rules do.

use prosody_policy::log::{self, Level};
use prosody_policy::routing::{self, Report};
use prosody_policy::{Bounce, Decision, ErrorCondition, ErrorType};

use super::{Ending, MARK, Run};
use crate::memory::{mark_user, unmark_user};
use crate::program::Action;
use crate::recent::hashing;

/// Messages that one stanza may cause; the host would take a fifth for a fault.
const MOST_SENT: usize = 4;

impl Run<'_> {
    /// Does it; how the chain ends, if that ends it.
    pub(super) fn act(&mut self, action: &Action) -> Option<Ending> {
        match action {
            Action::Pass => return Some(Ending::Passed),
            Action::Return => return Some(Ending::Open),
            Action::Default => return Some(Ending::Default),
            Action::Drop => return Some(Ending::Refused(Decision::drop("dropped"))),
            Action::Bounce(bounce) => return Some(Ending::Refused(self.bounced(bounce, "bounced"))),
            Action::Redirect(to) => {
                self.send(|| routing::copy(to));
                return Some(Ending::Refused(Decision::drop("redirected")));
            }
            Action::Jump(chain) => {
                return Some(self.jump(*chain)).filter(|ending| !matches!(ending, Ending::Open));
            }
            Action::Strip { name, namespace } => {
                let is_possible = self.view.strip(name.as_deref(), namespace.as_deref(), &mut self.budget);
                return (!is_possible).then(|| self.too_many_edits());
            }
            Action::Inject(element) => return (!self.view.inject(element)).then(|| self.too_many_edits()),
            _ => self.note(action),
        }
        None
    }

    /// Actions after which the stanza is what it was.
    fn note(&mut self, action: &Action) {
        match action {
            Action::Copy(to) => self.send(|| routing::copy(to)),
            Action::Forward(to) => self.send(|| routing::forward(to, None)),
            Action::Report { to, reason, text } => {
                let report = Report { reason: reason.clone(), text: text.clone() };
                self.send(|| routing::forward(to, Some(&report)));
            }
            Action::Reply(text) => self.send(|| routing::answer(text)),
            Action::Log(level, line) => log::write(*level, &self.fill(line)),
            Action::AddTo(list, text) => {
                let text = self.fill(text);
                if let Some(filtered) = self.filtered(*list, &text) {
                    self.budget.spend(hashing(filtered.len()));
                    self.memory.add(*list, &filtered);
                }
            }
            _ => self.mark(action),
        }
    }

    fn mark(&mut self, action: &Action) {
        self.budget.spend(MARK);
        match (action, self.origin(), self.user()) {
            (Action::MarkOrigin(mark), Some(origin), _) => self.memory.mark_origin(&origin, mark, self.now),
            (Action::UnmarkOrigin(mark), Some(origin), _) => self.memory.unmark_origin(&origin, mark),
            (Action::MarkUser(mark), _, Some(user)) => {
                if let Err(refusal) = mark_user(&user, mark, self.now) {
                    log::write(Level::Warn, &format!("a user was not marked `{mark}`: {refusal}"));
                }
            }
            (Action::UnmarkUser(mark), _, Some(user)) => unmark_user(&user, mark),
            (Action::MarkUser(mark) | Action::UnmarkUser(mark), ..) => {
                log::write(
                    Level::Warn,
                    &format!("only users of this host can have the mark `{mark}`, and the sender is none"),
                );
            }
            _ => {}
        }
    }

    /// Sends something, with the stanza as it is now.
    fn send(&mut self, send: impl FnOnce()) {
        if self.sent == MOST_SENT {
            let line =
                format!("the rules send more than {MOST_SENT} messages because of one stanza; the others are left out");
            return log::write(Level::Warn, &line);
        }
        self.sent += 1;
        self.view.tell_edits();
        send();
    }

    fn too_many_edits(&self) -> Ending {
        let text = "This was not delivered: it has too much in it that the rules of this server change.".into();
        let bounce = Bounce { error_type: ErrorType::Modify, condition: ErrorCondition::PolicyViolation, text };
        Ending::Refused(self.bounced(&bounce, "too-many-edits"))
    }
}
