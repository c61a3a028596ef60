//! Everything that is logged on the thread of a visit.

use std::cell::RefCell;
use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex, Once};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Logged at the start of every visit, to prove that somebody listens.
pub(crate) const MARK: &str = "the visit begins";

/// What was logged.
#[derive(Debug, Clone, Default)]
pub(crate) struct Logged {
    /// Through `tracing`.
    pub(crate) tracing: String,
    /// Through `log`.
    pub(crate) log: String,
}

/// Where the events of one thread go.
#[derive(Clone, Default)]
pub(crate) struct Sink(Arc<Mutex<Logged>>);

thread_local! {
    static HERE: RefCell<Option<Sink>> = const { RefCell::new(None) };
}

impl Sink {
    /// Takes everything that this thread logs from now on.
    pub(crate) fn listen(self) {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            tracing::subscriber::set_global_default(Everything).unwrap();
            log::set_logger(&Everything).unwrap();
            log::set_max_level(log::LevelFilter::Trace);
        });
        HERE.with(|here| *here.borrow_mut() = Some(self));
        tracing::trace!("{MARK}");
    }

    pub(crate) fn logged(&self) -> Logged {
        self.0.lock().unwrap().clone()
    }
}

fn with(write: impl FnOnce(&mut Logged)) {
    HERE.with(|here| {
        if let Some(sink) = here.borrow().as_ref() {
            write(&mut sink.0.lock().unwrap());
        }
    });
}

/// A subscriber and logger that wants everything.
struct Everything;

struct Fields<'a>(&'a mut String);

impl Visit for Fields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = write!(self.0, " {}={value}", field.name());
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        with(|logged| span.record(&mut Fields(&mut logged.tracing)));
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, values: &Record<'_>) {
        with(|logged| values.record(&mut Fields(&mut logged.tracing)));
    }

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        with(|logged| {
            let _ = write!(logged.tracing, "\n{}", event.metadata().target());
            event.record(&mut Fields(&mut logged.tracing));
        });
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

impl log::Log for Everything {
    fn enabled(&self, _metadata: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        with(|logged| {
            let _ = writeln!(logged.log, "{} {}", record.target(), record.args());
        });
    }

    fn flush(&self) {}
}
