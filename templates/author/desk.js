// The desk works without this file; with it pages refresh in place, the mail can be clicked, and drafts survive a crash.
"use strict";
(() => {
  const desk = document.getElementById("desk");
  if (!desk) return;
  const base = desk.dataset.base;
  const panel = document.getElementById("panel");
  let mark = desk.dataset.mark;
  let known = {};
  let opener = null;
  let closed = false;

  let fading = 0;
  const say = (text) => {
    clearTimeout(fading);
    if (text && text !== desk.dataset.closed && text !== desk.dataset.lost) fading = setTimeout(() => say(""), 8000);
    const line = document.createElement("p");
    line.textContent = text;
    document.getElementById("toast").replaceChildren(...(text ? [line] : []));
  };
  const ask = (url, options = {}) => fetch(url, { ...options, headers: { "X-Desk": "1" }, credentials: "same-origin" });
  const parsed = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

  // ---- Refreshing in place ----
  const keepOpen = (id) => new Set([...document.querySelectorAll(`#${id} details[data-keep][open]`)].map((one) => one.id));
  const typing = (part) => part.contains(document.activeElement) && document.activeElement.matches("textarea");
  // How the control she is on is found again in the new part: not every link and summary has a name of its own.
  const placeOf = (one) => {
    if (one.id) return `#${CSS.escape(one.id)}`;
    if (one.matches("a[href]")) return `a[href="${CSS.escape(one.getAttribute("href"))}"]`;
    return one.matches("details[id] > summary") ? `#${CSS.escape(one.parentElement.id)} > summary` : "";
  };
  let dragged = null;
  const swap = (fresh, id) => {
    const old = document.getElementById(id);
    const next = fresh.getElementById(id);
    if (!old || !next || typing(old)) return;
    if (dragged && old.contains(dragged)) {
      // What she holds must not be taken from her hand; the order that the next move is checked against is news all the same.
      const list = old.querySelector("ol.stories");
      if (list) list.dataset.order = next.querySelector("ol.stories").dataset.order;
      return;
    }
    const focused = old.contains(document.activeElement) ? placeOf(document.activeElement) : "";
    const open = keepOpen(id);
    old.replaceWith(next);
    open.forEach((name) => document.getElementById(name)?.setAttribute("open", ""));
    if (focused) (next.matches(focused) ? next : next.querySelector(focused))?.focus({ preventScroll: true });
  };
  // A refresh may have taken the control away that she used; who has gone on meanwhile is left where she is.
  const comeBack = (id) => { if (id && (!document.activeElement || document.activeElement === document.body)) document.getElementById(id)?.focus({ preventScroll: true }); };
  const PATIENCE = 3000;
  const reloadFrame = (frame, print) => new Promise((done) => {
    const top = frame.contentWindow?.scrollY ?? 0;
    frame.addEventListener("load", () => { frame.contentWindow?.scrollTo(0, top); done(); }, { once: true });
    setTimeout(done, PATIENCE);
    frame.dataset.print = print;
    frame.contentWindow?.location.reload();
  });
  // Only the mails that are other ones now: `prints` says by the name of each edition which bytes it has.
  const reloadFrames = (prints) => Promise.all(frames()
    .filter((frame) => prints[frame.dataset.edition] && prints[frame.dataset.edition] !== frame.dataset.print)
    .map((frame) => reloadFrame(frame, prints[frame.dataset.edition])));
  const printsIn = (page) => Object.fromEntries([...page.querySelectorAll("#frames iframe")].map((one) => [one.dataset.edition, one.dataset.print]));
  const editionsIn = (page) => [...page.querySelectorAll("#views [name=see]")].map((one) => one.value).join();
  const named = (answer) => JSON.parse(answer?.headers.get("X-Desk-Editions") || "{}");
  const refreshed = async (done) => {
    // After an edit the mail comes first: it is what she looks at, and the page around it is larger.
    await reloadFrames(named(done));
    const answer = await ask(location.pathname + location.search);
    if (!answer.ok) return location.reload();
    const fresh = await parsed(answer);
    mark = fresh.getElementById("desk").dataset.mark;
    for (const part of document.querySelectorAll("[data-live]")) swap(fresh, part.id);
    // A note for one audience makes a mail of its own, and its end takes it away.
    if (editionsIn(document) !== editionsIn(fresh)) { swap(fresh, "views"); swap(fresh, "frames"); attach(); }
    else reloadFrames(printsIn(fresh));
    await learn();
  };
  // One at a time: of two that overlap, the one that asked first may answer last and bring back what is no longer so.
  let refreshing = Promise.resolve();
  const refresh = (done) => (refreshing = refreshing.then(() => refreshed(done), () => refreshed(done)));
  // What she does herself changes the files too: only what others change is news to her.
  let busy = 0;
  const count = (by) => { busy += by; desk.toggleAttribute("data-busy", busy > 0); };
  const own = async (act) => { count(1); try { return await act(); } finally { count(-1); } };
  // Moves are sent one after the other, each with the order that the one before it left.
  let turn = Promise.resolve();
  const inTurn = (act) => (turn = turn.then(act, act));
  const orderNow = () => document.querySelector("ol.stories").dataset.order;
  const watch = async () => {
    if (document.hidden || closed || busy) return;
    try {
      const answer = await ask(`${base}/mark`);
      if (answer.status === 403) { closed = true; return say(desk.dataset.closed); }
      const now = answer.ok ? await answer.text() : mark;
      if (now !== mark && !busy) { await refresh(); say(desk.dataset.changed); }
    } catch { say(desk.dataset.lost); }
  };
  setInterval(watch, 1500);

  // ---- Forms that answer without leaving the page ----
  const complaint = async (answer) => {
    if (answer.status === 403) return desk.dataset.closed;
    const told = (await parsed(answer)).getElementById("said");
    return told ? told.textContent.replace(/\s+/g, " ").trim() : String(answer.status);
  };
  const post = async (form, submitter) => {
    const body = new URLSearchParams(new FormData(form, submitter));
    if (form.matches(".arrows")) body.set("seen", orderNow());
    return ask(form.getAttribute("action"), { method: "POST", body });
  };
  // A text moves in the list at once; what the desk answers decides, and the returned function takes it back.
  const moved = (story, place) => {
    const list = story.parentElement;
    const before = story.nextSibling;
    const used = document.activeElement;
    const put = (where) => { list.insertBefore(story, where); if (story.contains(used)) used.focus({ preventScroll: true }); };
    put([...list.children].filter((one) => one !== story)[place] ?? null);
    return () => put(before);
  };
  const STEPS = { up: -1, down: 1 };
  const movedBy = (form, submitter) => {
    const story = form.closest(".story[data-key]");
    const step = STEPS[submitter?.value];
    return story && step ? moved(story, [...story.parentElement.children].indexOf(story) + step) : () => {};
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-quick]")) return;
    event.preventDefault();
    say(desk.dataset.working);
    const submitter = event.submitter;
    const back = movedBy(form, submitter);
    await own(() => inTurn(async () => { try {
      const answer = await post(form, submitter);
      if (answer.status === 204) { const used = submitter?.id; document.activeElement?.blur?.(); submitter?.focus(); await refresh(); comeBack(used); say(form.dataset.said || desk.dataset.saved); }
      else { back(); say(await complaint(answer)); if (answer.status === 409) await refresh(); }
    } catch { back(); say(desk.dataset.lost); } }));
  });

  // ---- The editor ----
  const draftName = (form) => `draft:${base}:${form.elements.locale.value}:${form.elements.key.value}`;
  const fill = async (answer) => {
    const fresh = await parsed(answer);
    const editor = fresh.querySelector(".editor");
    if (!editor) return say(fresh.getElementById("said")?.textContent.trim() || String(answer.status));
    panel.replaceChildren(editor);
    panel.hidden = false;
    const form = panel.querySelector("form");
    const box = form.elements.text;
    const draft = localStorage.getItem(draftName(form));
    if (draft !== null && draft !== box.value && answer.status !== 409) {
      box.value = draft;
      form.querySelector(".said").textContent = desk.dataset.kept;
    }
    box.focus();
  };
  const open = async (url) => {
    opener = document.activeElement;
    try { const answer = await ask(url); answer.status === 403 ? say(desk.dataset.closed) : await fill(answer); }
    catch { say(desk.dataset.lost); }
  };
  const close = () => {
    const form = panel.querySelector("form");
    if (form) localStorage.removeItem(draftName(form));
    panel.hidden = true;
    panel.replaceChildren();
    (opener?.isConnected ? opener : document.getElementById("main")).focus({ preventScroll: true });
  };
  const save = async (form) => {
    const said = form.querySelector(".said");
    said.textContent = "";
    await own(async () => { try {
      const answer = await post(form);
      if (answer.status === 204) { close(); await refresh(answer); say(desk.dataset.saved); }
      else if (answer.status === 409 && (answer.headers.get("content-type") || "").includes("html")) await fill(answer);
      else said.textContent = await complaint(answer);
    } catch { said.textContent = desk.dataset.lost; } });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a, button");
    if (!link) return;
    if (link.matches("[data-edit]")) { event.preventDefault(); open(link.getAttribute("href")); }
    else if (link.matches("[data-close]") && !panel.hidden) { event.preventDefault(); close(); }
    else if (link.matches("[data-use]")) { const box = panel.querySelector("textarea"); box.value = link.dataset.use; box.dispatchEvent(new Event("input", { bubbles: true })); box.focus(); }
    else if (link.matches("[data-jump]")) { if (jump(link.dataset.locale, link.dataset.key)) event.preventDefault(); else reveal(link); }
    else if (link.hash) reveal(link);
  });
  const reveal = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)))?.closest("details")?.setAttribute("open", "");
  panel.addEventListener("submit", (event) => { event.preventDefault(); save(event.target); });
  panel.addEventListener("input", (event) => localStorage.setItem(draftName(event.target.form), event.target.value));
  document.addEventListener("keydown", (event) => {
    const asked = event.target.closest?.("[data-ask]");
    if (asked && /^[0-9]$/.test(event.key)) asked.querySelector(`[data-choice="${event.key}"]`)?.click();
    if (panel.hidden) return;
    if (event.key === "Escape") close();
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); save(panel.querySelector("form")); }
  });

  // ---- The mail: its frame runs no script of its own; this page looks into it ----
  const frames = () => [...document.querySelectorAll("#frames iframe")];
  const learn = async () => { const answer = await ask(`${base}/texts`); if (answer.ok) known = await answer.json(); };
  const plain = (text) => text.replace(/\s/g, " ");
  const blockOf = (node) => (node.nodeType === 1 ? node : node.parentElement)?.closest("p, h1, h2, h3, h4, li, td, div");
  const offsetIn = (block, node, offset) => {
    const range = block.ownerDocument.createRange();
    range.setStart(block, 0);
    range.setEnd(node, offset);
    return range.toString().length;
  };
  const caret = (doc, x, y) => {
    if (doc.caretPositionFromPoint) { const at = doc.caretPositionFromPoint(x, y); return at && [at.offsetNode, at.offset]; }
    const range = doc.caretRangeFromPoint?.(x, y);
    return range && [range.startContainer, range.startOffset];
  };
  const spans = (text, said) => {
    const found = [];
    for (let at = text.indexOf(said); at >= 0; at = text.indexOf(said, at + 1)) found.push([at, at + said.length]);
    return found;
  };
  const sentenceAt = (frame, x, y) => {
    const doc = frame.contentDocument;
    const at = caret(doc, x, y);
    const block = at && blockOf(at[0]);
    if (!block) return null;
    const text = plain(block.textContent);
    const offset = offsetIn(block, at[0], at[1]);
    const here = (known[frame.dataset.locale] || []).filter(([, said]) => spans(text, said).some(([a, b]) => a <= offset && offset <= b));
    here.sort((one, other) => other[1].length - one[1].length);
    return here.length ? { key: here[0][0], said: here[0][1], block } : null;
  };
  const rangeOf = (doc, said) => {
    const walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = plain(node.data).indexOf(said);
      if (at >= 0) {
        const range = doc.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + said.length);
        return range;
      }
    }
    return null;
  };
  const shine = (frame, range) => {
    const there = frame.contentWindow;
    if (there.Highlight && there.CSS?.highlights) range ? there.CSS.highlights.set("desk", new there.Highlight(range)) : there.CSS.highlights.delete("desk");
    else { const chosen = there.getSelection(); chosen.removeAllRanges(); if (range) chosen.addRange(range); }
  };
  const jump = (locale, key) => {
    const frame = frames().find((one) => one.dataset.locale === locale && one.offsetParent !== null);
    const said = (known[locale] || []).find(([name]) => name === key)?.[1];
    const range = frame && said && frame.dataset.part === "html" && rangeOf(frame.contentDocument, said);
    if (!range) return false;
    frame.scrollIntoView({ block: "nearest" });
    const box = range.getBoundingClientRect();
    frame.contentWindow.scrollBy(0, box.top - frame.clientHeight / 3);
    shine(frame, range);
    return true;
  };
  const listen = (frame) => {
    const doc = frame.contentDocument;
    if (!doc || frame.dataset.part !== "html") return;
    doc.addEventListener("click", (event) => {
      const found = sentenceAt(frame, event.clientX, event.clientY);
      if (!found) return;
      event.preventDefault();
      open(`${base}/edit?locale=${encodeURIComponent(frame.dataset.locale)}&key=${encodeURIComponent(found.key)}`);
    });
    let last = "";
    doc.addEventListener("mousemove", (event) => {
      const found = sentenceAt(frame, event.clientX, event.clientY);
      if ((found?.key || "") === last) return;
      last = found?.key || "";
      doc.body.style.cursor = found ? "pointer" : "";
      shine(frame, found && rangeOf(doc, found.said));
    });
    doc.addEventListener("keydown", (event) => { if (event.key === "Escape" && !panel.hidden) close(); });
  };
  const attach = () => frames().forEach((frame) => { frame.addEventListener("load", () => listen(frame)); listen(frame); });
  document.addEventListener("change", async (event) => {
    const views = event.target.closest?.("#views");
    if (!views) return;
    const url = `${base}?${new URLSearchParams(new FormData(views))}`;
    const answer = await ask(url);
    if (!answer.ok) return;
    swap(await parsed(answer), "frames");
    history.replaceState(null, "", url);
    attach();
  });

  // ---- Dragging stories ----
  const storyOf = (event) => event.target.closest?.(".story[data-key]");
  document.addEventListener("dragstart", (event) => { dragged = storyOf(event); dragged?.classList.add("dragged"); });
  document.addEventListener("dragend", () => { document.querySelectorAll(".dragged, .over").forEach((one) => one.classList.remove("dragged", "over")); if (dragged) { dragged = null; own(refresh); } });
  document.addEventListener("dragover", (event) => {
    const over = storyOf(event);
    if (!dragged || !over) return;
    event.preventDefault();
    document.querySelectorAll(".over").forEach((one) => one.classList.remove("over"));
    if (over !== dragged) over.classList.add("over");
  });
  document.addEventListener("drop", async (event) => {
    const over = storyOf(event);
    if (!dragged || !over || over === dragged) return;
    event.preventDefault();
    const list = over.closest("ol");
    const place = [...list.children].indexOf(over);
    const body = new URLSearchParams({ do: "to", key: dragged.dataset.key, place: String(place) });
    const back = moved(dragged, place);
    dragged = null;
    await own(() => inTurn(async () => { try {
      body.set("seen", orderNow());
      const answer = await ask(`${base}/stories`, { method: "POST", body });
      if (answer.status !== 204) { back(); say(await complaint(answer)); }
      await refresh();
    } catch { back(); say(desk.dataset.lost); } }));
  });

  attach();
  learn();
})();
