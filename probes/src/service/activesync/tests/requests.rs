use super::super::*;
use super::bytes;

fn subject() -> Subject {
    Subject {
        host: "eas.lab.test".into(),
        path: "/Microsoft-Server-ActiveSync".into(),
        mailbox: "alice@lab.test".into(),
        account: "LAB\\alice@lab.test".into(),
        impersonate: false,
        user_agent: "mailprobe/1".into(),
    }
}

fn device() -> DeviceIdentity {
    DeviceIdentity {
        id: "LABDEV0001".into(),
        kind: "LabProbe".into(),
        user_agent: "LabProbe/1.0".into(),
        friendly_name: String::new(),
        os: "Linux".into(),
    }
}

#[test]
fn the_highest_known_version_is_chosen() {
    assert_eq!(chosen_version(&["16.1", "2.5"]), Some(Version::V16_1));
    assert_eq!(chosen_version(&["17.0", "14.1", "16.0"]), Some(Version::V16_0));
    assert_eq!(chosen_version(&["1.0"]), None);
    assert_eq!(chosen_version::<&str>(&[]), None);
}

#[test]
fn requests_are_those_that_real_servers_took() {
    // Content: encoded by xml2wbxml of libwbxml 0.11.8, taken by SOGo 5.8 and Z-Push 2.7.1.
    let (subject, device) = (subject(), device());
    let request = folder_sync(&subject, Version::V14_1, &device, 542_956_724);
    assert_eq!(request.body, bytes("03016a00000756520330000101"));
    assert_eq!(request.verb, "POST");
    assert_eq!(
        request.path,
        "/Microsoft-Server-ActiveSync?Cmd=FolderSync&User=LAB%5Calice%40lab.test&DeviceId=LABDEV0001&DeviceType=LabProbe"
    );
    assert_eq!(
        request.headers,
        [
            ("Content-Type", "application/vnd.ms-sync.wbxml".to_owned()),
            ("MS-ASProtocolVersion", "14.1".to_owned()),
            ("X-MS-PolicyKey", "542956724".to_owned()),
            ("User-Agent", "LabProbe/1.0".to_owned()),
        ]
    );
    assert_eq!(
        settings_device_information(&subject, Version::V14_1, &device, 0).body,
        bytes(
            "03016a00001245564857034c616250726f626500015a034c696e7578000160034c616250726f62652f312e300001010101"
        )
    );
    assert_eq!(
        settings_user_information(&subject, Version::V14_1, &device, 0).body,
        bytes("03016a000012455d070101")
    );
    assert_eq!(
        provision(&subject, Version::V14_0, &device).body,
        bytes("03016a00000e45464748034d532d4541532d50726f766973696f6e696e672d5742584d4c0001010101")
    );
    let named = DeviceIdentity { friendly_name: "lab probe".into(), ..device.clone() };
    assert_eq!(
        provision(&subject, Version::V14_1, &named).body,
        bytes(
            "03016a00000e450012564857034c616250726f6265000159036c61622070726f626500015a034c696e7578000160034c616250726f62652f312e3000010101000e464748034d532d4541532d50726f766973696f6e696e672d5742584d4c0001010101"
        )
    );
    let acknowledged = provision_acknowledge(&subject, Version::V14_1, &device, 542_956_724);
    assert_eq!(
        acknowledged.body,
        bytes(
            "03016a00000e45464748034d532d4541532d50726f766973696f6e696e672d5742584d4c0001490335343239353637323400014b03310001010101"
        )
    );
    assert!(acknowledged.path.contains("?Cmd=Provision&"), "{}", acknowledged.path);
    assert!(acknowledged.headers.contains(&("X-MS-PolicyKey", "542956724".to_owned())));
    let old = provision(&subject, Version::V2_5, &device).body;
    assert!(old.windows(23).any(|part| part == b"MS-WAP-Provisioning-XML"));
}

#[test]
fn options_has_no_query_no_content_and_no_device() {
    let (ask, log_in) = (ActiveSync.advertisement(&subject()), ActiveSync.login(&subject()));
    assert_eq!(ask, log_in);
    assert_eq!((ask.verb, ask.path.as_str()), ("OPTIONS", "/Microsoft-Server-ActiveSync"));
    assert_eq!(ask.headers, [("User-Agent", "mailprobe/1".to_owned())]);
    assert!(ask.body.is_empty());
}

#[test]
fn a_mailbox_has_one_device_for_ever() {
    // printf 'mailprobe ActiveSync device\0alice@lab.test' | sha256sum | cut -c-32
    assert_eq!(device_id("Alice@LAB.test"), "e4066982f81c9e530e520e46a19f7000");
    assert_ne!(device_id("alice@lab.test"), device_id("bob@lab.test"));
    let device = DeviceIdentity::of("alice@lab.test", "mailprobe/1");
    assert!(device.id.len() == 32 && device.kind.chars().all(|c| c.is_ascii_alphanumeric()));
}
