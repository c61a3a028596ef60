//! The elements of a document as a browser wrote it out: well-formed, so a few lines can read it.

#[derive(Debug)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
}

impl Element {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Elements in the order in which they begin.
pub(crate) struct Document {
    pub(crate) elements: Vec<Element>,
}

impl Document {
    pub(crate) fn read(text: &str) -> Self {
        let mut elements = Vec::new();
        let mut rest = text;
        while let Some((_, after)) = rest.split_once('<') {
            rest = after;
            if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                continue;
            }
            let element = tag(&mut rest);
            // The text of a style sheet is no markup.
            if element.name == "style" {
                rest = rest.split_once("</style>").unwrap().1;
            }
            elements.push(element);
        }
        Self { elements }
    }

    /// Every value of an attribute.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        self.elements.iter().filter_map(|element| element.get(name)).collect()
    }
}

fn tag(rest: &mut &str) -> Element {
    let end = rest.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap();
    let mut element = Element { name: rest[..end].to_ascii_lowercase(), attributes: Vec::new() };
    *rest = &rest[end..];
    loop {
        *rest = rest.trim_start_matches([' ', '\n', '/']);
        if let Some(after) = rest.strip_prefix('>') {
            *rest = after;
            return element;
        }
        // Browsers put every value between quotation marks when they write a document out.
        let (name, after) = rest.split_once("=\"").unwrap();
        let (value, after) = after.split_once('"').unwrap();
        element.attributes.push((name.to_owned(), value.to_owned()));
        *rest = after;
    }
}
