//! Somebody at a browser: follows redirects, keeps cookies, fills in the forms and presses the button.

use crate::lab;

pub(crate) struct Person<'a> {
    pub(crate) login: &'a str,
    pub(crate) password: String,
    /// `allow` or `deny`: the button that is pressed on every page that has both.
    pub(crate) answer: &'a str,
    /// What the device shows.
    pub(crate) code: &'a str,
}

/// Where it ended.
#[derive(Debug)]
pub(crate) enum End {
    /// A page without a form.
    Page(String),
    /// Sent away from the server, to a client's address, which is not visited.
    Away(String),
}

impl End {
    pub(crate) fn away(self) -> url::Url {
        match self {
            Self::Away(url) => url.parse().unwrap(),
            Self::Page(page) => panic!("not sent anywhere: {page}"),
        }
    }
}

pub(crate) fn alice() -> Person<'static> {
    Person { login: lab::fact("ALICE"), password: lab::password("alice"), answer: "allow", code: "" }
}

pub(crate) fn quirky() -> Person<'static> {
    Person { login: lab::fact("QUIRKY"), password: lab::password("quirky"), ..alice() }
}

impl Person<'_> {
    /// Opens a page and goes on until there is no form any more.
    pub(crate) fn visits(&self, url: &str) -> End {
        let jar = tempfile::NamedTempFile::new().unwrap();
        let home: url::Url = url.parse().unwrap();
        let (mut url, mut fields, mut thanked) = (home.clone(), None, false);
        // No conversation of these servers is longer.
        for _ in 0..16 {
            let (page, redirect) = request(jar.path().to_str().unwrap(), &url, fields.take());
            if let Some(next) = redirect {
                url = url.join(&next).unwrap();
                if url.origin() != home.origin() {
                    return End::Away(next);
                }
                continue;
            }
            // A page that still has its form after the code was taken: Authlib's.
            thanked |= page.contains("Thank you");
            if thanked || !page.contains("<form") {
                return End::Page(page);
            }
            if let Some(action) = attribute(&page, "action") {
                url = url.join(&action).unwrap();
            }
            fields = Some(self.fill_in(&page));
        }
        panic!("an endless conversation, the last at {url}");
    }

    fn fill_in(&self, page: &str) -> Vec<String> {
        let inputs = page.split("<input").skip(1).filter_map(|input| {
            let input = input.split('>').next()?;
            let name = attribute(input, "name")?;
            let value = match (name.as_str(), attribute(input, "value")) {
                ("login", _) => self.login.to_owned(),
                ("password", _) => self.password.clone(),
                ("user_code", None) => self.code.to_owned(),
                (_, value) => value.unwrap_or_default(),
            };
            Some(format!("{name}={value}"))
        });
        let button = page.contains(r#"name="answer""#).then(|| format!("answer={}", self.answer));
        inputs.chain(button).collect()
    }
}

fn attribute(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!(" {name}=\""))?;
    Some(rest.split('"').next()?.to_owned())
}

/// A page, and where it sends us.
fn request(jar: &str, url: &url::Url, fields: Option<Vec<String>>) -> (String, Option<String>) {
    let ca = lab::file("certs/ca.pem");
    let mut arguments =
        vec!["--silent", "--show-error", "--cacert", ca.to_str().unwrap(), "-b", jar, "-c", jar];
    arguments.extend(["--write-out", "\n%{redirect_url}", url.as_str()]);
    let fields = fields.unwrap_or_default();
    for field in &fields {
        arguments.extend(["--data-urlencode", field]);
    }
    let (status, said) = lab::program("curl", &arguments, "");
    assert_eq!(status, Some(0), "{said}");
    let (page, redirect) = said.rsplit_once('\n').unwrap();
    (page.to_owned(), (!redirect.is_empty()).then(|| redirect.to_owned()))
}
