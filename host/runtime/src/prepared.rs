//! The components that are in use, so that each is in memory once, however many hosts have a policy of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use wasmtime::component::InstancePre;

use crate::session::Session;

/// By the sha256 of the component. A component goes with the last policy of it.
#[derive(Default)]
pub struct Prepared(Mutex<HashMap<String, Weak<InstancePre<Session>>>>);

impl Prepared {
    pub fn keep(&self, sha256: &str, prepared: &Arc<InstancePre<Session>>) {
        let mut all = self.all();
        all.retain(|_, prepared| prepared.strong_count() > 0);
        all.insert(sha256.to_owned(), Arc::downgrade(prepared));
    }

    pub fn get(&self, sha256: &str) -> Option<Arc<InstancePre<Session>>> {
        self.all().get(sha256)?.upgrade()
    }

    fn all(&self) -> MutexGuard<'_, HashMap<String, Weak<InstancePre<Session>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
