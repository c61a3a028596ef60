use super::super::super::wbxml::{Element, Tag, encode};
use super::super::*;
use super::{answer, bytes, fact};

fn wbxml(hex: &str) -> HttpResponse {
    let mut response = answer(200, "OK", &[("Content-Type", "application/vnd.ms-sync.wbxml")]);
    response.body = bytes(hex);
    response
}

fn folder_status(number: u32) -> HttpResponse {
    let root = Element::new(Tag::new(7, 0x16)).with_text(Tag::new(7, 0x0c), &number.to_string());
    let mut response = wbxml("");
    response.body = encode(&root);
    response
}

#[test]
fn an_opened_mailbox_says_how_many_folders() {
    let folders = Element::new(Tag::new(7, 0x16))
        .with_text(Tag::new(7, 0x0c), "1")
        .with_text(Tag::new(7, 0x12), "vm_6369_30b229d3_0")
        .with(Element::new(Tag::new(7, 0x0e)).with_text(Tag::new(7, 0x17), "9"));
    let mut response = wbxml("");
    response.body = encode(&folders);
    let reading = read_folder_sync(&response);
    assert_eq!(reading.verdict, Verdict::Opened);
    assert_eq!(fact(&reading, "activesync-folders"), Some("9"));
    // What was recorded of SOGo, up to where its record ends.
    assert_eq!(read_folder_sync(&wbxml("03016a000007564c033100015203766d5f")).verdict, Verdict::Opened);
}

#[test]
fn a_mailbox_that_did_not_open_says_why() {
    // Recorded from Z-Push 2.7.1.
    let reading = read_folder_sync(&wbxml("03016a000007564c0339000101"));
    assert_eq!(reading.verdict, Verdict::Shut);
    assert_eq!(reading.reply.code.as_deref(), Some("9"));
    for (number, name) in [
        (108, "DeviceIdMissingOrInvalid"),
        (123, "UserHasNoMailbox"),
        (126, "UserDisabledForSync"),
        (127, "UserOnNewMailboxCannotSync"),
        (128, "UserOnLegacyMailboxCannotSync"),
        (129, "DeviceIsBlockedForThisUser"),
        (138, "VersionNotSupported"),
        (139, "DeviceNotFullyProvisionable"),
        (140, "RemoteWipeRequested"),
        (145, "ExternallyManagedDevicesNotAllowed"),
        (177, "MaximumDevicesReached"),
    ] {
        let reading = read_folder_sync(&folder_status(number));
        assert_eq!(reading.verdict, Verdict::Shut, "{number}");
        assert_eq!(reading.reply.code, Some(number.to_string()));
        assert!(reading.reply.text.starts_with(&format!("{name}: ")), "{reading:?}");
        assert!(!asks_for_provision(&reading), "{number}");
    }
    for number in [141, 142, 143, 144, 165] {
        let reading = read_folder_sync(&folder_status(number));
        assert!(reading.verdict == Verdict::Shut && asks_for_provision(&reading), "{number}");
    }
    for number in [6, 8, 110, 111, 114, 133] {
        assert_eq!(read_folder_sync(&folder_status(number)).verdict, Verdict::Passing, "{number}");
    }
    let unknown = read_folder_sync(&folder_status(4711));
    assert_eq!(unknown.verdict, Verdict::Shut);
    assert_eq!(unknown.reply.text, "a status that is not in the specification");
}

#[test]
fn content_that_is_broken_or_of_another_command_is_not_the_service() {
    for (hex, why) in [
        ("", "an empty answer without the fields of ActiveSync"),
        ("03016a00", "broken WBXML: it ends too early"),
        ("03026a00", "broken WBXML: public identifier 2, not 1"),
        ("03016a0000120501", "Settings where FolderSync was asked for"),
        ("03016a00000716", "FolderSync without a status"),
        ("03016a000007564c036f6b000101", "FolderSync without a status"),
        ("7b7d", "content that is not ActiveSync's"),
    ] {
        let reading = read_folder_sync(&wbxml(hex));
        assert_eq!(reading.verdict, Verdict::NotTheService { why: why.into() }, "{hex}");
    }
}

