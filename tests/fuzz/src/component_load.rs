//! F6: files that are components, or nearly: what nobody wrote is refused, or runs within its limits.

use super::choices::Choices;
use super::{abi_guest, house, smith};

/// Bytes as they are; a component of anything; a policy of which the functions are anything; or one that gets as far as
/// to be asked. Each may be damaged.
pub fn run(bytes: &[u8]) {
    let mut choices = Choices::new(bytes);
    let kind = choices.below(4);
    let (world, damage) = (abi_guest::world(&mut choices), damage(&mut choices));
    let component = match kind {
        0 => Some(choices.rest().to_vec()),
        1 => smith::component(&mut choices),
        _ => smith::policy(&world, kind == 3, &mut choices),
    };
    if let Some(mut component) = component {
        damage.iter().for_each(|one| one.apply(&mut component));
        load(&component);
    }
}

/// A byte that is another.
struct Damage {
    place: u32,
    byte: u8,
}

/// None, most often.
fn damage(choices: &mut Choices<'_>) -> Vec<Damage> {
    let count = choices.below(8).saturating_sub(5);
    (0..count).map(|_| Damage { place: choices.word(), byte: choices.byte() }).collect()
}

impl Damage {
    fn apply(&self, component: &mut [u8]) {
        let length = component.len().max(1);
        if let Some(byte) = component.get_mut(self.place as usize % length) {
            *byte ^= self.byte;
        }
    }
}

fn load(component: &[u8]) {
    match house::policy(component, house::terms()) {
        Ok(policy) => abi_guest::ask(&policy),
        Err(error) => assert!(!format!("{error:#}").is_empty()),
    }
    house::check_nothing_is_left();
}
