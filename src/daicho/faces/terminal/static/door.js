// The browser's part of WebAuthn: hand the challenge to the authenticator and its answer to the server.
"use strict";

(() => {
  const signIn = document.querySelector("[data-passkey]");
  const enrol = document.querySelector("[data-enrol]");
  const problem = document.querySelector("[data-problem]");
  const able = Boolean(window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON);

  const say = (text) => {
    problem.textContent = text;
    problem.hidden = !text;
  };
  const send = async (path, said) => {
    const answer = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(said),
      cache: "no-store",
    });
    const told = await answer.json();
    if (!answer.ok) throw new Error((told.happened || "処理できませんでした。") + (told.now || ""));
    return told;
  };
  const run = async (button, work) => {
    button.disabled = true;
    say("");
    try {
      location.assign((await work()).go);
    } catch (wrong) {
      const authenticator = wrong.name === "NotAllowedError" || wrong.name === "InvalidStateError" || wrong.name === "SecurityError";
      say(authenticator ? "認証器で本人を確認できませんでした。もう一度試すか、責任者へ連絡してください。" : wrong.message);
      button.disabled = false;
    }
  };

  if (!able) {
    if (signIn || enrol) say("このブラウザーは認証器に対応していません。");
    return;
  }
  if (signIn) {
    const field = document.querySelector("#f-login_id");
    const start = () => run(signIn, async () => {
      const login_id = field.value.trim();
      const asked = await send("/sign-in/ask", { login_id });
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked.options);
      const given = await navigator.credentials.get({ publicKey });
      return send("/sign-in/answer", { login_id, challenge_id: asked.challenge_id, answer: given.toJSON() });
    });
    signIn.disabled = false;
    signIn.addEventListener("click", start);
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); start(); }
    });
  }
  if (enrol) {
    enrol.disabled = false;
    enrol.addEventListener("click", () => run(enrol, async () => {
      const form_key = enrol.dataset.formKey;
      const asked = await send("/authenticator/ask", { form_key });
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked.options);
      const made = await navigator.credentials.create({ publicKey });
      return send("/authenticator/answer", { form_key, challenge_id: asked.challenge_id, answer: made.toJSON() });
    }));
  }
})();
