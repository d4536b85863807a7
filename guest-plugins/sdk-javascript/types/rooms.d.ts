/// <reference path="./wit.d.ts" />
export { isExempt, isShared } from 'prosody:policy/rooms@0.1.5';
