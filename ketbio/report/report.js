// Makes the tables sortable, lets long ones be closed, and enlarges figures. The page does without.
"use strict";
(() => {
  const LONG = 12;
  const NUMBER = /^\s*(?:p\s*)?([<>=≤≥]?)\s*([-−+]?)(\d[\d,\u2009\u202f]*(?:\.\d+)?|\.\d+)(?![\w.-])/i;

  // "p = .0020", "< .001", "1,024" and "−3.5" as numbers; what is none is NaN.
  function numberOf(text) {
    const found = NUMBER.exec(text);
    if (!found) return NaN;
    const size = Number(found[3].replace(/[,\u2009\u202f]/g, ""));
    const value = found[2] === "-" || found[2] === "−" ? -size : size;
    const nudge = { "<": -1, ">": 1 }[found[1]] || 0;
    return value + nudge * Math.abs(value) * 1e-9;
  }

  function button(words, label) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = words;
    if (label) made.setAttribute("aria-label", label);
    return made;
  }

  function keysOf(rows, column) {
    const texts = rows.map((row) => row.cells[column].textContent.trim());
    const numbers = texts.map(numberOf);
    const filled = texts.filter((text) => /[\w]/.test(text)).length;
    const isNumeric = numbers.filter((one) => !Number.isNaN(one)).length > filled / 2;
    return isNumeric ? numbers : texts;
  }

  function compare(one, other) {
    if (typeof one === "number") return one - other;
    return one.localeCompare(other, "en", { numeric: true });
  }

  function isEmpty(key) {
    return typeof key === "number" ? Number.isNaN(key) : key === "";
  }

  // What has no value stands last, whichever way the others go.
  function sorted(rows, column, direction) {
    const keys = keysOf(rows, column);
    const order = rows.map((_, place) => place);
    order.sort((a, b) => {
      if (isEmpty(keys[a]) || isEmpty(keys[b])) return isEmpty(keys[a]) - isEmpty(keys[b]) || a - b;
      return direction * compare(keys[a], keys[b]) || a - b;
    });
    return order.map((place) => rows[place]);
  }

  // A row that only names the rows below it: sorting would part them from it.
  function isHeading(row) {
    return row.cells.length > 2 && [...row.cells].slice(1).every((one) => !one.textContent.trim());
  }

  function makeSortable(table) {
    const body = table.tBodies[0];
    const head = table.tHead && table.tHead.rows;
    if (!body || !head || head.length !== 1 || body.rows.length < 3) return;
    const first = [...body.rows];
    if (first.some((row) => row.cells.length !== head[0].cells.length || isHeading(row))) return;
    [...head[0].cells].forEach((cell, column) => {
      if (!cell.textContent.trim()) return;
      const made = button("");
      made.className = "sort";
      made.append(...cell.childNodes);
      cell.append(made);
      made.addEventListener("click", () => {
        const next = { ascending: "descending", descending: "" }[cell.ariaSort] ?? "ascending";
        for (const other of head[0].cells) other.removeAttribute("aria-sort");
        if (next) cell.setAttribute("aria-sort", next);
        const way = { ascending: 1, descending: -1 }[next];
        body.append(...(way ? sorted(first, column, way) : first));
      });
    });
  }

  function makeClosable(table) {
    const scroll = table.closest(".scroll");
    const count = table.tBodies[0] ? table.tBodies[0].rows.length : 0;
    if (!scroll || count <= LONG) return;
    const name = /^Table \d+/.exec(table.caption ? table.caption.textContent : "") || ["the table"];
    const made = button("");
    made.className = "fold";
    const show = (isOpen) => {
      scroll.hidden = !isOpen;
      made.setAttribute("aria-expanded", String(isOpen));
      made.textContent = isOpen ? `Close ${name[0]}` : `Open ${name[0]} (${count} rows)`;
    };
    made.addEventListener("click", () => show(scroll.hidden));
    scroll.before(made);
    show(true);
    const openFor = () => {
      const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (target && scroll.contains(target)) {
        show(true);
        target.scrollIntoView();
      }
    };
    window.addEventListener("hashchange", openFor);
  }

  function makeZoomable(figure, dialog) {
    const image = figure.querySelector("img");
    const caption = figure.querySelector("figcaption");
    if (!image || !dialog || !dialog.showModal) return;
    const name = (/^Figure \d+/.exec(caption ? caption.textContent : "") || ["Figure"])[0];
    const made = button("Enlarge", `Enlarge ${name}`);
    made.className = "zoom";
    const open = () => {
      const copy = image.cloneNode();
      dialog.setAttribute("aria-label", name);
      dialog.lastElementChild.replaceChildren(copy);
      dialog.showModal();
    };
    made.addEventListener("click", open);
    image.addEventListener("click", () => { made.focus(); open(); });
    image.classList.add("can-zoom");
    figure.append(made);
    dialog.addEventListener("close", () => dialog.lastElementChild.replaceChildren());
  }

  document.querySelectorAll("main table").forEach((table) => {
    makeSortable(table);
    makeClosable(table);
  });
  const dialog = document.getElementById("enlarged");
  document.querySelectorAll("main figure").forEach((figure) => makeZoomable(figure, dialog));
  // The page's own address stands in no file; a click beside the picture closes it.
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
})();
