// A security key or passkey that was not used is no error of the portal: say so on the page.
"use strict";

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const trouble = document.querySelector("#webauthn-trouble");
  if (trouble) trouble.hidden = false;
});
