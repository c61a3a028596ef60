//! Elements of an XML text, found without building a tree: names without their prefixes, and the text that
//! directly follows each start tag. Comments, declarations and CDATA marks are stepped over. Bounded in number.

const ELEMENTS: usize = 2000;

/// One start tag: its local name, and the text up to the next tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Element<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
}

/// The start tags of a text, in order.
pub(super) fn elements(xml: &str) -> impl Iterator<Item = Element<'_>> {
    let tags = xml.split('<').skip(1).take(ELEMENTS);
    tags.filter(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic())).filter_map(|tag| {
        let (inside, text) = tag.split_once('>')?;
        let name = inside.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        let name = name.rsplit_once(':').map_or(name, |(_, local)| local);
        Some(Element { name, text: text.trim() })
    })
}

/// The text of the first element of this name that has one.
pub(super) fn text<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    elements(xml).find(|element| element.name == name && !element.text.is_empty()).map(|element| element.text)
}