#[test]
fn a_policy_is_handed_out_acknowledged_absent_or_refused() {
    // Recorded from Z-Push 2.7.1, the acknowledgement, and from SOGo 5.8, which has none.
    let second = read_provision(&wbxml(
        "03016a00000e454b03310001464748034d532d4541532d50726f766973696f6e696e672d5742584d4c00014b0331000149033633353130343236370001010101",
    ));
    assert_eq!(
        (second.reading.verdict, second.key, second.wipe),
        (Verdict::Accepted, Some(635_104_267), false)
    );
    let none = read_provision(&wbxml(
        "03016a00000e454b03310001464748034d532d4541532d50726f766973696f6e696e672d5742584d4c00014b03320001010101",
    ));
    assert_eq!((&none.reading.verdict, none.key), (&Verdict::Accepted, None));
    assert_eq!(fact(&none.reading, "activesync-policy"), Some("none"));

    let rules = Element::new(Tag::new(14, 0x0d))
        .with_text(Tag::new(14, 0x0e), "1")
        .with_text(Tag::new(14, 0x14), "4")
        .with(Element::new(Tag::new(14, 0x37)));
    let policy = |status: &str| {
        Element::new(Tag::new(14, 0x07))
            .with_text(Tag::new(14, 0x0b), status)
            .with_text(Tag::new(14, 0x09), "1307199584")
            .with(Element::new(Tag::new(14, 0x0a)).with(rules.clone()))
    };
    let provision = |child: Element| {
        let root = Element::new(Tag::new(14, 0x05)).with_text(Tag::new(14, 0x0b), "1").with(child);
        let mut response = wbxml("");
        response.body = encode(&root);
        read_provision(&response)
    };
    let first = provision(Element::new(Tag::new(14, 0x06)).with(policy("1")));
    assert_eq!((&first.reading.verdict, first.key), (&Verdict::Accepted, Some(1_307_199_584)));
    assert_eq!(
        fact(&first.reading, "activesync-policy"),
        Some("DevicePasswordEnabled=1 MinDevicePasswordLength=4")
    );
    let mismatch = provision(Element::new(Tag::new(14, 0x06)).with(policy("5")));
    assert_eq!((&mismatch.reading.verdict, mismatch.key), (&Verdict::Shut, None));
    assert!(mismatch.reading.reply.text.starts_with("WrongPolicyKey"), "{mismatch:?}");
}

#[test]
fn a_wipe_hands_out_no_key_to_go_on_with() {
    for wipe in [0x0c, 0x3b] {
        let policy = Element::new(Tag::new(14, 0x07))
            .with_text(Tag::new(14, 0x0b), "1")
            .with_text(Tag::new(14, 0x09), "1307199584");
        let root = Element::new(Tag::new(14, 0x05))
            .with_text(Tag::new(14, 0x0b), "1")
            .with(Element::new(Tag::new(14, 0x06)).with(policy))
            .with(Element::new(Tag::new(14, wipe)));
        let mut response = wbxml("");
        response.body = encode(&root);
        let provisioned = read_provision(&response);
        assert_eq!((provisioned.reading.verdict, provisioned.key), (Verdict::Shut, None));
        assert!(provisioned.wipe);
        assert_eq!(provisioned.reading.reply.code.as_deref(), Some("140"));
    }
}

#[test]
fn settings_tell_the_addresses_and_the_status_of_their_part() {
    // Recorded from SOGo 5.8.
    let reading = read_settings(&wbxml(
        "03016a0000124546033100015d4764656803616c696365206c616200015e6303616c696365406c61622e746573740001010101010101",
    ));
    assert_eq!(reading.verdict, Verdict::Accepted);
    assert_eq!(fact(&reading, "activesync-addresses"), Some("alice@lab.test"));

    // Written for this test: before 14.1 there are no accounts around the addresses.
    let before = "03016a0000124546033100015d4603310001475e5f03616c696365406c61622e74657374000101010101";
    assert_eq!(fact(&read_settings(&wbxml(before)), "activesync-addresses"), Some("alice@lab.test"));

    let part = Element::new(Tag::new(18, 0x16)).with_text(Tag::new(18, 0x06), "7");
    let root = Element::new(Tag::new(18, 0x05)).with_text(Tag::new(18, 0x06), "1").with(part);
    let mut response = wbxml("");
    response.body = encode(&root);
    let denied = read_settings(&response);
    assert_eq!((denied.verdict, denied.reply.code.as_deref()), (Verdict::Shut, Some("7")));
}

#[test]
fn the_tables_name_their_numbers_in_plain_words() {
    for of in [StatusOf::FolderSync, StatusOf::Settings, StatusOf::Provision, StatusOf::Policy] {
        let numbers: Vec<_> = (0..300).filter_map(|number| status_code(of, number)).collect();
        assert!(numbers.len() > 40);
        for code in numbers {
            assert!(!code.meaning.ends_with('.') && code.meaning.is_ascii(), "{code:?}");
            assert!(code.name.chars().all(|c| c.is_ascii_alphanumeric()), "{code:?}");
        }
    }
}
