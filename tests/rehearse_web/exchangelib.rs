//! A stock EWS client against the tenant: `exchangelib`, a Python library.

use crate::kit::{DAEMON, PASSWORD, SECRET, Tenant, USER, ca, output};

/// Opens the mailbox as `MODE` says and prints the inbox.
const SCRIPT: &str = r#"
import os
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
from exchangelib import Account, Configuration, Credentials, OAuth2Credentials, Identity
from exchangelib import BASIC, DELEGATE, IMPERSONATION, OAUTH2
from exchangelib.protocol import BaseProtocol, FaultTolerance

user, mode = os.environ["USER_ADDRESS"], os.environ["MODE"]
if mode == "basic":
    credentials, kind, access = Credentials(user, os.environ["PASSWORD"]), BASIC, DELEGATE
else:
    class Ours(OAuth2Credentials):
        @property
        def token_url(self):
            return os.environ["TOKEN_URL"]
    credentials = Ours(client_id=os.environ["CLIENT_ID"], client_secret=os.environ["CLIENT_SECRET"],
                       tenant_id="contoso.example", identity=Identity(primary_smtp_address=user))
    kind, access = OAUTH2, IMPERSONATION
config = Configuration(service_endpoint=os.environ["EWS_URL"], credentials=credentials, auth_type=kind)
account = Account(primary_smtp_address=user, config=config, autodiscover=False, access_type=access)
print(account.version.build, account.inbox.name, account.inbox.total_count)
"#;

/// The Python that tests/lab/install made for it.
fn python() -> String {
    let set = |name: &str| std::env::var(name).ok();
    let cache = set("MAILPROBE_LAB_CACHE").unwrap_or_else(|| {
        let home = || format!("{}/.cache", set("HOME").unwrap_or_default());
        format!("{}/mailprobe-lab", set("XDG_CACHE_HOME").unwrap_or_else(home))
    });
    let python = format!("{cache}/exchangelib-5.6.0/bin/python");
    assert!(std::path::Path::new(&python).exists(), "{python} is missing: tests/lab/install makes it");
    python
}

#[test]
fn exchangelib_opens_the_inbox_with_a_password_and_with_a_token_of_its_own() {
    let python = python();
    let tenant = Tenant::new();
    let (ca, url, token) = (ca(), tenant.web("/EWS/Exchange.asmx"), tenant.login("oauth2/v2.0/token"));
    for (mode, password, good) in
        [("basic", PASSWORD, true), ("oauth", PASSWORD, true), ("basic", "wrong", false)]
    {
        let env = [
            ("REQUESTS_CA_BUNDLE", ca.as_str()),
            ("USER_ADDRESS", USER),
            ("PASSWORD", password),
            ("EWS_URL", &url),
            ("TOKEN_URL", &token),
            ("CLIENT_ID", DAEMON),
            ("CLIENT_SECRET", SECRET),
            ("MODE", mode),
        ];
        let output = output(&python, &["-c", SCRIPT], &env);
        let said = String::from_utf8_lossy(&output.stdout);
        let complaint = String::from_utf8_lossy(&output.stderr);
        if good {
            assert_eq!(said.trim(), "15.20.8158.17 Inbox 0", "{mode}: {complaint}");
        } else {
            assert!(complaint.contains("UnauthorizedError"), "{said}{complaint}");
        }
    }
}
