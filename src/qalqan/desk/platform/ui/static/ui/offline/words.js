// The words of the page, as the desk translated them; nothing is worded in the programs.
const words = JSON.parse(document.getElementById("words").textContent);

export const say = (key, values = {}) => {
  let text = words[key] ?? key;
  for (const [name, value] of Object.entries(values)) text = text.replaceAll(`{${name}}`, value);
  return text;
};

export const language = document.documentElement.lang;

export const said = (time) =>
  time
    ? new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
        dateStyle: "short",
        timeStyle: "short",
      }).format(new Date(time))
    : "";

// Build an element: nothing is ever parsed as HTML, so no text can become a program.
export const make = (name, attributes = {}, ...children) => {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
};
