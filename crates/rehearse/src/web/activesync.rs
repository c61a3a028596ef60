//! `ActiveSync` (MS-ASHTTP, MS-ASCMD, MS-ASPROV): OPTIONS, `FolderSync`, Provision and Settings. Every other command
//! is 501.
//!
//! The tenant keeps no state of a device: the key of its policy follows from the device's id, so a device that has
//! acknowledged it once is known by showing it.

use mailprobe_probes::model::{Cause, Protocol};
use mailprobe_probes::service::wbxml::{self, Element, Tag};

use super::gate::{Admitted, Visit};
use super::{ACCEPTED, OldVersion, Policy, Response};

mod commands;
mod query;

use query::Query;

/// jobisoft/EAS-4-TbSync issue 312: Exchange Online, 2026.
const COMMANDS: &str = "Sync,SendMail,SmartForward,SmartReply,GetAttachment,GetHierarchy,CreateCollection,\
                        DeleteCollection,MoveCollection,FolderSync,FolderCreate,FolderDelete,FolderUpdate,MoveItems,\
                        GetItemEstimate,MeetingResponse,Search,Settings,Ping,ItemOperations,Provision,\
                        ResolveRecipients,ValidateCert,Find";
const WBXML: &str = "application/vnd.ms-sync.wbxml";

/// The answer to a request.
pub(super) fn answer(visit: &Visit<'_>) -> Response {
    let request = visit.request;
    let post = request.verb.eq_ignore_ascii_case("POST");
    let query = if post { Query::of(request) } else { None };
    if let Some(query) = query.as_ref()
        && visit.site.activesync.policy == Policy::Http449First
        && query.command != "Provision"
        && !commands::has_policy(query)
    {
        return visit.say(Protocol::ActiveSync, Cause::ProvisioningRequired);
    }
    let admitted = match visit.admit(Protocol::ActiveSync, None) {
        Ok(admitted) => admitted,
        Err(refusal) => return refusal,
    };
    let response = if request.verb.eq_ignore_ascii_case("OPTIONS") {
        options(visit)
    } else if !post {
        Response::of(405).field("Allow", "OPTIONS,POST")
    } else if let Some(query) = query {
        command(visit, &query, &admitted)
    } else {
        // MS-ASHTTP section 2.2.2.1.1: the command cannot be read.
        Response::of(400)
    };
    response.ruled(Protocol::ActiveSync, ACCEPTED)
}

fn options(visit: &Visit<'_>) -> Response {
    let own = &visit.site.activesync;
    Response::of(200)
        .field("MS-Server-ActiveSync", own.server.clone())
        .field("MS-ASProtocolVersions", own.versions.join(","))
        .field("MS-ASProtocolCommands", COMMANDS)
        .field("Public", "OPTIONS,POST")
        .field("Allow", "OPTIONS,POST")
}

fn command(visit: &Visit<'_>, query: &Query, admitted: &Admitted) -> Response {
    let own = &visit.site.activesync;
    let Some((root, status)) = commands::root(&query.command) else {
        return Response::of(501);
    };
    let only = |number: u32| document(&Element::new(root).with_text(status, &number.to_string()));
    if !own.versions.contains(&query.version) {
        return match own.old_version {
            OldVersion::Status138 => only(138),
            OldVersion::BadRequest => Response::of(400),
        };
    }
    if query.device_id.is_empty() || query.device_id.len() > 32 {
        return only(108);
    }
    if query.device_type.is_empty() {
        return only(109);
    }
    if let Some(cause) = admitted.shut
        && !matches!(cause, Cause::ProvisioningRequired | Cause::DeviceQuarantined)
    {
        return commands::by_http(visit, cause).unwrap_or_else(|| only(commands::shut(cause)));
    }
    let Ok(body) = wbxml::decode(&visit.request.body) else {
        return if query.is_old() { Response::of(400) } else { only(102) };
    };
    if body.tag != root {
        // What each calls a request that it does not understand.
        return only(match (query.is_old(), query.command.as_str()) {
            (false, _) => 101,
            (true, "FolderSync") => 10,
            (true, _) => 2,
        });
    }
    let demanded = if admitted.shut == Some(Cause::ProvisioningRequired) && own.policy == Policy::None {
        Policy::Status
    } else {
        own.policy
    };
    match query.command.as_str() {
        "Provision" => document(&commands::provision(&body, query, demanded, own.device_information)),
        _ if demanded != Policy::None && !commands::has_policy(query) && !commands::describes(&body) => {
            match demanded {
                Policy::Http449 | Policy::Http449First => {
                    visit.say(Protocol::ActiveSync, Cause::ProvisioningRequired)
                }
                // A key that is not the device's is another matter than none.
                _ => only(if query.policy_key == 0 { 142 } else { 144 }),
            }
        }
        "FolderSync" => {
            let quarantined = admitted.shut == Some(Cause::DeviceQuarantined);
            document(&commands::folder_sync(&body, quarantined))
        }
        _ => document(&commands::settings(&body, &admitted.mailbox, query.is_old())),
    }
}

fn document(root: &Element) -> Response {
    Response::with_body(200, WBXML, wbxml::encode(root))
}

const fn tag(page: u8, token: u8) -> Tag {
    Tag::new(page, token)
}
