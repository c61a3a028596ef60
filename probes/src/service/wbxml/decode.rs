//! From bytes to a tree, within bounds.

use super::{CONTENT, END, Element, LOWEST, Node, OPAQUE, STR_I, SWITCH_PAGE, Tag};

/// The longest document that is read, in bytes.
pub const MAX_DOCUMENT: usize = 1 << 20;
/// How deep elements may nest.
pub const MAX_DEPTH: usize = 32;
/// How many elements a document may have.
pub const MAX_ELEMENTS: usize = 4096;
/// How many elements and pieces of text or bytes together.
pub const MAX_NODES: usize = 3 * MAX_ELEMENTS;
/// The longest single piece of text or bytes, in bytes.
pub const MAX_TEXT: usize = 1 << 16;

/// Why a document is not one of ActiveSync.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// It is longer than [`MAX_DOCUMENT`].
    #[error("more than {MAX_DOCUMENT} bytes")]
    TooLong,
    /// It ends where something has to follow.
    #[error("it ends too early")]
    Truncated,
    /// Its first byte is not WBXML 1.3; a web page's is `<`.
    #[error("the first byte is 0x{0:02X}, not that of WBXML 1.3")]
    Version(u8),
    /// Its public identifier is not 1.
    #[error("public identifier {0}, not 1")]
    PublicId(u32),
    /// Its charset is not UTF-8 (106).
    #[error("charset {0}, not UTF-8")]
    Charset(u32),
    /// A number of more than five bytes or 32 bits.
    #[error("a number of more than 32 bits")]
    Number,
    /// A string table longer than what follows.
    #[error("a string table of {0} bytes, which are not there")]
    StringTable(u32),
    /// A reference into the string table, which ActiveSync does not use.
    #[error("a reference into the string table")]
    StringReference,
    /// Bytes whose length goes beyond the end.
    #[error("{0} bytes announced, which are not there")]
    Opaque(u32),
    /// A piece of text or bytes longer than [`MAX_TEXT`].
    #[error("text of more than {MAX_TEXT} bytes")]
    Text,
    /// A tag with attributes, which ActiveSync does not have.
    #[error("a tag with attributes")]
    Attributes,
    /// A tag named by the string table.
    #[error("a literal tag")]
    Literal,
    /// A processing instruction.
    #[error("a processing instruction")]
    ProcessingInstruction,
    /// Another token that ActiveSync does not use: an entity, an extension.
    #[error("the token 0x{0:02X}")]
    Token(u8),
    /// Elements nest deeper than [`MAX_DEPTH`].
    #[error("elements more than {MAX_DEPTH} deep")]
    Depth,
    /// More than [`MAX_ELEMENTS`] elements.
    #[error("more than {MAX_ELEMENTS} elements")]
    Elements,
    /// More than [`MAX_NODES`] elements and pieces of text.
    #[error("more than {MAX_NODES} elements and texts")]
    Nodes,
    /// The end of an element that was not begun.
    #[error("an end without a beginning")]
    Underflow,
    /// Text outside the root element.
    #[error("text outside of the root element")]
    Stray,
    /// Something behind the root element.
    #[error("{0} bytes behind the end")]
    Trailing(usize),
}

/// The root element of a whole and correct document.
pub fn decode(bytes: &[u8]) -> Result<Element, DecodeError> {
    match decode_start(bytes) {
        (_, Some(error)) => Err(error),
        (Some(root), None) => Ok(root),
        (None, None) => Err(DecodeError::Truncated),
    }
}

/// What could be read of a document before something was wrong: a status stands before a long list of folders,
/// and is worth having where the list is cut off.
pub fn decode_start(bytes: &[u8]) -> (Option<Element>, Option<DecodeError>) {
    let within = bytes.get(..MAX_DOCUMENT);
    let mut reader = Reader { rest: within.unwrap_or(bytes), ..Reader::default() };
    let mut error = reader.document().err();
    if within.is_some() && bytes.len() > MAX_DOCUMENT {
        error = Some(DecodeError::TooLong);
    }
    while let Some(element) = reader.open.pop() {
        reader.close(element);
    }
    (reader.root, error)
}

