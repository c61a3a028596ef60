use super::*;

/// Encoded by xml2wbxml of libwbxml 0.11.8; the first eight were taken by `SOGo` 5.8 or Z-Push 2.7.1.
const BY_LIBWBXML: &[&str] = &[
    "03016a00000756520330000101",
    "03016a0000075652036e6f2d737563682d6b6579000101",
    "03016a00000e45464748034d532d4541532d50726f766973696f6e696e672d5742584d4c0001010101",
    "03016a00000e450012564857034c616250726f6265000159036c61622070726f626500015a034c696e7578000160034c616250726f62652f312e3000010101000e464748034d532d4541532d50726f766973696f6e696e672d5742584d4c0001010101",
    "03016a00000e45464748034d532d4541532d50726f766973696f6e696e672d5742584d4c0001490335343239353637323400014b03310001010101",
    "03016a000012455d070101",
    "03016a00001245564857034c616250726f626500015a034c696e7578000160034c616250726f62652f312e300001010101",
    "03016a0000124549475303746578740001010101",
    "03016a00000d45480336300001494a4b033100014c03456d61696c0001010101",
];

/// Recorded answers of Z-Push 2.7.1 (its own encoder) and `SOGo` 5.8.
const RECORDED: &[&str] = &[
    "03016a00000e454b03310001464748034d532d4541532d50726f766973696f6e696e672d5742584d4c00014b0331000149033633353130343236370001010101",
    "03016a00000e454b03310001464748034d532d4541532d50726f766973696f6e696e672d5742584d4c00014b03320001010101",
    "03016a0000124546033100015d4764656803616c696365206c616200015e6303616c696365406c61622e746573740001010101010101",
    "03016a000007564c0339000101",
];

