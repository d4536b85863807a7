// What becomes of an error in an author's code: a line in the log, if the policy may write there, and then a trap, which is
// judged by the operator's `on_error`.

let write;

/** Called by ./log.js, which a policy imports that may write to the log. */
export function reportTo(log) {
  write = log;
}

/** Where it happened, such as "policy.js:12:7 (decide)"; functions of this package are left out. */
function place(error) {
  const frames = String(error?.stack ?? '').split('\n');
  const frame = frames.find((frame) => frame.includes(':') && !frame.includes('prosody-policy'));
  const [, name, file] = /at (\S+) \(?(?:.*\/)?([^/]+:\d+(?::\d+)?)\)?/.exec(frame ?? '') ?? [];
  return file ? `${file} (${name})` : 'an unknown line';
}

/** The host withholds a line that repeats the stanza. A message may do so; the place is a line of its own, and stays. */
function report(error) {
  write?.('error', `failed at ${place(error)}`);
  write?.('error', String(error));
}

/** The same functions, with errors that are reported. */
export function reported(functions) {
  const report_and_throw = (error) => {
    report(error);
    throw error;
  };
  const guarded = (name) => (...given) => {
    try {
      return returned(name, functions[name](...given));
    } catch (error) {
      return report_and_throw(error);
    }
  };
  return Object.fromEntries(Object.keys(functions).map((name) => [name, guarded(name)]));
}

/** A forgotten `return` would be a trap without a word. */
function returned(name, value) {
  if (value === undefined && name !== 'retention') throw new TypeError(`${name} returned nothing`);
  return value;
}

/** An error as the text that the operator is shown. */
export function named(error) {
  return error instanceof Error ? error.message : String(error);
}
