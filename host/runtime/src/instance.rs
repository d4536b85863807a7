//! One instance of a policy: a store, and calls into it.

use std::sync::Arc;
use std::time::Duration;

use prosody_stanza::edit::Edit;
use wasmtime::Store;

use crate::asked;
use crate::bindings::{
    Bounce, Decision, Verdict, Want, archive_policy, blocklist_policy, carbons_policy, delivery_policy, exemptions,
    keys_policy, lifecycle, message_policy, needs, push_policy, room_policy, samples, state, upload_policy,
};
use crate::capabilities::outbox::printable;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::exemption::{Circumstances, Exemption};
use crate::expiry::Expiry;
use crate::facts::Facts;
use crate::failure::{Failure, Kind};
use crate::limits;
use crate::permission::Permission;
use crate::policy::Policy;
use crate::question::{self, Hook, Question};
use crate::recording::StoreNotes;
use crate::ruling::{Manner, Remedy, Ruling};
use crate::session::{Judged, Session};
use crate::store::Keys;

/// An instance. After a failure it is of no use: a trap leaves its memory in an unknown state.
pub struct Instance {
    store: Store<Session>,
    message: Option<message_policy::Guest>,
    archive: Option<archive_policy::Guest>,
    carbons: Option<carbons_policy::Guest>,
    delivery: Option<delivery_policy::Guest>,
    push: Option<push_policy::Guest>,
    upload: Option<upload_policy::Guest>,
    room: Option<room_policy::Guest>,
    keys: Option<keys_policy::Guest>,
    blocklist: Option<blocklist_policy::Guest>,
    needs: Option<needs::Guest>,
    exemptions: Option<exemptions::Guest>,
    state: Option<state::Guest>,
    samples: Option<samples::Guest>,
    milliseconds: u32,
}

/// What came of one call of `decide`.
#[derive(Clone, Debug)]
pub struct Answer {
    pub decision: Decision,
    pub edits: Vec<Edit>,
    pub effects: Vec<Effect>,
    /// How it passes, if it does.
    pub manner: Manner,
    /// Seconds between two notifications of one device.
    pub pause: u32,
    /// What would make a refusal an acceptance.
    pub remedy: Option<Remedy>,
    /// What is to be shown with the next piece of a file.
    pub notes: Vec<u8>,
    /// Was it given by `on_error`, in place of a policy that failed?
    pub is_failure: bool,
    /// Was it given by the candidate of a canary, in place of the live generation?
    pub is_canary: bool,
    /// How long it took.
    pub spent: Duration,
}

impl Answer {
    fn new(decision: Decision, edits: Vec<Edit>, effects: Vec<Effect>) -> Self {
        Self {
            decision,
            edits,
            effects,
            manner: Manner::Usual,
            pause: 0,
            remedy: None,
            notes: Vec::new(),
            is_failure: false,
            is_canary: false,
            spent: Duration::ZERO,
        }
    }

    /// An answer of the host's own: a verdict and nothing besides.
    pub fn of(verdict: Verdict, reason: &str) -> Self {
        let decision = Decision { verdict, reason: reason.into() };
        Self::new(decision, Vec::new(), Vec::new())
    }

    /// Was the policy asked? If not, its answer says nothing about it.
    pub(crate) fn was_asked(&self) -> bool {
        let unasked = [Kind::Quarantine, Kind::OverBudget];
        !self.is_failure || unasked.iter().all(|kind| self.decision.reason != kind.reason())
    }

    /// Was it not asked because its processor time was used up?
    pub(crate) fn is_over_budget(&self) -> bool {
        self.is_failure && self.decision.reason == Kind::OverBudget.reason()
    }

    /// Its verdict, as a word.
    pub fn word(&self) -> &'static str {
        match self.decision.verdict {
            _ if self.is_failure => "failure",
            Verdict::Pass => self.manner.word().unwrap_or(if self.edits.is_empty() { "pass" } else { "edit" }),
            Verdict::Drop => "drop",
            Verdict::Bounce(_) => "bounce",
        }
    }
}

impl Instance {
    /// Instantiates and configures.
    pub fn new(policy: &Policy, engine: &Engine, keys: Keys, now: u64) -> Result<Self, Failure> {
        let mut store = Store::new(&engine.wasmtime, Session::new(policy.terms.limits.memory, keys));
        store.limiter(|session| &mut session.limiter);
        store.epoch_deadline_callback(|mut context| context.data_mut().stopwatch.tick());
        store.set_max_component_handles(limits::HANDLES);
        store.data_mut().begin(now);
        let (mut instance, lifecycle) = Self::link(policy, engine, store)?;
        let settings = policy.terms.settings.as_str();
        instance
            .call(engine, limits::SETUP_MILLISECONDS, |store| lifecycle.call_configure(store, settings))?
            .map_err(|refusal| Failure::setup(format!("it refuses its settings: {}", words(&refusal))))?;
        Ok(instance)
    }

