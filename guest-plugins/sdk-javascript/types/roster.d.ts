/// <reference path="./wit.d.ts" />
export { contact, type Subscription } from 'prosody:policy/roster@0.1.5';
