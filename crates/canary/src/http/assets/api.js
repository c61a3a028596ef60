// The JSON API and the stream of events. Paths are relative, so that a proxy may put the pages anywhere.

/** Asks; whoever goes elsewhere meanwhile gives it up by the signal. */
export async function ask(path, signal) {
  const answer = await fetch(`api/v1/${path}`, { signal, headers: { accept: "application/json" } });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(body.error ?? `The server answered ${answer.status}.`);
  return body;
}

/** A path of names and a query. */
export function path(parts, query = {}) {
  const wanted = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const text = new URLSearchParams(wanted).toString();
  return parts.map(encodeURIComponent).join("/") + (text ? `?${text}` : "");
}

/**
 * Listens for what happens. `told` hears (kind, data); `connected` hears whether there is a connection. Nobody looks at a
 * page that is hidden, and a browser has six connections to a host for all its tabs: a hidden page gives its own back.
 */
export function listen(told, connected) {
  let events = null;
  let late = 0;
  let first = true;
  function end() {
    clearTimeout(late);
    events?.close();
    events = null;
  }
  function begin() {
    end();
    events = new EventSource("api/v1/events");
    events.onopen = () => {
      connected(true);
      // What happened while nobody listened is read in whole.
      if (!first) told("fleet", {});
      first = false;
    };
    events.onerror = () => {
      connected(false);
      // A browser tries again by itself, but not where it was refused.
      if (events?.readyState === EventSource.CLOSED) late = setTimeout(begin, 10000);
    };
    for (const kind of ["target", "change", "fleet"]) {
      events.addEventListener(kind, (event) => told(kind, JSON.parse(event.data)));
    }
  }
  document.addEventListener("visibilitychange", () => (document.hidden ? end() : begin()));
  addEventListener("pagehide", end);
  addEventListener("pageshow", (event) => event.persisted && begin());
  begin();
}
