/// <reference path="./wit.d.ts" />
export { now } from 'prosody:policy/clock@0.1.5';
