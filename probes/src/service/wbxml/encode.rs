//! From a tree to bytes.

use super::{CONTENT, END, Element, Node, OPAQUE, STR_I, SWITCH_PAGE};

/// Version 1.3, public identifier 1 (unknown), charset 106 (UTF-8), no string table (MS-ASWBXML section 2.1.2).
const HEADER: [u8; 4] = [0x03, 0x01, 0x6a, 0x00];

/// The document with this root. Text ends at its NUL on the wire: a NUL inside a text is left out.
pub fn encode(root: &Element) -> Vec<u8> {
    let mut bytes = HEADER.to_vec();
    let mut page = 0;
    element(root, &mut page, &mut bytes);
    bytes
}

fn element(element: &Element, page: &mut u8, bytes: &mut Vec<u8>) {
    let tag = element.tag;
    if tag.page() != *page {
        *page = tag.page();
        bytes.extend([SWITCH_PAGE, *page]);
    }
    if element.children.is_empty() {
        bytes.push(tag.token());
        return;
    }
    bytes.push(tag.token() | CONTENT);
    for node in &element.children {
        match node {
            Node::Element(child) => self::element(child, page, bytes),
            Node::Text(text) => {
                bytes.push(STR_I);
                bytes.extend(text.bytes().filter(|byte| *byte != 0));
                bytes.push(0);
            }
            Node::Opaque(opaque) => {
                bytes.push(OPAQUE);
                length(opaque.len(), bytes);
                bytes.extend_from_slice(opaque);
            }
        }
    }
    bytes.push(END);
}

/// A multi-byte integer: seven bits a byte, the highest first, all but the last marked (WBXML 1.3 section 5.1).
fn length(value: usize, bytes: &mut Vec<u8>) {
    let mut groups = vec![low_seven(value)];
    let mut rest = value >> 7;
    while rest > 0 {
        groups.push(low_seven(rest) | 0x80);
        rest >>= 7;
    }
    bytes.extend(groups.iter().rev());
}

fn low_seven(value: usize) -> u8 {
    u8::try_from(value & 0x7f).unwrap_or(0)
}
