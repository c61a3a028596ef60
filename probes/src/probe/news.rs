//! What the first connection of a visit tells the others.

use tokio::sync::watch;

use crate::model::Advertisement;

/// How far the first connection has come.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four events that come in no fixed order")]
struct State {
    connected: bool,
    offers: Option<Advertisement>,
    answers_anyone: bool,
    at_gate: bool,
    over: bool,
}

/// Where the first connection publishes and the others wait.
#[derive(Debug, Clone)]
pub(super) struct Board(watch::Sender<State>);

impl Board {
    pub(super) fn new() -> Self {
        Self(watch::channel(State::default()).0)
    }

    /// The host takes connections.
    pub(super) fn connected(&self) {
        self.0.send_modify(|state| state.connected = true);
    }

    /// The capability list that counts for logging in.
    pub(super) fn offers(&self, offers: Option<&Advertisement>) {
        self.0.send_modify(|state| state.offers = offers.cloned());
    }

    /// Whether the server gives those without credentials the answer it gives those with them.
    pub(super) fn set_answers_anyone(&self, yes: bool) {
        self.0.send_modify(|state| state.answers_anyone = yes);
    }

    /// Whether it does, once the offers are known.
    pub(super) fn answers_anyone(&self) -> bool {
        self.0.borrow().answers_anyone
    }

    /// The first connection is queued at the gate, or has no business there.
    pub(super) fn at_gate(&self) {
        self.0.send_modify(|state| state.at_gate = true);
    }

    /// The first connection will publish nothing more.
    pub(super) fn over(&self) {
        self.0.send_modify(|state| state.over = true);
    }

    /// Waits until the host takes connections; false where it does not.
    pub(super) async fn until_connected(&self) -> bool {
        self.until(|state| state.connected || state.over).await.connected
    }

    /// Waits until the capability list is known; `None` where it will not be.
    pub(super) async fn until_offers(&self) -> Option<Advertisement> {
        self.until(|state| state.offers.is_some() || state.over).await.offers
    }

    /// Waits until the first connection stands no longer in the way of the others' turn.
    pub(super) async fn until_at_gate(&self) {
        self.until(|state| state.at_gate || state.over).await;
    }

    async fn until(&self, reached: impl Fn(&State) -> bool) -> State {
        let mut receiver = self.0.subscribe();
        // The board holds the sender, so the wait cannot fail.
        receiver.wait_for(|state| reached(state)).await.map(|state| state.clone()).unwrap_or_default()
    }
}
