/// <reference path="./wit.d.ts" />
export { recipient, sender } from 'prosody:policy/roles@0.1.5';
