//! The two pages: without scripts, pictures or anything from elsewhere.

use super::super::web::Response;

/// A text in HTML, as content or in a quoted attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// A page with this title and content, HTML both.
fn page(status: u16, title: &str, content: &str) -> Response {
    let body = format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>body{{font:1rem/1.5 sans-serif;max-width:28rem;\
         margin:3rem auto;padding:0 1rem}}label{{display:block;margin:.8rem 0}}input{{display:block;width:100%;\
         box-sizing:border-box;font:inherit;padding:.3rem}}button{{font:inherit;margin-right:.5rem}}\
         .wrong{{border-left:.3rem solid #b00;padding-left:.7rem}}</style></head><body><h1>{title}</h1>{content}\
         <p><small>A simulated tenant. It takes only the passwords of its scenario.</small></p></body></html>"
    );
    // `form-action` is left out: browsers hold redirects after a form against it, and those go to the client.
    Response::with_body(status, "text/html; charset=utf-8", body)
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
    page(status, &escaped(title), &format!("<p>{}</p>", escaped(text)))
}

fn alert(wrong: Option<&str>) -> String {
    wrong.map(|wrong| format!("<p class=\"wrong\" role=\"alert\">{}</p>", escaped(wrong))).unwrap_or_default()
}

/// The form on which the code of a device is typed.
pub(super) fn code(typed: &str, wrong: Option<&str>) -> Response {
    let content = format!(
        "{}<form method=\"post\" action=\"{}\"><label>Code on the device <input name=\"user_code\" value=\"{}\" \
         autocomplete=\"off\" required></label><button>Next</button></form>",
        alert(wrong),
        super::device::PAGE,
        escaped(typed)
    );
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
        let hidden = self.hidden.iter().fold(String::new(), |all, (name, value)| {
            all + &format!("<input type=\"hidden\" name=\"{}\" value=\"{}\">", escaped(name), escaped(value))
        });
        let asks =
            format!("<p><strong>{}</strong> asks for: {}</p>", escaped(self.app), escaped(&self.permissions));
        let content = format!(
            "{}{asks}<form method=\"post\" action=\"{}\">{hidden}\
             <label>User name <input name=\"user\" value=\"{}\" autocomplete=\"username\" required></label>\
             <label>Password <input type=\"password\" name=\"password\" autocomplete=\"current-password\"></label>\
             <button name=\"decision\" value=\"allow\">Sign in and allow</button>\
             <button name=\"decision\" value=\"deny\" formnovalidate>Refuse</button></form>",
            alert(self.wrong.as_deref()),
            escaped(action),
            escaped(self.user),
        );
        page(200, "Sign in", &content)
    }
}
