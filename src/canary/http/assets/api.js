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

/** Listens for what happens. `told` hears (kind, data); `connected` hears whether there is a connection. */
export function listen(told, connected) {
  const events = new EventSource("api/v1/events");
  let first = true;
  events.onopen = () => {
    connected(true);
    // What happened while nobody listened is read in whole.
    if (!first) told("fleet", {});
    first = false;
  };
  events.onerror = () => {
    connected(false);
    if (events.readyState === EventSource.CLOSED) {
      setTimeout(() => listen(told, connected), 10000);
    }
  };
  for (const kind of ["target", "change", "fleet"]) {
    events.addEventListener(kind, (event) => told(kind, JSON.parse(event.data)));
  }
}
