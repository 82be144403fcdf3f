/* Passkeys: asks the browser's own dialogue and puts its answer into the form. Without script the form says so. */
(() => {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const readable = (key) => ({
    ...key,
    challenge: bytes(key.challenge),
    ...(key.user && { user: { ...key.user, id: bytes(key.user.id) } }),
    ...(key.excludeCredentials && { excludeCredentials: key.excludeCredentials.map((one) => ({ ...one, id: bytes(one.id) })) }),
    ...(key.allowCredentials && { allowCredentials: key.allowCredentials.map((one) => ({ ...one, id: bytes(one.id) })) }),
  });

  const plain = (credential) => {
    const answer = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"])
      if (credential.response[name]) answer[name] = text(credential.response[name]);
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: answer,
    };
  };

  const optionsOf = async (form) => {
    if (form.dataset.options) return JSON.parse(form.dataset.options).publicKey;
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    const answer = await fetch(form.dataset.optionsUrl, { method: "POST", body });
    const found = await answer.json();
    if (!answer.ok) throw new Error(found.message || "パスキーの用意ができませんでした。");
    return found.publicKey;
  };

  const ask = async (form) => {
    const publicKey = readable(await optionsOf(form));
    return form.dataset.passkey === "register"
      ? navigator.credentials.create({ publicKey })
      : navigator.credentials.get({ publicKey });
  };

  const tell = (form, message) => {
    const place = form.querySelector("[data-passkey-message]");
    if (place) place.textContent = message;
  };

  const message = (error) => {
    if (error.name === "InvalidStateError") return "この端末のパスキーは、もう登録してあります。";
    if (error.name === "NotAllowedError") return "取りやめたか、時間切れです。もう一度試してください。";
    if (error.name === "SecurityError") return "この接続先では、パスキーを使えません。";
    return "パスキーを使えませんでした。もう一度試すか、ほかの方法を選んでください。";
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) {
      tell(form, "このブラウザーでは、パスキーを使えません。");
      continue;
    }
    form.hidden = false;
    tell(form, "");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      tell(form, "ブラウザーの案内にしたがってください。");
      try {
        form.elements.credential.value = JSON.stringify(plain(await ask(form)));
        form.submit();
      } catch (error) {
        tell(form, message(error));
      }
    });
  }
})();
