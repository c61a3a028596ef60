//! Autodiscover: the JSON of version 2, the codes of the SOAP and the plain XML answers, and the front end's own
//! code for a user it cannot place.

use super::advice as a;
use super::rule::{Advice, RULE, Rule};
use super::step::{After, Over};
use crate::model::Cause as C;

const POX: &str =
    "https://learn.microsoft.com/en-us/exchange/client-developer/web-service-reference/error-pox";
const SOAP: &str = "https://learn.microsoft.com/en-us/exchange/client-developer/exchange-web-services/handling-autodiscover-error-messages";
const V2: &str = "https://learn.microsoft.com/en-us/openspecs/exchange_server_protocols/ms-oxdisco";

/// In order of precedence.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "front-end-knows-no-such-user",
        codes: &[
            "cas:usernotfound",
            "cas:mailboxguidwithdomainnotfound",
            "cas:recipientnotfound",
            "cas:mailboxnotfound",
            "cas:emailnotfound",
            "cas:addressnotfound",
        ],
        causes: &[C::NoSuchMailbox, C::NoSuchUser],
        advice: Advice {
            means: "The front end finds no mailbox for the address it was given.",
            remedy: "Check the address (also X-AnchorMailbox or the User parameter) and that it has a mailbox in this organisation.",
            next: "Ask for another mailbox of the same organisation.",
        },
        source: "https://learn.microsoft.com/en-us/exchange/architecture/client-access/client-access",
        example: "HTTP/1.1 404 Not Found\nX-CasErrorCode: UserNotFound\n\n",
        ..RULE
    },
    Rule {
        id: "front-end-cannot-place",
        codes: &["cas:*"],
        causes: &[C::Temporary, C::MailboxUnavailable],
        advice: a::TEMPORARY,
        source: "https://learn.microsoft.com/en-us/exchange/architecture/client-access/client-access",
        example: "HTTP/1.1 503 Service Unavailable\nX-CasErrorCode: ServerLocatorServiceTransientError\n\n",
        ..RULE
    },
    Rule {
        id: "autodiscover-address-found",
        codes: &["autodiscover:url"],
        causes: &[C::Informational, C::Redirect],
        advice: Advice {
            means: "The address of the service. Asking for it needs no credentials, so it says nothing of a login.",
            remedy: "Use the address in the answer.",
            next: "",
        },
        source: V2,
        example: "HTTP/1.1 200 OK\nContent-Type: application/json\n\n{\"Protocol\":\"EWS\",\"Url\":\"https://mail.example.com/EWS/Exchange.asmx\"}",
        over: Over::AUTODISCOVER,
        ..RULE
    },
    Rule {
        id: "autodiscover-redirect",
        codes: &[
            "autodiscover:redirectaddress",
            "autodiscover:redirecturl",
            "autodiscover:redirect",
            "autodiscover:redirectaddr",
        ],
        causes: &[C::Redirect],
        advice: Advice {
            means: "Autodiscover points to another address or another URL.",
            remedy: "Ask there, over HTTPS only, and after making sure that it is one of the organisation's.",
            next: "",
        },
        source: SOAP,
        example: "<Autodiscover><Response><Account><Action>redirectAddr</Action><RedirectAddr>user@other.example</RedirectAddr></Account></Response></Autodiscover>",
        over: Over::AUTODISCOVER,
        ..RULE
    },
    Rule {
        id: "autodiscover-no-such-user",
        codes: &[
            "autodiscover:invaliduser",
            "autodiscover:invalidusername",
            "autodiscover:usernotfound",
            "autodiscover:mailboxnotfound",
            "autodiscover:invalidemailaddress",
            "autodiscover:500",
            "autodiscover:501",
            "autodiscover:602",
            "autodiscover:invaliddomain",
            "autodiscover:userprincipalnotfound",
        ],
        causes: &[C::NoSuchUser, C::NoSuchMailbox],
        advice: Advice {
            means: "Autodiscover finds no mailbox for this address.",
            remedy: "Check the address, and that its domain is one of this organisation.",
            next: "Ask for another address of the same domain.",
        },
        source: POX,
        example: "<Autodiscover><Response><Error><ErrorCode>500</ErrorCode><Message>The e-mail address can't be found.</Message></Error></Response></Autodiscover>",
        over: Over::AUTODISCOVER,
        ..RULE
    },
    Rule {
        id: "autodiscover-empty-request",
        codes: &["autodiscover:600"],
        causes: &[C::BadRequest, C::Informational],
        advice: Advice {
            means: "Autodiscover is there and got no request it can read: that is what it answers to a browser, after the login was accepted.",
            remedy: "Opened in a browser this answer is good: the service works and took the login. From a program it means a malformed request.",
            next: "",
        },
        source: POX,
        example: "<Autodiscover><Response><Error><ErrorCode>600</ErrorCode><Message>Invalid Request</Message></Error></Response></Autodiscover>",
        ..RULE
    },
    Rule {
        id: "autodiscover-bad-request",
        codes: &[
            "autodiscover:601",
            "autodiscover:invalidrequest",
            "autodiscover:invalidsetting",
            "autodiscover:protocolnotsupported",
            "autodiscover:mandatoryparametermissing",
            "autodiscover:invalidprotocol",
            "autodiscover:settingisnotavailable",
            "autodiscover:invalidparameter*",
            "autodiscover:invalidrequestedserverversion",
            "autodiscover:missing*",
            "autodiscover:unsupported*",
            "autodiscover:invaliduserid",
            "autodiscover:malformed*",
            "autodiscover:badrequest",
        ],
        causes: &[C::BadRequest],
        advice: a::BAD_REQUEST,
        source: POX,
        example: "<Autodiscover><Response><Error><ErrorCode>601</ErrorCode><Message>Invalid Request</Message></Error></Response></Autodiscover>",
        over: Over::AUTODISCOVER,
        ..RULE
    },
    Rule {
        id: "autodiscover-busy",
        codes: &["autodiscover:serverbusy", "autodiscover:toomanyrequests"],
        causes: &[C::Throttled, C::Temporary],
        advice: a::THROTTLED,
        source: SOAP,
        example: "<Envelope><Body><GetUserSettingsResponseMessage><Response><ErrorCode>ServerBusy</ErrorCode></Response></GetUserSettingsResponseMessage></Body></Envelope>",
        over: Over::AUTODISCOVER,
        ..RULE
    },
    Rule {
        id: "autodiscover-fault",
        codes: &[
            "autodiscover:internalservererror",
            "autodiscover:603",
            "autodiscover:604",
            "autodiscover:operationfailed",
            "autodiscover:unknownerror",
            "autodiscover:transient*",
            "autodiscover:adoperation*",
        ],
        causes: &[C::Temporary],
        advice: a::TEMPORARY,
        source: SOAP,
        example: "{\"ErrorCode\":\"InternalServerError\",\"ErrorMessage\":\"\"}",
        over: Over::AUTODISCOVER,
        ..RULE
    },
    Rule {
        id: "autodiscover-not-federated",
        codes: &["autodiscover:notfederated"],
        causes: &[C::TokenWrongTenant],
        advice: a::WRONG_TENANT,
        source: SOAP,
        example: "<Envelope><Body><GetFederationInformationResponseMessage><Response><ErrorCode>NotFederated</ErrorCode></Response></GetFederationInformationResponseMessage></Body></Envelope>",
        over: Over::AUTODISCOVER,
        ..RULE
    },
    Rule {
        id: "autodiscover-answered",
        codes: &["autodiscover:noerror"],
        after: After::ANY,
        causes: &[C::Accepted, C::Informational],
        advice: a::ACCEPTED,
        source: SOAP,
        example: "<Envelope><Body><GetUserSettingsResponseMessage><Response><ErrorCode>NoError</ErrorCode></Response></GetUserSettingsResponseMessage></Body></Envelope>",
        over: Over::AUTODISCOVER,
        ..RULE
    },
];
