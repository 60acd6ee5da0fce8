// The JSON interface of the console; its description is openapi.json. The exported page answers from its own rows.

export class ApiError extends Error {
  constructor(status, title, detail) {
    super(detail || title);
    this.status = status;
    this.title = title;
  }
}

let source = null;

/** Answers requests in place of a server: `get(path)` and `follow(path, handlers)`. */
export function answerFrom(other) {
  source = other;
}

/** The reply of a request that was not refused. */
async function request(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", cache: "no-store", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError(0, "no connection", "The console does not answer. Is `precept console` still running?");
  }
  if (response.ok) return response;
  const problem = await json(response);
  throw new ApiError(response.status, problem?.title ?? response.statusText, problem?.detail);
}

async function json(response) {
  return response.headers.get("content-type")?.includes("json") ? response.json() : null;
}

async function send(path, options) {
  return source ? source.get(path) : json(await request(path, options));
}

export function get(path, parameters = {}) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== "") query.set(key, value);
  }
  const text = query.toString();
  return send(text ? `${path}?${text}` : path);
}

/** The header keeps forms of other sites out. */
export function post(path, body) {
  return send(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-precept": "1" },
    body: JSON.stringify(body ?? {}),
  });
}

/** Follows server-sent events: `handlers` by name of the event. Returns a function that ends it. */
export function follow(path, handlers) {
  if (source) return source.follow(path, handlers);
  const events = new EventSource(path);
  for (const [name, handler] of Object.entries(handlers)) {
    if (name === "error") {
      events.onerror = () => handler();
    } else {
      events.addEventListener(name, (event) => handler(JSON.parse(event.data)));
    }
  }
  return () => events.close();
}

/** Posts, and reads the reply as server-sent events while it arrives. */
export async function stream(path, body, handlers, signal) {
  const response = await request(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-precept": "1", accept: "text/event-stream" },
    body: JSON.stringify(body),
    signal,
  });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    let end;
    while ((end = rest.indexOf("\n\n")) >= 0) {
      dispatch(rest.slice(0, end), handlers);
      rest = rest.slice(end + 2);
    }
  }
}

function dispatch(record, handlers) {
  let name = "message";
  const data = [];
  for (const field of record.split("\n")) {
    if (field.startsWith("event:")) name = field.slice(6).trim();
    if (field.startsWith("data:")) data.push(field.slice(5).trimStart());
  }
  if (data.length > 0) handlers[name]?.(JSON.parse(data.join("\n")));
}