    fn link(policy: &Policy, engine: &Engine, mut store: Store<Session>) -> Result<(Self, lifecycle::Guest), Failure> {
        let prepared = &policy.prepared;
        let instance = engine.run(&mut store, limits::SETUP_MILLISECONDS, |store| prepared.instantiate(store));
        let instance = instance.map_err(|error| Failure::of(&error, &store))?;
        let wrong = |_| {
            Failure::setup(
                "a function of an exported interface has another type than in wit/; rebuild it with the SDK or the WIT of that version",
            )
        };
        let lifecycle = lifecycle::GuestIndices::new(prepared).and_then(|index| index.load(&mut store, &instance));
        // Of an interface that it does not export there is nothing to load.
        macro_rules! guest {
            ($interface:ident, $is_exported:expr) => {
                exported($is_exported, || {
                    $interface::GuestIndices::new(prepared).and_then(|index| index.load(&mut store, &instance))
                })
                .map_err(wrong)?
            };
        }
        let linked = Self {
            message: guest!(message_policy, policy.hears(question::MESSAGE)),
            archive: guest!(archive_policy, policy.hears(question::ARCHIVE)),
            carbons: guest!(carbons_policy, policy.hears(question::CARBONS)),
            delivery: guest!(delivery_policy, policy.hears(question::DELIVERY)),
            push: guest!(push_policy, policy.hears(question::PUSH)),
            upload: guest!(upload_policy, policy.hears(question::UPLOAD)),
            room: guest!(room_policy, policy.hears(question::ROOM)),
            keys: guest!(keys_policy, policy.hears(question::KEYS)),
            blocklist: guest!(blocklist_policy, policy.hears(question::BLOCKLIST)),
            needs: guest!(needs, policy.surface.says_needs),
            exemptions: guest!(exemptions, policy.surface.says_exemptions),
            state: guest!(state, policy.surface.keeps_state),
            samples: guest!(samples, policy.surface.shows_samples),
            store,
            milliseconds: policy.terms.limits.milliseconds,
        };
        Ok((linked, lifecycle.map_err(wrong)?))
    }

    /// Which stanzas it wants to see. Too many or too long wants are a refusal, not cut: it would miss some.
    pub fn wants(&mut self, engine: &Engine) -> Result<Vec<Want>, Failure> {
        let Some(message) = self.message.clone() else { return Ok(Vec::new()) };
        let wants = self.call(engine, limits::SETUP_MILLISECONDS, |store| message.call_wants(store))?;
        let fits = wants.len() <= limits::WANTS
            && wants.iter().all(|want| {
                want.namespaces.len() <= limits::WANTS
                    && want.namespaces.iter().all(|namespace| namespace.len() <= limits::NAMESPACE)
            });
        fits.then_some(wants).ok_or_else(|| Failure::reply("it wants more than 64 kinds of stanza or namespaces"))
    }

    /// The stanzas with which it shows that it works.
    pub fn samples(&mut self, engine: &Engine) -> Result<Vec<samples::Sample>, Failure> {
        let Some(samples) = self.samples.clone() else { return Ok(Vec::new()) };
        let shown = self.call(engine, limits::SETUP_MILLISECONDS, |store| samples.call_show(store))?;
        let fits = shown.len() <= limits::SAMPLES && shown.iter().all(|sample| sample.stanza.len() <= limits::SAMPLE);
        fits.then_some(shown).ok_or_else(|| Failure::reply("it shows more than 64 samples, or one larger than 16 KiB"))
    }

    /// How many hours it lets be kept what is kept. Out of bounds is a refusal: cut, it would keep too long or too short.
    pub fn retention(&mut self, engine: &Engine) -> Result<Option<u32>, Failure> {
        let Some(archive) = self.archive.clone() else { return Ok(None) };
        let hours = self.call(engine, limits::SETUP_MILLISECONDS, |store| archive.call_retention(store))?;
        let fits = hours.is_none_or(|hours| (1..=limits::RETENTION_HOURS).contains(&hours));
        fits.then_some(hours).ok_or_else(|| Failure::reply("its retention is not 1 to 87,600 hours"))
    }

    /// For how long it lets be kept what was uploaded. Out of bounds is a refusal, as with retention.
    pub fn expiry(&mut self, engine: &Engine) -> Result<Expiry, Failure> {
        let Some(upload) = self.upload.clone() else { return Ok(Expiry::default()) };
        let expiry =
            self.call(engine, limits::SETUP_MILLISECONDS, |store| upload.call_expires(store)).map(Expiry::from)?;
        expiry.fits().then_some(expiry).ok_or_else(|| Failure::reply("it keeps files for other than 1 to 87,600 hours"))
    }

