//! What the numbers in a `Status` mean (MS-ASCMD section 2.2.2 and 2.2.3.177, MS-ASPROV section 2.2.2.54).

/// One value of a `Status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatusCode {
    /// The number.
    pub number: u32,
    /// Its name.
    pub name: &'static str,
    /// What it means, as a sentence without its full stop.
    pub meaning: &'static str,
    /// Whether it may be another one later without anybody doing anything.
    pub passing: bool,
}

/// Whose `Status` it is: those below 100 mean something else in every command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusOf {
    /// `FolderSync`.
    FolderSync,
    /// Settings.
    Settings,
    /// Provision, the command.
    Provision,
    /// The policy in an answer to Provision.
    Policy,
}

/// What a number means there, if the specification says so.
pub fn status_code(of: StatusOf, number: u32) -> Option<StatusCode> {
    let own = match of {
        StatusOf::FolderSync => FOLDER_SYNC,
        StatusOf::Settings => SETTINGS,
        StatusOf::Provision => PROVISION,
        StatusOf::Policy => POLICY,
    };
    own.iter().chain(COMMON).find(|code| code.number == number).copied()
}

const fn is(number: u32, name: &'static str, meaning: &'static str) -> StatusCode {
    StatusCode { number, name, meaning, passing: false }
}

const fn passes(number: u32, name: &'static str, meaning: &'static str) -> StatusCode {
    StatusCode { number, name, meaning, passing: true }
}

const FOLDER_SYNC: &[StatusCode] = &[
    is(1, "Success", "the folders are listed"),
    passes(6, "ServerError", "an error occurred on the server"),
    passes(8, "Timeout", "the server took too long"),
    is(9, "InvalidSyncKey", "the server does not know the synchronization key"),
    is(10, "BadRequest", "the server does not understand the request"),
    passes(11, "UnknownError", "the server does not know what went wrong"),
    passes(12, "CodeUnknown", "an unusual error on the server"),
];

const SETTINGS: &[StatusCode] = &[
    is(1, "Success", "the settings are read or written"),
    is(2, "ProtocolError", "the server does not understand the request"),
    is(3, "AccessDenied", "the user may not do this"),
    passes(4, "ServerUnavailable", "the server is not available"),
    is(5, "InvalidArguments", "the server does not take the values"),
    is(6, "ConflictingArguments", "the values contradict each other"),
    is(7, "DeniedByPolicy", "a policy forbids it"),
];

const PROVISION: &[StatusCode] = &[
    is(1, "Success", "the policy is handed out or acknowledged"),
    is(2, "ProtocolError", "the server does not understand the request"),
    passes(3, "ServerError", "an error occurred on the server"),
    is(4, "ExternallyManaged", "the device is managed by others and the policy does not allow that"),
];

const POLICY: &[StatusCode] = &[
    is(1, "Success", "a policy is handed out or acknowledged"),
    is(2, "NoPolicy", "there is no policy for this device"),
    is(3, "UnknownPolicyType", "the server does not know this type of policy"),
    is(4, "PolicyCorrupted", "the policy on the server is corrupted"),
    is(5, "WrongPolicyKey", "the acknowledged policy is not the one that was handed out"),
];

const COMMON: &[StatusCode] = &[
    is(101, "InvalidContent", "the server does not understand the content"),
    is(102, "InvalidWBXML", "the server does not understand the WBXML"),
    is(103, "InvalidXML", "the server does not take the content"),
    is(104, "InvalidDateTime", "a date or time is not valid"),
    is(105, "InvalidCombinationOfIDs", "identifiers contradict each other"),
    is(106, "InvalidIDs", "an identifier is not valid"),
    is(107, "InvalidMIME", "the MIME content is not valid"),
    is(108, "DeviceIdMissingOrInvalid", "the server does not take the device id"),
    is(109, "DeviceTypeMissingOrInvalid", "the server does not take the device type"),
    passes(110, "ServerError", "an error occurred on the server, which should not be asked again soon"),
    passes(111, "ServerErrorRetryLater", "an error occurred on the server, which may be asked again later"),
    is(112, "ActiveDirectoryAccessDenied", "the server may not write to the user's entry in the directory"),
    is(113, "MailboxQuotaExceeded", "the mailbox is full"),
    passes(114, "MailboxServerOffline", "the server of the mailbox is offline"),
    is(115, "SendQuotaExceeded", "the mailbox is too full to send"),
    is(123, "UserHasNoMailbox", "the user has no mailbox"),
    is(124, "UserCannotBeAnonymous", "the server does not know who is asking"),
    is(125, "UserPrincipalCouldNotBeFound", "the directory does not have the user"),
    is(126, "UserDisabledForSync", "ActiveSync is switched off for the user"),
    is(127, "UserOnNewMailboxCannotSync", "the server is too old for the mailbox"),
    is(128, "UserOnLegacyMailboxCannotSync", "the server is too new for the mailbox"),
    is(129, "DeviceIsBlockedForThisUser", "the device is blocked for the user, or the type of device is"),
    is(130, "AccessDenied", "the user may not do this"),
    is(131, "AccountDisabled", "the account is disabled"),
    is(132, "SyncStateNotFound", "the state of the device is missing on the server"),
    passes(133, "SyncStateLocked", "the state of the device is in use"),
    is(134, "SyncStateCorrupt", "the state of the device is corrupt"),
    is(135, "SyncStateAlreadyExists", "the state of the device is there already"),
    is(136, "SyncStateVersionInvalid", "the state of the device is of another version"),
    is(137, "CommandNotSupported", "the server does not support the command"),
    is(138, "VersionNotSupported", "the server does not support the protocol version"),
    is(139, "DeviceNotFullyProvisionable", "the device cannot keep the whole policy"),
    is(140, "RemoteWipeRequested", "the server wants the device to be wiped"),
    is(141, "LegacyDeviceOnStrictPolicy", "the device said nothing about policies, and the policy is strict"),
    is(142, "DeviceNotProvisioned", "the device has to take the policy first"),
    is(143, "PolicyRefresh", "the device has to take the policy again"),
    is(144, "InvalidPolicyKey", "the policy key is not the device's"),
    is(145, "ExternallyManagedDevicesNotAllowed", "devices managed by others are not allowed"),
    is(165, "DeviceInformationRequired", "the device has to describe itself first"),
    is(177, "MaximumDevicesReached", "the user has too many devices already"),
];
