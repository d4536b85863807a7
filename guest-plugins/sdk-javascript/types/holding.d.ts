/// <reference path="./wit.d.ts" />
export { discard, hold, release } from 'prosody:policy/holding@0.1.5';
