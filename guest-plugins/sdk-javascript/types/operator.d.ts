/// <reference path="./wit.d.ts" />
export { tell } from 'prosody:policy/operator@0.1.5';
