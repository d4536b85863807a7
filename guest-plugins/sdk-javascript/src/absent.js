// What JavaScript has elsewhere and a policy has not. Without this, a look at the clock would be a trap without a word.

const Known = Date;
const complain = () => {
  throw new Error("a policy has no Date.now: import { now } from 'prosody-policy/clock'");
};

/** Dates that are named are as ever. */
globalThis.Date = class Date extends Known {
  constructor(...given) {
    super(...(given.length ? given : [complain()]));
  }

  static now = complain;
};

const silent = () => {
  throw new Error("a policy has no console: import * as log from 'prosody-policy/log'");
};
globalThis.console = { debug: silent, error: silent, info: silent, log: silent, warn: silent };
