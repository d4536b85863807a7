/// <reference path="./wit.d.ts" />
export { attribute, payloads, type Payload } from 'prosody:policy/envelope@0.1.5';
