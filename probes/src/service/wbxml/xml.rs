//! A document as a person reads it.

use std::fmt::Write as _;

use super::{Element, Node, page_name};
use crate::model::harmless;

/// How much of one text is shown, in characters; of bytes, half as many.
const SHOWN: usize = 200;

/// The document in the manner of XML, one element a line, with the code page as namespace where it changes.
/// Harmless to look at. Long text is cut, bytes are in hexadecimal, and what is in a `Password` is not shown. Tags
/// without a name, and what is cut, make it not quite XML.
pub fn to_xml(root: &Element) -> String {
    let mut xml = String::new();
    write(root, None, 0, &mut xml);
    xml
}

fn write(element: &Element, around: Option<u8>, depth: usize, xml: &mut String) {
    let (tag, name) = (element.tag, element.tag.name());
    xml.extend(std::iter::repeat_n("  ", depth));
    let _ = write!(xml, "<{name}");
    if around != Some(tag.page()) {
        match page_name(tag.page()) {
            Some(page) => {
                let _ = write!(xml, " xmlns=\"{page}\"");
            }
            None => {
                let _ = write!(xml, " xmlns=\"page {}\"", tag.page());
            }
        }
    }
    if element.children.is_empty() {
        xml.push_str("/>\n");
        return;
    }
    xml.push('>');
    let nested = element.elements().next().is_some();
    if nested {
        xml.push('\n');
    }
    for node in &element.children {
        let text = match node {
            Node::Element(child) => {
                write(child, Some(tag.page()), depth + 1, xml);
                continue;
            }
            _ if is_secret(&name) => "***".to_owned(),
            Node::Text(text) => cut(text),
            Node::Opaque(bytes) => hexadecimal(bytes),
        };
        if nested {
            xml.extend(std::iter::repeat_n("  ", depth + 1));
        }
        xml.push_str(&text);
        if nested {
            xml.push('\n');
        }
    }
    if nested {
        xml.extend(std::iter::repeat_n("  ", depth));
    }
    let _ = writeln!(xml, "</{name}>");
}

/// `Password` of Settings, Search and `ItemOperations`; `DevicePassword` has one in it. The rules for passwords in a
/// policy are no secret.
fn is_secret(name: &str) -> bool {
    matches!(name, "Password" | "DevicePassword")
}

fn cut(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN).collect();
    let left = text.len() - shown.len();
    let mut safe = harmless(shown.as_bytes()).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    if left > 0 {
        let _ = write!(safe, "[{left} bytes more]");
    }
    safe
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut shown = format!("[{} bytes:", bytes.len());
    for byte in bytes.iter().take(SHOWN / 2) {
        let _ = write!(shown, " {byte:02x}");
    }
    shown.push_str(if bytes.len() > SHOWN / 2 { " ...]" } else { "]" });
    shown
}
