/// <reference types="svelte" />
/**
 * Svelte's runes as plain values, for classes of the web that run in a test without a page: nobody draws them anew.
 * Imported before the module that uses them.
 */
const state = Object.assign(<T>(value?: T) => value, { raw: <T>(value?: T) => value });

Object.assign(globalThis, { $state: state });
