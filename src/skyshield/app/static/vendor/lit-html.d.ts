export { html, nothing, render, svg } from "lit-html";
export type { SVGTemplateResult, TemplateResult } from "lit-html";
