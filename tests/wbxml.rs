//! The WBXML codec of ActiveSync: against libwbxml, another codec of it (`wbxml2xml` and `xml2wbxml` of the package
//! libwbxml2-utils), and against arbitrary bytes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::path::Path;
use std::process::Command;

use mailprobe_probes::service::wbxml::{
    Element, MAX_DEPTH, MAX_ELEMENTS, MAX_NODES, Node, Tag, decode, decode_start, encode, page_name, to_xml,
};
use proptest::prelude::*;

/// A tool of libwbxml, from one file to another.
fn convert(tool: &str, options: &[&str], from: &Path, to: &Path) {
    let done = Command::new(tool).args(options).arg("-o").arg(to).arg(from).output();
    let done = done.unwrap_or_else(|error| panic!("{tool} of libwbxml2-utils: {error}"));
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && to.exists(), "{tool}: {said}");
}

/// The document as libwbxml shows it, and as libwbxml writes that again.
fn through_libwbxml(document: &[u8]) -> (String, Vec<u8>) {
    let folder = tempfile::tempdir().unwrap();
    let [ours, shown, theirs] =
        ["ours.wbxml", "shown.xml", "theirs.wbxml"].map(|name| folder.path().join(name));
    std::fs::write(&ours, document).unwrap();
    // The header names no document type: without -l libwbxml knows no tag.
    convert("wbxml2xml", &["-l", "ACTIVESYNC", "-m", "0"], &ours, &shown);
    convert("xml2wbxml", &["-v", "1.3", "-n", "-a"], &shown, &theirs);
    (std::fs::read_to_string(shown).unwrap(), std::fs::read(theirs).unwrap())
}

/// The names of the elements of an XML document, in the order in which they begin.
fn names(xml: &str) -> Vec<String> {
    let begun = xml.split('<').skip(1).filter(|part| !part.starts_with(['/', '?', '!']));
    begun.map(|part| part.split([' ', '/', '>']).next().unwrap().to_owned()).collect()
}

/// Settings, in it one element of each of the pages that a visit uses.
fn of_many_pages() -> Element {
    let text =
        |page, token, text: &str| Element::new(Tag::new(page, token)).with_text(Tag::new(page, token), text);
    Element::new(Tag::new(18, 0x05))
        .with_text(Tag::new(18, 0x06), "1")
        .with(text(7, 0x07, "Gesendete Objekte \u{e4}\u{f6}\u{fc} \u{65e5}\u{672c} <&>\"'"))
        .with(Element::new(Tag::new(14, 0x0c)))
        .with(text(13, 0x08, "60"))
        .with(Element::new(Tag::new(0, 0x14)))
        .with(text(18, 0x17, "mailprobe"))
}

#[test]
fn libwbxml_reads_what_we_write_and_writes_the_same_bytes() {
    let document = encode(&of_many_pages());
    let (xml, theirs) = through_libwbxml(&document);
    assert!(!xml.contains("unknown"), "{xml}");
    assert_eq!(theirs, document, "{xml}");
    assert_eq!(names(&xml), names(&to_xml(&of_many_pages())));
    assert_eq!(decode(&theirs).unwrap(), of_many_pages());
}

/// Tags that libwbxml calls otherwise: page, token, its name. Ours is that of MS-ASWBXML.
const CALLED_OTHERWISE: &[(u8, u8, &str)] = &[
    (2, 0x19, "Reply-To"),
    (18, 0x2b, "ihsManagementInformation"),
    (21, 0x17, "ForwardeeName"),
    (21, 0x18, "ForwardeeEmail"),
    (24, 0x12, "RMOwner"),
    (24, 0x18, "RemoveRightsManagementDistribution"),
];

/// Tags of 16.0 and 16.1 that libwbxml does not know.
fn is_newer(tag: Tag) -> bool {
    matches!((tag.page(), tag.token()), (8, 0x10 | 0x11) | (14, 0x3b) | (25, _))
}

/// Whether libwbxml's name is ours: it says `Recurrence_Type` for `Type`, `Organizer_Email` for `OrganizerEmail`,
/// `DTStamp` for `DtStamp`.
fn same(ours: &str, theirs: &str) -> bool {
    ours.eq_ignore_ascii_case(theirs)
        || ours == theirs.replace('_', "")
        || theirs.ends_with(&format!("_{ours}"))
}