    /// The facts that it looks at; `None` when it does not say.
    pub fn needed(&mut self, engine: &Engine) -> Result<Option<Vec<Permission>>, Failure> {
        let Some(needs) = self.needs.clone() else { return Ok(None) };
        self.call(engine, limits::SETUP_MILLISECONDS, |store| needs.call_needed(store)).map(permissions).map(Some)
    }

    /// The stanzas about which it need not be asked. One without a circumstance would be all of a kind: those are not wanted.
    pub fn exempt(&mut self, engine: &Engine) -> Result<Vec<Exemption>, Failure> {
        let Some(exemptions) = self.exemptions.clone() else { return Ok(Vec::new()) };
        let exempt = self.call(engine, limits::SETUP_MILLISECONDS, |store| exemptions.call_exempt(store))?;
        let fits = exempt.len() <= limits::EXEMPTIONS
            && exempt.iter().all(|exemption| exemption.circumstances != Circumstances::empty());
        fits.then_some(exempt)
            .ok_or_else(|| Failure::reply("it has more than 16 exemptions, or one without circumstances"))
    }

    /// What is to happen to a stanza. `name`: under which the operator knows the policy.
    pub fn decide(
        &mut self,
        engine: &Engine,
        name: &str,
        question: Question,
        judged: &Arc<Judged>,
        facts: &Facts,
    ) -> Result<Answer, Failure> {
        let session = self.store.data_mut();
        session.begin(facts.now);
        session.judged = Some(Arc::clone(judged));
        session.subscription = facts.subscription;
        session.parties.clone_from(&facts.parties);
        let ruling = self.ask(engine, name, question, facts).and_then(Ruling::checked);
        let session = self.store.data_mut();
        session.judged = None;
        let Ruling { decision, manner, pause, remedy, notes } = ruling?;
        let decision = bounded(decision);
        let edits = match decision.verdict {
            Verdict::Pass => std::mem::take(&mut session.edits),
            _ => Vec::new(),
        };
        let mut effects = std::mem::take(&mut session.effects);
        effects.retain(|effect| decision.verdict == Verdict::Drop || !matches!(effect, Effect::Hold { .. }));
        session.keys.commit(&effects);
        Ok(Answer { manner, pause, remedy, notes, ..Answer::new(decision, edits, effects) })
    }

    fn ask(
        &mut self,
        engine: &Engine,
        name: &str,
        Question { hook, passage }: Question,
        facts: &Facts,
    ) -> Result<Ruling, Failure> {
        let milliseconds = self.milliseconds;
        match hook {
            Hook::Message => {
                let message = self.message.clone().ok_or(NO_HOOK)?;
                self.call(engine, milliseconds, |store| message.call_decide(store, passage)).map(Ruling::from)
            }
            Hook::Archive { place, is_wanted } => {
                let archive = self.archive.clone().ok_or(NO_HOOK)?;
                let keeping = archive_policy::Keeping { place, passage, is_wanted };
                let ruling = self.call(engine, milliseconds, |store| archive.call_decide(store, keeping));
                ruling.map(|ruling| Ruling::about(place, ruling))
            }
            Hook::Carbons => {
                let carbons = self.carbons.clone().ok_or(NO_HOOK)?;
                self.call(engine, milliseconds, |store| carbons.call_decide(store, passage)).map(Ruling::from)
            }
            Hook::Delivery => {
                let delivery = self.delivery.clone().ok_or(NO_HOOK)?;
                let about = delivery_policy::Delivery { passage, nickname: facts.nickname.clone() };
                self.call(engine, milliseconds, |store| delivery.call_decide(store, &about)).map(Ruling::from)
            }
            Hook::Registration => {
                let push = self.push.clone().ok_or(NO_HOOK)?;
                let about = asked::registration(facts);
                self.call(engine, milliseconds, |store| push.call_register(store, &about)).map(Ruling::from)
            }
            Hook::Notification => {
                let push = self.push.clone().ok_or(NO_HOOK)?;
                let about = asked::notification(passage, facts);
                self.call(engine, milliseconds, |store| push.call_notify(store, &about)).map(Ruling::from)
            }
            Hook::Slot => {
                let upload = self.upload.clone().ok_or(NO_HOOK)?;
                let about = asked::slot(facts);
                self.call(engine, milliseconds, |store| upload.call_request(store, &about)).map(Ruling::from)
            }
            Hook::Piece => {
                let upload = self.upload.clone().ok_or(NO_HOOK)?;
                let about = asked::piece(name, facts);
                self.call(engine, milliseconds, |store| upload.call_inspect(store, &about)).map(Ruling::from)
            }
            Hook::Room => {
                let room = self.room.clone().ok_or(NO_HOOK)?;
                let about = asked::room(facts);
                self.call(engine, milliseconds, |store| room.call_settle(store, &about)).map(Ruling::from)
            }
            Hook::Keys => {
                let keys = self.keys.clone().ok_or(NO_HOOK)?;
                let about = asked::reading(facts);
                self.call(engine, milliseconds, |store| keys.call_read(store, &about)).map(Ruling::from)
            }
            Hook::Blocklist => {
                let blocklist = self.blocklist.clone().ok_or(NO_HOOK)?;
                let about = asked::change(facts);
                self.call(engine, milliseconds, |store| blocklist.call_permit(store, &about)).map(Ruling::from)
            }
        }
    }

