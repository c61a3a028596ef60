//! Chromium without a window. Whatever it would fetch goes to a proxy of ours, which writes down who was
//! wanted and gives nothing.

use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tempfile::TempDir;

/// What came of a page.
pub(crate) struct Seen {
    /// The document as the browser understood it.
    pub(crate) dom: String,
    /// What it said on its console: errors, and what the page's policy forbade.
    pub(crate) console: Vec<String>,
    /// First lines of requests.
    pub(crate) asked: Vec<String>,
}

pub(crate) struct Browser {
    folder: TempDir,
    proxy: String,
    asked: Arc<Mutex<Vec<String>>>,
}

/// What the browser wants for itself, whatever the page.
const ITS_OWN: &[&str] = &["google.com", "googleapis.com", "gstatic.com", "gvt1.com"];

impl Browser {
    pub(crate) fn new() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let proxy = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let heard = Arc::clone(&heard);
                std::thread::spawn(move || write_down(&stream, &heard));
            }
        });
        Self { folder: tempfile::tempdir().unwrap(), proxy, asked }
    }

    /// Loads a page from a file.
    pub(crate) fn load(&self, page: &str, flags: &[&str]) -> Seen {
        let file = self.folder.path().join("page.html");
        std::fs::write(&file, page).unwrap();
        self.open(&file.display().to_string(), flags)
    }

    fn open(&self, file: &str, flags: &[&str]) -> Seen {
        self.asked.lock().unwrap().clear();
        let home = self.folder.path();
        let output = Command::new("timeout")
            .args([
                "120",
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
            ])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--no-first-run", "--enable-logging=stderr", "--virtual-time-budget=10000", "--dump-dom"])
            .arg(format!("--user-data-dir={}", home.join("profile").display()))
            .arg(format!("--proxy-server={}", self.proxy))
            .arg("--proxy-bypass-list=<-loopback>")
            .args(flags)
            .arg(format!("file://{file}"))
            .env("HOME", home)
            .output()
            .expect("chromium is not installed: apt-get install chromium");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        let console = said.lines().filter(|line| line.contains(":CONSOLE")).map(str::to_owned).collect();
        let asked = self.asked.lock().unwrap().clone();
        Seen { dom: String::from_utf8(output.stdout).unwrap(), console, asked }
    }

    /// Looks into a page through a frame so many pixels wide; the page itself runs no script.
    pub(crate) fn inspect(&self, page: &str, width: u64, night: bool, fragment: &str) -> Value {
        let folder = self.folder.path();
        std::fs::write(folder.join("page.html"), page).unwrap();
        let around = include_str!("around.html").replace("WIDTH", &width.to_string());
        let file = folder.join("around.html");
        std::fs::write(&file, around.replace("FRAGMENT", fragment)).unwrap();
        let colours = format!("--blink-settings=preferredColorScheme={}", u8::from(!night));
        let window = format!("--window-size={},900", width.max(500));
        let flags = ["--allow-file-access-from-files", "--hide-scrollbars", &colours, &window];
        let seen = self.open(&file.display().to_string(), &flags);
        let told = seen.dom.split("<pre id=\"told\">").nth(1).and_then(|rest| rest.split("</pre>").next());
        let told = told.unwrap_or_else(|| panic!("{:?}\n{}", seen.console, seen.dom));
        serde_json::from_str(&told.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
            .unwrap_or_else(|error| panic!("{error}: {told}\n{:?}", seen.console))
    }
}

fn write_down(stream: &TcpStream, heard: &Mutex<Vec<String>>) {
    let mut line = String::new();
    if BufReader::new(stream).read_line(&mut line).is_ok() && !ITS_OWN.iter().any(|host| line.contains(host))
    {
        heard.lock().unwrap().push(line);
    }
}
