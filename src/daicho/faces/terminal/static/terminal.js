// Small comforts; the server decides, and every page works without this file.
"use strict";

(() => {
  const box = document.querySelector(".countdown");
  if (!box) return;
  const figure = box.querySelector("[data-countdown]");
  const limit = box.querySelector("[data-limit]");
  const announce = box.querySelector("[data-announce]");
  const WARN_SECONDS = 60;
  const TOUCH_SECONDS = 45;
  let idleUntil = 0;
  let absoluteUntil = 0;
  let busySince = 0;
  let lastTouch = performance.now();
  let warned = false;

  const take = (idle, absolute) => {
    idleUntil = performance.now() + idle * 1000;
    absoluteUntil = performance.now() + absolute * 1000;
    warned = false;
  };
  const two = (n) => String(n).padStart(2, "0");

  const leave = (why) => {
    document.documentElement.hidden = true;
    location.replace("/sign-in?ended=" + why);
  };

  const ask = async (touch) => {
    try {
      const answer = await fetch(touch ? "/session/touch" : "/session", {
        method: touch ? "POST" : "GET",
        headers: touch ? { "Content-Type": "application/x-www-form-urlencoded" } : {},
        body: touch ? new URLSearchParams({ form_key: box.dataset.formKey }) : undefined,
        cache: "no-store",
      });
      const state = await answer.json();
      if (answer.status === 401) return leave(state.ended);
      take(state.idle_seconds, state.absolute_seconds);
    } catch {
      // The server is away: the countdown goes on, and the next request tells.
    }
  };

  const tick = () => {
    const left = Math.max(0, Math.ceil((Math.min(idleUntil, absoluteUntil) - performance.now()) / 1000));
    const all = Math.max(0, Math.ceil((absoluteUntil - performance.now()) / 60000));
    figure.textContent = two(Math.floor(left / 60)) + ":" + two(left % 60);
    limit.textContent = Math.floor(all / 60) + "時間" + two(all % 60) + "分";
    box.classList.toggle("soon", left <= WARN_SECONDS);
    if (left <= WARN_SECONDS && !warned) {
      warned = true;
      announce.textContent = "まもなく自動的にログアウトします。";
    }
    if (left === 0) ask(false);
    const now = performance.now();
    if (busySince > lastTouch && now - lastTouch > TOUCH_SECONDS * 1000) {
      lastTouch = now;
      ask(true);
    }
  };

  take(Number(box.dataset.idleSeconds), Number(box.dataset.absoluteSeconds));
  for (const kind of ["keydown", "pointerdown", "input"]) {
    document.addEventListener(kind, () => { busySince = performance.now(); }, { passive: true });
  }
  addEventListener("pageshow", (event) => { if (event.persisted) ask(false); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(false); });
  setInterval(tick, 1000);
  tick();

  document.addEventListener("htmx:afterRequest", () => { ask(false); });
})();

(() => {
  const focus = () => {
    const wanted = document.querySelector("[data-focus]");
    if (wanted) wanted.focus();
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-busy]") || form.matches("[hx-post]")) return;
    if (form.getAttribute("aria-busy") === "true") event.preventDefault();
    form.setAttribute("aria-busy", "true");
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll('[aria-busy="true"]')) form.removeAttribute("aria-busy");
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target && event.detail.target.id === "content") focus();
    for (const row of document.querySelectorAll("tr.chosen[data-mine]")) {
      row.classList.remove("chosen");
      row.removeAttribute("data-mine");
    }
    const link = event.detail.requestConfig && event.detail.requestConfig.elt;
    const row = link && link.matches(".person-link") ? link.closest("tr") : null;
    if (row) { row.classList.add("chosen"); row.setAttribute("data-mine", ""); }
  });
  focus();
})();
