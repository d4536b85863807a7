/// <reference path="./wit.d.ts" />
export { isBlocked } from 'prosody:policy/blocklist@0.1.5';
