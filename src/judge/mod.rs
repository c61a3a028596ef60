//! Judgement: a report goes in, a verdict and an exit status come out. Reads only the model, so that a stored
//! report can be judged again.

mod diff;
mod exit;
mod expect;
mod rule;

pub use diff::{CellChange, CellState, Change, Diff, diff};
pub use exit::exit_code;
pub use expect::judge;
pub use rule::{Rule, RuleError, Wanted};

#[cfg(test)]
mod tests;
