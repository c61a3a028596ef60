//! What code costs, without sockets: an answer explained, a visit judged, what a canary makes of it, and its forms.
//! `cargo bench --bench code`; `tests/bench/README.md` has figures.
#![allow(clippy::unwrap_used, missing_docs)]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use mailprobe_canary::change::{Cells, Confirm};
use mailprobe_canary::look::look;
use mailprobe_judge::{Policy, judge_by};
use mailprobe_probes::diagnose::pasted::{Hints, explain};
use mailprobe_probes::model::Report;
use mailprobe_report::lang::Lang;
use mailprobe_report::{Format, Style, render};

/// A mailbox after the cutover, on two endpoints with five attempts each: the first report of those that the golden files are
/// made of.
fn cut_over() -> Report {
    serde_json::from_str(include_str!("../golden/samples.jsonl").lines().next().unwrap()).unwrap()
}

fn answers(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("explain");
    let cases = [
        ("refused", "a1 NO LOGIN failed. BasicAuthBlocked: Basic Authentication is disabled.".to_owned()),
        ("http", "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer client_id=\"x\"\r\n\r\n".to_owned()),
        // No rule fits, so every rule is looked at.
        ("64 KiB of nothing", "the quick brown fox jumps over the lazy dog. ".repeat(1457)),
        // Lines that speak of nothing that a table knows, as most lines of a log do.
        (
            "1 MB of a log",
            "Nov 30 09:10:11 mail1 postfix/smtpd[4711]: connect from host7.example.com[192.0.2.7]\n"
                .repeat(12_000),
        ),
    ];
    for (name, text) in cases {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| explain(black_box(&text), &Hints::default())));
    }
    group.finish();
}

fn visits(criterion: &mut Criterion) {
    let report = cut_over();
    let endpoints: Vec<String> = report.endpoints.iter().map(|endpoint| endpoint.url.clone()).collect();
    let policy = Policy::shipped("modern-only").unwrap();
    criterion.bench_function("judge/by a shipped policy", |bencher| {
        bencher.iter(|| judge_by(black_box(&report), &[], std::slice::from_ref(&policy), None));
    });
    criterion.bench_function("canary/a visit in which nothing changed", |bencher| {
        let mut cells = Cells::default();
        let first = look(&report, ("alice", "default"), &endpoints, std::iter::empty());
        cells.take(first, &endpoints, 0, Confirm::default());
        bencher.iter_batched(
            || cells.clone(),
            |mut cells| {
                let seen = look(black_box(&report), ("alice", "default"), &endpoints, cells.keys());
                cells.take(seen, &endpoints, 1, Confirm::default())
            },
            BatchSize::SmallInput,
        );
    });
}

fn forms(criterion: &mut Criterion) {
    let reports = [cut_over()];
    let style = Style::new(false, None, false, Lang::default());
    let mut group = criterion.benchmark_group("render");
    for (name, format) in [
        ("jsonl", Format::Jsonl),
        ("text", Format::Text),
        ("html", Format::Html),
        ("prometheus", Format::Prometheus),
    ] {
        group.bench_function(name, |bencher| bencher.iter(|| render(format, black_box(&reports), &style)));
    }
    group.finish();
}

criterion_group!(benches, answers, visits, forms);
criterion_main!(benches);
