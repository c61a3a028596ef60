//! Known devices, and where they stand against a report: for people and for programs.

use mailprobe_probes::model::Method;
use serde::Serialize;

use super::layout::{Page, clean, pad, width};
use super::style::{Role, Style};
use mailprobe_judge::{Device, DeviceVerdict, Standing};

/// The devices of one report.
#[derive(Debug, Serialize)]
pub struct Judged {
    /// The mailbox.
    pub mailbox: String,
    /// When the report was made.
    pub started_at: String,
    /// Device by device.
    pub devices: Vec<DeviceVerdict>,
}

/// As JSON, with its line end.
pub fn json<T: Serialize>(value: &T) -> String {
    super::json::guarded(&serde_json::to_string_pretty(value).unwrap_or_default())
}

/// Vendor and product, without saying a name twice.
fn title(vendor: &str, name: &str) -> String {
    let said = vendor == "any" || name.to_lowercase().contains(&vendor.to_lowercase());
    if said { clean(name) } else { clean(&format!("{vendor} {name}")) }
}

/// The profiles themselves: one line each, and in full where there is only one.
pub fn list(devices: &[Device], style: &Style) -> String {
    let mut page = Page::new(style);
    if let [one] = devices {
        full(&mut page, one);
        return page.done();
    }
    let lang = style.lang;
    let ids = devices.iter().map(|device| width(&device.id)).max().unwrap_or(0);
    let mut sorted: Vec<&Device> = devices.iter().collect();
    sorted.sort_by_key(|device| device.class.name());
    let mut class = "";
    for device in sorted {
        if class != device.class.name() {
            class = device.class.name();
            page.gap();
            page.hang("", Role::Plain, lang.say(class), Role::Strong);
        }
        let text = format!("{} ({})", title(&device.vendor, &device.name), lang.say(device.status.name()));
        page.hang(&format!("  {}  ", pad(&clean(&device.id), ids)), Role::Plain, &text, Role::Plain);
    }
    page.gap();
    page.line(&lang.fill("{} profiles", &[&devices.len().to_string()]));
    page.done()
}

fn full(page: &mut Page<'_>, device: &Device) {
    page.hang("", Role::Plain, &title(&device.vendor, &device.name), Role::Strong);
    let lang = page.style.lang;
    let join = |names: Vec<&str>| names.join(", ");
    let tls = join(device.tls.iter().map(|version| version.number()).collect());
    let rows = [
        ("class", lang.say(device.class.name()).to_owned()),
        ("protocols", join(device.protocols.iter().map(|protocol| protocol.name()).collect())),
        ("TLS", if tls.is_empty() { lang.say("not known").to_owned() } else { tls }),
        ("mechanisms", join(device.mechanisms.iter().map(Method::name).collect())),
        ("OAuth", join(device.oauth.iter().map(|flow| lang.say(flow.name())).collect())),
        ("ActiveSync", device.activesync_versions().join(", ")),
        ("profile", lang.say(device.status.name()).to_owned()),
        ("note", clean(&lang.tell(&device.note))),
        ("evidence", device.evidence.iter().map(|address| clean(address)).collect::<Vec<_>>().join(" ")),
    ];
    for (name, value) in rows.iter().filter(|(_, value)| !value.is_empty()) {
        page.hang(&format!("  {}", pad(lang.say(name), 11)), Role::Faint, value, Role::Plain);
    }
}

/// Where devices stand, worst first.
pub fn text(reports: &[Judged], style: &Style) -> String {
    let (mut page, lang) = (Page::new(style), style.lang);
    for report in reports {
        page.gap();
        page.hang("", Role::Plain, &clean(&report.mailbox), Role::Strong);
        let told: Vec<&DeviceVerdict> =
            report.devices.iter().filter(|device| device.standing != Standing::NotInReport).collect();
        for standing in Standing::ALL {
            let here = told.iter().filter(|device| device.standing == *standing).copied();
            group(&mut page, *standing, &here.collect::<Vec<_>>());
        }
        page.gap();
        let counts = Standing::ALL.iter().filter_map(|standing| {
            let count = report.devices.iter().filter(|device| device.standing == *standing).count();
            let counted = lang.fill(words(*standing).1, &[&count.to_string()]);
            (count > 0).then_some(counted)
        });
        page.hang("", Role::Plain, &counts.collect::<Vec<_>>().join(" · "), Role::Plain);
    }
    page.done()
}

fn group(page: &mut Page<'_>, standing: Standing, devices: &[&DeviceVerdict]) {
    if devices.is_empty() {
        return;
    }
    let (heading, _, mark, role) = words(standing);
    page.gap();
    let lang = page.style.lang;
    page.hang("", Role::Plain, lang.say(heading), Role::Strong);
    // Devices that stand alike for the same reason are told once.
    let mut told: Vec<(Vec<String>, String, String)> = Vec::new();
    for device in devices {
        let places: Vec<_> = device.places.iter().filter(|place| place.standing == standing).collect();
        let because: Vec<String> = places
            .iter()
            .map(|place| format!("{}: {}", clean(&place.endpoint), clean(&lang.tell(&place.because))))
            .collect();
        let remedy = places.first().map_or(String::new(), |place| clean(&lang.tell(&place.remedy)));
        let name = format!("{} [{}]", title(&device.vendor, &device.name), clean(&device.device));
        let because = because.join(" / ");
        match told.iter_mut().find(|(_, known, same)| *known == because && *same == remedy) {
            Some((names, ..)) => names.push(name),
            None => told.push((vec![name], because, remedy)),
        }
    }
    for (names, because, remedy) in told {
        for name in names {
            page.hang(&format!("  {mark} "), role, &name, Role::Plain);
        }
        page.indented(6, &because, Role::Faint);
        if !remedy.is_empty() {
            page.hang(&format!("      {}: ", lang.say("Do")), Role::Strong, &remedy, Role::Plain);
        }
    }
}

/// Heading, the count in words, mark and colour.
const fn words(standing: Standing) -> (&'static str, &'static str, &'static str, Role) {
    match standing {
        Standing::StopsAtTls => ("Stop at TLS", "{} stop at TLS", "✗", Role::Bad),
        Standing::StopsAtLogin => ("Stop at the login", "{} stop at the login", "✗", Role::Bad),
        Standing::StopsOnDate => {
            ("Work, and stop on a day that is announced", "{} stop on a date", "!", Role::Doubt)
        }
        Standing::CannotBeTold => ("Cannot be told from this report", "{} cannot be told", "?", Role::Doubt),
        Standing::Works => ("Work", "{} work", "✓", Role::Good),
        Standing::NotInReport => ("Not in this report", "{} use other protocols", "·", Role::Faint),
    }
}
