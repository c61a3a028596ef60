//! `ActiveSync`, asked by our own client.

use mailprobe_probes::service::activesync::{
    provision, provision_acknowledge, read_folder_sync, read_provision, read_settings,
    settings_device_information, settings_user_information,
};

use super::*;

#[test]
fn options_lists_the_versions_of_the_scenario_after_the_login() {
    let bench = Told::new(Cause::Accepted);
    let options = ActiveSync.login(&eas());
    let reading = ActiveSync.read_login(&sync(&bench, &site(), &options));
    assert_eq!(reading.verdict, Verdict::Accepted);
    assert!(reading.facts.contains(&("activesync-versions", "16.1".to_owned())));
    assert_eq!(ActiveSync.read_login(&ask(&bench, &site(), &options, None)).verdict, Verdict::Refused);
    for (cause, status) in [
        (Cause::ProtocolDisabled, "403"),
        (Cause::AccountLocked, "456"),
        (Cause::PasswordExpired, "457"),
        (Cause::BasicDisabled, "401"),
    ] {
        let reading = ActiveSync.read_login(&sync(&Told::new(cause), &site(), &options));
        assert_eq!((reading.verdict, reading.reply.status.as_str()), (Verdict::Refused, status));
    }
    let reading = ActiveSync.read_login(&sync(&Told::new(Cause::Redirect), &site(), &options));
    let to = "https://outlook.office365.com/Microsoft-Server-ActiveSync".to_owned();
    assert_eq!(reading.verdict, Verdict::Redirect { to });
}

#[test]
fn folders_are_listed_and_a_shut_mailbox_says_its_status() {
    let folders = folder_sync(&eas(), Version::V16_1, &device(), 0);
    let reading = read_folder_sync(&sync(&Told::new(Cause::Accepted), &site(), &folders));
    assert_eq!(reading.verdict, Verdict::Opened);
    assert!(reading.facts.contains(&("activesync-folders", "8".to_owned())), "{:?}", reading.facts);
    for (cause, status) in [
        (Cause::NoSuchMailbox, "123"),
        (Cause::ProtocolDisabled, "126"),
        (Cause::DeviceBlocked, "129"),
        (Cause::DeviceQuota, "177"),
        (Cause::MailboxUnavailable, "114"),
    ] {
        let reading = read_folder_sync(&sync(&Told::shut(cause), &site(), &folders));
        assert_eq!(reading.reply.code.as_deref(), Some(status), "{cause}");
        assert_ne!(reading.verdict, Verdict::Opened);
    }
    let quarantined = read_folder_sync(&sync(&Told::shut(Cause::DeviceQuarantined), &site(), &folders));
    assert!(quarantined.facts.contains(&("activesync-folders", "1".to_owned())));
    let old = folder_sync(&eas(), Version::V14_1, &device(), 0);
    let reading = read_folder_sync(&sync(&Told::new(Cause::Accepted), &site(), &old));
    assert_eq!(reading.reply.code.as_deref(), Some("138"), "16.1 is all there is");
}

#[test]
fn a_policy_is_demanded_handed_out_acknowledged_and_remembered_by_its_key() {
    let bench = Told::new(Cause::Accepted);
    for (policy, demand) in [(Policy::Status, "142"), (Policy::Http449, "449"), (Policy::Http449First, "449")]
    {
        let mut site = site();
        site.activesync.policy = policy;
        let folders = |key| {
            read_folder_sync(&sync(&bench, &site, &folder_sync(&eas(), Version::V16_1, &device(), key)))
        };
        let first = folders(0);
        assert_eq!(first.reply.code.as_deref().unwrap_or(&first.reply.status), demand);
        let given = read_provision(&sync(&bench, &site, &provision(&eas(), Version::V16_1, &device())));
        let temporary = given.key.expect("a temporary key");
        assert_ne!(folders(temporary).verdict, Verdict::Opened, "not acknowledged yet");
        let wrong = provision_acknowledge(&eas(), Version::V16_1, &device(), temporary ^ 1);
        assert_eq!(read_provision(&sync(&bench, &site, &wrong)).reading.reply.code.as_deref(), Some("5"));
        let right = provision_acknowledge(&eas(), Version::V16_1, &device(), temporary);
        let last = read_provision(&sync(&bench, &site, &right)).key.expect("the final key");
        assert_ne!(last, temporary);
        assert_eq!(folders(last).verdict, Verdict::Opened);
    }
    // Without a policy Provision says so.
    let given = read_provision(&sync(&bench, &site(), &provision(&eas(), Version::V16_1, &device())));
    assert_eq!((given.key, given.reading.verdict), (None, Verdict::Accepted));
    // Before 14.1 the device is not described.
    let mut plain = provision(&eas(), Version::V14_0, &device());
    for (name, value) in &mut plain.headers {
        if *name == "MS-ASProtocolVersion" {
            *value = "16.1".into();
        }
    }
    let given = read_provision(&sync(&bench, &site(), &plain));
    assert_eq!(given.reading.reply.code.as_deref(), Some("165"));
}

#[test]
fn a_449_before_the_login_says_nothing_of_the_password() {
    let mut site = site();
    site.activesync.policy = Policy::Http449First;
    let folders = folder_sync(&eas(), Version::V16_1, &device(), 0);
    let answer = ask(&Told::new(Cause::Accepted), &site, &folders, Some(&basic("wrong")));
    assert_eq!(answer.status, 449);
    let provision = provision(&eas(), Version::V16_1, &device());
    assert_eq!(ask(&Told::new(Cause::Accepted), &site, &provision, Some(&basic("wrong"))).status, 401);
}

#[test]
fn settings_take_the_description_and_give_the_address() {
    let bench = Told::new(Cause::Accepted);
    let information = settings_user_information(&eas(), Version::V16_1, &device(), 0);
    let reading = read_settings(&sync(&bench, &site(), &information));
    assert!(reading.facts.contains(&("activesync-addresses", USER.to_owned())), "{:?}", reading.facts);
    let described = settings_device_information(&eas(), Version::V16_1, &device(), 0);
    assert_eq!(read_settings(&sync(&bench, &site(), &described)).verdict, Verdict::Accepted);
}

#[test]
fn a_broken_command_is_refused_in_the_manner_of_its_version() {
    let bench = Told::new(Cause::Accepted);
    let mut site = site();
    site.activesync.versions = vec!["12.1".into(), "16.1".into()];
    let broken = |version, body: &[u8]| {
        let mut folders = folder_sync(&eas(), version, &device(), 0);
        folders.body = body.to_vec();
        let answer = sync(&bench, &site, &folders);
        let code = read_folder_sync(&answer).reply.code;
        (answer.status, code)
    };
    assert_eq!(broken(Version::V16_1, b"<html>"), (200, Some("102".to_owned())));
    assert_eq!(broken(Version::V12_1, b"<html>").0, 400);
    let deep: Vec<u8> = [&[3, 1, 0x6a, 0][..], &[0x45; 5000]].concat();
    assert_eq!(broken(Version::V16_1, &deep), (200, Some("102".to_owned())));
    // Settings where FolderSync was announced.
    let settings = settings_user_information(&eas(), Version::V16_1, &device(), 0).body;
    assert_eq!(broken(Version::V16_1, &settings), (200, Some("101".to_owned())));
    let mut unknown = folder_sync(&eas(), Version::V16_1, &device(), 0);
    unknown.path = unknown.path.replace("FolderSync", "Sync");
    assert_eq!(sync(&bench, &site, &unknown).status, 501);
    unknown.path = "/Microsoft-Server-ActiveSync".into();
    assert_eq!(sync(&bench, &site, &unknown).status, 400);
}
