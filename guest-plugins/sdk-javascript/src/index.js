// From an author's functions to a component's exports. What each may return is in ../types.
import './absent.js';
import { named, reported } from './failure.js';

/** Reads the operator's settings. An error refuses them; its message is shown to the operator. */
export function configure(read) {
  return {
    configure(settings) {
      try {
        read(JSON.parse(settings));
      } catch (error) {
        throw named(error);
      }
    },
  };
}

/** Decides about messages, presence and IQs on their way. */
export function message({ wants = [{ kind: 'message' }], decide }) {
  const whole = (want) => ({ direction: undefined, namespaces: [], ...want });
  return reported({ wants: () => (typeof wants === 'function' ? wants() : wants).map(whole), decide });
}

/** Decides what is kept. */
export const archive = ({ retention = () => undefined, decide }) => reported({ retention, decide });
/** Decides what is copied to other devices. */
export const carbons = reported;
/** Decides what wakes an inactive client. */
export const delivery = reported;
/** Decides who may notify sleeping devices, and what he learns by it. */
export const push = reported;
/** Decides about uploads. */
export const upload = ({ expires = () => ({}), ...functions }) => reported({ expires, ...functions });
/** Decides how rooms are configured. */
export const room = reported;
/** Decides who may read OMEMO keys. */
export const keys = reported;
/** Decides about block lists. */
export const blocklist = reported;
/** Says which facts the policy needs. */
export const needsFacts = reported;
/** Says which stanzas it need not be asked about. */
export const hasExemptions = reported;
/** Shows stanzas with what is to become of them. */
export const showsSamples = reported;

/** Hands its state to its successor. An error of `restore` keeps the predecessor in force. */
export function keepsState({ save, restore }) {
  return {
    ...reported({ save }),
    restore(version, bytes) {
      try {
        restore(version, bytes);
      } catch (error) {
        throw named(error);
      }
    },
  };
}

/** Deliver it. */
export const pass = (reason) => ({ verdict: { tag: 'pass' }, reason });
/** Do not deliver it, and tell nobody. */
export const drop = (reason) => ({ verdict: { tag: 'drop' }, reason });
/** Do not deliver it, and tell the sender this; the type of the error and its condition are RFC 6120's. */
export const refuse = (reason, text, { errorType = 'modify', condition = 'policy-violation' } = {}) => ({
  verdict: { tag: 'bounce', val: { errorType, condition, text } },
  reason,
});
