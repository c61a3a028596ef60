//! One scenario over another: a key that both have is the child's. Mailboxes are the same by address, answers by
//! protocol and cause.

use toml::{Table, Value};

/// Lays `child` over `parent`.
pub(super) fn over(child: Table, mut parent: Table) -> Table {
    for (key, value) in child {
        let merged = match (key.as_str(), value, parent.remove(&key)) {
            ("mailbox", Value::Array(child), Some(Value::Array(parent))) => {
                Value::Array(lists(child, parent, &["address"]))
            }
            ("words", Value::Array(child), Some(Value::Array(parent))) => {
                Value::Array(replaced(child, parent, &["protocol", "cause"]))
            }
            (_, Value::Table(child), Some(Value::Table(parent))) => Value::Table(over(child, parent)),
            (_, value, _) => value,
        };
        parent.insert(key, merged);
    }
    parent
}

/// Entries of the parent with what the child says of them, then the child's own.
fn lists(mut child: Vec<Value>, parent: Vec<Value>, keys: &[&str]) -> Vec<Value> {
    let mut all = Vec::new();
    for entry in parent {
        let twin = child.iter().position(|value| same(value, &entry, keys));
        all.push(match (twin.map(|at| child.remove(at)), entry) {
            (Some(Value::Table(child)), Value::Table(parent)) => Value::Table(over(child, parent)),
            (_, entry) => entry,
        });
    }
    all.append(&mut child);
    all
}

/// Entries of the child, then those of the parent that it has none for.
fn replaced(mut child: Vec<Value>, parent: Vec<Value>, keys: &[&str]) -> Vec<Value> {
    for entry in parent {
        if !child.iter().any(|value| same(value, &entry, keys)) {
            child.push(entry);
        }
    }
    child
}

fn same(a: &Value, b: &Value, keys: &[&str]) -> bool {
    keys.iter().all(|key| match (a.get(key), b.get(key)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    })
}
