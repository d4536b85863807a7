//! The mistakes of authors that show only when a policy runs.

use std::hint::black_box;

use prosody_policy::{
    Decision, Expectation, MessagePolicy, Passage, Policy, Sample, ShowsSamples, StanzaKind, Want, log,
};

struct Mistaken {
    mistake: Mistake,
}

#[derive(Clone, Copy, PartialEq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Mistake {
    None,
    /// It is never content with its settings.
    Refuses,
    /// It panics before it has decided anything.
    PanicsInConfigure,
    /// It counts on an attribute that not every stanza has, and says before how far it has come.
    Unwraps,
    /// It counts on messages being small.
    CountsOnFewElements,
    /// It keeps some memory of each call.
    Leaks,
    /// Its text is longer than what can be handed over.
    SaysTooMuch,
    /// It expects of its sample what it does not do.
    WrongSample,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    mistake: Mistake,
}

impl Policy for Mistaken {
    type Settings = Settings;

    fn configure(Settings { mistake }: Settings) -> Result<Self, String> {
        log::report_panics();
        match mistake {
            Mistake::Refuses => Err("words: at least one is needed".into()),
            Mistake::PanicsInConfigure => panic!("no words"),
            mistake => Ok(Self { mistake }),
        }
    }
}

impl MessagePolicy for Mistaken {
    fn wants(&self) -> Vec<Want> {
        vec![Want::all(StanzaKind::Message)]
    }

    fn decide(&mut self, _: Passage) -> Decision {
        match self.mistake {
            Mistake::Unwraps => greet(),
            Mistake::CountsOnFewElements => depths(),
            Mistake::Leaks => black_box(vec![1_u8; 256 << 10]).leak().len(),
            Mistake::SaysTooMuch => return Decision::refuse("long", "x".repeat(5 << 20)),
            _ => 0,
        };
        Decision::pass("fine")
    }
}

fn depths() -> usize {
    let stanza = prosody_policy::stanza();
    let mut seen = [0_usize; 16];
    log::write(log::Level::Info, "looking at each element");
    stanza.elements().enumerate().for_each(|(number, _)| seen[number] += 1);
    seen.len()
}

fn greet() -> usize {
    let stanza = prosody_policy::stanza();
    log::write(log::Level::Debug, &format!("{} elements to look at", stanza.elements().count()));
    let Some(language) = stanza.root().attribute("xml:lang") else {
        panic!("no language in {:?}", stanza.root().attribute("id"));
    };
    language.len()
}

impl ShowsSamples for Mistaken {
    fn samples(&self) -> Vec<Sample> {
        if self.mistake != Mistake::WrongSample {
            return Vec::new();
        }
        let expectation = Expectation::Refuse;
        let stanza = "<message to='b@x.invalid'><body>hello</body></message>".into();
        vec![Sample { name: "a greeting".into(), passage: Passage::outgoing(), stanza, expectation }]
    }
}

prosody_policy::policy!(Mistaken: message, samples);
