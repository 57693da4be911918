// Paper on the screen: the button that prints it.
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