#[test]
fn tags_have_the_names_that_libwbxml_has_for_them() {
    let mut compared = 0;
    for page in 0..=25 {
        assert!(page_name(page).is_some());
        let tags: Vec<Tag> = (0x05..=0x3f).map(|token| Tag::new(page, token)).collect();
        let root = tags.iter().fold(Element::new(tags[0]), |root, tag| root.with(Element::new(*tag)));
        let folder = tempfile::tempdir().unwrap();
        let [ours, shown] = ["ours.wbxml", "shown.xml"].map(|name| folder.path().join(name));
        std::fs::write(&ours, encode(&root)).unwrap();
        convert("wbxml2xml", &["-l", "ACTIVESYNC", "-m", "0"], &ours, &shown);
        let theirs = names(&std::fs::read_to_string(&shown).unwrap());
        assert_eq!(theirs.len(), tags.len() + 1, "page {page}");
        for (tag, theirs) in tags.iter().zip(&theirs[1..]) {
            let (name, number) = (tag.name(), format!("{page}:0x{:02X}", tag.token()));
            let otherwise = CALLED_OTHERWISE.contains(&(page, tag.token(), theirs));
            match (theirs.as_str(), *name == *number) {
                ("unknown", true) => {}
                ("unknown", false) => assert!(is_newer(*tag), "{number} {name} is unknown to libwbxml"),
                (theirs, _) => {
                    assert!(same(&name, theirs) || otherwise, "{number} is {name} here, {theirs} there");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared > 600, "only {compared} tags compared");
}

fn tag() -> impl Strategy<Value = Tag> {
    (0_u8..=30, 0x05_u8..=0x3f).prop_map(|(page, token)| Tag::new(page, token))
}

fn tree() -> impl Strategy<Value = Element> {
    let empty = tag().prop_map(Element::new);
    empty.prop_recursive(6, 200, 6, |inner| {
        let node = prop_oneof![
            inner.prop_map(Node::Element),
            "[^\0]{0,20}".prop_map(Node::Text),
            prop::collection::vec(any::<u8>(), 0..200).prop_map(Node::Opaque),
        ];
        (tag(), prop::collection::vec(node, 0..6)).prop_map(|(tag, children)| Element { tag, children })
    })
}

/// Bytes that a reader gets far into: mostly tags, ends and short texts.
fn token() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => (0x05_u8..=0x7f).prop_map(|tag| vec![tag]),
        3 => Just(vec![0x01]),
        2 => prop::collection::vec(1_u8..=255, 0..8).prop_map(|text| [vec![0x03], text, vec![0]].concat()),
        1 => any::<u8>().prop_map(|page| vec![0x00, page]),
        1 => (0_u8..8).prop_map(|length| [vec![0xc3, length], vec![0x41; usize::from(length)]].concat()),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
    ]
}

/// Elements, all nodes, bytes of text, depth.
fn measure(element: &Element) -> (usize, usize, usize, usize) {
    let mut all = (1, 1, 0, 1);
    for node in &element.children {
        match node {
            Node::Element(child) => {
                let inner = measure(child);
                all = (all.0 + inner.0, all.1 + inner.1, all.2 + inner.2, all.3.max(inner.3 + 1));
            }
            Node::Text(text) => all = (all.0, all.1 + 1, all.2 + text.len(), all.3),
            Node::Opaque(bytes) => all = (all.0, all.1 + 1, all.2 + bytes.len(), all.3),
        }
    }
    all
}

fn stays_within_bounds(document: &[u8]) {
    let (root, error) = decode_start(document);
    assert_eq!(decode(document).is_ok(), error.is_none() && root.is_some());
    if let Some(root) = root {
        let (elements, nodes, text, depth) = measure(&root);
        assert!(elements <= MAX_ELEMENTS && nodes <= MAX_NODES && depth <= MAX_DEPTH);
        // A byte that is not UTF-8 becomes three.
        assert!(text <= 3 * document.len(), "{text} bytes of text from {}", document.len());
        let shown = to_xml(&root);
        assert!(shown.chars().all(|c| c == '\n' || !c.is_control()), "{shown}");
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_as_the_same(root in tree()) {
        let document = encode(&root);
        prop_assert_eq!(decode(&document).unwrap(), root);
    }

    #[test]
    fn a_document_that_was_cut_is_no_document(root in tree(), part in 0.0_f64..1.0) {
        let document = encode(&root);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let length = (document.len() as f64 * part) as usize;
        prop_assert!(decode(&document[..length]).is_err());
        stays_within_bounds(&document[..length]);
    }

    #[test]
    fn arbitrary_bytes_are_read_within_bounds(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        stays_within_bounds(&bytes);
        stays_within_bounds(&[vec![0x03, 0x01, 0x6a, 0x00], bytes].concat());
    }

    #[test]
    fn arbitrary_tokens_are_read_within_bounds(tokens in prop::collection::vec(token(), 0..800)) {
        stays_within_bounds(&[vec![0x03, 0x01, 0x6a, 0x00, 0x45], tokens.concat()].concat());
    }
}
