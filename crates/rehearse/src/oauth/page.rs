//! The two pages: without scripts, pictures or anything from elsewhere.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::super::web::Response;

const STYLE: &str = "body{font:1rem/1.5 sans-serif;max-width:28rem;\
    margin:3rem auto;padding:0 1rem}label{display:block;margin:.8rem 0}input{display:block;width:100%;\
    box-sizing:border-box;font:inherit;padding:.3rem}button{font:inherit;margin-right:.5rem}\
    .wrong{border-left:.3rem solid #b00;padding-left:.7rem}";

/// A page with this title and content.
fn page(status: u16, title: &str, content: &Markup) -> Response {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { (title) }
                meta name="viewport" content="width=device-width";
                style { (PreEscaped(STYLE)) }
            }
            body {
                h1 { (title) }
                (content)
                p { small { "A simulated tenant. It takes only the passwords of its scenario." } }
            }
        }
    };
    // `form-action` is left out: browsers hold redirects after a form against it, and those go to the client.
    Response::with_body(status, "text/html; charset=utf-8", page.into_string())
        .field(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
        )
        .field("Cache-Control", "no-store")
        .field("Referrer-Policy", "no-referrer")
        .field("X-Content-Type-Options", "nosniff")
}

/// What is said when nothing can be asked.
pub(super) fn message(status: u16, title: &str, text: &str) -> Response {
    page(status, title, &html! { p { (text) } })
}

fn alert(wrong: Option<&str>) -> Markup {
    html! { @if let Some(wrong) = wrong { p class="wrong" role="alert" { (wrong) } } }
}

/// The form on which the code of a device is typed.
pub(super) fn code(typed: &str, wrong: Option<&str>) -> Response {
    let content = html! {
        (alert(wrong))
        form method="post" action=(super::device::PAGE) {
            label { "Code on the device " input name="user_code" value=(typed) autocomplete="off" required; }
            button { "Next" }
        }
    };
    page(200, "Enter code", &content)
}

/// Who asks for what.
pub(super) struct Consent<'a> {
    pub(super) app: &'a str,
    pub(super) permissions: String,
    /// Names and values of hidden fields.
    pub(super) hidden: Vec<(&'a str, &'a str)>,
    /// The user name as typed or hinted.
    pub(super) user: &'a str,
    /// Why the last try was refused.
    pub(super) wrong: Option<String>,
}

impl Consent<'_> {
    /// The form that signs a person in and asks for leave.
    pub(super) fn page(&self, action: &str) -> Response {
        let content = html! {
            (alert(self.wrong.as_deref()))
            p { strong { (self.app) } " asks for: " (self.permissions) }
            form method="post" action=(action) {
                @for (name, value) in &self.hidden { input type="hidden" name=(name) value=(value); }
                label { "User name " input name="user" value=(self.user) autocomplete="username" required; }
                label { "Password " input type="password" name="password" autocomplete="current-password"; }
                button name="decision" value="allow" { "Sign in and allow" }
                button name="decision" value="deny" formnovalidate { "Refuse" }
            }
        };
        page(200, "Sign in", &content)
    }
}
