//! The actions.

mod bounce;
mod element;
mod read;

use crate::program::Action;
use crate::word::Reading::{Alone, Perhaps, Refused, With};
use crate::word::Word;

/// All of them.
pub const ACTIONS: &[Word<Action>] = &[
    Word::new(
        "PASS",
        "PASS.",
        "this chain of this file ends, and those that jumped to it; the chains of other files go on",
        Alone(|| Action::Pass),
    ),
    Word::new("DROP", "DROP.", "it goes nowhere, and nobody is told", Alone(|| Action::Drop)),
    Word::new(
        "DEFAULT",
        "DEFAULT.",
        "its sender is told that nobody is there, and in `preroute` it goes on; in a chain of your own as `PASS.`",
        Alone(|| Action::Default),
    ),
    Word::new("RETURN", "RETURN.", "this chain of this file ends", Alone(|| Action::Return)),
    Word::new(
        "BOUNCE",
        "BOUNCE=policy-violation (Not here.)",
        "it goes nowhere and its sender is told; errors, answers, presence and what comes from a room are dropped",
        Perhaps(bounce::bounce),
    ),
    Word::new(
        "REDIRECT",
        "REDIRECT=alice@example.org",
        "it goes to this address only; twice at most, so that nothing runs in circles",
        With(|_, to| read::address(to).map(Action::Redirect)),
    ),
    Word::new(
        "COPY",
        "COPY=alice@example.org",
        "it goes to this address, too; twice at most",
        With(|_, to| read::address(to).map(Action::Copy)),
    ),
    Word::new(
        "FORWARD",
        "FORWARD=alice@example.org",
        "it goes to this address inside of a message from the host",
        With(|_, to| read::address(to).map(Action::Forward)),
    ),
    Word::new(
        "REPORT TO",
        "REPORT TO=admin@example.org spam Caught!",
        "the same with a report (XEP-0377): `spam`, `abuse` (the default) or an URI, and a text",
        With(read::report),
    ),
    Word::new(
        "REPLY",
        "REPLY=I am not here.",
        "its sender gets this text from its recipient, if it is a message and no error",
        With(|_, text| Ok(Action::Reply(text.to_owned()))),
    ),
    Word::new(
        "STRIP",
        "STRIP=html http://jabber.org/protocol/xhtml-im",
        "its children of this name (`*`: any) and namespace are removed; without a namespace those in its own",
        With(read::strip),
    ),
    Word::new(
        "INJECT",
        "INJECT=<priority xmlns='urn:x'>5</priority>",
        "this element is put into it: one, with attributes and a text",
        With(element::inject),
    ),
    Word::new(
        "LOG",
        "LOG=[debug] From $<@from|host>",
        "a line for the log, which the server withholds if it repeats eight bytes or a whole text of four of the stanza, and writes for `debug` if it has an `@`",
        With(read::log),
    ),
    Word::new(
        "JUMP CHAIN",
        "JUMP CHAIN=user/spam",
        "the rules of this chain are gone through; if there are none, nothing happens",
        With(|scope, name| scope.chain(name).map(Action::Jump)),
    ),
    Word::new(
        "MARK ORIGIN",
        "MARK ORIGIN=spammer",
        "the origin is marked: a client of this server, or the server that sent it",
        With(|_, name| read::mark(name).map(Action::MarkOrigin)),
    ),
    Word::new(
        "UNMARK ORIGIN",
        "UNMARK ORIGIN=spammer",
        "it is not any more",
        With(|_, name| read::mark(name).map(Action::UnmarkOrigin)),
    ),
    Word::new(
        "MARK USER",
        "MARK USER=spammer",
        "the user of this host who sent it is marked, and stays so",
        With(|_, name| read::mark(name).map(Action::MarkUser)),
    ),
    Word::new(
        "UNMARK USER",
        "UNMARK USER=spammer",
        "he is not any more",
        With(|_, name| read::mark(name).map(Action::UnmarkUser)),
    ),
    Word::new(
        "ADD TO",
        "ADD TO=spammers $<@from|bare>",
        "the list gets this text, until the server stops",
        With(read::add_to),
    ),
    Word::new(
        "TAG TRACE",
        "TAG TRACE=spam",
        "does nothing: `prosody-wasm replay` shows what a policy decides",
        With(|_, _| Ok(Action::Nothing)),
    ),
    Word::new("RULEDEP", "RULEDEP=st", "does nothing: it is for Lua", With(|_, _| Ok(Action::Nothing))),
    Word::new(
        "EVENT",
        "EVENT=my/event",
        "policies cannot fire events of the server",
        Refused { instead: "Use `JUMP CHAIN=` with a chain of these files" },
    ),
    Word::new(
        "JUMP EVENT",
        "JUMP EVENT=my/event",
        "policies cannot fire events of the server",
        Refused { instead: "Use `JUMP CHAIN=` with a chain of these files" },
    ),
    Word::new(
        "UNSUBSCRIBE SENDER",
        "UNSUBSCRIBE SENDER.",
        "policies cannot change rosters",
        Refused { instead: "Use `BOUNCE.` or `DROP.`" },
    ),
];
