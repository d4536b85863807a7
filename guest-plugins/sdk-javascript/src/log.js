// Lines for the server's log. Permission: `log`. The host withholds a line that repeats text of the current stanza.
import { write } from 'prosody:policy/log@0.1.5';
import { reportTo } from './failure.js';

reportTo(write);

/** For whoever debugs the policy. */
export const debug = (line) => write('debug', String(line));
/** Normal and rare. */
export const info = (line) => write('info', String(line));
/** Something the operator should look at. */
export const warn = (line) => write('warn', String(line));
/** Something that does not work. */
export const error = (line) => write('error', String(line));
