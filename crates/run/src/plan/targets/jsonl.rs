//! JSON lines: one object a line, with the fields of the CSV header as keys.

use std::fmt;
use std::io::BufRead;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};

use mailprobe_probes::model::harmless;

use super::lines::Lines;
use super::row::Field;
use super::{Target, of_line};
use crate::plan::error::{self, PlanError};

/// The rows of a list.
pub(super) struct Records<R>(Lines<R>);

impl<R: BufRead> Records<R> {
    pub(super) const fn new(lines: Lines<R>) -> Self {
        Self(lines)
    }

    /// The target of the next line, or what is wrong with it.
    ///
    /// # Errors
    /// What ends the reading.
    pub(super) fn next(&mut self) -> Result<Option<Result<Target, PlanError>>, PlanError> {
        let Some((number, line)) = self.0.next()? else { return Ok(None) };
        let name = self.0.name();
        let row = error::Row { list: Arc::clone(name), line: number };
        let fields = serde_json::from_str(&line).map_err(|error| of_line(name, number, why(&error)));
        Ok(Some(fields.and_then(|fields: Row| Target::new(row, fields.0))))
    }
}

/// The message without the position inside the line, which serde counts from this line as the first.
fn why(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line 1 column").next().unwrap_or_default().to_owned();
    if error.is_data() { text } else { format!("not a JSON object: {text} (column {})", error.column()) }
}

/// The fields of one object in order. Written out, because the derived form would quote values, and a value
/// in the wrong place may be a password.
struct Row(Vec<(Field, String)>);

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RowVisitor)
    }
}

struct RowVisitor;

impl<'de> Visitor<'de> for RowVisitor {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one JSON object a line")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
        let mut row: Vec<(Field, String)> = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            let field = Field::from_name(&key).map_err(de::Error::custom)?;
            let key = harmless(key.as_bytes());
            if row.iter().any(|(known, _)| *known == field) {
                return Err(de::Error::custom(format!("field `{key}` stands twice")));
            }
            match map.next_value::<Value>()? {
                Value::Text(text) => row.push((field, text)),
                Value::List(list) if field.is_list() => row.push((field, list.join(" "))),
                Value::Nothing => {}
                Value::Other if field.is_list() => {
                    return Err(de::Error::custom(format!(
                        "field `{key}` must be a string or a list of strings"
                    )));
                }
                Value::List(_) | Value::Other => {
                    return Err(de::Error::custom(format!("field `{key}` must be a string")));
                }
            }
        }
        Ok(Row(row))
    }
}

enum Value {
    Text(String),
    List(Vec<String>),
    Nothing,
    Other,
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a list of strings")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Nothing)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        while map.next_entry::<de::IgnoredAny, de::IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut list = Some(Vec::new());
        while let Some(item) = seq.next_element::<Value>()? {
            match (item, list.as_mut()) {
                (Value::Text(text), Some(list)) => list.push(text),
                _ => list = None,
            }
        }
        Ok(list.map_or(Value::Other, Value::List))
    }
}
