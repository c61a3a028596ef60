//! WBXML as ActiveSync writes it (MS-ASWBXML): version 1.3, public identifier 1, UTF-8, no attributes, no string
//! table.
//!
//! A document is a small tree. [`encode`] writes one, [`decode`] reads one within bounds, [`to_xml`] shows one to a
//! person. Tags have the names of the specification where it has one, else their numbers.

mod decode;
mod encode;
mod pages;
#[cfg(test)]
mod tests;
mod xml;

use std::borrow::Cow;

pub use decode::{
    DecodeError, MAX_DEPTH, MAX_DOCUMENT, MAX_ELEMENTS, MAX_NODES, MAX_TEXT, decode, decode_start,
};
pub use encode::encode;
pub use pages::page_name;
pub use xml::to_xml;

/// Tells that what follows is in another code page.
const SWITCH_PAGE: u8 = 0x00;
/// Closes an element.
const END: u8 = 0x01;
/// Text up to its NUL.
const STR_I: u8 = 0x03;
/// Bytes behind their length.
const OPAQUE: u8 = 0xc3;
/// The element has content.
const CONTENT: u8 = 0x40;
/// The lowest token of a tag: what is below is global.
const LOWEST: u8 = 0x05;
/// The highest token of a tag: the bits above are flags.
const HIGHEST: u8 = 0x3f;

/// A tag: its code page, and its token there (MS-ASWBXML section 2.1.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tag {
    page: u8,
    token: u8,
}

impl Tag {
    /// The tag with this number. Tokens of tags are `0x05` to `0x3f`; one outside becomes the nearest inside.
    pub const fn new(page: u8, token: u8) -> Self {
        let token = if token < LOWEST {
            LOWEST
        } else if token > HIGHEST {
            HIGHEST
        } else {
            token
        };
        Self { page, token }
    }

    /// Its code page.
    pub const fn page(self) -> u8 {
        self.page
    }

    /// Its token in the page, without flags: `0x05` to `0x3f`.
    pub const fn token(self) -> u8 {
        self.token
    }

    /// Its name in the specification, or page and token as `26:0x05`.
    pub fn name(self) -> Cow<'static, str> {
        match pages::tag_name(self.page, self.token) {
            Some(name) => Cow::Borrowed(name),
            None => Cow::Owned(format!("{}:0x{:02X}", self.page, self.token)),
        }
    }
}

/// What can stand in an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// An element.
    Element(Element),
    /// Text; bytes that were not UTF-8 have become U+FFFD. Not harmless.
    Text(String),
    /// Bytes.
    Opaque(Vec<u8>),
}

/// An element with what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Its tag.
    pub tag: Tag,
    /// Its content, in order; nothing for an empty element.
    pub children: Vec<Node>,
}

impl Element {
    /// An empty element.
    pub const fn new(tag: Tag) -> Self {
        Self { tag, children: Vec::new() }
    }

    /// The element with one more in it.
    #[must_use]
    pub fn with(mut self, child: Element) -> Self {
        self.children.push(Node::Element(child));
        self
    }

    /// The element with one more in it that has only text.
    #[must_use]
    pub fn with_text(self, tag: Tag, text: &str) -> Self {
        self.with(Self { tag, children: vec![Node::Text(text.to_owned())] })
    }

    /// The elements in it, in order.
    pub fn elements(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) | Node::Opaque(_) => None,
        })
    }

    /// The first element in it with this tag.
    pub fn child(&self, tag: Tag) -> Option<&Element> {
        self.elements().find(|element| element.tag == tag)
    }

    /// The element at the end of this path of tags, the first at every step.
    pub fn at(&self, path: &[Tag]) -> Option<&Element> {
        path.iter().try_fold(self, |element, tag| element.child(*tag))
    }

    /// Its text, all pieces of it.
    pub fn text(&self) -> String {
        let pieces = self.children.iter().filter_map(|node| match node {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) | Node::Opaque(_) => None,
        });
        pieces.collect()
    }

    /// Its text as a decimal number.
    pub fn number(&self) -> Option<u32> {
        self.text().trim().parse().ok()
    }
}
