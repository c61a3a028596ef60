// What somebody who listens or uses the keyboard would stumble over.
(() => {
  const wrong = [];
  let level = 0;
  for (const heading of document.querySelectorAll("h1, h2, h3, h4")) {
    if (!heading.checkVisibility() && !heading.classList.contains("vh")) continue;
    const own = Number(heading.tagName[1]);
    if (own > level + 1) wrong.push(`${heading.tagName} after h${level}: ${heading.textContent}`);
    if (!heading.textContent.trim()) wrong.push("an empty heading");
    level = own;
  }
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`twice: ${id}`);
  for (const one of document.querySelectorAll("[aria-labelledby], [aria-describedby], label[for]")) {
    for (const name of ["aria-labelledby", "aria-describedby", "for"]) {
      for (const id of (one.getAttribute(name) ?? "").split(" ").filter(Boolean)) if (!ids.includes(id)) wrong.push(`${id} is nowhere`);
    }
  }
  for (const one of document.querySelectorAll("a, button")) if (!(one.getAttribute("aria-label") ?? one.textContent).trim()) wrong.push(`no name: ${one.outerHTML.slice(0, 80)}`);
  for (const one of document.querySelectorAll("input, select")) if (!one.labels.length) wrong.push(`no label: ${one.outerHTML.slice(0, 80)}`);
  for (const one of document.querySelectorAll("svg[role=img]")) if (!one.getAttribute("aria-label")) wrong.push("a picture without words");
  for (const one of document.querySelectorAll("section")) if (!one.getAttribute("aria-labelledby") && !one.querySelector("h2, h3")) wrong.push("a section without a name");
  for (const one of document.querySelectorAll("th")) if (!one.scope) wrong.push("a header of nothing");
  for (const one of document.querySelectorAll("[tabindex]")) if (one.tabIndex > 0) wrong.push("an order of its own");
  for (const one of document.querySelectorAll(".badge")) if (!one.textContent.trim().match(/[a-z]/)) wrong.push("a colour without a word");
  const count = (name) => document.querySelectorAll(name).length;
  return { wrong: wrong.slice(0, 10), h1: count("h1"), main: count("main"), header: count("body > header") };
})()