#[derive(Default)]
struct Reader<'a> {
    rest: &'a [u8],
    page: u8,
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
    nodes: usize,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Result<(), DecodeError> {
        match self.byte()? {
            0x03 => {}
            other => return Err(DecodeError::Version(other)),
        }
        match self.number()? {
            1 => {}
            other => return Err(DecodeError::PublicId(other)),
        }
        match self.number()? {
            106 => {}
            other => return Err(DecodeError::Charset(other)),
        }
        let table = self.number()?;
        self.take(table).ok_or(DecodeError::StringTable(table))?;
        while self.root.is_none() {
            self.step()?;
        }
        if self.rest.is_empty() { Ok(()) } else { Err(DecodeError::Trailing(self.rest.len())) }
    }

    /// One token, with what belongs to it.
    fn step(&mut self) -> Result<(), DecodeError> {
        match self.byte()? {
            SWITCH_PAGE => self.page = self.byte()?,
            END => {
                let element = self.open.pop().ok_or(DecodeError::Underflow)?;
                self.close(element);
            }
            STR_I => {
                let text = self.string()?;
                self.put(Node::Text(String::from_utf8_lossy(text).into_owned()))?;
            }
            OPAQUE => {
                let length = self.number()?;
                let bytes = self.take(length).ok_or(DecodeError::Opaque(length))?;
                if bytes.len() > MAX_TEXT {
                    return Err(DecodeError::Text);
                }
                self.put(Node::Opaque(bytes.to_vec()))?;
            }
            0x83 => return Err(DecodeError::StringReference),
            0x04 | 0x44 | 0x84 | 0xc4 => return Err(DecodeError::Literal),
            0x43 => return Err(DecodeError::ProcessingInstruction),
            token @ (0x02 | 0x40..=0x42 | 0x80..=0x82 | 0xc0..=0xc2) => {
                return Err(DecodeError::Token(token));
            }
            token if token & 0x80 != 0 => return Err(DecodeError::Attributes),
            token => self.tag(token)?,
        }
        Ok(())
    }

    fn tag(&mut self, token: u8) -> Result<(), DecodeError> {
        debug_assert!(token & 0x3f >= LOWEST, "the global tokens are read before");
        self.elements += 1;
        if self.elements > MAX_ELEMENTS {
            return Err(DecodeError::Elements);
        }
        self.count()?;
        if self.open.len() >= MAX_DEPTH {
            return Err(DecodeError::Depth);
        }
        let element = Element::new(Tag::new(self.page, token & 0x3f));
        if token & CONTENT == 0 {
            self.close(element);
        } else {
            self.open.push(element);
        }
        Ok(())
    }

    fn put(&mut self, node: Node) -> Result<(), DecodeError> {
        self.count()?;
        self.open.last_mut().ok_or(DecodeError::Stray)?.children.push(node);
        Ok(())
    }

    fn count(&mut self) -> Result<(), DecodeError> {
        self.nodes += 1;
        if self.nodes > MAX_NODES { Err(DecodeError::Nodes) } else { Ok(()) }
    }

    fn close(&mut self, element: Element) {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(Node::Element(element)),
            None => self.root = Some(element),
        }
    }

    fn byte(&mut self) -> Result<u8, DecodeError> {
        let (first, rest) = self.rest.split_first().ok_or(DecodeError::Truncated)?;
        self.rest = rest;
        Ok(*first)
    }

    /// A multi-byte integer (WBXML 1.3 section 5.1).
    fn number(&mut self) -> Result<u32, DecodeError> {
        let mut value = 0_u32;
        for _ in 0..5 {
            let byte = self.byte()?;
            if value > u32::MAX >> 7 {
                return Err(DecodeError::Number);
            }
            value = value << 7 | u32::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(DecodeError::Number)
    }

    fn take(&mut self, length: u32) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.rest = rest;
        Some(taken)
    }

    /// Text up to its NUL.
    fn string(&mut self) -> Result<&'a [u8], DecodeError> {
        let window = self.rest.get(..=MAX_TEXT).unwrap_or(self.rest);
        let Some(length) = window.iter().position(|byte| *byte == 0) else {
            return Err(if window.len() > MAX_TEXT { DecodeError::Text } else { DecodeError::Truncated });
        };
        let (text, rest) = self.rest.split_at(length);
        self.rest = rest.get(1..).unwrap_or_default();
        Ok(text)
    }
}
