//! A generation: one loaded version of a policy, with its instance.

use std::sync::Arc;
use std::time::{Duration, Instant};

use prosody_stanza::Stanza;

use crate::backoff::Backoff;
use crate::bindings::{Party, Passage, Want};
use crate::budget::Budget;
use crate::engine::Engine;
use crate::exemption::Exemption;
use crate::expiry::Expiry;
use crate::facts::Facts;
use crate::failure::{Failure, Kind};
use crate::identity::identity;
use crate::instance::{Answer, Instance};
use crate::interest::wanted;
use crate::permission::Permission;
use crate::policy::Policy;
use crate::question::{Hook, Question};
use crate::recording::StoreNotes;
use crate::session::Judged;
use crate::store::Keys;

/// One loaded version of a policy. It has one instance at a time, made again after a failure.
pub struct Generation {
    /// The hash of everything that shapes its decisions, in hex.
    pub identity: String,
    /// The component with its terms.
    pub policy: Policy,
    /// Which stanzas it wants to see on their way.
    pub interests: Vec<Want>,
    /// What it need not be asked about on its way in.
    pub exempt: Vec<Exemption>,
    /// How many hours it lets be kept what is kept.
    pub retention: Option<u32>,
    /// For how long it lets be kept what was uploaded.
    pub expiry: Expiry,
    needed: Option<Vec<Permission>>,
    instance: Option<Instance>,
    keys: Keys,
    backoff: Backoff,
    budget: Budget,
    /// Has its instance done anything since it was configured?
    is_used: bool,
}

impl Generation {
    /// Makes one, with an instance that accepts its settings.
    pub fn start(engine: &Engine, policy: Policy, now: u64) -> Result<Self, Failure> {
        let keys = Keys::default();
        let mut instance = policy.instantiate(engine, keys.clone(), now)?;
        let mut generation = Self {
            budget: Budget::new(policy.limits().budget, &engine.budget),
            identity: identity(&policy.sha256, &policy.terms),
            policy,
            interests: Vec::new(),
            exempt: Vec::new(),
            retention: None,
            expiry: Expiry::default(),
            needed: None,
            instance: None,
            keys,
            backoff: Backoff::default(),
            is_used: false,
        };
        generation.listen(engine, &mut instance)?;
        generation.instance = Some(instance);
        Ok(generation)
    }

    /// Makes it ready to serve with the keys and values of its policy: with an unused instance, and one that has
    /// not looked into another store than this one.
    pub fn prepare(&mut self, engine: &Engine, keys: Keys, now: u64) -> Result<(), Failure> {
        let has_read = self.instance.as_ref().is_none_or(Instance::has_read_store);
        self.use_keys(keys);
        if self.is_used || has_read {
            let mut instance = self.policy.instantiate(engine, self.keys.clone(), now)?;
            self.listen(engine, &mut instance)?;
            self.instance = Some(instance);
            self.is_used = false;
        }
        self.backoff = Backoff::default();
        Ok(())
    }

    /// What it says of itself once it is configured.
    fn listen(&mut self, engine: &Engine, instance: &mut Instance) -> Result<(), Failure> {
        (self.interests, self.needed) = (instance.wants(engine)?, instance.needed(engine)?);
        self.exempt = instance.exempt(engine)?;
        (self.retention, self.expiry) = (instance.retention(engine)?, instance.expiry(engine)?);
        Ok(())
    }

    /// Has it this permission, and does it use it?
    pub fn needs(&self, permission: Permission) -> bool {
        let is_left_out =
            permission.is_fact() && self.needed.as_ref().is_some_and(|needed| !needed.contains(&permission));
        self.policy.surface.permissions.contains(&permission) && !is_left_out
    }

    /// From now on it reads and writes these.
    pub fn use_keys(&mut self, keys: Keys) {
        if let Some(instance) = &mut self.instance {
            instance.use_keys(keys.clone());
        }
        self.keys = keys;
    }

    /// Its state, for a successor. After a failure its instance is of no use and is made again for the next stanza.
    pub fn save(&mut self, engine: &Engine) -> Result<Option<Vec<u8>>, Failure> {
        let Some(instance) = &mut self.instance else { return Ok(None) };
        let saved = instance.save(engine);
        if saved.as_ref().is_err_and(Failure::is_fatal) {
            self.instance = None;
        }
        saved
    }

    /// Takes over the state of the component with this sha256.
    pub fn restore(&mut self, engine: &Engine, version: &str, saved: &[u8]) -> Result<(), Failure> {
        self.is_used = true;
        self.instance.as_mut().map_or(Ok(()), |instance| instance.restore(engine, version, saved))
    }

    /// Does it want to be asked this about this stanza?
    pub fn wants(&self, question: Question, again: bool, stanza: &Stanza) -> bool {
        match question.hook {
            Hook::Message => wanted(&self.interests, question.passage, again, stanza),
            hook => self.policy.hears(hook.interface()),
        }
    }

