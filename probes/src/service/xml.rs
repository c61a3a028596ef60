//! XML from the other side, as a small tree: elements by their local names, bounded in size, depth and number.
//!
//! There is no document type, no entity but the five that XML itself names, and nothing is fetched.

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

/// Bytes of a document that are read.
pub const LONGEST: usize = 1024 * 1024;
/// Elements inside each other.
const DEEPEST: usize = 32;
/// Elements of one document.
const MOST_ELEMENTS: usize = 8192;
/// Attributes of one element that are kept.
const MOST_ATTRIBUTES: usize = 32;

/// Why there is no tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum XmlFlaw {
    /// Not XML from its first byte on.
    #[error("not XML")]
    NotXml,
    /// XML that breaks off or breaks its rules.
    #[error("broken XML")]
    Broken,
    /// A document type declaration: no answer of these services has one, and attacks do.
    #[error("XML with a document type declaration")]
    DocumentType,
    /// A reference to an entity that XML does not name.
    #[error("XML with an undefined entity")]
    Entity,
    /// Whole, and of another service.
    #[error("XML of another service")]
    Foreign,
    /// Its elements nest deeper than is read.
    #[error("XML nested beyond the bounds")]
    TooDeep,
    /// More than is read.
    #[error("XML beyond the bounds of size or number of elements")]
    TooMuch,
}

/// One element, its namespace left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Element {
    /// Its local name. Not harmless, like everything in it.
    pub name: String,
    attributes: Vec<(String, String)>,
    /// The text directly inside, trimmed.
    pub text: String,
    /// The elements directly inside, in order.
    pub children: Vec<Element>,
}

impl Element {
    /// The first child of that name.
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the first child of that name, where there is any.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str()).filter(|text| !text.is_empty())
    }

    /// The first element of that name in document order, itself included.
    pub fn find(&self, name: &str) -> Option<&Self> {
        // Recursion is as deep as the tree, which is bounded.
        if self.name == name {
            return Some(self);
        }
        self.children.iter().find_map(|child| child.find(name))
    }

    /// The value of an attribute, by its local name.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// The root element of a document.
