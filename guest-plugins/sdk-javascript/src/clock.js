// The time: coarse on purpose. Permission: `clock`.
export { now } from 'prosody:policy/clock@0.1.5';
