//! Chromium over its debugging pipe: pages are opened, looked at, typed into and photographed, and every request and every
//! complaint is written down. Waiting is a promise inside the page, never a time out here.

use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::network::Network;

pub(crate) struct Chrome {
    to: File,
    from: BufReader<File>,
    child: Child,
    session: Option<String>,
    number: u64,
    heard: VecDeque<Value>,
    /// URLs that the page wanted.
    pub(crate) asked: Vec<String>,
    /// Errors, and what the page's policy forbade.
    pub(crate) complaints: Vec<String>,
    _home: TempDir,
}

impl Drop for Chrome {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Chrome {
    pub(crate) fn new() -> Self {
        Self::by(Command::new("timeout"))
    }

    /// One that sees that network and no other.
    pub(crate) fn inside(network: &Network) -> Self {
        Self::by(network.command("timeout"))
    }

    fn by(mut timeout: Command) -> Self {
        let home = tempfile::tempdir().unwrap();
        let (commands, answers) = (home.path().join("commands"), home.path().join("answers"));
        let made = Command::new("mkfifo").args([&commands, &answers]).status().unwrap();
        assert!(made.success());
        // Both ends of each, so that opening waits for nobody.
        let open = |path| OpenOptions::new().read(true).write(true).open(path).unwrap();
        let (to, from) = (open(&commands), open(&answers));
        let script = "exec chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
                      --disable-background-networking --disable-component-update --disable-sync --hide-scrollbars \
                      --remote-debugging-pipe --user-data-dir=\"$HOME/profile\" about:blank 3<\"$HOME/commands\" \
                      4>\"$HOME/answers\" 2>/dev/null";
        let child = timeout
            .args(["300", "sh", "-c", script])
            .env("HOME", home.path())
            .spawn()
            .expect("chromium is not installed: apt-get install chromium");
        let mut chrome = Self {
            to,
            from: BufReader::new(from),
            child,
            session: None,
            number: 0,
            heard: VecDeque::new(),
            asked: Vec::new(),
            complaints: Vec::new(),
            _home: home,
        };
        chrome.attach();
        chrome
    }

    fn attach(&mut self) {
        let target = self.call("Target.createTarget", &json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = self.call("Target.attachToTarget", &attach);
        self.session = Some(session["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Page", "Runtime", "Network", "Log"] {
            self.call(&format!("{domain}.enable"), &json!({}));
        }
    }

    pub(crate) fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.number += 1;
        let number = self.number;
        let mut message = json!({ "id": number, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            message["sessionId"] = session.clone().into();
        }
        self.to.write_all(format!("{message}\0").as_bytes()).unwrap();
        loop {
            let message = self.next();
            if message["id"] == number {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
            self.heard.push_back(message);
        }
    }

    fn next(&mut self) -> Value {
        let mut bytes = Vec::new();
        self.from.read_until(0, &mut bytes).unwrap();
        bytes.pop();
        let message: Value = serde_json::from_slice(&bytes).unwrap();
        match message["method"].as_str() {
            Some("Network.requestWillBeSent") => {
                self.asked.push(message["params"]["request"]["url"].as_str().unwrap().to_owned());
            }
            Some("Log.entryAdded") if message["params"]["entry"]["level"] != "info" => {
                self.complaints.push(message["params"]["entry"].to_string());
            }
            Some("Runtime.exceptionThrown") => self.complaints.push(message["params"].to_string()),
            Some("Runtime.consoleAPICalled") if message["params"]["type"] == "error" => {
                self.complaints.push(message["params"].to_string());
            }
            _ => {}
        }
        message
    }

    pub(crate) fn open(&mut self, url: &str) {
        self.heard.clear();
        self.call("Page.navigate", &json!({ "url": "about:blank" }));
        self.call("Page.navigate", &json!({ "url": url }));
    }

    /// Opens another tab in front of those that are there.
    pub(crate) fn tab(&mut self, url: &str) {
        self.session = None;
        self.attach();
        self.call("Page.bringToFront", &json!({}));
        self.call("Page.navigate", &json!({ "url": url }));
    }

    pub(crate) fn look(&mut self, width: u32, night: bool) {
        self.see(width, night, "");
    }

    /// As it would be printed on A4 with margins of a centimetre, by somebody who prefers the night.
    pub(crate) fn on_paper(&mut self) -> u32 {
        let width = 718;
        self.see(width, true, "print");
        width
    }

    fn see(&mut self, width: u32, night: bool, media: &str) {
        let size = json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600 });
        self.call("Emulation.setDeviceMetricsOverride", &size);
        let scheme = if night { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }, { "name": "prefers-reduced-motion", "value": "reduce" }]);
        let media = json!({ "media": media, "features": features });
        self.call("Emulation.setEmulatedMedia", &media);
    }

    /// The value of an expression; a promise is waited for.
    pub(crate) fn eval(&mut self, expression: &str) -> Value {
        let wanted = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let result = self.call("Runtime.evaluate", &wanted);
        assert!(result["exceptionDetails"].is_null(), "{expression}: {}", result["exceptionDetails"]);
        result["result"]["value"].clone()
    }

    /// Comes back when the expression is true in the page; gives up with what the page shows then.
    pub(crate) fn wait(&mut self, condition: &str) {
        let script = format!(
            "new Promise((done) => {{ const end = performance.now() + 20000; const look = () => {{ \
             let is = false; try {{ is = Boolean({condition}); }} catch {{}} \
             if (is) done(''); else if (performance.now() > end) done(document.body.innerText || '(nothing)'); \
             else setTimeout(look, 20); }}; look(); }})"
        );
        let shown = self.eval(&script);
        assert_eq!(shown, "", "{condition} did not come true; {:?}", self.complaints);
    }

    /// A press of a key, by its DOM name and its character where it has one.
    pub(crate) fn press(&mut self, key: &str, code: u32) {
        let text = if key == "Enter" { "\r" } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let mut event = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            if kind == "keyDown" && !text.is_empty() {
                event["text"] = text.into();
            }
            self.call("Input.dispatchKeyEvent", &event);
        }
    }

    /// A picture of the page's beginning, where somebody wants to look (`MAILPROBE_PICTURES=FOLDER`).
    pub(crate) fn picture(&mut self, name: &str) {
        use base64::Engine as _;
        let Some(folder) = std::env::var_os("MAILPROBE_PICTURES") else { return };
        let size = self.eval("[innerWidth, Math.min(1700, document.documentElement.scrollHeight)]");
        let clip = json!({ "x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1 });
        let wanted = json!({ "format": "png", "captureBeyondViewport": true, "clip": clip });
        let picture = self.call("Page.captureScreenshot", &wanted);
        let data =
            base64::engine::general_purpose::STANDARD.decode(picture["data"].as_str().unwrap()).unwrap();
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), data).unwrap();
    }
}