///
/// # Errors
/// What is wrong with it.
pub fn read(body: &[u8]) -> Result<Element, XmlFlaw> {
    if body.len() > LONGEST {
        return Err(XmlFlaw::TooMuch);
    }
    let body = String::from_utf8_lossy(body);
    let text = body.trim_start_matches('\u{feff}').trim_start();
    if !text.starts_with('<') {
        return Err(XmlFlaw::NotXml);
    }
    let mut reader = Reader::from_str(text);
    // The elements that are open, outermost first.
    let mut open: Vec<Element> = Vec::new();
    let mut elements = 0_usize;
    loop {
        match reader.read_event().map_err(|_| XmlFlaw::Broken)? {
            Event::Start(start) => {
                elements += 1;
                bounded(elements, open.len())?;
                open.push(element(&start)?);
            }
            Event::Empty(start) => {
                elements += 1;
                bounded(elements, open.len())?;
                let empty = element(&start)?;
                match open.last_mut() {
                    Some(parent) => parent.children.push(empty),
                    None => return Ok(empty),
                }
            }
            Event::End(_) => {
                let mut closed = open.pop().ok_or(XmlFlaw::Broken)?;
                closed.text = String::from(closed.text.trim());
                match open.last_mut() {
                    Some(parent) => parent.children.push(closed),
                    None => return Ok(closed),
                }
            }
            Event::Text(text) => push(&mut open, &text.xml10_content()),
            Event::CData(text) => push(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => {
                let resolved = match reference.resolve_char_ref() {
                    Ok(Some(c)) => c.to_string(),
                    Ok(None) => quick_xml::escape::resolve_predefined_entity(&reference.xml10_content())
                        .ok_or(XmlFlaw::Entity)?
                        .to_owned(),
                    Err(_) => return Err(XmlFlaw::Entity),
                };
                push(&mut open, &resolved);
            }
            Event::DocType(_) => return Err(XmlFlaw::DocumentType),
            Event::Eof => return Err(XmlFlaw::Broken),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// Whether one more element may be read, the `elements`th, `deep` others around it.
const fn bounded(elements: usize, deep: usize) -> Result<(), XmlFlaw> {
    if deep >= DEEPEST {
        Err(XmlFlaw::TooDeep)
    } else if elements > MOST_ELEMENTS {
        Err(XmlFlaw::TooMuch)
    } else {
        Ok(())
    }
}

fn push(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, XmlFlaw> {
    let mut attributes = Vec::new();
    for attribute in start.attributes().with_checks(false).take(MOST_ATTRIBUTES) {
        let attribute = attribute.map_err(|_| XmlFlaw::Broken)?;
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| XmlFlaw::Entity)?;
        attributes.push((attribute.key.local_name().as_ref().to_owned(), value.into_owned()));
    }
    Ok(Element { name: start.local_name().as_ref().to_owned(), attributes, ..Element::default() })
}

/// A value as it stands in an element or an attribute. What XML 1.0 cannot hold at all (section 2.2) becomes the
/// replacement character.
pub fn escaped(value: &str) -> String {
    let holdable = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    let clean: String = value.chars().map(|c| if holdable(c) { c } else { '\u{fffd}' }).collect();
    quick_xml::escape::escape(clean).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn elements_are_found_by_their_local_names_whatever_the_prefix() {
        let root = read(b"\xef\xbb\xbf<?xml version=\"1.0\"?>\r\n<s:E xmlns:s=\"x\"><!-- c --><h:A V=\"1&amp;2\"/><b> x &lt;&#65;<![CDATA[<&]]> </b></s:E>").unwrap();
        assert_eq!(root.name, "E");
        assert_eq!(root.find("A").unwrap().attribute("V"), Some("1&2"));
        assert_eq!(root.value("b"), Some("x <A<&"));
        assert_eq!(root.value("A"), None);
        assert!(root.find("C").is_none());
    }

    #[test]
    fn an_entity_bomb_is_refused_at_its_document_type() {
        let bomb =
            b"<?xml version=\"1.0\"?><!DOCTYPE l [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><l>&b;</l>";
        assert_eq!(read(bomb), Err(XmlFlaw::DocumentType));
        assert_eq!(read(b"<l>&b;</l>"), Err(XmlFlaw::Entity));
        assert_eq!(read(b"<l a=\"&b;\"/>"), Err(XmlFlaw::Entity));
        assert_eq!(read(b"<!DOCTYPE html><html></html>"), Err(XmlFlaw::DocumentType));
    }

    #[test]
    fn depth_number_and_size_are_bounded() {
        let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(read(nested(DEEPEST).as_bytes()).is_ok());
        assert_eq!(read(nested(DEEPEST + 1).as_bytes()), Err(XmlFlaw::TooDeep));
        assert_eq!(read(nested(100_000).as_bytes()), Err(XmlFlaw::TooDeep));
        let many = format!("<a>{}</a>", "<b/>".repeat(MOST_ELEMENTS));
        assert_eq!(read(many.as_bytes()), Err(XmlFlaw::TooMuch));
        assert_eq!(read(&vec![b'<'; LONGEST + 1]), Err(XmlFlaw::TooMuch));
    }

    #[test]
    fn what_is_not_a_whole_document_is_no_tree() {
        assert_eq!(read(b""), Err(XmlFlaw::NotXml));
        assert_eq!(read(b"Unauthorized"), Err(XmlFlaw::NotXml));
        for broken in [&b"<a>"[..], b"<a></b>", b"<a", b"</a>", b"<a><b></a></b>", b"<?xml version=\"1.0\"?>"]
        {
            assert_eq!(read(broken), Err(XmlFlaw::Broken), "{}", String::from_utf8_lossy(broken));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_makes_it_panic(body in prop::collection::vec(any::<u8>(), 0..200), text in "[<>/a&;!\\[\\]\"'= ?-]{0,80}") {
            let _ = read(&body);
            let _ = read(format!("<{text}").as_bytes());
        }

        #[test]
        fn what_is_escaped_reads_back(value in "\\PC{0,60}") {
            let escaped = escaped(&value);
            prop_assert!(!escaped.contains(['<', '"']));
            let root = read(format!("<a b=\"{escaped}\">{escaped}</a>").as_bytes()).unwrap();
            prop_assert_eq!(root.text.as_str(), value.trim());
            prop_assert_eq!(root.attribute("b"), Some(value.as_str()));
        }
    }
}
