"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const lines = [...document.querySelectorAll(".complaints li")];
  if (!lines.length) return;
  const tools = byId("tools"), state = byId("state");
  const chosen = { severity: byId("by-severity"), rule: byId("by-rule") };
  const who = byId("by-who"), hideDone = byId("hide-done");

  // A browser may refuse storage to a page opened from a disk: ticks then last as long as the page.
  const store = (() => {
    try {
      localStorage.getItem("ketbio");
      return localStorage;
    } catch {
      const kept = new Map();
      return {
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => kept.set(key, value),
        removeItem: (key) => kept.delete(key),
      };
    }
  })();
  const nameOf = (line) => `ketbio-done-${line.dataset.key}`;

  const addOptions = (place, words) => {
    for (const word of words) place.append(new Option(word, word));
  };
  const present = (name) => [...new Set(lines.map((line) => line.dataset[name]))].filter(Boolean);

  const plural = (n, noun) => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;

  const update = () => {
    const wanted = who.value.trim().toLowerCase();
    let nShown = 0, nDone = 0;
    for (const line of lines) {
      const isDone = line.classList.contains("is-done");
      const fits = Object.entries(chosen).every(
        ([name, field]) => !field.value || line.dataset[name] === field.value);
      const isTheirs = !wanted || line.dataset.who.toLowerCase().includes(wanted);
      line.hidden = !(fits && isTheirs) || (hideDone.checked && isDone);
      nShown += !line.hidden;
      nDone += isDone;
    }
    for (const row of document.querySelectorAll(".row")) {
      const own = [...row.querySelectorAll(".complaints li")];
      row.hidden = own.every((line) => line.hidden);
      row.classList.toggle("is-done", own.every((line) => line.classList.contains("is-done")));
    }
    state.textContent =
      `${plural(nShown, "complaint")} of ${lines.length.toLocaleString("en")} shown, ${nDone} done.`;
  };

  const setDone = (line, isDone) => {
    line.classList.toggle("is-done", isDone);
    line.querySelector(".done input").checked = isDone;
  };

  const addTick = (line) => {
    const label = document.createElement("label"), box = document.createElement("input");
    const place = line.querySelector(".place").textContent;
    label.className = "done";
    box.type = "checkbox";
    box.setAttribute("aria-label", `Done: ${place}, ${line.dataset.rule}`);
    label.append(box, "done");
    line.append(" ", label);
    box.addEventListener("change", () => {
      setDone(line, box.checked);
      if (box.checked) store.setItem(nameOf(line), "1");
      else store.removeItem(nameOf(line));
      update();
    });
    setDone(line, store.getItem(nameOf(line)) !== null);
  };

  const asText = (line) => {
    const said = line.querySelector(".message").textContent;
    const words = [line.dataset.severity, line.dataset.who, line.querySelector(".place").textContent];
    return `${words.filter(Boolean).join(", ")}: ${said}`;
  };

  const copyBySelection = (text) => {
    const area = document.createElement("textarea");
    area.value = text;
    tools.append(area);
    area.select();
    const isCopied = document.execCommand("copy");
    area.remove();
    return isCopied;
  };

  const copyList = async () => {
    const shown = lines.filter((line) => !line.hidden);
    const text = [document.title, ...shown.map(asText)].join("\n");
    let isCopied = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      isCopied = copyBySelection(text);
    }
    state.textContent = isCopied
      ? `${plural(shown.length, "complaint")} copied.`
      : "The browser does not let the page copy; mark the text and copy it by hand.";
  };

  addOptions(chosen.severity, present("severity"));
  addOptions(chosen.rule, present("rule").sort());
  addOptions(byId("whos"), present("who").sort());
  lines.forEach(addTick);
  tools.addEventListener("input", update);
  tools.addEventListener("submit", (event) => event.preventDefault());
  byId("copy").addEventListener("click", copyList);
  tools.hidden = false;
  update();
})();
