//! Japanese, row by row beside the English it stands for. A row may stand in any table, once.

mod advice;
mod clients;
mod demo;
mod devices;
mod findings;
mod judgement;
mod labels;
mod pastes;
mod policies;

/// Every table.
pub(super) const TABLES: &[&[(&str, &str)]] = &[
    labels::ROWS,
    advice::ROWS,
    clients::ROWS,
    pastes::ROWS,
    findings::ROWS,
    judgement::ROWS,
    policies::ROWS,
    devices::ROWS,
    demo::ROWS,
];
