/**
 * Elements of the page, made by name and filled with text: nothing is ever read as markup.
 *
 * @module
 */
import { grouped } from "./text.js";

/** @param {string} id */
export function byId(id) {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no ${id}`);
  return found;
}

/**
 * Makes an element. Children are elements or text.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number | boolean | undefined>} attributes
 * @param {...(Node | string | number)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.map((child) => typeof child === "number" ? grouped(child) : child));
  return element;
}

/**
 * A button that does something.
 *
 * @param {Record<string, string | number | boolean | undefined>} attributes
 * @param {() => void} act
 * @param {...(Node | string | number)} children
 */
export function button(attributes, act, ...children) {
  const element = make("button", { type: "button", ...attributes }, ...children);
  element.addEventListener("click", act);
  return element;
}

/** @typedef {[label: string, value: string, stands_out: boolean]} Fact */

/**
 * @param {HTMLElement} list
 * @param {Fact[]} facts
 */
export function showFacts(list, facts) {
  list.replaceChildren(
    ...facts.map(([label, value, standsOut]) =>
      make("div", { class: standsOut ? "marked" : undefined }, make("dt", {}, label), make("dd", {}, value))
    ),
  );
}

/** The class of a state. @param {string} state */
export function stateClass(state) {
  return `state-${state.replace("|", "-")}`;
}

/** @param {string} state */
export function stateMark(state) {
  return make("span", { class: "state" }, make("i", { class: `swatch ${stateClass(state)}` }), state);
}

/**
 * @typedef {object} Item a finding
 * @property {string} label
 * @property {string} note
 * @property {string} search what to search for to see it
 * @property {"hosts" | "ports"} view
 * @property {string} [kind]
 */

/**
 * A finding that is listed when pressed.
 *
 * @param {Item} item
 * @param {(text: string, view: "hosts" | "ports") => void} searchFor
 */
export function itemElement({ label, note, search, view, kind }, searchFor) {
  const content = [make("b", {}, label), note === "" ? "" : make("span", {}, ` ${note}`)];
  return make("li", { class: kind }, button({ class: "item" }, () => searchFor(search, view), ...content));
}