    /// From now on it reads and writes these.
    pub fn use_keys(&mut self, keys: Keys) {
        self.store.data_mut().keys = keys;
    }

    /// Has it looked into the store yet?
    pub fn has_read_store(&self) -> bool {
        self.store.data().has_read_store
    }

    /// What the store is to say, or what it says is to be noted, in the next calls.
    pub fn note_store(&mut self, notes: StoreNotes) -> StoreNotes {
        std::mem::replace(&mut self.store.data_mut().store_notes, notes)
    }

    /// The fuel of the last call, where fuel is counted.
    pub fn fuel(&self) -> u64 {
        self.store.data().fuel
    }

    /// The time of a decision, in milliseconds, from now on.
    pub fn allow(&mut self, milliseconds: u32) {
        self.milliseconds = milliseconds;
    }

    /// The state to hand over, if it keeps one.
    pub fn save(&mut self, engine: &Engine) -> Result<Option<Vec<u8>>, Failure> {
        let Some(state) = self.state.clone() else { return Ok(None) };
        let saved = self.call(engine, limits::SETUP_MILLISECONDS, |store| state.call_save(store))?;
        let fits = saved.len() <= limits::STATE;
        fits.then_some(Some(saved)).ok_or_else(|| Failure::setup("its state is larger than 1 MiB"))
    }

    /// Takes the state of a predecessor over.
    pub fn restore(&mut self, engine: &Engine, version: &str, saved: &[u8]) -> Result<(), Failure> {
        let Some(state) = self.state.clone() else { return Ok(()) };
        self.call(engine, limits::SETUP_MILLISECONDS, |store| state.call_restore(store, version, saved))?
            .map_err(|refusal| Failure::setup(format!("it refuses the state of its predecessor: {}", words(&refusal))))
    }

    /// One call of the guest.
    fn call<T>(
        &mut self,
        engine: &Engine,
        milliseconds: u32,
        call: impl FnOnce(&mut Store<Session>) -> wasmtime::Result<T>,
    ) -> Result<T, Failure> {
        engine.run(&mut self.store, milliseconds, call).map_err(|error| Failure::of(&error, &self.store))
    }
}

fn permissions(facts: needs::Facts) -> Vec<Permission> {
    let all = [
        (needs::Facts::ROSTER, Permission::Roster),
        (needs::Facts::ROOMS, Permission::Rooms),
        (needs::Facts::BLOCKLIST, Permission::Blocklist),
        (needs::Facts::STANDING, Permission::Standing),
        (needs::Facts::ROLES, Permission::Roles),
    ];
    all.into_iter().filter(|(fact, _)| facts.contains(*fact)).map(|(_, permission)| permission).collect()
}

const NO_HOOK: Failure = Failure { kind: Kind::Reply("it has no such hook"), scene: None };

fn exported<T>(is: bool, load: impl FnOnce() -> wasmtime::Result<T>) -> wasmtime::Result<Option<T>> {
    is.then(load).transpose()
}

/// The policy's own words to its operator: one line, cut.
pub fn words(text: &str) -> String {
    limits::cut(text, limits::BOUNCE_TEXT).escape_debug().to_string().replace("\\\"", "\"").replace("\\'", "'")
}

/// A decision within its bounds.
fn bounded(decision: Decision) -> Decision {
    let verdict = match decision.verdict {
        Verdict::Bounce(bounce) => {
            Verdict::Bounce(Bounce { text: printable(limits::cut(&bounce.text, limits::BOUNCE_TEXT)), ..bounce })
        }
        other => other,
    };
    Decision { verdict, reason: reason(decision.reason) }
}

/// Reasons go to logs, so they are words, not text.
fn reason(reason: String) -> String {
    let is_word = (1..=limits::REASON).contains(&reason.len())
        && reason.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'));
    if is_word { reason } else { "unnamed".into() }
}
