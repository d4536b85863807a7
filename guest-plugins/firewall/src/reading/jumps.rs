//! Chains that jump to each other. One that comes back to itself would never end, so it is refused.

use crate::complaint::{Complaint, Problem};
use crate::program::{Action, Program};

/// So many chains may be inside each other.
const DEEPEST: usize = 32;

/// A jump that is refused.
pub fn problem(program: &Program) -> Option<Problem> {
    let mut depths = vec![None; program.chains.len()];
    (0..program.chains.len()).find_map(|chain| depth(program, chain, &mut depths, &mut Vec::new()).err())
}

/// How many chains are inside each other from here on; `above` are those on the way to here.
fn depth(
    program: &Program,
    chain: usize,
    depths: &mut Vec<Option<usize>>,
    above: &mut Vec<usize>,
) -> Result<usize, Problem> {
    if let Some(depth) = depths[chain] {
        return Ok(depth);
    }
    above.push(chain);
    let mut deepest = 0;
    for (file, line, target) in jumps(program, chain) {
        let refused = |complaint| Problem { file: file.to_owned(), line, column: 1, complaint };
        if let Some(start) = above.iter().position(|chain| *chain == target) {
            return Err(refused(circle(program, &above[start..])));
        }
        deepest = deepest.max(depth(program, target, depths, above)? + 1);
        if deepest > DEEPEST {
            let what = format!("more than {DEEPEST} chains jump to each other in a row");
            return Err(refused(Complaint::new(what, "Write some of them as one")));
        }
    }
    above.pop();
    depths[chain] = Some(deepest);
    Ok(deepest)
}

fn circle(program: &Program, chains: &[usize]) -> Complaint {
    let names: Vec<&str> = chains.iter().map(|chain| program.chains[*chain].name.as_str()).collect();
    let what = format!("this comes back to the chain `{}`, by way of {}", names[0], names.join(", "));
    Complaint::new(what, "A chain may not jump to itself, and not to one that jumps to it")
}

/// The jumps of a chain: file, line and target of each.
fn jumps(program: &Program, chain: usize) -> impl Iterator<Item = (&str, usize, usize)> {
    program.chains[chain].parts.iter().flat_map(|part| {
        part.rules.iter().flat_map(|rule| {
            rule.actions.iter().filter_map(|action| match action {
                Action::Jump(target) => Some((part.file.as_str(), rule.line, *target)),
                _ => None,
            })
        })
    })
}
