/// <reference path="./wit.d.ts" />
export { notify, reply } from 'prosody:policy/outbox@0.1.5';