fn bytes(hex: &str) -> Vec<u8> {
    let digits = hex.as_bytes().chunks(2);
    digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn error(hex: &str) -> DecodeError {
    decode(&bytes(hex)).unwrap_err()
}

/// A document of `FolderSync` with this content in hexadecimal.
fn with_content(hex: &str) -> String {
    format!("03016a00000756{hex}01")
}

#[test]
fn what_another_encoder_wrote_reads_and_comes_out_again_byte_for_byte() {
    for hex in BY_LIBWBXML.iter().chain(RECORDED) {
        let root = decode(&bytes(hex)).unwrap();
        assert_eq!(encode(&root), bytes(hex), "{}", to_xml(&root));
    }
}

#[test]
fn an_answer_reads_as_what_the_server_meant() {
    let root = decode(&bytes(RECORDED[2])).unwrap();
    assert_eq!(
        to_xml(&root),
        "<Settings xmlns=\"Settings\">\n  <Status>1</Status>\n  <UserInformation>\n    <Get>\n      <Accounts>\n        \
         <Account>\n          <UserDisplayName>alice lab</UserDisplayName>\n          <EmailAddresses>\n            \
         <PrimarySmtpAddress>alice@lab.test</PrimarySmtpAddress>\n          </EmailAddresses>\n        </Account>\n      \
         </Accounts>\n    </Get>\n  </UserInformation>\n</Settings>\n"
    );
    let first = decode(&bytes(BY_LIBWBXML[3])).unwrap();
    assert!(to_xml(&first).contains("<DeviceInformation xmlns=\"Settings\">"), "{}", to_xml(&first));
}

#[test]
fn a_policy_that_ends_in_two_empty_tags_reads() {
    // As Z-Push's EASProvisionDoc ends: tags without content and without an end. What is around them is shortened.
    let root = decode(&bytes("03016a00000e454a4d4e033100013739010101")).unwrap();
    let document = root.at(&[Tag::new(14, 0x0a), Tag::new(14, 0x0d)]).unwrap();
    let names: Vec<_> = document.elements().map(|rule| rule.tag.name().into_owned()).collect();
    assert_eq!(names, ["DevicePasswordEnabled", "UnapprovedInROMApplicationList", "ApprovedApplicationList"]);
}

#[test]
fn tags_and_pages_nobody_knows_keep_their_numbers() {
    let root = decode(&bytes("03016a0000637f0301"));
    assert_eq!(root, Err(DecodeError::Truncated));
    let root = decode(&bytes("03016a0000630500")).unwrap_err();
    assert_eq!(root, DecodeError::Trailing(1));
    let root = decode(&bytes("03016a0000637f03410001")).unwrap();
    assert_eq!(root.tag.name(), "99:0x3F");
    assert_eq!(to_xml(&root), "<99:0x3F xmlns=\"page 99\">A</99:0x3F>\n");
    assert_eq!(Tag::new(15, 0x06).name(), "15:0x06");
}

#[test]
fn pages_have_the_names_of_the_specification() {
    for (page, token, name) in [
        (0, 0x05, "Sync"),
        (0, 0x29, "HeartbeatInterval"),
        (2, 0x3f, "DisallowNewTimeProposal"),
        (4, 0x3c, "ClientUid"),
        (5, 0x0c, "DstMsgId"),
        (6, 0x0e, "Status"),
        (7, 0x17, "Count"),
        (8, 0x12, "SendResponse"),
        (9, 0x26, "FirstDayOfWeek"),
        (13, 0x0d, "MaxFolders"),
        (14, 0x3b, "AccountOnlyRemoteWipe"),
        (15, 0x23, "MaxPictures"),
        (17, 0x2d, "InstanceId"),
        (18, 0x2b, "RightsManagementInformation"),
        (21, 0x18, "Email"),
        (22, 0x17, "Send"),
        (24, 0x18, "RemoveRightsManagementProtection"),
        (25, 0x22, "Picture"),
    ] {
        assert_eq!(Tag::new(page, token).name(), name);
    }
}

#[test]
fn a_web_page_or_another_header_is_told_by_its_name() {
    assert_eq!(decode(b"<html>"), Err(DecodeError::Version(b'<')));
    assert_eq!(error(""), DecodeError::Truncated);
    assert_eq!(error("0301"), DecodeError::Truncated);
    assert_eq!(error("03046a0005"), DecodeError::PublicId(4));
    assert_eq!(error("03016b0005"), DecodeError::Charset(107));
    assert_eq!(error("03016a00"), DecodeError::Truncated);
    assert_eq!(error("03016a0041424305"), DecodeError::Token(0x41));
}

#[test]
fn numbers_beyond_32_bits_or_five_bytes_are_errors() {
    assert_eq!(error("038fffffff7f"), DecodeError::PublicId(0xffff_ffff));
    assert_eq!(error("039080808000"), DecodeError::Number);
    assert_eq!(error("03808080808001"), DecodeError::Number);
    // Leading zero groups are legal within five bytes.
    assert!(decode(&bytes("0380808080016a0005")).is_ok());
}

#[test]
fn lengths_beyond_the_end_are_errors_and_reserve_nothing() {
    assert_eq!(error("03016a8fffffff7f05"), DecodeError::StringTable(0xffff_ffff));
    assert_eq!(error("03016a0305"), DecodeError::StringTable(3));
    assert_eq!(error(&with_content("c38fffffff7f00")), DecodeError::Opaque(0xffff_ffff));
    assert_eq!(error(&with_content("c30341")), DecodeError::Opaque(3));
    assert_eq!(error("03016a00000756034142"), DecodeError::Truncated);
    // A string table that is there is passed over.
    assert!(decode(&bytes("03016a024100000756520330000101")).is_ok());
}

#[test]
fn what_activesync_does_not_use_is_an_error_by_name() {
    assert_eq!(error(&with_content("8300")), DecodeError::StringReference);
    for literal in ["04", "44", "84", "c4"] {
        assert_eq!(error(&with_content(literal)), DecodeError::Literal);
    }
    assert_eq!(error(&with_content("43")), DecodeError::ProcessingInstruction);
    assert_eq!(error(&with_content("0241")), DecodeError::Token(0x02));
    assert_eq!(error(&with_content("c0")), DecodeError::Token(0xc0));
    assert_eq!(error(&with_content("85")), DecodeError::Attributes);
    assert_eq!(error(&with_content("d2")), DecodeError::Attributes);
}

#[test]
fn ends_and_text_out_of_place_are_errors() {
    assert_eq!(error("03016a0001"), DecodeError::Underflow);
    assert_eq!(error("03016a00034100"), DecodeError::Stray);
    assert_eq!(error("03016a0000075603410001ff"), DecodeError::Trailing(1));
    assert_eq!(error("03016a00000756"), DecodeError::Truncated);
}

#[test]
fn elements_nest_32_deep_and_no_deeper() {
    let nested = |depth: usize| format!("03016a00{}{}", "45".repeat(depth), "01".repeat(depth));
    assert!(decode(&bytes(&nested(MAX_DEPTH))).is_ok());
    assert_eq!(error(&nested(MAX_DEPTH + 1)), DecodeError::Depth);
}

#[test]
fn elements_texts_and_lengths_are_bounded() {
    let many = |count: usize| format!("03016a0045{}01", "06".repeat(count));
    assert!(decode(&bytes(&many(MAX_ELEMENTS - 1))).is_ok());
    assert_eq!(error(&many(MAX_ELEMENTS)), DecodeError::Elements);
    let texts = format!("03016a0045{}01", "0300".repeat(MAX_NODES));
    assert_eq!(error(&texts), DecodeError::Nodes);

    let mut long = bytes("03016a004503");
    long.extend(std::iter::repeat_n(b'a', MAX_TEXT));
    let mut longer = long.clone();
    long.extend([0, 1]);
    longer.extend([b'a', 0, 1]);
    assert_eq!(decode(&long).unwrap().text().len(), MAX_TEXT);
    assert_eq!(decode(&longer), Err(DecodeError::Text));
    let mut opaque = bytes("03016a0045c3848001");
    opaque.extend(std::iter::repeat_n(7, MAX_TEXT + 1));
    opaque.push(1);
    assert_eq!(decode(&opaque), Err(DecodeError::Text));

    let mut huge = bytes("03016a0045");
    huge.extend([0, 0].repeat(MAX_DOCUMENT / 2));
    assert_eq!(decode(&huge), Err(DecodeError::TooLong));
}

#[test]
fn the_status_of_a_list_that_is_cut_off_is_still_read() {
    let (root, error) = decode_start(&bytes("03016a000007564c033100015203766d5f"));
    assert_eq!(error, Some(DecodeError::Truncated));
    assert_eq!(root.unwrap().child(Tag::new(7, 0x0c)).unwrap().number(), Some(1));
    let many = format!("03016a000007564c033100014e{}", "4f01".repeat(2 * MAX_ELEMENTS));
    let (root, error) = decode_start(&bytes(&many));
    assert_eq!(error, Some(DecodeError::Elements));
    assert_eq!(root.unwrap().child(Tag::new(7, 0x0c)).unwrap().number(), Some(1));
}

#[test]
fn what_a_person_sees_is_harmless_short_and_without_passwords() {
    let text = format!("\x1b]0;owned\x07<&>{}", "x".repeat(1000));
    let root = Element::new(Tag::new(18, 0x05))
        .with_text(Tag::new(18, 0x19), &text)
        .with(Element { tag: Tag::new(18, 0x1a), children: vec![Node::Opaque(vec![0xab; 300])] })
        .with_text(Tag::new(18, 0x15), "correct horse");
    let xml = to_xml(&root);
    assert!(xml.contains("<FriendlyName>\\x1B]0;owned\\x07&lt;&amp;&gt;xxx"), "{xml}");
    assert!(xml.contains("[813 bytes more]"), "{xml}");
    assert!(xml.contains("<OS>[300 bytes: ab ab"), "{xml}");
    assert!(xml.contains("<Password>***</Password>") && !xml.contains("correct"), "{xml}");
    assert!(xml.len() < 1500, "{}", xml.len());
}

#[test]
fn bytes_that_are_not_utf_8_and_nul_in_a_text_do_no_harm() {
    let root = decode(&bytes(&with_content("0341ff00"))).unwrap();
    assert_eq!(root.text(), "A\u{fffd}");
    let text = Element { tag: Tag::new(7, 0x16), children: vec![Node::Text("a\0b".into())] };
    assert_eq!(decode(&encode(&text)).unwrap().text(), "ab");
    assert_eq!(Tag::new(0, 0x01), Tag::new(0, 0x05));
    assert_eq!(Tag::new(0, 0xff).token(), 0x3f);
}

#[test]
fn long_bytes_get_a_length_of_several_groups() {
    for length in [0, 1, 127, 128, 16_383, 16_384, MAX_TEXT] {
        let root = Element { tag: Tag::new(20, 0x0c), children: vec![Node::Opaque(vec![1; length])] };
        assert_eq!(decode(&encode(&root)).unwrap(), root);
    }
}

#[test]
fn every_byte_of_a_document_may_be_any_other_and_the_reader_comes_back() {
    for hex in BY_LIBWBXML.iter().take(2).chain(RECORDED) {
        let whole = bytes(hex);
        for at in 0..whole.len() {
            for value in 0..=255 {
                let mut broken = whole.clone();
                broken[at] = value;
                let (root, _) = decode_start(&broken);
                let _ = root.map(|root| to_xml(&root));
            }
            assert!(decode(&whole[..at]).is_err());
        }
    }
}
