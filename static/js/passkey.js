// Says on the page what the browser only tells the console: a passkey that was cancelled, took too long or isn't known.

const failed = document.querySelector("script[data-failed]").dataset.failed;

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const flash = document.createElement("p");
  flash.className = "flash error";
  flash.textContent = failed;
  document.getElementById("messages").replaceChildren(flash);
});