    /// What it says of a stanza; `name`: under which the operator knows it. Its sender waits after a failure, and in the
    /// end everybody; so does who asks for more time than there is.
    pub fn ask(
        &mut self,
        engine: &Engine,
        name: &str,
        question: Question,
        judged: &Arc<Judged>,
        facts: &Facts,
        now: Instant,
    ) -> Result<Answer, Failure> {
        let sender = sender(question.passage, &judged.stanza);
        if self.backoff.waits_for(sender, now) {
            return Err(Kind::Quarantine.into());
        }
        let has_time = self.budget.allows(sender, now);
        // What has begun is not cut off for want of time, so it takes none from others either.
        if !has_time && !facts.about.is_under_way() {
            return Err(Kind::OverBudget.into());
        }
        let began = self.make_instance(engine, facts.now)?.unwrap_or(now);
        let answer = self.judge(engine, name, question, judged, facts);
        let ended = Instant::now();
        if has_time {
            self.budget.spend(sender, ended.saturating_duration_since(began));
        }
        if answer.is_err() {
            self.backoff.failed_for(sender, ended);
        }
        answer.map(|answer| Answer { spent: ended.saturating_duration_since(now), ..answer })
    }

    /// What it stored for this sender has taken so long to write.
    pub fn charge(&mut self, sender: &str, spent: Duration) {
        self.budget.spend(sender, spent);
    }

    /// What it says of a stanza, whoever sent it and however often it has failed.
    pub fn judge(
        &mut self,
        engine: &Engine,
        name: &str,
        question: Question,
        judged: &Arc<Judged>,
        facts: &Facts,
    ) -> Result<Answer, Failure> {
        self.is_used = true;
        let answer = self.instance(engine, facts.now)?.decide(engine, name, question, judged, facts);
        if answer.is_err() {
            self.instance = None;
        }
        answer
    }

    /// What the store is to say in the next call, or that what it says is to be noted. What was noted before.
    pub fn note_store(&mut self, notes: StoreNotes) -> StoreNotes {
        self.instance.as_mut().map_or(StoreNotes::None, |instance| instance.note_store(notes))
    }

    /// The next call finds the store as it was when it was recorded.
    pub fn prepare_for_replay(&mut self, engine: &Engine, now: u64, notes: StoreNotes) {
        if let Ok(instance) = self.instance(engine, now) {
            instance.note_store(notes);
        }
    }

    /// The fuel of the last call, where fuel is counted.
    pub fn fuel(&self) -> u64 {
        self.instance.as_ref().map_or(0, Instance::fuel)
    }

    /// A fresh instance that goes on where this one stops, so that what follows depends on the state alone.
    pub fn renew(&mut self, engine: &Engine, now: u64) -> Result<Option<Vec<u8>>, Failure> {
        let saved = self.save(engine)?;
        let mut instance = self.policy.instantiate(engine, self.keys.clone(), now)?;
        if let Some(saved) = &saved {
            instance.restore(engine, &self.policy.sha256, saved)?;
        }
        self.instance = Some(instance);
        Ok(saved)
    }

    /// The instance, made again after a failure.
    fn instance(&mut self, engine: &Engine, now: u64) -> Result<&mut Instance, Failure> {
        self.make_instance(engine, now)?;
        self.instance.as_mut().ok_or(Kind::Quarantine.into())
    }

    /// Makes an instance if there is none, and says when it was ready. There are as few of them as failures: they take no
    /// time from the budget, or whoever makes a policy fail would close it for everybody.
    fn make_instance(&mut self, engine: &Engine, now: u64) -> Result<Option<Instant>, Failure> {
        if self.instance.is_some() {
            return Ok(None);
        }
        let made = self.policy.instantiate(engine, self.keys.clone(), now);
        self.instance = Some(made.inspect_err(|_| self.backoff.failed(Instant::now()))?);
        let ready = Instant::now();
        self.budget.begin(ready);
        Ok(Some(ready))
    }

    /// From now on it may use this share of each second, and a second's worth at once: it is only tried.
    pub fn limit_to(&mut self, share: f64) {
        self.budget.limit_to(share.clamp(0.0, 1.0), Duration::from_secs(1));
    }

    /// Does it wait for its next try?
    pub fn is_quarantined(&self) -> bool {
        self.backoff.waits(Instant::now())
    }
}

/// Who answers for a stanza: one of our users, or all of another server, which can make up as many as it likes.
pub fn sender(passage: Passage, stanza: &Stanza) -> &str {
    let bare = bare(stanza, "from");
    match passage.source {
        Party::Remote | Party::Component => bare.rsplit_once('@').map_or(bare, |(_, host)| host),
        Party::User | Party::Room | Party::Service => bare,
    }
}

/// The address of a party without its resource.
pub fn bare<'a>(stanza: &'a Stanza, party: &str) -> &'a str {
    let address = stanza.root().attribute(party).unwrap_or_default();
    address.split_once('/').map_or(address, |(bare, _)| bare)
}
