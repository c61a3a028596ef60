//! Closed lists of values: what clap offers, what it says of each, and what it means. The meanings know nothing of clap.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::explain::Form;
use crate::output::Color;
use mailprobe_report::lang::Lang;
use mailprobe_run::plan::request::ListFormat;

/// Names, their meanings, and what the help says of them.
type Choices<T> = &'static [(&'static str, T, &'static str)];

const COLORS: Choices<Color> = &[
    ("auto", Color::Auto, "On a terminal, unless `NO_COLOR` is set"),
    ("always", Color::Always, "Always"),
    ("never", Color::Never, "Never"),
];
const LIST_FORMATS: Choices<ListFormat> = &[
    ("csv", ListFormat::Csv, "Comma-separated values with a header line"),
    ("jsonl", ListFormat::Jsonl, "One JSON object a line"),
];
const FORMS: Choices<Form> = &[
    ("text", Form::Text, "For people"),
    (
        "json",
        Form::Json,
        "One JSON object: causes, rule, explanation, remedy, next_check, source, client, layer",
    ),
];
const LANGUAGES: Choices<Lang> = &[("en", Lang::En, "English"), ("ja", Lang::Ja, "Japanese")];

fn one_of<T: Copy + PartialEq + Send + Sync + 'static>(
    choices: Choices<T>,
) -> impl TypedValueParser<Value = T> {
    let values = choices.iter().map(|(name, _, help)| PossibleValue::new(*name).help(*help));
    PossibleValuesParser::new(values).try_map(move |typed| {
        let found = choices.iter().find(|(name, ..)| *name == typed);
        found.map(|(_, meant, _)| *meant).ok_or("it is not one of those")
    })
}

pub(super) fn color() -> impl TypedValueParser<Value = Color> {
    one_of(COLORS)
}

pub(super) fn list_format() -> impl TypedValueParser<Value = ListFormat> {
    one_of(LIST_FORMATS)
}

pub(super) fn language() -> impl TypedValueParser<Value = Lang> {
    one_of(LANGUAGES)
}

pub(super) fn form() -> impl TypedValueParser<Value = Form> {
    one_of(FORMS)
}
