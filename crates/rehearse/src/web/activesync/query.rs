//! The query of a command, plain or in base64 (MS-ASHTTP section 2.2.1.1.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::Request;

/// Numbers of the commands in the base64 query (MS-ASHTTP section 2.2.1.1.1.1.2).
const COMMANDS: &[(u8, &str)] = &[
    (0, "Sync"),
    (1, "SendMail"),
    (2, "SmartForward"),
    (3, "SmartReply"),
    (4, "GetAttachment"),
    (9, "FolderSync"),
    (10, "FolderCreate"),
    (11, "FolderDelete"),
    (12, "FolderUpdate"),
    (13, "MoveItems"),
    (14, "GetItemEstimate"),
    (15, "MeetingResponse"),
    (16, "Search"),
    (17, "Settings"),
    (18, "Ping"),
    (19, "ItemOperations"),
    (20, "Provision"),
    (21, "ResolveRecipients"),
    (22, "ValidateCert"),
];

/// What a command says beside its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) command: String,
    pub(super) version: String,
    pub(super) device_id: String,
    pub(super) device_type: String,
    /// 0 where there is none.
    pub(super) policy_key: u32,
}

impl Query {
    /// What a POST says; `None` where it says no command.
    pub(super) fn of(request: &Request) -> Option<Self> {
        let header = |name| request.header(name).map(str::trim).unwrap_or_default();
        if let Some(command) = request.parameter("Cmd") {
            let parameter = |name| request.parameter(name).unwrap_or_default();
            return Some(Self {
                command,
                version: header("MS-ASProtocolVersion").to_owned(),
                device_id: parameter("DeviceId"),
                device_type: parameter("DeviceType"),
                policy_key: header("X-MS-PolicyKey").parse().unwrap_or_default(),
            });
        }
        // A base64 query has a `+` and a `/` in it, or their escapes.
        let encoded = request.query.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
        let bytes = STANDARD.decode(encoded).ok()?;
        let mut rest = Rest(&bytes);
        let version = rest.take(1)?.first().copied()?;
        let command = rest.take(1)?.first().copied()?;
        rest.take(2)?;
        let device_id = rest.counted()?;
        let key = rest.counted()?;
        let device_type = rest.counted()?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Some(Self {
            command: COMMANDS.iter().find(|(number, _)| *number == command)?.1.to_owned(),
            version: format!("{}.{}", version / 10, version % 10),
            device_id: text(device_id),
            device_type: text(device_type),
            policy_key: key.try_into().map(u32::from_le_bytes).unwrap_or_default(),
        })
    }

    /// Before 14.0, which brought the common statuses above 100 (MS-ASCMD section 2.2.2).
    pub(super) fn is_old(&self) -> bool {
        matches!(self.version.as_str(), "2.5" | "12.0" | "12.1")
    }

    /// From 14.1 on.
    pub(super) fn is_new(&self) -> bool {
        matches!(self.version.as_str(), "14.1" | "16.0" | "16.1")
    }
}

struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn counted(&mut self) -> Option<&'a [u8]> {
        let length = self.take(1)?.first().copied()?;
        self.take(usize::from(length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_base64_query_of_the_specification_is_read() {
        // MS-ASHTTP section 2.2.1.1.1.1.1: 14.0, Sync, en-US, `v140Device`, no key, `SmartPhone`.
        let request = Request { query: "jAAJBAp2MTQwRGV2aWNlAApTbWFydFBob25l".into(), ..Request::default() };
        let query = Query::of(&request).unwrap();
        assert_eq!((query.version.as_str(), query.command.as_str()), ("14.0", "Sync"));
        assert_eq!((query.device_id.as_str(), query.device_type.as_str()), ("v140Device", "SmartPhone"));
        assert_eq!(query.policy_key, 0);
        // A lab client's FolderSync.
        let request =
            Request { query: "jQkJBApMQUJERVYwMDAxBAAAAAAITGFiUHJvYmU=".into(), ..Request::default() };
        let query = Query::of(&request).unwrap();
        assert_eq!((query.version.as_str(), query.command.as_str()), ("14.1", "FolderSync"));
    }

    #[test]
    fn a_broken_query_is_no_command() {
        for query in ["", "jA", "jAAJBP8=", "!!!!", "AAAA"] {
            assert_eq!(Query::of(&Request { query: query.into(), ..Request::default() }), None, "{query}");
        }
    }
}
